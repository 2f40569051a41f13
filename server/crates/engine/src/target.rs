//! Desired state as the objects that an appliance must have for it, in the order of `nitro.md` 5.1.

use crate::kinds;
use model::{
    desired::{Desired, Listener, Mdm, Node, Persistence},
    object::{Attrs, Kind, ObjectRef, Value},
    snapshot::{Seen, Snapshot},
};
use std::{collections::BTreeSet, net::Ipv4Addr};

/// One object that must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub object: ObjectRef,
    /// What it must have; what is left out must be at its default.
    pub attrs: Attrs,
    /// Why, for somebody who reads the plan late in the evening.
    pub reason: String,
}

/// What must be there, and what was decided on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Each object once, whatever it refers to before it.
    pub wanted: Vec<Wanted>,
    /// Servers that exist under another name and are used as they are.
    pub notes: Vec<String>,
    /// Where the desired state contradicts itself. The forms prevent it; a plan must not guess.
    pub contradictions: Vec<(ObjectRef, String)>,
}

impl Target {
    pub fn wants(&self, object: &ObjectRef) -> bool {
        self.wanted.iter().any(|wanted| wanted.object == *object)
    }

    fn add(&mut self, object: ObjectRef, attrs: Attrs, reason: String) {
        if self.wants(&object) {
            let sentence = format!("The set-up asks for {object} twice. Give one of them another name or port.");
            self.contradictions.push((object, sentence));
        } else {
            self.wanted.push(Wanted { object, attrs, reason });
        }
    }
}

/// The server on the appliance that has this address, in the default traffic domain. NITRO refuses a second one with
/// the same address (3.6), so whoever made it, members have to refer to it.
pub fn server_at(snapshot: &Snapshot, address: Ipv4Addr) -> Option<&Seen> {
    let text = Value::Text(address.to_string());
    snapshot
        .of_kind(Kind::Server)
        .find(|seen| seen.attrs.get("ipaddress") == Some(&text) && !seen.attrs.contains_key("td"))
}

/// What `desired` needs. The snapshot is asked for one thing only: which servers have the nodes' addresses already.
pub fn target(desired: &Desired, snapshot: &Snapshot) -> Target {
    let mut target = Target::default();
    let Some(mdm) = desired.mdm.as_ref().filter(|mdm| !mdm.listeners.is_empty()) else { return target };
    features(&mut target);
    let mut servers: Vec<(&Node, String)> = Vec::new();
    for node in &desired.nodes {
        servers.extend(server(&mut target, node, snapshot).map(|name| (node, name)));
    }
    for listener in &mdm.listeners {
        group(&mut target, listener);
    }
    for listener in &mdm.listeners {
        for (node, name) in &servers {
            member(&mut target, listener, node, name);
        }
    }
    let mut ports = BTreeSet::new();
    for listener in &mdm.listeners {
        if !ports.insert(listener.port) {
            let vserver = ObjectRef::vserver(&listener.vserver);
            let sentence = format!("Two virtual servers are to listen on {}:{}.", mdm.vip, listener.port);
            target.contradictions.push((vserver, sentence));
        }
        vserver(&mut target, mdm, listener);
    }
    for listener in &mdm.listeners {
        let reason =
            format!("Without this binding {} has nobody to pass connections to and stays DOWN.", listener.vserver);
        target.add(ObjectRef::vserver_group(&listener.vserver, &listener.group), Attrs::new(), reason);
    }
    target
}

fn features(target: &mut Target) {
    let lb =
        "Load balancing is off. The appliance would accept virtual servers and groups, and leave them out of work.";
    target.add(ObjectRef::feature("LB"), Attrs::new(), lb.into());
    let ssl = "The SSL feature is off. SSL_BRIDGE decrypts nothing, but it is one of the SSL protocols: without the \
               feature its virtual servers stay DOWN.";
    target.add(ObjectRef::feature("SSL"), Attrs::new(), ssl.into());
}

/// Adds the node's server and returns the name that members refer to; `None` when another node has that name.
fn server(target: &mut Target, node: &Node, snapshot: &Snapshot) -> Option<String> {
    let reason = format!("Members of service groups refer to node {} by this server object.", node.address);
    let name = match server_at(snapshot, node.address) {
        Some(seen) => seen.object.part(0).to_owned(),
        None => node.name.clone(),
    };
    let object = ObjectRef::server(&name);
    if target.wants(&object) {
        let sentence = format!(
            "Server {name} cannot stand for node {} because it already stands for another node. Give the nodes names \
             that no server on the appliance has, or that belong to their addresses there.",
            node.address
        );
        target.contradictions.push((object, sentence));
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

fn group(target: &mut Target, listener: &Listener) {
    let reason = format!(
        "The nodes that answer on port {} stand in this group. SSL_BRIDGE passes TLS through untouched, so that devices \
         talk to the node itself, with their own certificates.",
        listener.port
    );
    target.add(ObjectRef::group(&listener.group), attrs([("servicetype", "SSL_BRIDGE".into())]), reason);
}

fn member(target: &mut Target, listener: &Listener, node: &Node, server: &str) {
    let reason = format!("Node {} takes its share of the devices that come to port {}.", node.address, listener.port);
    target.add(ObjectRef::member(&listener.group, server, listener.port), Attrs::new(), reason);
}

fn vserver(target: &mut Target, mdm: &Mdm, listener: &Listener) {
    let stays = match mdm.persistence {
        Persistence::SourceIp => {
            "SOURCEIP keeps each device on its node by its address, as the vendor asks for clusters"
        }
        Persistence::SslSession => "SSLSESSION keeps each device on its node by its TLS session",
    };
    let reason = format!(
        "Devices reach the cluster at {}:{}. {stays}; it is forgotten {} minutes after the last connection.",
        mdm.vip, listener.port, mdm.timeout
    );
    let attrs = attrs([
        ("servicetype", "SSL_BRIDGE".into()),
        ("ipv46", mdm.vip.to_string().into()),
        ("port", listener.port.into()),
        ("persistencetype", mdm.persistence.word().into()),
        ("timeout", mdm.timeout.into()),
    ]);
    target.add(ObjectRef::vserver(&listener.vserver), attrs, reason);
}

fn attrs<const N: usize>(pairs: [(&str, Value); N]) -> Attrs {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
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
