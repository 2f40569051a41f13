//! The rates of statistics: computed every seven seconds of lab time, as the appliance does.

use crate::{
    clock::LabTime,
    model::{Config, Traffic},
    shared::World,
};
use std::{sync::Arc, time::Duration};

const INTERVAL: Duration = Duration::from_secs(7);

impl World {
    /// To be called before the clock moves on to `to`: everything so far happened before that.
    pub(crate) fn roll(&mut self, to: LabTime) {
        let whole = i64::try_from(INTERVAL.as_millis()).unwrap_or(i64::MAX);
        let intervals = to.since(self.rolled_at) / whole;
        if intervals == 0 {
            return;
        }
        self.rolled_at = LabTime(self.rolled_at.0 + intervals * whole);
        // The clock stood still while that traffic went by, so that of several intervals only the first one had any.
        let quiet = intervals > 1;
        for traffic in self.appliances.iter().flat_map(|appliance| all(&appliance.config)) {
            traffic.roll(INTERVAL.as_secs(), quiet);
        }
    }
}

/// Every counter of a configuration.
fn all(config: &Config) -> impl Iterator<Item = &Arc<Traffic>> {
    let vservers = config.vservers.iter().map(|vserver| &vserver.traffic);
    let members = config.members().map(|member| &member.traffic);
    vservers.chain(members).chain(config.gateways.iter().map(|gateway| &gateway.traffic))
}
