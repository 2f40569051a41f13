//! What is drawn, before it has a place: one description for the drawing and for its text.

use super::super::sight::{Mark, Sight, text};
use model::{
    Freshness,
    desired::{Gateway, Listener, Node},
    object::{Kind, ObjectRef},
    state::Tone,
};

/// A box: what it is, its name, where it is, how it does.
pub struct Stop {
    pub kind: String,
    pub name: String,
    pub place: String,
    pub mark: Mark,
    /// One more line, in small print.
    pub note: String,
}

/// Where a Gateway looks for the cluster, as it is and not as it should be.
pub struct Pointer {
    pub url: String,
    /// The name that the Gateway looks up, and what the appliance answers.
    pub question: String,
    pub record: String,
    /// The listener that it ends at; `None`: nowhere in this cluster, or not known.
    pub lane: Option<usize>,
    pub tone: Tone,
    /// In a sentence.
    pub told: String,
}

/// A virtual server and the group behind it.
pub struct Lane {
    pub side: &'static str,
    pub vserver: Stop,
    pub group: Stop,
    pub bound: bool,
}

/// A node's membership in one group.
pub struct Port {
    pub lane: usize,
    pub label: String,
    pub mark: Mark,
}

pub struct NodeStop {
    pub name: String,
    pub address: String,
    pub standing: String,
    pub ports: Vec<Port>,
}

pub struct Map {
    pub gateway: Option<(Stop, Pointer)>,
    pub lanes: Vec<Lane>,
    pub nodes: Vec<NodeStop>,
}

impl Map {
    /// MAM above, beside the Gateway that leads to it; MDM below.
    pub fn of(sight: &Sight<'_>) -> Self {
        let mut listeners: Vec<&Listener> = sight.desired.listeners().collect();
        listeners.sort_by_key(|listener| (!sight.is_mam(listener), listener.port));
        let lanes: Vec<Lane> = listeners.iter().map(|listener| lane(sight, listener)).collect();
        let gateway = sight.desired.gateway.as_ref().map(|gateway| {
            let pointer = pointer(sight, gateway, &listeners);
            (gateway_stop(sight, gateway), pointer)
        });
        let nodes = sight.desired.nodes.iter().map(|node| node_stop(sight, node, &listeners)).collect();
        Self { gateway, lanes, nodes }
    }

    /// The whole in one sentence.
    pub fn sentence(&self) -> String {
        let up = |marks: Vec<&Mark>| (marks.iter().filter(|mark| mark.tone == Tone::Good).count(), marks.len());
        let (vservers, all) = up(self.lanes.iter().map(|lane| &lane.vserver.mark).collect());
        let (members, everyone) = up(self.nodes.iter().flat_map(|node| &node.ports).map(|port| &port.mark).collect());
        format!(
            "The way of a device to the nodes: {vservers} of {all} virtual servers and {members} of {everyone} members are UP."
        )
    }
}

fn lane(sight: &Sight<'_>, listener: &Listener) -> Lane {
    let side = sight.side(listener);
    let vserver = ObjectRef::vserver(&listener.vserver);
    let seen = sight.find(&vserver);
    let or = |text: String, preset: &str| if text.is_empty() { preset.to_owned() } else { text };
    let (place, note) = match seen {
        Some(seen) => (
            format!("{}:{}", text(seen, "ipv46"), text(seen, "port")),
            format!("{} · {}", text(seen, "servicetype"), or(text(seen, "persistencetype"), "NONE")),
        ),
        None => (format!("{}:{}", sight.vip(listener), listener.port), "described only".to_owned()),
    };
    let stop = Stop {
        kind: format!("{side} virtual server"),
        name: listener.vserver.clone(),
        place,
        mark: sight.mark(seen),
        note,
    };
    let group = sight.find(&ObjectRef::group(&listener.group));
    let members: Vec<_> = sight.snapshot.members(&listener.group).map(|seen| sight.mark(Some(seen))).collect();
    let up = members.iter().filter(|mark| mark.tone == Tone::Good).count();
    let group = Stop {
        kind: "service group".to_owned(),
        name: listener.group.clone(),
        place: if sight.freshness == Freshness::Unknown || group.is_none() {
            format!("{} members", members.len())
        } else {
            format!("{up} of {} UP", members.len())
        },
        mark: sight.mark(group),
        note: String::new(),
    };
    let bound = sight.find(&ObjectRef::vserver_group(&listener.vserver, &listener.group)).is_some();
    Lane { side, vserver: stop, group, bound }
}

fn gateway_stop(sight: &Sight<'_>, gateway: &Gateway) -> Stop {
    let seen = sight.find(&ObjectRef::gateway(&gateway.vserver));
    let place = seen.map(|seen| format!("{}:{}", text(seen, "ipv46"), text(seen, "port"))).unwrap_or_default();
    Stop {
        kind: "Gateway".to_owned(),
        name: gateway.vserver.clone(),
        place,
        mark: sight.mark(seen),
        note: String::new(),
    }
}

fn pointer(sight: &Sight<'_>, gateway: &Gateway, listeners: &[&Listener]) -> Pointer {
    let bound = sight.snapshot.of_kind(Kind::AppController).filter(|seen| seen.object.part(0) == gateway.vserver);
    let urls: Vec<&str> = bound.map(|seen| seen.object.part(1)).collect();
    let host = sight.view.cluster.fqdn.as_str();
    let records = sight.snapshot.of_kind(Kind::AddressRecord).filter(|seen| seen.object.part(0) == host);
    let addresses: Vec<&str> = records.map(|seen| seen.object.part(1)).collect();
    let here = sight.desired.dns.as_ref().is_none_or(|dns| dns.record);
    let wants = |url: &str| url.trim_end_matches('/').eq_ignore_ascii_case(&gateway.url);
    let is_right = matches!(urls.as_slice(), [url] if wants(url));
    let port = listeners.iter().find(|listener| sight.is_mam(listener)).map(|listener| listener.port);
    let ends_at = |address: &str| {
        let place = |listener: &&Listener| sight.vip(listener) == address && Some(listener.port) == port;
        listeners.iter().position(place)
    };
    let mam = listeners.iter().position(|listener| sight.is_mam(listener));
    let lane = match addresses.as_slice() {
        [address] if is_right => ends_at(address),
        [] if is_right && !here => mam,
        _ => None,
    };
    let there = lane.and_then(|lane| sight.find(&ObjectRef::vserver(&listeners[lane].vserver)));
    let tone = if sight.freshness == Freshness::Unknown || (addresses.is_empty() && !here) {
        Tone::Unknown
    } else if lane.is_none() {
        // Nothing of it was made yet, or it leads astray.
        if urls.is_empty() && addresses.is_empty() { Tone::Quiet } else { Tone::Bad }
    } else if lane != mam {
        Tone::Bad
    } else {
        sight.mark(there).tone
    };
    let url = if urls.is_empty() { "no App Controller".to_owned() } else { urls.join(", ") };
    let record = match addresses.as_slice() {
        [] if here => "no address record".to_owned(),
        [] => "by a name server".to_owned(),
        all => all.join(", "),
    };
    let told = format!("Its App Controller: {url}. The appliance answers {host}: {record}.");
    Pointer { url, question: format!("{host} is"), record, lane, tone, told }
}

fn node_stop(sight: &Sight<'_>, node: &Node, listeners: &[&Listener]) -> NodeStop {
    let server = sight.server_of(node);
    let port = |(lane, listener): (usize, &&Listener)| {
        let seen = sight.find(&ObjectRef::member(&listener.group, &server, listener.port));
        Port { lane, label: format!("{} {}", sight.side(listener), listener.port), mark: sight.mark(seen) }
    };
    let facts = sight.view.nodes.iter().find(|facts| facts.address == node.address);
    let line = facts.and_then(model::node::NodeFacts::own_line);
    let standing = line.map(|told| told.value.standing()).unwrap_or_default();
    NodeStop {
        ports: listeners.iter().enumerate().map(port).collect(),
        address: node.address.to_string(),
        name: server,
        standing,
    }
}
