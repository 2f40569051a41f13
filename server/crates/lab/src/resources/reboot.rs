//! `reboot`: the saved configuration is what is left. Warm or not makes no difference here.

use super::{Cx, Resource, View};
use crate::{
    ha::Order,
    json::Item,
    refusal::{Outcome, Refusal},
    schema::{Fields, Schema, tables::ha::REBOOT},
};

pub(super) struct Reboot;

impl Resource for Reboot {
    fn schema(&self) -> &'static Schema {
        &REBOOT
    }

    fn rows(&self, _view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        Err(Refusal::new(1240))
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        cx.orders.push(Order::Restart);
        cx.lines.push(REBOOT.line("reboot", &fields));
        Ok(())
    }
}
