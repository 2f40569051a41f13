//! Bindings of policies to virtual servers, of which the lab has none (`nitro.md` 6.2 A11). Clients that copy or compare a
//! virtual server ask for each of them.

use super::{
    super::{Attribute, Schema, Shape},
    double, text, wide_name,
};

const ATTRIBUTES: &[Attribute] =
    &[wide_name("name").key(), text("policyname").read_only(), double("priority").read_only()];

/// All of them look alike.
const fn table(noun: &'static str, name: &'static str) -> Schema {
    Schema { name, noun, shape: Shape::Binding, attributes: ATTRIBUTES, actions: &[], get_args: &[], delete_args: &[] }
}

const fn all<const N: usize>(noun: &'static str, names: [&'static str; N]) -> [Schema; N] {
    let mut tables = [table(noun, ""); N];
    let mut at = 0;
    while at < N {
        tables[at] = table(noun, names[at]);
        at += 1;
    }
    tables
}

/// Of load balancing.
pub(crate) static LB: [Schema; 21] = all(
    "lb vserver",
    [
        "lbvserver_analyticsprofile_binding",
        "lbvserver_appflowpolicy_binding",
        "lbvserver_appfwpolicy_binding",
        "lbvserver_appqoepolicy_binding",
        "lbvserver_auditnslogpolicy_binding",
        "lbvserver_auditsyslogpolicy_binding",
        "lbvserver_authorizationpolicy_binding",
        "lbvserver_botpolicy_binding",
        "lbvserver_cachepolicy_binding",
        "lbvserver_cmppolicy_binding",
        "lbvserver_contentinspectionpolicy_binding",
        "lbvserver_csvserver_binding",
        "lbvserver_dnspolicy64_binding",
        "lbvserver_feopolicy_binding",
        "lbvserver_responderpolicy_binding",
        "lbvserver_rewritepolicy_binding",
        "lbvserver_spilloverpolicy_binding",
        "lbvserver_tmtrafficpolicy_binding",
        "lbvserver_transformpolicy_binding",
        "lbvserver_videooptimizationdetectionpolicy_binding",
        "lbvserver_videooptimizationpacingpolicy_binding",
    ],
);

/// Of content switching.
pub(crate) static CS: [Schema; 16] = all(
    "cs vserver",
    [
        "csvserver_appflowpolicy_binding",
        "csvserver_appfwpolicy_binding",
        "csvserver_appqoepolicy_binding",
        "csvserver_auditnslogpolicy_binding",
        "csvserver_auditsyslogpolicy_binding",
        "csvserver_authorizationpolicy_binding",
        "csvserver_botpolicy_binding",
        "csvserver_cachepolicy_binding",
        "csvserver_cmppolicy_binding",
        "csvserver_contentinspectionpolicy_binding",
        "csvserver_feopolicy_binding",
        "csvserver_responderpolicy_binding",
        "csvserver_rewritepolicy_binding",
        "csvserver_spilloverpolicy_binding",
        "csvserver_tmtrafficpolicy_binding",
        "csvserver_transformpolicy_binding",
    ],
);

/// Of gateways.
pub(crate) static VPN: [Schema; 15] = all(
    "vpn vserver",
    [
        "vpnvserver_aaapreauthenticationpolicy_binding",
        "vpnvserver_appflowpolicy_binding",
        "vpnvserver_auditnslogpolicy_binding",
        "vpnvserver_auditsyslogpolicy_binding",
        "vpnvserver_authenticationcertpolicy_binding",
        "vpnvserver_authenticationldappolicy_binding",
        "vpnvserver_authenticationlocalpolicy_binding",
        "vpnvserver_authenticationradiuspolicy_binding",
        "vpnvserver_authenticationsamlpolicy_binding",
        "vpnvserver_cachepolicy_binding",
        "vpnvserver_cspolicy_binding",
        "vpnvserver_icapolicy_binding",
        "vpnvserver_responderpolicy_binding",
        "vpnvserver_rewritepolicy_binding",
        "vpnvserver_vpntrafficpolicy_binding",
    ],
);
