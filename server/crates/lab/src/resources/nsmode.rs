//! `nsmode` (3.2): what the appliance does with packets. Kept and shown; the lab has no packets.

use super::{Cx, Resource, View};
use crate::{
    json::Item,
    refusal::{Outcome, Refusal},
    schema::{
        Fields, Schema,
        tables::parameters::{MODES, NSMODE},
    },
};

pub(super) struct NsMode;

impl Resource for NsMode {
    fn schema(&self) -> &'static Schema {
        &NSMODE
    }

    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        let switched = &view.appliance.config.modes;
        let mut now = Fields::default();
        let mut on = Vec::new();
        for (token, _, flag, factory) in MODES {
            if switched.get(token).copied().unwrap_or(*factory) {
                on.push(*token);
                now.put(flag, "true");
            }
        }
        if !on.is_empty() {
            now.put("mode", on.join(" "));
        }
        Ok(vec![NSMODE.item(&Fields::default(), &now)])
    }

    fn act(&self, cx: &mut Cx, action: &str, mut fields: Fields) -> Outcome {
        let words = fields.get("mode").ok_or_else(|| Refusal::about(1095, &["mode"]))?;
        let tokens = words.split_whitespace().map(token).collect::<Outcome<Vec<_>>>()?;
        cx.appliance.config.modes.extend(tokens.iter().map(|token| (*token, action == "enable")));
        fields.put("mode", tokens.join(" "));
        cx.wrote(NSMODE.line(action, &fields));
        Ok(())
    }
}

/// Both spellings name a mode; the short one is kept.
fn token(word: &str) -> Outcome<&'static str> {
    let named = |(short, long, ..): &&(&str, &str, &str, bool)| {
        short.eq_ignore_ascii_case(word) || long.eq_ignore_ascii_case(word)
    };
    MODES.iter().find(named).map(|mode| mode.0).ok_or_else(|| Refusal::about(1097, &[word]))
}
