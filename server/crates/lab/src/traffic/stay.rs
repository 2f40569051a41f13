//! How long a connection may stay, and what is in use while it does.

use super::{
    seat::{Seat, seats},
    serving,
};
use crate::{
    model::{Id, Key, State, by_id},
    shared::Shared,
};
use std::sync::Arc;

/// Entries of the persistence table that are in use; dropping this ends that.
///
/// Never to be dropped by whoever holds the lab's lock.
pub(super) struct Hold {
    pub shared: Arc<Shared>,
    pub appliance: usize,
    pub keys: Vec<Key>,
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut world = self.shared.world();
        let now = world.clock.now();
        let Some(appliance) = world.appliances.get_mut(self.appliance) else { return };
        self.keys.iter().for_each(|key| appliance.persistence.end(key, now));
        if appliance.config.members().any(|member| member.state == State::GoingOutOfService) {
            // It may have waited for this very connection.
            world.settle(self.appliance, now);
        }
    }
}

/// Returns when a connection must be cut: its virtual server or member is gone, or no longer serves anybody.
pub(super) async fn until_cut(shared: &Shared, appliance: usize, vserver: Id, member: Option<Id>) {
    let mut settled = shared.world().settled.subscribe();
    while may_stay(shared, appliance, vserver, member) {
        if settled.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// `downstateflush DISABLED`, at either end, lets connections outlive the state.
fn may_stay(shared: &Shared, appliance: usize, vserver: Id, member: Option<Id>) -> bool {
    let world = shared.world();
    let Some(config) = serving(&world, appliance) else { return false };
    let Some(vserver) = by_id(&config.vservers, vserver) else { return false };
    let keeps = vserver.set.get("downstateflush") == Some("DISABLED");
    let seats = seats(config, vserver);
    let Some(member) = member else {
        // The last member on its way out takes the virtual server down, and finishes what it has begun.
        let finishes = vserver.state == State::Down && seats.iter().any(Seat::serves);
        return keeps || vserver.effective(config) == State::Up || finishes;
    };
    let Some(seat) = seats.into_iter().find(|seat| seat.member.id == member) else { return false };
    let serves = seat.serves();
    let vserver_serves = vserver.state == State::Up || (serves && vserver.state == State::Down);
    keeps || seat.keeper.get("downstateflush") == Some("DISABLED") || (serves && vserver_serves)
}

/// The same for a gateway.
pub(super) async fn until_gateway_ends(shared: &Shared, appliance: usize, gateway: Id) {
    let mut settled = shared.world().settled.subscribe();
    let is_up = || {
        let world = shared.world();
        let gateway = serving(&world, appliance).and_then(|config| by_id(&config.gateways, gateway));
        gateway
            .is_some_and(|gateway| gateway.state == State::Up || gateway.set.get("downstateflush") == Some("DISABLED"))
    };
    while is_up() {
        if settled.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
