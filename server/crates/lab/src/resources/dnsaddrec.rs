//! `dnsaddrec` (3.16): address records of the appliance itself.

use super::{Cx, Resource, View, absent};
use crate::{
    choices::{RecordExists, RecordRows},
    json::Item,
    model::{Record, same},
    refusal::{Outcome, Refusal},
    schema::{Fields, Schema, tables::dns::DNSADDREC as TABLE},
};
use std::net::Ipv4Addr;

pub(super) struct AddressRecords;

/// Addresses that one name may have.
const LIMIT: usize = 25;

impl Resource for AddressRecords {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn narrows<'a>(&self, arg: &'a str) -> Option<&'a str> {
        match arg {
            // `rows` looks at the first one.
            "type" | "nodeid" => None,
            other => Some(other),
        }
    }

    /// One row per address.
    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let kind = view.args.iter().find(|(arg, _)| arg == "type").map(|(_, word)| word.to_ascii_uppercase());
        let asked = |word: &str| kind.as_deref().is_none_or(|kind| kind == "ALL" || kind == word);
        if let Some(other) = kind.as_deref().filter(|kind| !["ALL", "ADNS", "PROXY"].contains(kind)) {
            return Err(Refusal::about(1097, &[other]));
        }
        // Nothing was ever asked elsewhere and remembered; but some builds list a record of their own so (6.2 A3).
        let rows = if view.remembered { view.appliance.choices.record_rows } else { RecordRows::Adns };
        let shown = [("ADNS", rows != RecordRows::Proxy), ("PROXY", rows != RecordRows::Adns)];
        let shown: Vec<&str> = shown.iter().filter(|(word, is)| *is && asked(word)).map(|(word, _)| *word).collect();
        let records = &view.appliance.config.records;
        let found: Vec<&Record> = match name {
            None => records.iter().collect(),
            Some(name) => vec![records.iter().find(|record| is(record, name)).ok_or_else(|| absent(&TABLE, name))?],
        };
        Ok(found.into_iter().flat_map(|record| shown.iter().flat_map(|kind| items(record, kind))).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = TABLE.line("add", &fields);
        let host = fields.text("hostname").trim_end_matches('.');
        if !is_host_name(host) {
            return Err(Refusal::about(1823, &[host]));
        }
        let new = addresses(&fields);
        let records = &mut cx.appliance.config.records;
        let at = records.iter().position(|record| is(record, host));
        let before = at.map_or(&[][..], |at| &records[at].addresses);
        if let Some(twice) = new.iter().find(|address| before.contains(address)) {
            return Err(match cx.appliance.choices.record_exists {
                RecordExists::InUse => Refusal::new(304),
                RecordExists::Exists => Refusal::about(273, &["IPAddress", &twice.to_string()]),
            });
        }
        if before.len() + new.len() > LIMIT {
            return Err(Refusal::new(1963));
        }
        let ttl = fields.number("ttl");
        match at.and_then(|at| records.get_mut(at)) {
            Some(record) => {
                record.addresses.extend(new);
                // One time to live for the name, whoever said it last.
                record.ttl = ttl.unwrap_or(record.ttl);
            }
            None => records.push(Record { host: host.to_owned(), ttl: ttl.unwrap_or(3600), addresses: new }),
        }
        cx.wrote(line);
        Ok(())
    }

    /// Without an address all of them go.
    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        let records = &mut cx.appliance.config.records;
        let at = records.iter().position(|record| is(record, name)).ok_or_else(|| absent(&TABLE, name))?;
        let gone = addresses(&args);
        if gone.iter().any(|address| !records[at].addresses.contains(address)) {
            return Err(Refusal::new(1801));
        }
        args.put("hostname", records[at].host.as_str());
        records[at].addresses.retain(|address| !gone.is_empty() && !gone.contains(address));
        if records[at].addresses.is_empty() {
            records.remove(at);
        }
        cx.wrote(TABLE.line("rm", &args));
        Ok(())
    }
}

fn items(record: &Record, kind: &str) -> Vec<Item> {
    let row = |address: &Ipv4Addr| {
        let mut now = Fields::default();
        now.put("hostname", record.host.as_str());
        now.put("ipaddress", address.to_string());
        now.put("ttl", record.ttl.to_string());
        now.put("authtype", kind);
        TABLE.item(&Fields::default(), &now)
    };
    record.addresses.iter().map(row).collect()
}

/// Without repetitions; the checker has let only addresses in.
fn addresses(fields: &Fields) -> Vec<Ipv4Addr> {
    let mut list: Vec<Ipv4Addr> = Vec::new();
    for address in fields.text("ipaddress").split_whitespace().filter_map(|word| word.parse().ok()) {
        if !list.contains(&address) {
            list.push(address);
        }
    }
    list
}

fn is(record: &Record, name: &str) -> bool {
    same(&record.host, name.trim_end_matches('.'))
}

/// Labels of letters, digits, `-` and `_`, not longer than 63, with at most a `*` in front.
fn is_host_name(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.strip_prefix("*.").unwrap_or(host).split('.').all(label)
}
