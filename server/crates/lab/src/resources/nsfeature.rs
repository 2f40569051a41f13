//! `nsfeature` (3.2). Every feature is licensed here.

use super::{Cx, Resource, View};
use crate::{
    json::Item,
    refusal::{Outcome, Refusal},
    schema::{
        Fields, Schema,
        tables::system::{FEATURES, NSFEATURE},
    },
};

pub(super) struct NsFeature;

impl Resource for NsFeature {
    fn schema(&self) -> &'static Schema {
        &NSFEATURE
    }

    fn afterwards(&self, view: &View) -> Vec<String> {
        let features = &view.appliance.config.features;
        let mut fields = Fields::default();
        fields.put("feature", features.join(" "));
        if features.is_empty() { Vec::new() } else { vec![NSFEATURE.line("enable", &fields)] }
    }

    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let mut now = Fields::default();
        let mut on = Vec::new();
        for (token, flag) in FEATURES.iter().filter(|(token, _)| config.has_feature(token)) {
            on.push(*token);
            now.put(flag, "true");
        }
        if !on.is_empty() {
            now.put("feature", on.join(" "));
        }
        Ok(vec![NSFEATURE.item(&Fields::default(), &now)])
    }

    fn act(&self, cx: &mut Cx, action: &str, mut fields: Fields) -> Outcome {
        let words = fields.get("feature").ok_or_else(|| Refusal::about(1095, &["feature"]))?;
        let tokens = words.split_whitespace().map(token).collect::<Outcome<Vec<_>>>()?;
        let features = &mut cx.appliance.config.features;
        features.retain(|known| !tokens.contains(known));
        if action == "enable" {
            features.extend(&tokens);
        }
        fields.put("feature", tokens.join(" "));
        cx.wrote(NSFEATURE.line(action, &fields));
        Ok(())
    }
}

fn token(word: &str) -> Outcome<&'static str> {
    FEATURES
        .iter()
        .map(|(token, _)| *token)
        .find(|token| token.eq_ignore_ascii_case(word))
        .ok_or_else(|| Refusal::about(1097, &[word]))
}
