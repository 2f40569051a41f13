//! Who sees whom in the cluster, computed from the nodes as they are.

use std::{net::Ipv4Addr, time::Duration};

use super::machine::Local;
use crate::{clock::LabTime, node::Node};

pub(crate) struct Member {
    pub ip: Ipv4Addr,
    pub node_id: String,
    pub alive: bool,
    pub oldest: bool,
    pub booted: LabTime,
}

/// The members that `node` would list, itself among them.
pub(crate) fn seen_by(node: &Node) -> Vec<Member> {
    let Some(lab) = node.cluster.lab() else { return Vec::new() };
    let now = node.cluster.now();
    let rules = &node.cluster.profile.cluster;
    let shown = Duration::from_secs(rules.dead_shown_seconds);
    let limit = Duration::from_secs(rules.skew_limit_seconds);
    let me = node.machine.local().clone();
    let mut boots = Vec::new();
    let mut members = Vec::new();
    for other in lab.nodes.all() {
        let local = other.machine.local().clone();
        let alive = other.is_on();
        let dead_for_long = local.off_since.is_some_and(|since| now >= since.plus(shown));
        let myself = other.ip == node.ip;
        if !myself && (!meet(&me, &local, limit) || (!alive && dead_for_long)) {
            continue;
        }
        if alive {
            boots.push((local.boot, other.ip));
        }
        members.push(Member {
            ip: other.ip,
            node_id: local.ills.node_id(other.ip.to_bits(), &node.cluster.profile.ids),
            alive,
            oldest: false,
            booted: local.booted,
        });
    }
    let oldest = boots.into_iter().min().map(|(_, ip)| ip);
    for member in &mut members {
        member.oldest = oldest == Some(member.ip);
    }
    members
}

fn meet(one: &Local, other: &Local, limit: Duration) -> bool {
    one.clustered && other.clustered && one.ills.skew.abs_diff(other.ills.skew) <= limit
}
