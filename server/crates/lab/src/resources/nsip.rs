//! `nsip` (3.5), read only: the NSIP, the SNIP, and one VIP per address of the virtual servers.

use std::net::IpAddr;

use super::{Resource, View, absent};
use crate::{
    json::Item,
    model::{Config, State},
    refusal::Outcome,
    schema::{Fields, Schema, tables::system::NSIP},
};

pub(super) struct NsIp;

impl Resource for NsIp {
    fn schema(&self) -> &'static Schema {
        &NSIP
    }

    /// Addresses of virtual servers come with these, and the NSIP with the box.
    fn afterwards(&self, view: &View) -> Vec<String> {
        let (snip, netmask) = view.appliance.snip;
        vec![format!("add ns ip {snip} {netmask}")]
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let appliance = view.appliance;
        let (snip, netmask) = appliance.snip;
        let mut rows = vec![
            own(IpAddr::V4(appliance.nsip), "NSIP", "255.255.255.0", "40", "1032096"),
            own(IpAddr::V4(snip), "SNIP", &netmask.to_string(), "8", "1032051"),
        ];
        let mut seen = Vec::new();
        for (address, _, _) in appliance.config.vips() {
            if !seen.contains(&address) {
                seen.push(address);
                rows.push(vip(address, &appliance.config));
            }
        }
        if let Some(name) = name {
            rows.retain(|row| row.get("ipaddress") == Some(name));
            if rows.is_empty() {
                return Err(absent(&NSIP, name));
            }
        }
        Ok(rows.iter().map(|row| NSIP.item(&Fields::default(), row)).collect())
    }
}

fn own(address: IpAddr, kind: &str, netmask: &str, flags: &str, freeports: &str) -> Fields {
    let management = if kind == "NSIP" { "ENABLED" } else { "DISABLED" };
    let mut row = base(address, kind, netmask, flags);
    for name in ["telnet", "ssh", "gui", "snmp", "ftp"] {
        row.put(name, "ENABLED");
    }
    row.put("mgmtaccess", management);
    row.put("dynamicrouting", management);
    row.put("vserver", "DISABLED");
    row.put("freeports", freeports);
    row.put("riserhimsgcode", if kind == "NSIP" { "32" } else { "0" });
    row.put("vipvsercount", "0");
    row.put("vipvserdowncount", "0");
    row
}

fn vip(address: IpAddr, config: &Config) -> Fields {
    let mut row = base(address, "VIP", "255.255.255.255", "8");
    for name in ["telnet", "ssh", "gui", "snmp", "ftp", "mgmtaccess", "dynamicrouting"] {
        row.put(name, "DISABLED");
    }
    let here = || config.vips().filter(|vip| vip.0 == address);
    row.put("vserver", "ENABLED");
    row.put("freeports", "0");
    row.put("riserhimsgcode", "0");
    row.put("vipvsercount", here().count().to_string());
    row.put("vipvserdowncount", here().filter(|vip| vip.2 != State::Up).count().to_string());
    row
}

fn base(address: IpAddr, kind: &str, netmask: &str, flags: &str) -> Fields {
    let mut row = Fields::default();
    row.put("ipaddress", address.to_string());
    row.put("type", kind);
    row.put("iptype", kind);
    row.put("netmask", netmask);
    row.put("flags", flags);
    row
}
