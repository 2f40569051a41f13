//! All resources, one line each.

use super::{
    Resource, aggregates, auditmessages, constant, csvserver, dnsaddrec, dnsnameserver, group_views, ha_actions,
    hanode, interface, lbgroup, lbmonitor, lbvserver, lbvserver_group, lbvserver_members, lbvserver_service, member,
    monitor_bindings, monitor_users, ns_texts, nsconfig, nsfeature, nsip, nsmode, nspartition, parameters,
    persistent_sessions, policypatset, reboot, server, service, servicegroup, session, ssl_bindings, sslcertkey,
    sslvserver, stat_counters, stat_lb, stat_service, stat_system, system, system_bindings, systemcmdpolicy,
    systemfile, systemparameter, systemsession, systemuser, unbound, vpn_bindings, vpn_furniture, vpn_session,
    vpnvserver,
};

/// Every resource that the lab knows. A name that is not here answers 404/1232.
static ALL: &[&dyn Resource] = &[
    &session::Login,
    &session::Logout,
    &system::NsVersion,
    &system::NsHardware,
    &system::NsLicense,
    &nsfeature::NsFeature,
    &nsmode::NsMode,
    &system::NsCapacity,
    &system::ClusterInstance,
    &parameters::HostName,
    &constant::TIME_SERVERS,
    &constant::TIME_SYNC,
    &interface::Interfaces,
    &nsconfig::NsConfig,
    &hanode::HaNode,
    &ha_actions::HaFiles,
    &ha_actions::HaSync,
    &ha_actions::HaFailover,
    &ha_actions::HaSyncFailures,
    &reboot::Reboot,
    &nsip::NsIp,
    &parameters::LB,
    &parameters::VPN,
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
    &server::ServerServices,
    &aggregates::ServerAggregate,
    &service::Services,
    &service::ServiceUsers,
    &monitor_bindings::ServiceMonitors,
    &aggregates::ServiceAggregate,
    &lbmonitor::LbMonitors,
    &monitor_users::MonitorUses,
    &monitor_users::MonitorGroupUses,
    &monitor_users::MonitorServiceUses,
    &monitor_users::MonitorCertificates,
    &aggregates::MonitorAggregate,
    &aggregates::MonitorUseAggregate,
    &monitor_bindings::GroupMonitors,
    &monitor_bindings::MonitorGroups,
    &monitor_bindings::MonitorServices,
    &servicegroup::ServiceGroups,
    &member::Members,
    &group_views::EntityMonitors,
    &group_views::GroupUsers,
    &aggregates::GroupAggregate,
    &lbvserver::LbVservers,
    &lbvserver_group::VserverGroups,
    &lbvserver_service::VserverServices,
    &lbvserver_members::VserverMembers,
    &persistent_sessions::PersistentSessions,
    &aggregates::VserverAggregate,
    &lbgroup::LbGroups,
    &lbgroup::LbGroupMembers,
    &aggregates::LbGroupAggregate,
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
    &vpn_furniture::STA,
    &vpn_furniture::ACCESS,
    &vpn_furniture::THEME,
    &vpn_furniture::POLICIES,
    &vpn_furniture::PORTALS,
    &vpn_furniture::GLOBAL_CONTROLLERS,
    &vpn_furniture::GLOBAL_STAS,
    &aggregates::GatewayAggregate,
    &vpn_session::SessionPolicies,
    &vpn_session::SessionActions,
    &dnsaddrec::AddressRecords,
    &dnsnameserver::NameServers,
    &csvserver::ContentSwitches,
    &csvserver::ContentTargets,
    &csvserver::ContentPolicies,
    &aggregates::ContentAggregate,
    &policypatset::PatternSets,
    &policypatset::Patterns,
    &aggregates::PatternAggregate,
];

/// The same for `/stat`, which can only be read.
static STATISTICS: &[&dyn Resource] = &[
    &stat_lb::VserverStatistics,
    &stat_lb::GroupStatistics,
    &stat_lb::MemberStatistics,
    &stat_service::ServiceStatistics,
    &stat_system::GatewayStatistics,
    &hanode::NodeStatistics,
    &stat_system::SYSTEM,
    &stat_system::NS,
    &stat_counters::MEMORY,
    &stat_counters::Processors,
    &stat_counters::InterfaceStatistics,
    &stat_counters::SSL,
    &stat_counters::HTTP,
    &stat_counters::TCP,
    &stat_counters::IP,
    &stat_counters::UDP,
    &stat_counters::AAA,
    &stat_counters::ContentStatistics,
    &stat_counters::SslStatistics,
    &stat_counters::GSLB_VSERVERS,
    &stat_counters::GSLB_SERVICES,
];

/// All of the configuration.
pub(crate) fn all() -> impl Iterator<Item = &'static dyn Resource> {
    ALL.iter().copied().chain(unbound::resources())
}

/// The resource called `name` in a URL.
pub(crate) fn find(name: &str) -> Option<&'static dyn Resource> {
    called(all(), name)
}

/// The statistics called `name` in a URL.
pub(crate) fn find_statistics(name: &str) -> Option<&'static dyn Resource> {
    called(STATISTICS.iter().copied(), name)
}

/// Network interfaces are asked for with a small letter or a capital, and always answer with the capital.
fn called(mut among: impl Iterator<Item = &'static dyn Resource>, name: &str) -> Option<&'static dyn Resource> {
    let name = if name == "interface" { "Interface" } else { name };
    among.find(|resource| resource.schema().name == name)
}

/// What there is, as a client without a name is told.
pub(crate) fn names(statistics: bool) -> impl Iterator<Item = &'static str> {
    let among: Vec<_> = if statistics { STATISTICS.to_vec() } else { all().collect() };
    among.into_iter().map(|resource| resource.schema().name)
}
