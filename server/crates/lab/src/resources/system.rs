//! `nsversion` and `nshardware`: constants of the tables.

use super::{Resource, View};
use crate::{
    json::Item,
    refusal::Outcome,
    schema::{
        Fields, Schema,
        tables::system::{NSHARDWARE, NSVERSION},
    },
};

pub(super) struct NsVersion;
pub(super) struct NsHardware;

impl Resource for NsVersion {
    fn schema(&self) -> &'static Schema {
        &NSVERSION
    }

    fn rows(&self, _view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        Ok(vec![NSVERSION.item(&Fields::default(), &Fields::default())])
    }
}

impl Resource for NsHardware {
    fn schema(&self) -> &'static Schema {
        &NSHARDWARE
    }

    fn rows(&self, _view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        Ok(vec![NSHARDWARE.item(&Fields::default(), &Fields::default())])
    }
}
