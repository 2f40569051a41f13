//! What a form may propose, from what was seen on the appliance: addresses that nothing has, and the Gateway that serves
//! nobody else. A proposal is never more: whether a foreign host has an address, the appliance cannot tell.

use model::{
    object::{Kind, ObjectRef, Value},
    snapshot::{Seen, Snapshot},
};
use std::{collections::BTreeSet, net::Ipv4Addr, ops::RangeInclusive};

/// Addresses of a large network that are looked at before nothing is proposed.
const LOOKED_AT: usize = 4096;

/// Addresses for new virtual servers, the nearest first: in a network that the appliance reaches by a SNIP, beside
/// `beside` or else beside its other virtual servers, and neither [`used`] by what was seen nor `taken`.
pub fn addresses<'s>(
    snapshot: &'s Snapshot,
    used: &'s BTreeSet<Ipv4Addr>,
    taken: &'s BTreeSet<Ipv4Addr>,
    beside: Option<Ipv4Addr>,
) -> impl Iterator<Item = Ipv4Addr> + use<'s> {
    let networks: Vec<RangeInclusive<u32>> = of_type(snapshot, "SNIP").filter_map(network).collect();
    let inside = |address: &Ipv4Addr| networks.iter().any(|network| network.contains(&address.to_bits()));
    let vips = of_type(snapshot, "VIP").filter_map(address).filter(inside);
    let snips = of_type(snapshot, "SNIP").filter_map(address);
    let anchor = beside.filter(inside).or_else(|| vips.max()).or_else(|| snips.filter(inside).min());
    let around = anchor.and_then(|anchor| {
        let bits = anchor.to_bits();
        let network = networks.iter().find(|network| network.contains(&bits))?.clone();
        let (first, last) = ((bits & !0xff).max(*network.start()), (bits | 0xff).min(*network.end()));
        // What is one block with the anchor, going up; then what is below; then the whole network.
        let all = (bits.saturating_add(1)..=last).chain(first..=bits).chain(network.take(LOOKED_AT));
        Some(all.map(Ipv4Addr::from_bits))
    });
    let mut seen = BTreeSet::new();
    around.into_iter().flatten().filter(move |address| {
        // Networks end, and routers live, at these.
        let usual = !matches!(address.octets()[3], 0 | 1 | 254 | 255);
        usual && !used.contains(address) && !taken.contains(address) && seen.insert(*address)
    })
}

/// The Gateway's virtual server for a cluster of this name: the one of those that serve nobody else; of several, the one
/// that bears the name's domain. `taken` are those that other clusters' set-ups have. `None`: nobody can say.
pub fn gateway<'s>(snapshot: &'s Snapshot, taken: &BTreeSet<String>, fqdn: &str, url: &str) -> Option<&'s Seen> {
    let serves_others = |seen: &&Seen| {
        let mut pointers = snapshot.of_kind(Kind::AppController).map(|pointer| &pointer.object);
        pointers.any(|pointer| {
            pointer.part(0) == seen.object.part(0) && *pointer != ObjectRef::app_controller(seen.object.part(0), url)
        })
    };
    let free: Vec<&Seen> = snapshot
        .of_kind(Kind::Gateway)
        .filter(|seen| !taken.contains(seen.object.part(0)) && !serves_others(seen))
        .collect();
    let domain = fqdn.split_once('.').map_or(fqdn, |(_, domain)| domain).to_ascii_lowercase();
    let named: Vec<&Seen> =
        free.iter().copied().filter(|seen| seen.object.part(0).to_ascii_lowercase().ends_with(&domain)).collect();
    match (free.as_slice(), named.as_slice()) {
        ([only], _) | (_, [only]) => Some(only),
        _ => None,
    }
}

/// The address that an object listens on or is.
pub fn address(seen: &Seen) -> Option<Ipv4Addr> {
    let named = |name: &str| match seen.attrs.get(name)? {
        Value::Text(text) => text.parse().ok(),
        Value::Number(_) => None,
    };
    match seen.object.kind {
        Kind::Address => seen.object.part(0).parse().ok(),
        Kind::AddressRecord => seen.object.part(1).parse().ok(),
        Kind::Server => named("ipaddress"),
        Kind::LbVserver | Kind::Gateway => named("ipv46"),
        _ => None,
    }
}

/// The addresses that anything has.
pub fn used(snapshot: &Snapshot) -> BTreeSet<Ipv4Addr> {
    snapshot.objects.iter().filter_map(address).collect()
}

fn of_type<'s>(snapshot: &'s Snapshot, kind: &'s str) -> impl Iterator<Item = &'s Seen> {
    let is = move |seen: &&Seen| seen.attrs.get("type").is_some_and(|told| told.to_string().eq_ignore_ascii_case(kind));
    snapshot.of_kind(Kind::Address).filter(is)
}

/// From its first address to its last; `None` where the netmask is not told.
fn network(snip: &Seen) -> Option<RangeInclusive<u32>> {
    let mask: Ipv4Addr = snip.facts.get("netmask")?.to_string().parse().ok()?;
    let (bits, mask) = (address(snip)?.to_bits(), mask.to_bits());
    Some((bits & mask)..=(bits | !mask))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::object::Attrs;

    fn seen(object: ObjectRef, attrs: &[(&str, &str)], facts: &[(&str, &str)]) -> Seen {
        let all = |pairs: &[(&str, &str)]| -> Attrs {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect()
        };
        Seen { object, attrs: all(attrs), state: None, facts: all(facts) }
    }

    fn snapshot(objects: Vec<Seen>) -> Snapshot {
        let mut snapshot = Snapshot { objects, ..Snapshot::default() };
        snapshot.settle();
        snapshot
    }

    fn own(address: &str, kind: &str, mask: &str) -> Seen {
        seen(ObjectRef::new(Kind::Address, [address]), &[("type", kind)], &[("netmask", mask)])
    }

    fn gateway_at(name: &str, address: &str) -> Seen {
        seen(ObjectRef::gateway(name), &[("ipv46", address)], &[])
    }

    fn first(snapshot: &Snapshot, taken: &[&str], beside: Option<&str>) -> Vec<String> {
        let taken: BTreeSet<Ipv4Addr> = taken.iter().map(|text| text.parse().unwrap()).collect();
        let beside = beside.map(|text| text.parse().unwrap());
        addresses(snapshot, &used(snapshot), &taken, beside).take(2).map(|address| address.to_string()).collect()
    }

    #[test]
    fn addresses_beside_the_virtual_servers_that_nothing_has() {
        let there = snapshot(vec![
            own("10.0.0.10", "NSIP", "255.255.255.0"),
            own("10.20.0.10", "SNIP", "255.255.0.0"),
            own("10.20.40.40", "VIP", "255.255.255.255"),
            own("10.99.0.5", "VIP", "255.255.255.255"),
            seen(ObjectRef::server("s"), &[("ipaddress", "10.20.40.42")], &[]),
            seen(ObjectRef::address_record("a.b", "10.20.40.43"), &[], &[]),
        ]);
        assert_eq!(first(&there, &[], None), ["10.20.40.41", "10.20.40.44"]);
        assert_eq!(first(&there, &["10.20.40.41"], None), ["10.20.40.44", "10.20.40.45"], "another set-up's");
        assert_eq!(first(&there, &[], Some("10.20.50.40")), ["10.20.50.41", "10.20.50.42"], "beside its Gateway");
        assert_eq!(first(&there, &[], Some("10.99.0.5")), ["10.20.40.41", "10.20.40.44"], "no network of a SNIP's");
        assert_eq!(first(&there, &[], Some("10.20.40.252")), ["10.20.40.253", "10.20.40.2"], "round the block");
    }

    #[test]
    fn a_small_network_runs_out_and_without_a_snip_nothing_is_proposed() {
        let small = snapshot(vec![own("10.1.1.2", "SNIP", "255.255.255.252")]);
        assert_eq!(first(&small, &[], None), ["10.1.1.3"]);
        assert!(first(&small, &["10.1.1.3"], None).is_empty());
        assert!(first(&snapshot(vec![own("10.1.1.2", "NSIP", "255.255.255.0")]), &[], None).is_empty());
        let vague = seen(ObjectRef::new(Kind::Address, ["10.1.1.2"]), &[("type", "SNIP")], &[]);
        assert!(first(&snapshot(vec![vague]), &[], None).is_empty(), "its netmask is not told");
    }

    #[test]
    fn the_gateway_that_serves_nobody_else() {
        let propose = |objects: Vec<Seen>, taken: &[&str]| {
            let taken = taken.iter().map(|name| (*name).to_owned()).collect();
            let there = snapshot(objects);
            gateway(&there, &taken, "mdm.example.org", "https://mdm.example.org:8443")
                .map(|seen| seen.object.part(0).to_owned())
        };
        let (ag, org) = (gateway_at("ag", "10.0.0.1"), gateway_at("_XM_ag.example.org", "10.0.0.2"));
        let points = |name: &str, url: &str| seen(ObjectRef::app_controller(name, url), &[], &[]);
        assert_eq!(propose(vec![ag.clone()], &[]).as_deref(), Some("ag"));
        assert_eq!(propose(vec![ag.clone()], &["ag"]), None, "another cluster's set-up has it");
        assert_eq!(propose(vec![ag.clone(), points("ag", "https://x.y:8443")], &[]), None, "it points elsewhere");
        let ours = points("ag", "https://mdm.example.org:8443");
        assert_eq!(propose(vec![ag.clone(), ours], &[]).as_deref(), Some("ag"), "to this cluster already");
        assert_eq!(propose(vec![ag.clone(), org], &[]).as_deref(), Some("_XM_ag.example.org"), "its name tells");
        assert_eq!(propose(vec![ag, gateway_at("other", "10.0.0.3")], &[]), None, "nobody can say");
        assert_eq!(propose(vec![], &[]), None);
    }
}
