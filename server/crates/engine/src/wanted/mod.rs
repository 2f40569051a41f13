//! Desired state as the objects that an appliance must have for it, in the order of `nitro.md` 5.1.

mod gateway;
mod mam;
mod mdm;
mod object;

use crate::kinds;
pub use mam::{NODE_COOKIE, VAULT};
use model::{
    desired::{Desired, Listener, Mam, Mdm, Node, Seat, SetUpProblem, Side},
    object::{Attrs, ObjectRef},
    snapshot::{Seen, Snapshot},
};
use object::attrs;
pub use object::{Target, Wanted};
use std::collections::BTreeSet;

/// What `desired` needs. The snapshot is asked for what exists already and is only referred to: servers with the nodes'
/// addresses, certificate keys, the Gateway.
pub fn target(desired: &Desired, snapshot: &Snapshot) -> Target {
    let mut target = Target::default();
    if desired.is_blank() {
        return target;
    }
    contradictions(&mut target, desired, snapshot);
    features(&mut target, desired);
    mam::certificate(&mut target, desired, snapshot);
    balancing(&mut target, desired, snapshot);
    mam::certificate_binding(&mut target, desired);
    gateway::address_record(&mut target, desired);
    gateway::pointer(&mut target, desired, snapshot);
    keep_off(&mut target, desired);
    target
}

/// What does not hold of the set-up as a whole.
fn contradictions(target: &mut Target, desired: &Desired, snapshot: &Snapshot) {
    // A number that is not known yet is missing at each member.
    for problem in desired.check().into_iter().filter(|problem| !problem.is_lack()) {
        target.contradict(victim(&problem, desired, snapshot), problem.sentence());
    }
}

/// An object that could not be as it is wanted.
fn victim(problem: &SetUpProblem, desired: &Desired, snapshot: &Snapshot) -> ObjectRef {
    match problem {
        SetUpProblem::NodeTwice(address) => named(desired, snapshot, |node| node.address == *address),
        SetUpProblem::NodeNameTwice { node, name } => {
            named(desired, snapshot, |other| other.address == *node && other.name == *name)
        }
        SetUpProblem::NodeIdTwice { node, .. } => named(desired, snapshot, |other| other.address == *node),
        SetUpProblem::NodeIdMissing { node, group } => {
            let server = named(desired, snapshot, |other| other.address == *node);
            let port =
                desired.listeners().find(|listener| listener.group == *group).map_or(0, |listener| listener.port);
            ObjectRef::member(group, server.part(0), port)
        }
        SetUpProblem::NodeAtVip { vip, side } => at(desired, |seat| seat.vip == *vip && seat.side == *side),
        SetUpProblem::ListenTwice { vip, port, other, .. } => {
            at(desired, |seat| (seat.vip, seat.listener.port, seat.side) == (*vip, *port, *other))
        }
        SetUpProblem::VserverTwice { other, .. } => ObjectRef::vserver(&other.listener.vserver),
        SetUpProblem::GroupTwice { other, .. } | SetUpProblem::GroupTooLong(other) => {
            ObjectRef::group(&other.listener.group)
        }
        SetUpProblem::NoCertificate => at(desired, |seat| seat.side == Side::Mam),
        SetUpProblem::Nameless(_) => ObjectRef::config(),
    }
}

/// The objects of a plan's conflicts that come from the set-up alone, whatever there is on the appliance.
pub fn contradicted(desired: &Desired, snapshot: &Snapshot) -> BTreeSet<ObjectRef> {
    desired.check().iter().map(|problem| victim(problem, desired, snapshot)).collect()
}

/// The server of the last node of which that is true.
fn named(desired: &Desired, snapshot: &Snapshot, of: impl Fn(&Node) -> bool) -> ObjectRef {
    let node = desired.nodes.iter().rfind(|node| of(node));
    node.map_or_else(ObjectRef::config, |node| ObjectRef::server(&server_name(node, snapshot)))
}

/// The last virtual server of which that is true.
fn at(desired: &Desired, of: impl Fn(&Seat<'_>) -> bool) -> ObjectRef {
    desired.seats().filter(of).last().map_or_else(ObjectRef::config, |seat| ObjectRef::vserver(&seat.listener.vserver))
}

/// What somebody wants out of service is disabled, with their reason beside ours. What the set-up no longer has is no
/// matter any more.
fn keep_off(target: &mut Target, desired: &Desired) {
    for kept in &desired.kept_off {
        if let Some(wanted) = target.wanted.iter_mut().find(|wanted| wanted.object == kept.object) {
            wanted.attrs.insert(kinds::STATE.to_owned(), kinds::OFF.into());
            wanted.reason = format!("{} {}", kept.sentence(), wanted.reason);
        }
    }
}

/// Servers, groups, members, virtual servers and their bindings, for both addresses.
fn balancing(target: &mut Target, desired: &Desired, snapshot: &Snapshot) {
    let listeners: Vec<(Stands<'_>, &Listener)> = (desired.mdm.iter())
        .flat_map(|mdm| mdm.listeners.iter().map(move |listener| (Stands::Mdm(mdm), listener)))
        .chain(desired.mam.iter().map(|mam| (Stands::Mam(mam), &mam.listener)))
        .collect();
    if listeners.is_empty() {
        return;
    }
    if desired.nodes.is_empty() {
        target.notes.push(
            "No nodes are described yet, so the groups get no members and the virtual servers stay DOWN. Fill in the Nodes \
             step."
                .into(),
        );
    }
    let mut servers: Vec<(&Node, String)> = Vec::new();
    for node in &desired.nodes {
        servers.extend(server(target, node, snapshot).map(|name| (node, name)));
    }
    for (side, listener) in &listeners {
        side.group(target, listener);
    }
    for (side, listener) in &listeners {
        for (node, name) in &servers {
            side.member(target, listener, node, name);
        }
    }
    for (side, listener) in &listeners {
        side.vserver(target, listener);
    }
    for (_, listener) in &listeners {
        let reason =
            format!("Without this binding {} has nobody to pass connections to and stays DOWN.", listener.vserver);
        target.add(ObjectRef::vserver_group(&listener.vserver, &listener.group), Attrs::new(), reason);
    }
}

/// The two addresses of a cluster differ in what stands behind them.
#[derive(Clone, Copy)]
enum Stands<'a> {
    Mdm(&'a Mdm),
    Mam(&'a Mam),
}

impl Stands<'_> {
    fn group(&self, target: &mut Target, listener: &Listener) {
        match self {
            Self::Mdm(_) => mdm::group(target, listener),
            Self::Mam(_) => mam::group(target, listener),
        }
    }

    fn member(&self, target: &mut Target, listener: &Listener, node: &Node, server: &str) {
        match self {
            Self::Mdm(_) => mdm::member(target, listener, node, server),
            Self::Mam(_) => mam::member(target, listener, node, server),
        }
    }

    fn vserver(&self, target: &mut Target, listener: &Listener) {
        match self {
            Self::Mdm(mdm) => mdm::vserver(target, mdm, listener),
            Self::Mam(mam) => mam::vserver(target, mam),
        }
    }
}

fn features(target: &mut Target, desired: &Desired) {
    if desired.listeners().next().is_some() {
        let lb =
            "Load balancing is off. The appliance would accept virtual servers and groups, and leave them out of work.";
        target.add(ObjectRef::feature("LB"), Attrs::new(), lb.into());
        let ssl = "The SSL feature is off. SSL_BRIDGE decrypts nothing, but it is one of the SSL protocols: without the \
                   feature its virtual servers stay DOWN.";
        target.add(ObjectRef::feature("SSL"), Attrs::new(), ssl.into());
    }
    if desired.gateway.is_some() {
        let vpn = "The SSLVPN feature is off. Without it the Gateway's virtual server answers nobody.";
        target.add(ObjectRef::feature("SSLVPN"), Attrs::new(), vpn.into());
    }
}

/// NITRO refuses a second server with the same address (3.6), so whoever made it, members have to refer to it.
fn server_name(node: &Node, snapshot: &Snapshot) -> String {
    snapshot.server_at(node.address).map_or_else(|| node.name.clone(), |seen| seen.object.part(0).to_owned())
}

/// Adds the node's server and returns the name that members refer to; `None` when another node has that name.
fn server(target: &mut Target, node: &Node, snapshot: &Snapshot) -> Option<String> {
    let reason = format!("Members of service groups refer to node {} by this server object.", node.address);
    let name = server_name(node, snapshot);
    let object = ObjectRef::server(&name);
    if target.wants(&object) {
        let sentence = format!(
            "Server {name} cannot stand for node {} because it already stands for another node. Give the nodes names \
             that no server on the appliance has, or that belong to their addresses there.",
            node.address
        );
        target.contradict(object, sentence);
        return None;
    }
    if name != node.name {
        target.notes.push(format!(
            "Node {} is on the appliance already, as server {name}. A second server with this address is refused, so the \
             members refer to {name} instead of {}; the server itself is used as it is.",
            node.address, node.name
        ));
    }
    target.add(object, attrs([("ipaddress", node.address.to_string().into())]), reason);
    Some(name)
}

/// The object on the appliance whose name differs from this one's in case alone. The command line resolves names
/// without regard to case, so two such names would collide (5.3, unverified; we do not try).
pub fn twin_in_case<'a>(snapshot: &'a Snapshot, object: &ObjectRef) -> Option<&'a ObjectRef> {
    if kinds::of(object.kind).key.len() != 1 {
        return None;
    }
    let twin = |seen: &&Seen| seen.object != *object && seen.object.part(0).eq_ignore_ascii_case(object.part(0));
    snapshot.of_kind(object.kind).find(twin).map(|seen| &seen.object)
}
