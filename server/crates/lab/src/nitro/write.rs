//! POST, PUT, DELETE: one object or many, and what becomes of the rest when one fails (1.8, 2.3).

use super::{
    answer::Answer,
    body::{Params, Payload},
    request::Request,
};
use crate::{
    Immutables, Version,
    json::Json,
    refusal::{Outcome, Refusal, done, status_item},
    resources::{Cx, Resource, View},
    schema::{Access, Action, Fields, Operation, Schema, Shape, versions},
};
use serde_json::{Map, Value};

/// What is done to each object of the body.
#[derive(Clone, Copy, Debug)]
enum Verb {
    /// Whether an object that exists is updated instead (`idempotent=yes`).
    Add {
        idempotent: bool,
    },
    Set,
    Unset,
    /// `action=rm`: how the vendor's own kit removes several at once.
    Remove,
    Act(&'static Action),
}

/// What happens to a bulk request after its first failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OnError {
    Exit,
    Continue,
    Rollback,
}

/// Carries out the objects of a body, one after the other.
pub(super) fn write(
    resource: &dyn Resource,
    cx: &mut Cx,
    name: Option<&str>,
    request: &Request,
    action: Option<&str>,
    payload: &Payload,
) -> Outcome<Answer> {
    let Payload { items, params, .. } = payload;
    let schema = resource.schema();
    let verb = verb(schema, cx.appliance.version, request, action)?;
    let status = if matches!(verb, Verb::Add { .. }) { 201 } else { 200 };
    // One object in a list is one object: some clients always send lists.
    if let [item] = items.as_slice() {
        cx.on_both(|cx| one(resource, cx, verb, name, item))?;
        if let Some(answer) = cx.answer.take() {
            return Ok(Answer::found(schema.name, Some(answer)));
        }
        return Ok(warned(cx, request, params).unwrap_or_else(|| Answer::empty(status)));
    }
    let on_error = request.header("x-nitro-onerror").or(params.on_error.as_deref());
    let on_error = match on_error.map(str::to_ascii_lowercase).as_deref() {
        Some("continue") => OnError::Continue,
        Some("rollback") if !matches!(verb, Verb::Add { .. }) => return Err(Refusal::new(1242)),
        Some("rollback") => OnError::Rollback,
        _ => OnError::Exit,
    };
    let before = cx.checkpoint();
    let mut response = Vec::new();
    let mut failed = false;
    for item in items {
        match cx.on_both(|cx| one(resource, cx, verb, None, item)) {
            Ok(()) => response.push(Json::Object(done())),
            Err(refusal) => {
                failed = true;
                if on_error != OnError::Continue {
                    response.clear();
                }
                response.push(Json::Object(refusal.item()));
                if on_error != OnError::Continue {
                    break;
                }
            }
        }
    }
    if !failed {
        return Ok(warned(cx, request, params).unwrap_or_else(|| Answer::empty(status)));
    }
    let whole = match on_error {
        OnError::Rollback if cx.appliance.choices.rollback_fails => 1241,
        OnError::Rollback => {
            cx.roll_back(before);
            1243
        }
        OnError::Exit | OnError::Continue => 1243,
    };
    let bulk = Refusal::new(whole);
    Ok(Answer::item(bulk.status(), bulk.code, &bulk.item().with("response", Json::List(response))))
}

/// DELETE: the name in the path, further identifiers in `args`.
pub(super) fn delete(resource: &dyn Resource, cx: &mut Cx, name: Option<String>, request: &Request) -> Outcome<Answer> {
    let schema = resource.schema();
    let (name, args) = request.identified(schema, schema.delete_args, name);
    let args = schema.check_delete(&args)?;
    // A global binding has no parent to name.
    let name = match (name.as_deref(), schema.key()) {
        (Some(name), _) => name,
        (None, None) if schema.shape == Shape::Binding => "",
        (None, key) => return Err(Refusal::about(1095, &[key.map_or("name", |key| key.cli)])),
    };
    cx.on_both(|cx| remove(resource, cx, name, args.clone()))?;
    Ok(warned(cx, request, &Params::default()).unwrap_or_else(|| Answer::empty(200)))
}

/// One object or binding goes, on one appliance.
fn remove(resource: &dyn Resource, cx: &mut Cx, name: &str, args: Fields) -> Outcome {
    let schema = resource.schema();
    let mut told = args.clone();
    if let Some(key) = schema.key() {
        told.put(key.name, name);
    }
    let word = if schema.shape == Shape::Binding { "unbind" } else { "rm" };
    cx.command(schema.line(word, &told), |cx| resource.delete(cx, name, args))
}

fn verb(schema: &Schema, version: Version, request: &Request, action: Option<&str>) -> Outcome<Verb> {
    let idempotent = || request.flag("idempotent") && !versions::lacks_option(version, "idempotent");
    match (request.method.as_str(), action) {
        // One PowerShell module spells the add out.
        ("POST", None | Some("add")) => {
            let idempotent = schema.shape == Shape::Named && idempotent();
            if idempotent && !schema.can_be_set() { Err(no_set()) } else { Ok(Verb::Add { idempotent }) }
        }
        ("PUT", None) if schema.shape == Shape::Binding => Ok(Verb::Add { idempotent: false }),
        ("PUT", None) if schema.can_be_set() => Ok(Verb::Set),
        ("PUT", None) if schema.shape == Shape::Named => Err(no_set()),
        ("POST", Some("unset")) => Ok(Verb::Unset),
        ("POST", Some("rm")) if schema.shape != Shape::Single => Ok(Verb::Remove),
        ("POST", Some(action)) => schema.action(action).map(Verb::Act).ok_or(Refusal::new(1240)),
        _ => Err(Refusal::new(1240)),
    }
}

/// What is only made and removed has nothing that an update, or add-or-update, could do (6.2 A1).
fn no_set() -> Refusal {
    Refusal::about(1074, &["set command not present for this resource"])
}

fn one(resource: &dyn Resource, cx: &mut Cx, verb: Verb, name: Option<&str>, item: &Map<String, Value>) -> Outcome {
    let schema = resource.schema();
    let mut item = item.clone();
    if let (Some(key), Some(name)) = (schema.key(), name)
        && !item.contains_key(key.name)
    {
        item.insert(key.name.to_owned(), name.into());
    }
    versions::admit(cx.appliance.version, schema, matches!(verb, Verb::Add { .. }), &item)?;
    match verb {
        Verb::Add { idempotent: true } if exists(resource, cx, &item) => update(resource, cx, item),
        Verb::Add { .. } => {
            let fields = schema.check(Operation::Add, &item)?;
            let word = match schema.shape {
                Shape::Binding => "bind",
                // Nothing is made: the line, and with it the right to it, is an action's.
                Shape::Single if schema.name == "reboot" => "reboot",
                Shape::Single | Shape::Named => "add",
            };
            cx.command(schema.line(word, &fields), |cx| resource.add(cx, fields))
        }
        Verb::Set if cx.appliance.immutables == Immutables::Lenient => set_what_can_be(resource, cx, item),
        Verb::Set => {
            let fields = schema.check(Operation::Set, &item)?;
            cx.command(schema.line("set", &fields), |cx| resource.set(cx, fields))
        }
        Verb::Unset => {
            let (key, unset) = schema.check_unset(&item)?;
            cx.command(schema.unset_line(&key, &unset), |cx| resource.unset(cx, key, &unset))
        }
        Verb::Remove => {
            let (name, args) = schema.check_removal(&item)?;
            remove(resource, cx, &name, args)
        }
        Verb::Act(action) => {
            let fields = schema.check(Operation::Act(action.takes), &item)?;
            let line = schema.line(&action.name.to_ascii_lowercase(), &fields);
            cx.command(line, |cx| resource.act(cx, action.name, fields))
        }
    }
}

fn present(resource: &dyn Resource, cx: &Cx, item: &Map<String, Value>) -> Option<crate::json::Item> {
    let name = item.get(resource.schema().key()?.name)?.as_str()?;
    let view = View::of(cx);
    resource.rows(&view, Some(name)).ok()?.pop()
}

fn exists(resource: &dyn Resource, cx: &Cx, item: &Map<String, Value>) -> bool {
    present(resource, cx, item).is_some()
}

/// A PUT that looks successful, whatever it said about attributes that cannot change.
fn set_what_can_be(resource: &dyn Resource, cx: &mut Cx, mut item: Map<String, Value>) -> Outcome {
    let schema = resource.schema();
    let fixed = |name: &str| schema.attribute(name).is_some_and(|attribute| attribute.access == Access::Add);
    let before = item.len();
    item.retain(|name, _| !fixed(name));
    let ignored = item.len() < before;
    match resource.set(cx, schema.check(Operation::Set, &item)?) {
        Err(refusal) if refusal.code == 431 && ignored => Ok(()),
        other => other,
    }
}

/// Add-or-update: what cannot be changed must be as it is already, the rest is set.
fn update(resource: &dyn Resource, cx: &mut Cx, mut item: Map<String, Value>) -> Outcome {
    let schema = resource.schema();
    let fields = schema.check(Operation::Add, &item)?;
    let now = present(resource, cx, &item).unwrap_or_default();
    for attribute in schema.attributes.iter().filter(|attribute| attribute.access == Access::Add) {
        let same = attribute.hidden || now.text(attribute.name).as_deref() == fields.get(attribute.name);
        if item.remove(attribute.name).is_some() && !same {
            return Err(Refusal::about(278, &[attribute.name]));
        }
    }
    let fields = schema.check(Operation::Set, &item)?;
    match cx.command(schema.line("set", &fields), |cx| resource.set(cx, fields)) {
        // Nothing left to change is what was asked for.
        Err(refusal) if refusal.code == 431 => Ok(()),
        other => other,
    }
}

/// 209 with its header, if somebody asked for warnings and there is one; who asked in the body is told in the body.
fn warned(cx: &Cx, request: &Request, params: &Params) -> Option<Answer> {
    let warning = cx.warnings.first().filter(|_| request.flag("warning") || params.warning)?;
    let mut answer = if params.warning {
        Answer::item(209, warning.code, &status_item(warning.code.into(), &warning.message(), "WARNING"))
    } else {
        Answer::empty(209)
    };
    answer.headers.push(("X-NITRO-WARNING", format!("{} - {}", warning.code, warning.message())));
    Some(answer)
}
