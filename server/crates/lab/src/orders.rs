//! Orders from outside, shared by the library and the control API: faults, power, reset.

use crate::{
    engine::{self, Until},
    faults::{self, Fault, FaultSpec, NODE_FAULTS, Trouble, trouble},
    node::Node,
    seed::{self, Seed},
    shared::Shared,
    xms,
};
use std::{net::Ipv4Addr, sync::Arc, time::Duration};

/// Why an order was refused, in a sentence that lists what is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OrderError(pub(crate) String);

/// Puts a fault in force.
pub(crate) async fn fault(shared: &Shared, spec: FaultSpec) -> Result<Fault, OrderError> {
    let appliances = appliances(shared, &spec.target);
    if let Some(node) = node(shared, &spec.target) {
        let known = [NODE_FAULTS, &xms::words()].concat();
        if !known.contains(&spec.fault.as_str()) {
            return Err(unknown_fault(&spec.fault, "a node", &known));
        }
        strike(&node, &spec).await?;
    } else if !appliances.is_empty() {
        let words = faults::appliance_words();
        if !words.contains(&spec.fault.as_str()) {
            return Err(unknown_fault(&spec.fault, "an appliance", &words));
        }
        if spec.fault == "power_off" {
            for index in appliances {
                power_off(shared, index).await?;
            }
        }
        let early = trouble(&spec.fault).is_some_and(Trouble::is_of_connections);
        if early && (spec.method.is_some() || spec.resource.is_some() || spec.action.is_some()) {
            return Err(OrderError(format!(
                "\"{}\" strikes connections before any request is read; use \"reset_before\" to choose by request",
                spec.fault
            )));
        }
    } else {
        let nodes: Vec<String> = shared.nodes.all().iter().map(|node| node.ip.to_string()).collect();
        return Err(OrderError(format!(
            "unknown target \"{}\"; known targets are netscaler, {}, {}",
            spec.target,
            nsips(shared).join(", "),
            nodes.join(", ")
        )));
    }
    Ok(shared.world().faults.add(spec))
}

/// Removes faults and undoes what they did to nodes.
pub(crate) async fn clear_faults(
    shared: &Arc<Shared>,
    target: Option<&str>,
    word: Option<&str>,
) -> Result<Vec<Fault>, OrderError> {
    let gone = shared.world().faults.remove(target, word);
    for fault in &gone {
        if matches!(fault.spec.fault.as_str(), "power_off" | "dies_after") {
            for index in appliances(shared, &fault.spec.target) {
                power_on(shared, index).await?;
            }
        }
        if let Some(node) = node(shared, &fault.spec.target) {
            match fault.spec.fault.as_str() {
                "power_off" => node.power_on().map_err(|error| failed(&error))?,
                "slow" => node.set_slow(Duration::ZERO),
                word => match xms::ill(word) {
                    Some(ill) => node.recover(ill),
                    None => node.set_paused(false).await.map_err(|error| failed(&error))?,
                },
            }
        }
    }
    Ok(gone)
}

/// Back to a seed: configuration, sessions, logs, faults, counters. What is due at once is done before this returns.
pub(crate) async fn reset(shared: &Arc<Shared>, seed: Seed) -> Result<(), OrderError> {
    {
        // No probe may be under way while the counters go back to zero.
        let _turn = shared.turn.lock().await;
        shared.nodes.forget_added();
        shared.clusters().for_each(|cluster| cluster.forget());
        for node in shared.nodes.all() {
            node.set_slow(Duration::ZERO);
            node.set_paused(false).await.map_err(|error| failed(&error))?;
            node.power_on().map_err(|error| failed(&error))?;
            node.forget();
        }
        for (index, doors) in shared.doors.iter().enumerate() {
            doors.open(shared, index).await.map_err(|error| failed(&error))?;
        }
        seed::plant(shared, seed).map_err(|refusal| OrderError(format!("the seed failed: {}", refusal.message())))?;
    }
    strike_fixture(shared).await?;
    engine::run(shared, Until::Now).await;
    Ok(())
}

/// Puts in force what the profile's fixture says.
async fn strike_fixture(shared: &Shared) -> Result<(), OrderError> {
    let nodes = shared.nodes.all();
    for seed in &shared.cluster.profile.faults {
        let node = seed.node.checked_sub(1).and_then(|at| nodes.get(at));
        let target = node.ok_or_else(|| OrderError(format!("the profile has a fault for node {}", seed.node)))?.ip;
        let (target, fault, ms) = (target.to_string(), seed.fault.clone(), seed.ms);
        self::fault(shared, FaultSpec { target, fault, ms, ..FaultSpec::default() }).await?;
    }
    Ok(())
}

/// A machine that was never set up, at an address of its own.
pub(crate) fn add_node(shared: &Shared, ip: Ipv4Addr) -> Result<Arc<Node>, OrderError> {
    let node = shared.nodes.add(ip, &shared.cluster).map_err(|error| failed(&error))?;
    node.ok_or_else(|| OrderError(format!("there is a node at {ip} already")))
}

/// Closes the ports of an appliance; when this returns, connections are refused.
pub(crate) async fn power_off(shared: &Shared, index: usize) -> Result<(), OrderError> {
    {
        let mut world = shared.world();
        let now = world.clock.now();
        world.went_off(index, now);
    }
    match shared.doors.get(index) {
        Some(doors) => doors.close().await.map_err(|error| failed(&error)),
        None => Ok(()),
    }
}

async fn power_on(shared: &Arc<Shared>, index: usize) -> Result<(), OrderError> {
    let Some(doors) = shared.doors.get(index) else { return Ok(()) };
    {
        let mut world = shared.world();
        let now = world.clock.now();
        world.came_on(index, now);
    }
    doors.open(shared, index).await.map_err(|error| failed(&error))
}

/// The node with this address.
pub(crate) fn node(shared: &Shared, ip: &str) -> Option<Arc<Node>> {
    shared.nodes.find(ip.parse::<Ipv4Addr>().ok()?.into())
}

async fn strike(node: &Arc<Node>, spec: &FaultSpec) -> Result<(), OrderError> {
    match spec.fault.as_str() {
        "power_off" if spec.after > 0 => node.power_off_after(spec.after),
        "power_off" => node.power_off().await,
        "slow" => node.set_slow(Duration::from_millis(spec.ms)),
        word => match xms::ill(word) {
            Some(ill) => node.fall_ill(ill, Duration::from_millis(spec.ms)),
            None => node.set_paused(true).await.map_err(|error| failed(&error))?,
        },
    }
    Ok(())
}

fn nsips(shared: &Shared) -> Vec<String> {
    shared.world().appliances.iter().map(|appliance| appliance.nsip.to_string()).collect()
}

/// The places of the appliances that a word means: `netscaler` is all of them.
fn appliances(shared: &Shared, target: &str) -> Vec<usize> {
    let nsips = nsips(shared);
    (0..nsips.len()).filter(|index| target == "netscaler" || nsips[*index] == target).collect()
}

/// The same, with a sentence when there is none.
pub(crate) fn some_appliances(shared: &Shared, target: &str) -> Result<Vec<usize>, OrderError> {
    let found = appliances(shared, target);
    if found.is_empty() {
        let known = nsips(shared).join(", ");
        return Err(OrderError(format!("unknown target \"{target}\"; known targets are netscaler, {known}")));
    }
    Ok(found)
}

fn unknown_fault(word: &str, target: &str, known: &[&str]) -> OrderError {
    OrderError(format!("unknown fault \"{word}\" for {target}; known faults are {}", known.join(", ")))
}

fn failed(error: &std::io::Error) -> OrderError {
    OrderError(format!("the ports could not be changed: {error}"))
}
