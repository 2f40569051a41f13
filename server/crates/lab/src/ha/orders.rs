//! What the control API orders of pairs, and of an appliance's power as far as its ports stay open.

use crate::{
    Version,
    orders::{OrderError, some_appliances},
    schema::{Operation, tables::ha::HANODE},
    shared::Shared,
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Starts appliances anew, with another firmware if so told: what was not saved is lost, and what was saved stays as the
/// former firmware wrote it.
pub(crate) fn restart(shared: &Shared, target: &str, firmware: Option<Version>) -> Result<(), OrderError> {
    let appliances = some_appliances(shared, target)?;
    let mut world = shared.world();
    let now = world.clock.now();
    if let Some(off) = appliances.iter().find(|index| !world.appliances[**index].is_on()) {
        return Err(OrderError(format!("{} is off", world.appliances[*off].nsip)));
    }
    for index in appliances {
        let appliance = &mut world.appliances[index];
        appliance.version = firmware.unwrap_or(appliance.version);
        world.restart(index, now);
    }
    Ok(())
}

/// Changes the roles of the pair that `target` belongs to.
pub(crate) fn failover(shared: &Shared, target: &str) -> Result<(), OrderError> {
    let appliances = some_appliances(shared, target)?;
    let mut world = shared.world();
    let now = world.clock.now();
    // Each pair once, though a word may mean both of its appliances.
    for index in appliances.iter().copied() {
        if world.peer_index(index).is_none_or(|peer| index < peer || !appliances.contains(&peer)) {
            world.failover(index, now).map_err(|refusal| OrderError(refusal.message()))?;
        }
    }
    Ok(())
}

/// What the control API says about a pair, on one appliance's side; nothing changes where nothing is said.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HaOrder {
    pub target: String,
    haerrsyncfailure: Option<u64>,
    haerrproptimeout: Option<u64>,
    /// The commands that failed in the last synchronisation.
    failures: Option<Vec<String>>,
    /// Any word, shown instead of the truth; empty: the truth again.
    hastatus: Option<String>,
    out_of_step: Option<bool>,
    /// Settings of `hanode`, as an administrator on that appliance would make them.
    #[serde(default)]
    set: Map<String, Value>,
}

pub(crate) fn high_availability(shared: &Shared, order: HaOrder) -> Result<(), OrderError> {
    let appliances = some_appliances(shared, &order.target)?;
    let mut settings = order.set.clone();
    settings.insert("id".to_owned(), 0.into());
    let settings = HANODE.check(Operation::Set, &settings).map_err(|refusal| OrderError(refusal.message()))?;
    let mut world = shared.world();
    for index in appliances {
        let nsip = world.appliances[index].nsip;
        let ha = world.appliances[index].ha.as_mut();
        let ha = ha.ok_or_else(|| OrderError(format!("{nsip} is stand-alone")))?;
        ha.sync_failures = order.haerrsyncfailure.unwrap_or(ha.sync_failures);
        ha.propagation_timeouts = order.haerrproptimeout.unwrap_or(ha.propagation_timeouts);
        ha.out_of_step = order.out_of_step.unwrap_or(ha.out_of_step);
        let mut settings = settings.clone();
        settings.remove("id");
        if let Some(failures) = &order.failures {
            ha.failures.clone_from(failures);
        }
        if let Some(word) = &order.hastatus {
            ha.shown = Some(word.clone()).filter(|word| !word.is_empty());
        }
        world.appliances[index].config.ha.merge(settings);
    }
    Ok(())
}
