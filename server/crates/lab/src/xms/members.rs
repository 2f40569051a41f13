//! Who sees whom in the cluster, computed from the nodes as they are.

use super::{disk::allows, ills::Ill, machine::Local};
use crate::{clock::LabTime, node::Node};
use std::{net::Ipv4Addr, sync::Arc, time::Duration};

/// What members talk to each other on.
const PORT: u16 = 80;

pub(crate) struct Member {
    /// As the member itself would say.
    pub ip: Ipv4Addr,
    pub node_id: String,
    pub alive: bool,
    pub oldest: bool,
    pub booted: LabTime,
    pub this: bool,
}

/// The members that `node` would list, itself among them.
///
/// Every pair is judged by itself: three nodes of which two do not meet show as two views that overlap.
pub(crate) fn seen_by(node: &Node) -> Vec<Member> {
    let Some(lab) = node.cluster.lab() else { return Vec::new() };
    let now = node.cluster.now();
    let rules = &node.cluster.profile.cluster;
    let shown = Duration::from_secs(rules.dead_shown_seconds);
    let limit = i64::try_from(rules.skew_limit_seconds).unwrap_or(i64::MAX).saturating_mul(1000);
    let me = node.machine.local().clone();
    let mut boots = Vec::new();
    let mut members: Vec<Member> = Vec::new();
    for other in lab.nodes.all() {
        let local = other.machine.local().clone();
        let ills = other.machine.ills();
        let alive = other.is_answering() && !local.is_in_recovery();
        let dead_for_long = local.off_since.is_some_and(|since| now >= since.plus(shown));
        let this = other.ip == node.ip;
        if !this && (!meet(&me, &local, limit) || (!alive && dead_for_long)) {
            continue;
        }
        let ip = ills.address.unwrap_or(other.ip);
        // One row for each ID in the database: of two machines with one address only one shows, oneself before others.
        if let Some(twin) = members.iter().position(|member| member.ip == ip) {
            if !this {
                continue;
            }
            boots.retain(|(_, at)| *at != ip);
            members.remove(twin);
        }
        if alive {
            boots.push((local.boot, ip));
        }
        members.push(Member {
            ip,
            node_id: ills.node_id(other.ip.to_bits(), &node.cluster.profile.ids),
            alive,
            oldest: false,
            booted: local.booted,
            this,
        });
    }
    let oldest = boots.into_iter().min().map(|(_, ip)| ip);
    for member in &mut members {
        member.oldest = oldest == Some(member.ip);
    }
    members
}

/// Whether two nodes find each other: one database, both flags, port 80 both ways, both lists, clocks alike.
fn meet(one: &Local, other: &Local, limit: i64) -> bool {
    let same = match (&one.database, &other.database) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        _ => false,
    };
    let near = one.ills.skew().abs_diff(other.ills.skew()) <= limit.unsigned_abs();
    same && near && takes_part(one) && takes_part(other) && lets_in(one, other) && lets_in(other, one)
}

fn takes_part(local: &Local) -> bool {
    local.disk.clustered && !local.ills.has(Ill::ClusterFlagOff) && !local.is_in_recovery()
}

fn lets_in(local: &Local, peer: &Local) -> bool {
    let from = peer.disk.network.ip;
    !local.ills.port80_closed() && local.disk.admits(from, PORT) && allows(&local.disk.white_list, from)
}
