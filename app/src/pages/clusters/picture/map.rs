//! What is drawn, before it has a place: one description for the drawing and for its text.

use super::super::sight::{Mark, Sight, text};
use model::{
    Freshness,
    desired::{Gateway, Listener, Node},
    excerpt::{DRAWN, Excerpt, Rest, Weight},
    object::{Kind, ObjectRef},
    state::Tone,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
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
    /// Whether the URL is the right one, and whether the record is: one of them may be wrong alone.
    pub url_tone: Tone,
    pub record_tone: Tone,
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
#[derive(Clone)]
pub struct Port {
    pub lane: usize,
    pub label: String,
    pub mark: Mark,
}

#[derive(Clone)]
pub struct NodeStop {
    pub name: String,
    pub address: String,
    /// `None`: it is no node of the set-up.
    pub node: Option<Ipv4Addr>,
    /// Its one word.
    pub standing: Mark,
    pub ports: Vec<Port>,
}

impl NodeStop {
    /// By its own word and by what the appliance says of its members.
    pub fn weight(&self) -> Weight {
        Weight::of(self.ports.iter().map(|port| port.mark.tone).chain([self.standing.tone]))
    }
}

pub struct Map {
    pub gateway: Option<(Stop, Pointer)>,
    pub lanes: Vec<Lane>,
    /// Those of the set-up in its order, then whoever is a member besides.
    pub nodes: Vec<NodeStop>,
}

/// What of the nodes is drawn: all of few, the worst of many.
pub struct DrawnNodes {
    pub nodes: Vec<NodeStop>,
    pub rest: Rest,
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
        let mut nodes: Vec<NodeStop> =
            sight.desired.nodes.iter().map(|node| node_stop(sight, node, &listeners)).collect();
        nodes.extend(strangers(sight, &listeners));
        Self { gateway, lanes, nodes }
    }

    pub fn drawn(&self) -> DrawnNodes {
        let Excerpt { shown, rest } = Excerpt::of(self.nodes.iter().collect(), DRAWN, |node| node.weight());
        DrawnNodes { nodes: shown.into_iter().cloned().collect(), rest }
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
        mark: sight.pinned(&vserver, sight.mark(seen)),
        note,
    };
    let name = ObjectRef::group(&listener.group);
    let group = sight.find(&name);
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
        mark: sight.pinned(&name, sight.mark(group)),
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
    let bound = sight.snapshot.bound_to(Kind::AppController, &gateway.vserver);
    let urls: Vec<&str> = bound.map(|seen| seen.object.part(1)).collect();
    let host = sight.view.cluster.fqdn.as_str();
    let records = sight.snapshot.bound_to(Kind::AddressRecord, host);
    let addresses: Vec<&str> = records.map(|seen| seen.object.part(1)).collect();
    let here = sight.desired.dns.as_ref().is_none_or(|dns| dns.record);
    let wants = |url: &str| url.trim_end_matches('/').eq_ignore_ascii_case(&Gateway::url_of(host));
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
    let there = lane.map(|lane| {
        let object = ObjectRef::vserver(&listeners[lane].vserver);
        sight.pinned(&object, sight.mark(sight.find(&object)))
    });
    let is_now = sight.freshness == Freshness::Fresh;
    let judged = |right: bool, any: bool, made: bool| match (is_now, right, any || made) {
        (false, ..) => Tone::Unknown,
        (true, true, _) => Tone::Good,
        (true, false, true) => Tone::Bad,
        (true, false, false) => Tone::Quiet,
    };
    let made = mam.is_some_and(|lane| sight.find(&ObjectRef::vserver(&listeners[lane].vserver)).is_some());
    let url_tone = judged(is_right, !urls.is_empty(), made);
    let record_tone = match addresses.as_slice() {
        [] if !here => Tone::Unknown,
        [address] => judged(ends_at(address).is_some() && ends_at(address) == mam, true, made),
        all => judged(false, !all.is_empty(), made),
    };
    let tone = if !is_now || (addresses.is_empty() && !here) {
        Tone::Unknown
    } else if lane.is_none() {
        // Nothing of it was made yet, or it leads astray.
        if urls.is_empty() && addresses.is_empty() { Tone::Quiet } else { Tone::Bad }
    } else if lane != mam {
        Tone::Bad
    } else {
        there.map_or(Tone::Unknown, |mark| mark.tone)
    };
    let url = if urls.is_empty() { "no App Controller".to_owned() } else { urls.join(", ") };
    let record = match addresses.as_slice() {
        [] if here => "no address record".to_owned(),
        [] => "by a name server".to_owned(),
        all => all.join(", "),
    };
    let told = format!("Its App Controller: {url}. The appliance answers {host}: {record}.");
    Pointer { url, question: format!("{host} is"), record, url_tone, record_tone, lane, tone, told }
}

fn node_stop(sight: &Sight<'_>, node: &Node, listeners: &[&Listener]) -> NodeStop {
    let server = sight.server_of(node);
    let place = |(lane, listener): (usize, &&Listener)| {
        port(sight, lane, listener, ObjectRef::member(&listener.group, &server, listener.port))
    };
    let standing = sight.lists.standing(node.address, sight.now());
    let against = sight.against(node).filter(|_| standing.tone == Tone::Good);
    let standing = against.unwrap_or_else(|| Mark::new(standing.tone, &standing.word));
    NodeStop {
        ports: listeners.iter().enumerate().map(place).collect(),
        address: node.address.to_string(),
        node: Some(node.address),
        name: server,
        standing,
    }
}

fn port(sight: &Sight<'_>, lane: usize, listener: &Listener, member: ObjectRef) -> Port {
    let mark = sight.pinned(&member, sight.mark(sight.find(&member)));
    Port { lane, label: format!("{} {}", sight.side(listener), listener.port), mark }
}

/// Servers that are members and no nodes of the set-up: devices reach them like the others.
fn strangers(sight: &Sight<'_>, listeners: &[&Listener]) -> Vec<NodeStop> {
    let known: BTreeSet<String> = sight.desired.nodes.iter().map(|node| sight.server_of(node)).collect();
    let mut strange: Vec<NodeStop> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (lane, listener) in listeners.iter().enumerate() {
        for seen in sight.snapshot.members(&listener.group) {
            let server = seen.object.part(1);
            if known.contains(server) {
                continue;
            }
            let port = port(sight, lane, listener, seen.object.clone());
            if let Some(stop) = places.get(server).and_then(|place| strange.get_mut(*place)) {
                stop.ports.push(port);
                continue;
            }
            places.insert(server, strange.len());
            let there = sight.find(&ObjectRef::server(server));
            strange.push(NodeStop {
                name: server.to_owned(),
                node: None,
                address: there.map(|seen| text(seen, "ipaddress")).unwrap_or_default(),
                standing: Mark::new(Tone::Warn, "not in this set-up"),
                ports: vec![port],
            });
        }
    }
    strange
}
