//! `systemparameter` (1.3, 1.4): settings of the system; the ones about log-in, sessions and rights are in force.

use super::{Cx, Resource, View};
use crate::{
    json::Item,
    refusal::{Outcome, Refusal},
    schema::{Attribute, Fields, Schema, tables::access::SYSTEMPARAMETER as TABLE},
};

pub(super) struct SystemParameter;

impl Resource for SystemParameter {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        Ok(vec![TABLE.item(&view.appliance.config.access.parameter, &Fields::default())])
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        if fields.names().next().is_none() {
            return Err(Refusal::new(431));
        }
        let line = TABLE.line("set", &fields);
        if let Some(word) = fields.get("forcepasswordchange") {
            std::sync::Arc::make_mut(&mut cx.appliance.choices).force_password_change = word == "ENABLED";
        }
        cx.appliance.config.access.parameter.merge(fields);
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        for attribute in unset {
            cx.appliance.config.access.parameter.remove(attribute.name);
        }
        cx.wrote(TABLE.unset_line(&key, unset));
        Ok(())
    }
}
