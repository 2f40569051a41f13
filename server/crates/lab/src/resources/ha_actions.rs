//! `hafiles`, `hasync`, `hafailover` and `hasyncfailures` (3.22). The pair itself is in `ha`.

use super::{Cx, FOLDERS, Resource, View};
use crate::{
    ha::Order,
    json::Item,
    model::SSL_FOLDER,
    refusal::{Outcome, Refusal},
    schema::{
        Fields, Schema,
        tables::ha::{HAFAILOVER, HAFILES, HASYNC, HASYNCFAILURES},
    },
};

pub(super) struct HaFiles;
pub(super) struct HaSync;
pub(super) struct HaFailover;
pub(super) struct HaSyncFailures;

/// Words of `mode`, and the folders of the lab that they mean.
const MODES: &[(&str, &[&str])] = &[
    ("all", FOLDERS),
    ("bookmarks", &[]),
    ("ssl", &[SSL_FOLDER]),
    ("htmlinjection", &[]),
    ("imports", &[]),
    ("misc", &["/nsconfig", "/nsconfig/monitors", "/nsconfig/license", "/var/tmp", "/var/netscaler/locdb"]),
    ("dns", &[]),
    ("krb", &[]),
    ("AAA", &[]),
    ("app_catalog", &[]),
    ("all_plus_misc", FOLDERS),
    ("all_minus_misc", &[SSL_FOLDER]),
];

impl Resource for HaFiles {
    fn schema(&self) -> &'static Schema {
        &HAFILES
    }

    fn rows(&self, _view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        Err(Refusal::new(1240))
    }

    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        let mut folders = Vec::new();
        for word in fields.get("mode").unwrap_or("all").split_whitespace() {
            let mode = MODES.iter().find(|(mode, _)| mode.eq_ignore_ascii_case(word));
            folders.extend_from_slice(mode.ok_or_else(|| Refusal::about(1097, &[word]))?.1);
        }
        cx.orders.push(Order::Files(folders));
        cx.lines.push(HAFILES.line(action, &fields));
        Ok(())
    }
}

impl Resource for HaSync {
    fn schema(&self) -> &'static Schema {
        &HASYNC
    }

    fn rows(&self, _view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        Err(Refusal::new(1240))
    }

    fn act(&self, cx: &mut Cx, _action: &str, fields: Fields) -> Outcome {
        cx.orders.push(Order::Sync { save: fields.get("save") == Some("YES") });
        cx.lines.push(HASYNC.line("force", &fields));
        Ok(())
    }
}

impl Resource for HaFailover {
    fn schema(&self) -> &'static Schema {
        &HAFAILOVER
    }

    fn rows(&self, _view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        Err(Refusal::new(1240))
    }

    fn act(&self, cx: &mut Cx, _action: &str, fields: Fields) -> Outcome {
        cx.orders.push(Order::Failover);
        cx.lines.push(HAFAILOVER.line("force", &fields));
        Ok(())
    }
}

impl Resource for HaSyncFailures {
    fn schema(&self) -> &'static Schema {
        &HASYNCFAILURES
    }

    /// The commands that the last synchronisation could not repeat, one a line.
    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        let mut now = Fields::default();
        let failures = view.appliance.ha.as_ref().map(|ha| ha.failures.join("\n"));
        now.put("response", failures.unwrap_or_default());
        Ok(vec![HASYNCFAILURES.item(&Fields::default(), &now)])
    }
}
