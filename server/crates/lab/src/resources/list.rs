//! All resources, one line each.

use super::{
    Resource, aggregates, auditmessages, dnsaddrec, group_views, hanode, lbvserver, lbvserver_group, lbvserver_members,
    member, ns_texts, nsconfig, nsfeature, nsip, nspartition, server, servicegroup, session, ssl_bindings, sslcertkey,
    sslvserver, stat_lb, stat_system, system, system_bindings, systemcmdpolicy, systemfile, systemparameter,
    systemsession, systemuser, vpn_bindings, vpn_session, vpnvserver,
};

/// Every resource that the lab knows. A name that is not here answers 404/1232.
static ALL: &[&dyn Resource] = &[
    &session::Login,
    &session::Logout,
    &system::NsVersion,
    &system::NsHardware,
    &system::NsLicense,
    &nsfeature::NsFeature,
    &nsconfig::NsConfig,
    &hanode::HaNode,
    &nsip::NsIp,
    &systemparameter::SystemParameter,
    &systemcmdpolicy::CommandPolicies,
    &systemuser::SystemUsers,
    &systemuser::SystemGroups,
    &system_bindings::USER_POLICIES,
    &system_bindings::GROUP_POLICIES,
    &system_bindings::GROUP_USERS,
    &system_bindings::USER_GROUPS,
    &system_bindings::USER_PARTITIONS,
    &system_bindings::GROUP_PARTITIONS,
    &system_bindings::USER_ALL,
    &system_bindings::GROUP_ALL,
    &systemsession::Sessions,
    &ns_texts::RunningConfig,
    &ns_texts::SavedConfig,
    &auditmessages::AuditMessages,
    &nspartition::Partitions,
    &server::Servers,
    &server::ServerGroups,
    &servicegroup::ServiceGroups,
    &member::Members,
    &group_views::EntityMonitors,
    &group_views::GroupUsers,
    &aggregates::GroupAggregate,
    &lbvserver::LbVservers,
    &lbvserver_group::VserverGroups,
    &lbvserver_members::VserverMembers,
    &aggregates::VserverAggregate,
    &systemfile::SystemFiles,
    &sslcertkey::CertKeys,
    &sslvserver::SslVservers,
    &ssl_bindings::VserverCerts,
    &ssl_bindings::CertUsers,
    &aggregates::SslAggregate,
    &aggregates::CertAggregate,
    &vpnvserver::Gateways,
    &vpn_bindings::Controllers,
    &vpn_bindings::GatewayPolicies,
    &aggregates::GatewayAggregate,
    &vpn_session::SessionPolicies,
    &vpn_session::SessionActions,
    &dnsaddrec::AddressRecords,
];

/// The same for `/stat`, which can only be read.
static STATISTICS: &[&dyn Resource] = &[
    &stat_lb::VserverStatistics,
    &stat_lb::GroupStatistics,
    &stat_lb::MemberStatistics,
    &stat_system::GatewayStatistics,
    &stat_system::NodeStatistics,
    &stat_system::SYSTEM,
    &stat_system::NS,
];

/// All of the configuration.
pub(crate) fn all() -> impl Iterator<Item = &'static dyn Resource> {
    ALL.iter().copied()
}

/// The resource called `name` in a URL.
pub(crate) fn find(name: &str) -> Option<&'static dyn Resource> {
    ALL.iter().find(|resource| resource.schema().name == name).copied()
}

/// The statistics called `name` in a URL.
pub(crate) fn find_statistics(name: &str) -> Option<&'static dyn Resource> {
    STATISTICS.iter().find(|resource| resource.schema().name == name).copied()
}
