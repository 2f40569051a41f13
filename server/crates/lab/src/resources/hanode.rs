//! `hanode` and `stat/hanode` (3.4): one row for the answering appliance, and in a pair one for its peer.

use super::{Cx, Resource, View, absent, changes};
use crate::{
    appliance::Appliance,
    clock::LabTime,
    ha::{Membership, Role, intervals},
    json::Item,
    refusal::{Outcome, Refusal},
    schema::{
        Attribute, Fields, Schema,
        tables::{ha::HANODE, statistics::STAT_HANODE},
    },
};

pub(super) struct HaNode;
pub(super) struct NodeStatistics;

impl Resource for HaNode {
    fn schema(&self) -> &'static Schema {
        &HANODE
    }

    fn told(&self) -> super::Told {
        super::Told::Never
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let mut rows = vec![row("0", view.appliance, view)];
        rows.extend(view.peer.map(|peer| row("1", peer, view)));
        match name {
            None => Ok(rows.iter().map(|(set, now)| HANODE.item(set, now)).collect()),
            Some(name) => rows
                .iter()
                .find(|(_, now)| now.get("id") == Some(name))
                .map(|(set, now)| vec![HANODE.item(set, now)])
                .ok_or_else(|| absent(&HANODE, name)),
        }
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        own(cx, &fields)?;
        let line = HANODE.line("set", &fields);
        cx.appliance.config.ha.merge(changes(&HANODE, fields)?);
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        own(cx, &key)?;
        for attribute in unset {
            cx.appliance.config.ha.remove(attribute.name);
        }
        cx.wrote(HANODE.unset_line(&key, unset));
        Ok(())
    }
}

/// Settings are each node's own, so only row 0 can be changed: 257 for the peer's.
fn own(cx: &Cx, fields: &Fields) -> Outcome {
    match fields.text("id") {
        "0" => Ok(()),
        "1" if cx.appliance.ha.is_some() => Err(Refusal::new(257)),
        other => Err(absent(&HANODE, other)),
    }
}

/// What was set on that node, and what is true of it now.
fn row<'a>(id: &str, node: &'a Appliance, view: &View) -> (&'a Fields, Fields) {
    let mut now = Fields::default();
    now.put("id", id);
    now.put("name", node.host.as_str());
    now.put("ipaddress", node.nsip.to_string());
    now.put("hastatus", status(node, view));
    now.put("state", if is_gone(node, view) { "UNKNOWN" } else { node.role().word() });
    let since = node.ha.as_ref().map_or(node.booted_at, |ha| ha.since);
    now.put("masterstatetime", (view.now.since(since) / 1000).to_string());
    if let Some(ha) = &node.ha {
        now.put("hasync", synchronisation(node, ha));
        if !ha.failures.is_empty() {
            now.put("hasyncfailurereason", format!("{} command(s) failed", ha.failures.len()));
        }
    }
    (&node.config.ha, now)
}

/// ENABLED shows as what is true.
fn status<'a>(node: &'a Appliance, view: &View) -> &'a str {
    let shown = node.ha.as_ref().and_then(|ha| ha.shown.as_deref());
    match node.ha_switch("hastatus") {
        _ if is_gone(node, view) => "DOWN",
        _ if shown.is_some() => shown.unwrap_or_default(),
        "ENABLED" if node.ha.is_some() && node.is_booting(view.now) => "INIT",
        "ENABLED" => "UP",
        set => set,
    }
}

/// Off for longer than the dead interval; until then nobody has missed it.
fn is_gone(node: &Appliance, view: &View) -> bool {
    let patience = intervals(&view.appliance.config.ha).1;
    node.off_since.is_some_and(|since| view.now.since(since) >= i64::try_from(patience).unwrap_or(0) * 1000)
}

/// The word for a node's copy of the configuration; only a secondary has a copy.
fn synchronisation<'a>(node: &'a Appliance, ha: &Membership) -> &'a str {
    match node.ha_switch("hasync") {
        "ENABLED" if ha.syncing.is_some() => "IN PROGRESS",
        "ENABLED" if !ha.failures.is_empty() && node.config.ha.get("syncstatusstrictmode") == Some("ENABLED") => {
            "FAILED"
        }
        "ENABLED" if ha.role == Role::Secondary => "SUCCESS",
        set => set,
    }
}

impl Resource for NodeStatistics {
    fn schema(&self) -> &'static Schema {
        &STAT_HANODE
    }

    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        let mut now = Fields::default();
        now.put("hacurmasterstate", view.appliance.role().word());
        match &view.appliance.ha {
            None => now.put("transtime", view.appliance.booted_at.nitro()),
            Some(ha) => counters(&mut now, view.appliance, ha, view.now),
        }
        Ok(vec![STAT_HANODE.item(&Fields::default(), &now)])
    }
}

fn counters(row: &mut Fields, appliance: &Appliance, ha: &Membership, now: LabTime) {
    let every = intervals(&appliance.config.ha).0;
    let sent = crate::ha::Heartbeats::from(appliance.booted_at);
    row.put("hacurstatus", "YES");
    row.put(
        "hacurstate",
        match (appliance.ha_switch("hastatus"), &ha.shown) {
            ("DISABLED", _) => "DISABLED",
            (_, Some(shown)) => shown.as_str(),
            _ => "UP",
        },
    );
    row.put("transtime", ha.since.nitro());
    row.put("hatotpktrx", ha.hears.count(now, every).to_string());
    row.put("hapktrxrate", ha.hears.rate(every).to_string());
    row.put("hatotpkttx", sent.count(now, every).to_string());
    row.put("hapkttxrate", sent.rate(every).to_string());
    row.put("haerrproptimeout", ha.propagation_timeouts.to_string());
    row.put("haerrsyncfailure", ha.sync_failures.to_string());
}
