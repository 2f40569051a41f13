//! What a plan says to people: conflicts with their way out, and why something changes.

use crate::{
    apply::shown,
    autoscale,
    kinds::{self, Attribute},
    wanted::Wanted,
};
use model::{
    PairRole,
    object::{Kind, ObjectRef},
    plan::Verb,
    snapshot::Seen,
};

pub fn not_primary(role: &PairRole) -> String {
    format!(
        "{}. Changes are made on the primary of a pair only: a secondary refuses them, \
         or loses them at the next synchronisation. Give Gatehouse the primary's address, or wait until this one is primary.",
        role.said()
    )
}

pub fn twin(wanted: &ObjectRef, twin: &ObjectRef) -> String {
    format!(
        "There is a {} already, and {} differs from it only in upper and lower case. The appliance's command line does not \
         tell them apart. Choose another name, or write it as it is there.",
        twin,
        wanted.part(0)
    )
}

pub fn address_taken(wanted: &Wanted, other: &ObjectRef) -> String {
    let said = |name: &str| shown(&wanted.object, name, &wanted.attrs);
    format!(
        "The {} is to listen on {}:{}, but the {other} listens there already. Choose another address or port, or remove \
         {} on the appliance.",
        wanted.object,
        said("ipv46"),
        said("port"),
        other.part(0)
    )
}

/// What blocks belongs to another cluster of ours. Without its name: a plan is read by people who may not know it.
pub fn another_clusters(object: &ObjectRef, theirs: &ObjectRef) -> String {
    if object == theirs {
        format!(
            "The {object} belongs to another cluster of Gatehouse, which made or adopted it. It is not taken over from \
             there: choose another in the set-up, or leave the step out."
        )
    } else {
        format!(
            "The {object} cannot be where the set-up wants it: the {theirs} of another cluster of Gatehouse is there. \
             Choose another place in the set-up."
        )
    }
}

pub fn nothing_to_change(object: &ObjectRef) -> String {
    format!(
        "There is no {object} on the appliance, and Gatehouse does not make one: it belongs to the Gateway's own set-up. \
         Choose another in the Gateway step, or make it on the appliance first."
    )
}

pub fn rival(object: &ObjectRef, rival: &ObjectRef) -> String {
    format!(
        "The {rival} is on the appliance, and Gatehouse did not make it. Beside the {object} it would be used now and then. \
         Once somebody has consented to adopt it, the plan takes it away after the new one is there."
    )
}

pub fn second_way(binding: &ObjectRef, server: &str) -> String {
    format!(
        "The {binding} is on the appliance and not in the set-up, and Gatehouse did not make it. Through it {server} is \
         behind {} already, and a virtual server refuses the same member twice. Gatehouse would unbind it, and does so only \
         after somebody has consented to adopt it.",
        binding.part(0)
    )
}

pub fn fixed(wanted: &Wanted, seen: &Seen, name: &str, owned: bool) -> String {
    let noun = kinds::of(wanted.object.kind).noun;
    let (is, should) = (shown(&wanted.object, name, &seen.attrs), shown(&wanted.object, name, &wanted.attrs));
    let way_out = if owned {
        "Give it another name in the set-up: then a new one is made and the old one is removed"
    } else {
        "Give it another name in the set-up: then a new one is made and this one is left alone"
    };
    format!(
        "The {} has {name} {is} and should have {should}. A NetScaler cannot change this on a {noun} that exists. {way_out}.",
        wanted.object
    )
}

pub fn not_ours(wanted: &Wanted, seen: &Seen, differing: &[&Attribute]) -> String {
    let would = if differing.is_empty() {
        "It is as it should be, so nothing on it would be changed now.".to_owned()
    } else {
        let list: Vec<String> = differing.iter().map(|attribute| from_to(attribute, wanted, seen)).collect();
        format!("Gatehouse would change {}.", list.join(", "))
    };
    format!(
        "The {} is on the appliance already, and Gatehouse did not make it. {would} It touches this {} only after somebody \
         has consented to adopt it.",
        wanted.object,
        kinds::of(wanted.object.kind).noun
    )
}

pub fn other_address(wanted: &Wanted, seen: &Seen, owned: bool, others: &[ObjectRef]) -> String {
    let (is, should) =
        (shown(&wanted.object, "ipaddress", &seen.attrs), shown(&wanted.object, "ipaddress", &wanted.attrs));
    let why = match (owned, others.first()) {
        (_, Some(member)) => format!("A new address would also move what is not this cluster's: {member}."),
        (true, None) => "A new address would move everything that uses it.".into(),
        (false, None) => "Gatehouse did not make it, and a new address would move everything that uses it.".into(),
    };
    format!(
        "The {} has the address {is}, but the node of that name has {should}. {why} Give the node another name in the \
         set-up.",
        wanted.object
    )
}

pub fn change(verb: Verb, wanted: &Wanted, seen: &Seen, attributes: &[&Attribute]) -> String {
    let list: Vec<String> = attributes
        .iter()
        .map(|attribute| {
            let is = shown(&wanted.object, attribute.name, &seen.attrs);
            let should = shown(&wanted.object, attribute.name, &wanted.attrs);
            match verb {
                Verb::Unset => format!("{} is {is} and goes back to the appliance's default, {should}", attribute.name),
                _ => format!("{} is {is} and should be {should}", attribute.name),
            }
        })
        .collect();
    format!("{}. {}", list.join("; "), wanted.reason)
}

pub fn scales_itself(group: &ObjectRef, source: &str) -> String {
    format!(
        "{} The set-up needs a group whose members it binds itself. Give it another name in the Groups step: then a new one \
         is made and this one stays as it is.",
        autoscale::sentence(group.part(0), source)
    )
}

pub fn remembered(record: &ObjectRef) -> String {
    format!(
        "Gatehouse made the {record}, and the appliance lists it only as an answer that it remembers (PROXY), as some builds \
         do. It is not added again. To see whether the record is there, type `flush dns proxyRecords` and look again."
    )
}

pub fn persistency_group(vserver: &ObjectRef, group: &str) -> String {
    format!(
        "The {vserver} is in the persistency group {group}, which rules over its persistence. The plan leaves its \
         persistence type and timeout as they are; they are set on the group."
    )
}

fn from_to(attribute: &Attribute, wanted: &Wanted, seen: &Seen) -> String {
    let is = shown(&wanted.object, attribute.name, &seen.attrs);
    let should = shown(&wanted.object, attribute.name, &wanted.attrs);
    format!("{} from {is} to {should}", attribute.name)
}

/// It is to be enabled. `along`: members of others on a server, which come back with it.
pub fn switched_off(wanted: &Wanted, along: &[Seen]) -> String {
    let what = match wanted.object.kind {
        Kind::LbVserver => "Nobody answers at its address until it is enabled.",
        Kind::ServiceGroup => "A disabled group takes all its members out of service.",
        Kind::Server => "A disabled server takes all its members out of service.",
        _ => "It gets no devices until it is enabled.",
    };
    let others = match along {
        [] => String::new(),
        [one] => format!(" The {}, which is not this cluster's, comes back with it.", one.object),
        [one, rest @ ..] => {
            format!(
                " The {} and {} more members, which are not this cluster's, come back with it.",
                one.object,
                rest.len()
            )
        }
    };
    format!("It is DISABLED, and the set-up does not keep it so: somebody switched it off by hand. {what}{others}")
}

pub fn switched_off_again(wanted: &Wanted) -> String {
    format!(
        "Enabling server {} enables all its members, and this one is to stay out of service. {}",
        wanted.object.part(1),
        wanted.reason
    )
}

pub fn takes_along(wanted: &Wanted, other: &ObjectRef) -> String {
    format!(
        "The {} is to be kept disabled, and that would also take out of service what is not this set-up's: {other}. Keep \
         the members of this set-up on it disabled instead.",
        wanted.object
    )
}

pub fn wakes_up(wanted: &Wanted, other: &ObjectRef) -> String {
    format!(
        "The {} is DISABLED. Enabling it would also enable the {other}, which is not this set-up's and which somebody \
         disabled by itself. Whoever disabled it decides: enable it there first, or keep the {} disabled in the set-up.",
        wanted.object, wanted.object
    )
}
