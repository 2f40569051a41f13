//! `nsconfig` (3.3): what changed, and saving it.

use super::{Cx, Resource, View};
use crate::{
    choices::ConcurrentSave,
    ha::Role,
    json::{Item, Json},
    model::Access,
    refusal::{Outcome, Refusal},
    schema::{Fields, Schema, tables::system::NSCONFIG},
    script,
};

pub(super) struct NsConfig;

impl Resource for NsConfig {
    fn schema(&self) -> &'static Schema {
        &NSCONFIG
    }

    fn told(&self) -> super::Told {
        super::Told::Never
    }

    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        let View { appliance, peer, now, .. } = view;
        let primary = peer.filter(|_| appliance.role() == Role::Secondary).unwrap_or(appliance);
        let mut facts = Fields::default();
        facts.put("ipaddress", appliance.nsip.to_string());
        facts.put("systemtype", if appliance.ha.is_some() { "HA" } else { "Stand-alone" });
        facts.put("primaryip", primary.nsip.to_string());
        facts.put("lastconfigchangedtime", appliance.changed_at.nitro());
        facts.put("lastconfigsavetime", appliance.saved_at.nitro());
        facts.put("currentsytemtime", now.nitro());
        facts.put("systemtime", now.seconds().to_string());
        facts.put("configchanged", appliance.dirty.to_string());
        Ok(vec![NSCONFIG.item(&Fields::default(), &facts)])
    }

    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        match action {
            "save" => save(cx, &fields),
            "diff" => diff(cx, &fields),
            _ => clear(cx, &fields),
        }
    }
}

fn save(cx: &mut Cx, fields: &Fields) -> Outcome {
    if cx.appliance.saving {
        return Err(Refusal::new(match cx.appliance.choices.concurrent_save {
            ConcurrentSave::InProgress => 293,
            ConcurrentSave::TooMany => 1461,
        }));
    }
    if !cx.appliance.dirty {
        cx.warnings.push(Refusal::new(1133));
    }
    cx.appliance.saving = true;
    cx.appliance.save(cx.now);
    cx.lines.push(NSCONFIG.line("save", fields));
    Ok(())
}

/// `basic` spares features and modes, every level the appliance's addresses, its pair and its files; accounts go unless
/// asked to stay. Over NITRO nobody is there to be asked whether he is sure, so `force` makes no difference.
fn clear(cx: &mut Cx, fields: &Fields) -> Outcome {
    let level = fields.get("level").ok_or_else(|| Refusal::about(1095, &["level"]))?;
    let mut cleared = cx.appliance.config.cleared();
    let config = &mut cx.appliance.config;
    if level == "basic" {
        cleared.features = std::mem::take(&mut config.features);
        cleared.modes = std::mem::take(&mut config.modes);
    }
    if fields.get("rbaconfig") != Some("NO") {
        cleared.access = Access::default();
    }
    *config = cleared;
    cx.appliance.forget_clients();
    cx.wrote(NSCONFIG.line("clear", fields));
    Ok(())
}

/// Two texts line by line; without names, what was saved against what is.
fn diff(cx: &mut Cx, fields: &Fields) -> Outcome {
    let running = script::text(&View::of(cx), false);
    let text = match (fields.get("config1"), fields.get("config2")) {
        (None, None) => script::diff(&cx.appliance.saved_text(), &running),
        (Some(_), None) => return Err(Refusal::about(1093, &["config1", "config2"])),
        (None, Some(_)) => return Err(Refusal::about(1093, &["config2", "config1"])),
        (Some(before), Some(after)) => script::diff(&file(cx, before, "config1")?, &file(cx, after, "config2")?),
    };
    let item = Item::default().with("response", text);
    cx.answer = Some(if cx.appliance.choices.diff_as_object { Json::Object(item) } else { vec![item].into() });
    Ok(())
}

/// The text of a configuration file of the appliance.
fn file(cx: &Cx, path: &str, argument: &str) -> Outcome<String> {
    let mut files = cx.appliance.saved_files.iter().chain(&cx.appliance.config.files);
    let file = files.find(|file| file.is(path));
    let file = file.ok_or_else(|| Refusal::absent(argument, path))?;
    Ok(file.text().into_owned())
}
