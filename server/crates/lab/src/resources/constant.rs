//! What a reader may ask for, and what the lab has only one answer to.

use super::{Resource, View, absent};
use crate::{
    json::Item,
    refusal::Outcome,
    schema::{
        Fields, Schema,
        tables::ntp::{NTPSERVER, NTPSYNC},
    },
};

/// A row that the table holds already.
pub(super) struct Constant(pub &'static Schema);

/// A kind of which there is none.
pub(super) struct Nothing(pub &'static Schema);

pub(super) const TIME_SERVERS: Nothing = Nothing(&NTPSERVER);
pub(super) const TIME_SYNC: Constant = Constant(&NTPSYNC);

impl Resource for Constant {
    fn schema(&self) -> &'static Schema {
        self.0
    }

    fn rows(&self, _view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        Ok(vec![self.0.item(&Fields::default(), &Fields::default())])
    }
}

impl Resource for Nothing {
    fn schema(&self) -> &'static Schema {
        self.0
    }

    fn rows(&self, _view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        name.map_or_else(|| Ok(Vec::new()), |name| Err(absent(self.0, name)))
    }
}
