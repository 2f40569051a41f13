//! GET: rows of a resource, narrowed by the query options (2.1).

use super::{answer::Answer, request::Request};
use crate::{
    choices::Patterns,
    json::{Item, Json},
    refusal::{Outcome, Refusal},
    resources::{Resource, View},
    schema::{Access, Schema, Shape, versions},
};
use regex::Regex;

pub(super) fn read(resource: &dyn Resource, view: &View, name: Option<&str>, request: &Request) -> Outcome<Answer> {
    let schema = resource.schema();
    let version = view.appliance.version;
    let bulk = request.flag("bulkbindings") && !versions::lacks_option(version, "bulkbindings");
    // A binding without a key is a global one: it has no parent to name.
    if let Some(key) = schema.key().filter(|_| schema.shape == Shape::Binding && name.is_none())
        && !bulk
    {
        return Err(Refusal::about(1095, &[key.cli]));
    }
    check_args(resource, view)?;
    let mut rows = resource.rows(view, name)?;
    versions::trim(version, schema.name, &mut rows);
    if schema.shape == Shape::Single {
        let one = rows.pop().map(|item| Json::Object(columns(item, schema, request)));
        return Ok(Answer::found(schema.name, one));
    }
    by_rights(&mut rows, schema, view);
    by_args(&mut rows, resource, view)?;
    by_filter(&mut rows, schema, view, request)?;
    if request.flag("count") {
        let count = Item::default().with("__count", rows.len().to_string());
        return Ok(Answer::found(schema.name, Some(vec![count].into())));
    }
    let rows: Vec<Item> = page(rows, request)?.into_iter().map(|item| columns(item, schema, request)).collect();
    Ok(Answer::found(schema.name, (!rows.is_empty()).then(|| rows.into())))
}

/// Unknown `args` (278) and missing ones (1095).
fn check_args(resource: &dyn Resource, view: &View) -> Outcome {
    let schema = resource.schema();
    let is_known = |name: &str| {
        schema.get_args.contains(&name) && !versions::lacks_attribute(view.appliance.version, schema.name, name)
    };
    if let Some((unknown, _)) = view.args.iter().find(|(name, _)| !is_known(name)) {
        return Err(Refusal::about(278, &[unknown]));
    }
    match resource.needed_args().iter().find(|needed| !view.args.iter().any(|(name, _)| name == *needed)) {
        Some(missing) => Err(Refusal::about(1095, &[cli(schema, missing)])),
        None => Ok(()),
    }
}

/// With `rbaonresponse`, rows that the caller could not ask for by name are missing, without a word.
fn by_rights(rows: &mut Vec<Item>, schema: &Schema, view: &View) {
    let Some(key) = schema.key().filter(|_| !view.caller.superuser) else { return };
    if view.appliance.config.access.is_on("rbaonresponse", true) {
        rows.retain(|row| {
            let line = schema.show_line("show", row.text(key.name).as_deref(), &[]);
            view.appliance.judge(view.caller, &line).is_ok()
        });
    }
}

/// A lookup by something other than the name: nothing found is 258.
fn by_args(rows: &mut Vec<Item>, resource: &dyn Resource, view: &View) -> Outcome {
    for (name, value) in &view.args {
        let Some(column) = resource.narrows(name).filter(|_| value != "ALL") else { continue };
        rows.retain(|item| item.text(column).as_deref() == Some(value.as_str()));
        if rows.is_empty() {
            return Err(Refusal::absent(cli(resource.schema(), name), value));
        }
    }
    Ok(())
}

fn cli<'a>(schema: &Schema, name: &'a str) -> &'a str {
    schema.attribute(name).map_or(name, |attribute| attribute.cli)
}

/// AND of exact matches; a value between slashes is a PCRE.
fn by_filter(rows: &mut Vec<Item>, schema: &Schema, view: &View, request: &Request) -> Outcome {
    let (version, patterns) = (view.appliance.version, view.appliance.choices.patterns);
    for (name, value) in request.pairs("filter") {
        let unknown = schema.attribute(&name).is_none_or(|attribute| attribute.hidden);
        if unknown || versions::lacks_attribute(version, schema.name, &name) {
            return Err(Refusal::about(278, &[&name]));
        }
        let pattern = value.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
        let pattern = pattern.filter(|_| patterns != Patterns::Literal);
        if pattern.is_some() && patterns == Patterns::Refused {
            return Err(Refusal::about(1097, &[&value]));
        }
        if pattern.is_some() && patterns == Patterns::Ignored {
            continue;
        }
        if let Some(pattern) = pattern {
            let regex = Regex::new(pattern).map_err(|_| Refusal::about(1097, &[&value]))?;
            rows.retain(|item| item.text(&name).is_some_and(|text| regex.is_match(&text)));
        } else {
            rows.retain(|item| item.text(&name).as_deref() == Some(value.as_str()));
        }
    }
    Ok(())
}

/// Pages count from 1; one behind the last is empty.
fn page(rows: Vec<Item>, request: &Request) -> Outcome<Vec<Item>> {
    let number = |name: &str| match request.option(name) {
        None => Ok(None),
        Some(text) => match text.parse::<usize>() {
            Ok(number) if number > 0 => Ok(Some(number)),
            _ => Err(Refusal::about(1097, &[&text])),
        },
    };
    let Some(size) = number("pagesize")? else { return Ok(rows) };
    let before = (number("pageno")?.unwrap_or(1) - 1).saturating_mul(size);
    Ok(rows.into_iter().skip(before).take(size).collect())
}

/// `attrs` keeps what it names and the key; `view=summary` keeps what an add requires.
fn columns(mut item: Item, schema: &Schema, request: &Request) -> Item {
    let is_key = |name: &str| schema.attribute(name).is_some_and(|attribute| attribute.access == Access::Key);
    if let Some(attrs) = request.option("attrs") {
        let wanted: Vec<&str> = attrs.split(',').map(str::trim).collect();
        item.0.retain(|(name, _)| wanted.contains(name) || is_key(name));
    } else if request.option("view").as_deref() == Some("summary") {
        item.0.retain(|(name, _)| schema.attribute(name).is_some_and(|attribute| attribute.required));
    }
    item
}
