//! The members of a virtual server as traffic sees them.

use crate::{
    model::{Config, Member, State, Vserver, needs_ssl},
    schema::Fields,
};
use std::net::IpAddr;

/// A member that could serve.
#[derive(Clone, Copy)]
pub(super) struct Seat<'a> {
    /// What is set at the group that it is in, or at the service that it is.
    pub keeper: &'a Fields,
    pub member: &'a Member,
    pub address: IpAddr,
    pub weight: i64,
}

/// All that have an address, in the order of binding. The one place that knows what can be bound.
pub(super) fn seats<'a>(config: &'a Config, vserver: &'a Vserver) -> Vec<Seat<'a>> {
    let grouped = config.groups_of(vserver).flat_map(|group| group.members.iter().map(|member| (&group.set, member)));
    let single = vserver.services.iter().filter_map(|bound| config.service(bound.service));
    let single = single.map(|service| (&service.set, &service.member));
    let seat = |(keeper, member): (&'a Fields, &'a Member)| {
        let address = config.server(member.server)?.address()?;
        Some(Seat { keeper, member, address, weight: vserver.weight(member) })
    };
    grouped.chain(single).filter_map(seat).collect()
}

impl Seat<'_> {
    /// Whether the way there is encrypted.
    pub fn tls(&self) -> bool {
        needs_ssl(self.keeper.text("servicetype"))
    }

    /// Serves those that belong to it, though perhaps nobody new.
    pub fn serves(&self) -> bool {
        matches!(self.member.state, State::Up | State::GoingOutOfService)
    }
}
