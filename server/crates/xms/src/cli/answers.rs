//! What the menu program's answers say; also for text that people paste. The wording is not documented, so the raw
//! text stays beside what was read, and the result says whether the profile was verified.

use crate::{CliProblem, NodeId, profile::Cli};
use std::net::Ipv4Addr;
use wire::excerpt;

wire::words! {
    /// Whether a member is alive.
    MemberStatus {
        /// It takes part.
        Active = "ACTIVE",
        /// It does not answer the others.
        Dead = "DEAD",
    }
}

wire::words! {
    /// A member's part in the cluster.
    Role {
        /// The first member; upgrades begin with it.
        Oldest = "OLDEST",
        /// Any other.
        Plain = "NONE",
    }
}

/// A member as the menu program lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its address, as written.
    pub address: String,
    /// Whether it is alive.
    pub status: MemberStatus,
    /// Its part.
    pub role: Role,
}

/// The answer to Show Cluster Status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterStatus {
    /// Of **this** node only.
    pub node_id: Option<NodeId>,
    /// All members, as this node sees them; none when the cluster is not enabled.
    pub members: Vec<Member>,
    /// As written.
    pub raw: String,
    /// Whether the wording was verified against a real server.
    pub verified: bool,
}

/// Reads Show Cluster Status.
///
/// # Errors
/// [`CliProblem::Unreadable`] when there is neither a number nor a member in it.
pub fn cluster_status(text: &str, cli: &Cli) -> Result<ClusterStatus, CliProblem> {
    // A number that is none is passed over; another line may have it.
    let node_id = cli.answers.node_id.captures_iter(text).find_map(|found| found.get(1)?.as_str().parse().ok());
    let members: Vec<_> = cli
        .answers
        .member
        .captures_iter(text)
        .filter_map(|found| {
            // Layouts are alternatives of one pattern; the groups of the others are empty.
            let mut words = found.iter().skip(1).flatten().map(|part| part.as_str().trim_matches([',', ';', '|']));
            Some(Member { address: words.next()?.to_owned(), status: words.next()?.into(), role: words.next()?.into() })
        })
        .collect();
    if node_id.is_none() && members.is_empty() {
        return Err(unreadable("Show Cluster Status", "node ID", text));
    }
    Ok(ClusterStatus { node_id, members, raw: text.to_owned(), verified: cli.verified })
}

/// Reads Display Hazelcast Cluster: the members' addresses, each once, with the port where one is given.
///
/// # Errors
/// [`CliProblem::Unreadable`] when there is no address in it.
pub fn hazelcast(text: &str, cli: &Cli) -> Result<Vec<(Ipv4Addr, Option<u16>)>, CliProblem> {
    let mut members: Vec<(Ipv4Addr, Option<u16>)> = Vec::new();
    for found in cli.answers.hazelcast_member.captures_iter(text) {
        let address = found.get(1).and_then(|part| part.as_str().parse().ok());
        let port = found.get(2).and_then(|part| part.as_str().parse().ok());
        if let Some(address) = address
            && !members.iter().any(|(known, _)| *known == address)
        {
            members.push((address, port));
        }
    }
    if members.is_empty() { Err(unreadable("Display Hazelcast Cluster", "member", text)) } else { Ok(members) }
}

fn unreadable(entry: &str, missing: &str, text: &str) -> CliProblem {
    let excerpt = excerpt(text.as_bytes());
    CliProblem::Unreadable { entry: entry.to_owned(), missing: missing.to_owned(), excerpt }
}
