//! `nsversion`, `nshardware`, `nslicense` and `nscapacity`: constants of the tables.

use super::{Resource, View, absent};
use crate::{
    json::Item,
    refusal::Outcome,
    schema::{
        Fields, Schema,
        tables::{
            license::NSLICENSE,
            parameters::{CLUSTERINSTANCE, NSCAPACITY},
            system::{NSHARDWARE, NSVERSION},
        },
    },
};

pub(super) struct NsVersion;
pub(super) struct NsHardware;
pub(super) struct NsLicense;
pub(super) struct NsCapacity;
pub(super) struct ClusterInstance;

impl Resource for NsVersion {
    fn schema(&self) -> &'static Schema {
        &NSVERSION
    }

    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        let mut now = Fields::default();
        now.put("version", view.appliance.version.banner());
        Ok(vec![NSVERSION.item(&Fields::default(), &now)])
    }
}

impl Resource for NsHardware {
    fn schema(&self) -> &'static Schema {
        &NSHARDWARE
    }

    /// The identifiers come from the address, so that no two appliances share them.
    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        let mut now = Fields::default();
        let address = view.appliance.nsip.to_bits();
        for name in ["host", "hostid"] {
            now.put(name, format!("{address:08x}"));
        }
        for name in ["serialno", "encodedserialno"] {
            now.put(name, format!("LAB{:07}", address & 0xffff));
        }
        Ok(vec![NSHARDWARE.item(&Fields::default(), &now)])
    }
}

impl Resource for NsLicense {
    fn schema(&self) -> &'static Schema {
        &NSLICENSE
    }

    fn rows(&self, _view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        Ok(vec![NSLICENSE.item(&Fields::default(), &Fields::default())])
    }
}

impl Resource for NsCapacity {
    fn schema(&self) -> &'static Schema {
        &NSCAPACITY
    }

    fn rows(&self, _view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        Ok(vec![NSCAPACITY.item(&Fields::default(), &Fields::default())])
    }
}

impl Resource for ClusterInstance {
    fn schema(&self) -> &'static Schema {
        &CLUSTERINSTANCE
    }

    fn rows(&self, _view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        name.map_or_else(|| Ok(Vec::new()), |name| Err(absent(&CLUSTERINSTANCE, name)))
    }
}
