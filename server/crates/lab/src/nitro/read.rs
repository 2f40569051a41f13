//! GET: rows of a resource, narrowed by the query options (2.1).

use regex::Regex;

use super::{answer::Answer, request::Request};
use crate::{
    json::{Item, Json},
    refusal::{Outcome, Refusal},
    resources::{Resource, View},
    schema::{Access, Schema, Shape},
};

/// `args` that change how much is read, not which objects.
const SWITCHES: &[&str] = &["includemembers", "internal", "Internal", "installedversion"];

pub(super) fn read(resource: &dyn Resource, view: &View, name: Option<&str>, request: &Request) -> Outcome<Answer> {
    let schema = resource.schema();
    if schema.shape == Shape::Binding && name.is_none() && !request.flag("bulkbindings") {
        return Err(Refusal::about(1095, &[schema.key().map_or("name", |key| key.cli)]));
    }
    let mut rows = resource.rows(view, name)?;
    if schema.shape == Shape::Single {
        let one = rows.pop().map(|item| Json::Object(columns(item, schema, request)));
        return Ok(Answer::found(schema.name, one));
    }
    by_args(&mut rows, schema, request)?;
    by_filter(&mut rows, schema, request)?;
    if request.flag("count") {
        let count = Item::default().with("__count", rows.len().to_string());
        return Ok(Answer::found(schema.name, Some(vec![count].into())));
    }
    let rows: Vec<Item> = page(rows, request)?.into_iter().map(|item| columns(item, schema, request)).collect();
    Ok(Answer::found(schema.name, (!rows.is_empty()).then(|| rows.into())))
}

/// A lookup by something other than the name: nothing found is 258.
fn by_args(rows: &mut Vec<Item>, schema: &Schema, request: &Request) -> Outcome {
    for (name, value) in request.pairs("args") {
        if !schema.get_args.contains(&name.as_str()) {
            return Err(Refusal::about(278, &[&name]));
        }
        if SWITCHES.contains(&name.as_str()) {
            continue;
        }
        rows.retain(|item| item.text(&name).as_deref() == Some(value.as_str()));
        if rows.is_empty() {
            let cli = schema.attribute(&name).map_or(name.as_str(), |attribute| attribute.cli);
            return Err(Refusal::absent(cli, &value));
        }
    }
    Ok(())
}

/// AND of exact matches; a value between slashes is a PCRE.
fn by_filter(rows: &mut Vec<Item>, schema: &Schema, request: &Request) -> Outcome {
    for (name, value) in request.pairs("filter") {
        if schema.attribute(&name).is_none_or(|attribute| attribute.hidden) {
            return Err(Refusal::about(278, &[&name]));
        }
        let pattern = value.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
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
