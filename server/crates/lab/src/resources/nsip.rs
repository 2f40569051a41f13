//! `nsip` (3.5): the NSIP, the SNIP, one VIP per address of the virtual servers, and what somebody added.

use super::{Cx, Resource, Told, View, absent, changes, taken};
use crate::{
    appliance::Appliance,
    json::Item,
    model::{Config, State},
    refusal::{Outcome, Refusal},
    schema::{Attribute, Fields, Schema, tables::system::NSIP as TABLE},
};
use std::net::{IpAddr, Ipv4Addr};

pub(super) struct NsIp;

impl Resource for NsIp {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn told(&self) -> Told {
        Told::Never
    }

    /// Addresses of virtual servers come with these, and the NSIP with the box: told is what somebody added or set.
    fn afterwards(&self, view: &View) -> Vec<String> {
        let (snip, netmask) = view.appliance.snip;
        let own = format!("add ns ip {snip} {netmask}");
        let others = view.appliance.config.ips.iter().map(|(address, set)| {
            let mut fields = set.clone();
            fields.put("ipaddress", address.to_string());
            TABLE.line(if set.has("type") { "add" } else { "set" }, &fields)
        });
        std::iter::once(own).chain(others).collect()
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let rows: Vec<Fields> = all(view.appliance)
            .into_iter()
            .filter(|row| name.is_none_or(|name| row.get("ipaddress") == Some(name)))
            .collect();
        match name {
            Some(name) if rows.is_empty() => Err(absent(&TABLE, name)),
            _ => Ok(rows.iter().map(|row| TABLE.item(&Fields::default(), row)).collect()),
        }
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = TABLE.line("add", &fields);
        let address = address(&fields)?;
        if find(cx.appliance, address).is_some() {
            return Err(taken(&TABLE, &address.to_string()));
        }
        if matches!(fields.get("type"), Some("NSIP" | "CLIP")) {
            return Err(Refusal::new(257));
        }
        check_mask(&fields)?;
        let mut set = fields;
        set.remove("ipaddress");
        if !set.has("type") {
            set.put("type", "SNIP");
        }
        cx.appliance.config.ips.insert(address, set);
        cx.wrote(line);
        Ok(())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = TABLE.line("set", &fields);
        let address = address(&fields)?;
        find(cx.appliance, address).ok_or_else(|| absent(&TABLE, &address.to_string()))?;
        let changes = changes(&TABLE, fields)?;
        check_mask(&changes)?;
        cx.appliance.config.ips.entry(address).or_default().merge(changes);
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        let address = address(&key)?;
        find(cx.appliance, address).ok_or_else(|| absent(&TABLE, &address.to_string()))?;
        if let Some(needed) = unset.iter().find(|attribute| attribute.required) {
            return Err(Refusal::about(278, &[needed.name]));
        }
        if let Some(set) = cx.appliance.config.ips.get_mut(&address) {
            for attribute in unset {
                set.remove(attribute.name);
            }
        }
        cx.wrote(TABLE.unset_line(&key, unset));
        Ok(())
    }

    /// What is in use stays: the appliance's own two addresses, and VIPs with virtual servers.
    fn delete(&self, cx: &mut Cx, name: &str, args: Fields) -> Outcome {
        // All addresses here are in the domain that is always there.
        if args.get("td").is_some_and(|td| td != "0") {
            return Err(absent(&TABLE, name));
        }
        let row = name.parse().ok().and_then(|address| find(cx.appliance, address));
        let row = row.ok_or_else(|| absent(&TABLE, name))?;
        let address: IpAddr = name.parse().map_err(|_| absent(&TABLE, name))?;
        if row.get("type") == Some("NSIP") {
            return Err(Refusal::new(257));
        }
        let added = cx.appliance.config.ips.get(&address).is_some_and(|set| set.has("type"));
        if !added || is_vip(&cx.appliance.config, address) {
            return Err(Refusal::new(315));
        }
        cx.appliance.config.ips.remove(&address);
        cx.wrote(TABLE.line("rm", &row.only(&["ipaddress"])));
        Ok(())
    }

    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        let line = TABLE.line(action, &fields);
        let address = address(&fields)?;
        let row = find(cx.appliance, address).ok_or_else(|| absent(&TABLE, &address.to_string()))?;
        if row.get("type") == Some("NSIP") {
            return Err(Refusal::new(2392));
        }
        let word = if action == "enable" { "ENABLED" } else { "DISABLED" };
        cx.appliance.config.ips.entry(address).or_default().put("state", word);
        cx.wrote(line);
        Ok(())
    }
}

fn address(fields: &Fields) -> Outcome<IpAddr> {
    let text = fields.text("ipaddress");
    text.parse().map_err(|_| Refusal::about(1110, &["IPAddress", text]))
}

/// Ones, then zeros (1111).
fn check_mask(fields: &Fields) -> Outcome {
    let Some(mask) = fields.get("netmask") else { return Ok(()) };
    let bits = mask.parse::<Ipv4Addr>().map_err(|_| Refusal::about(1111, &["netmask", mask]))?.to_bits();
    if bits.leading_ones() + bits.trailing_zeros() >= 32 {
        Ok(())
    } else {
        Err(Refusal::about(1111, &["netmask", mask]))
    }
}

fn is_vip(config: &Config, address: IpAddr) -> bool {
    config.vips().any(|vip| vip.0 == address)
}

fn find(appliance: &Appliance, address: IpAddr) -> Option<Fields> {
    let text = address.to_string();
    all(appliance).into_iter().find(|row| row.get("ipaddress") == Some(&text))
}

/// Every address with what is shown of it; what somebody set comes last and wins.
fn all(appliance: &Appliance) -> Vec<Fields> {
    let config = &appliance.config;
    let (snip, netmask) = appliance.snip;
    let mut rows = vec![
        own(IpAddr::V4(appliance.nsip), "NSIP", "255.255.255.0", "40", "1032096"),
        own(IpAddr::V4(snip), "SNIP", &netmask.to_string(), "8", "1032051"),
    ];
    let mut seen = vec![IpAddr::V4(appliance.nsip), IpAddr::V4(snip)];
    for (address, _, _) in config.vips() {
        if !seen.contains(&address) {
            seen.push(address);
            rows.push(vip(address, config));
        }
    }
    for (address, set) in &config.ips {
        match seen.iter().position(|known| known == address) {
            Some(at) => rows[at].merge(set.clone()),
            None if set.has("type") => {
                let kind = set.get("type").unwrap_or("SNIP");
                let mut row =
                    if kind == "VIP" { vip(*address, config) } else { own(*address, kind, "", "8", "1032051") };
                row.merge(set.clone());
                rows.push(row);
            }
            // Settings of a VIP that went with its last virtual server.
            None => {}
        }
    }
    rows
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
