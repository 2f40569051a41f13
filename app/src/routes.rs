//! All addresses of the console, and the names of its forms. Which page answers is `pages::router`'s.

use model::{ActNo, ApplianceId, ClusterId, PersonId, PlanId, RecordId, desired::Step};
use std::net::Ipv4Addr;

pub const HOME: &str = "/";
pub const SIGN_IN: &str = "/sign-in";
pub const FIRST_USE: &str = "/first-use";
pub const APPLIANCES: &str = "/appliances";
pub const APPLIANCE_NEW: &str = "/appliances/new";
pub const CLUSTER_NEW: &str = "/clusters/new";
pub const AUDIT: &str = "/audit";
pub const AUDIT_CSV: &str = "/audit.csv";
pub const TEAM: &str = "/team";
pub const TEAM_NEW: &str = "/team/new";
pub const ACCOUNT: &str = "/account";

/// Where the sign-in page leads afterwards: one of our own pages, by its path alone. Whatever else stands there, such as
/// another host or something typed, is left out.
pub fn own_path(path: &str) -> Option<&str> {
    let plain = path.len() <= 200
        && path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-._".contains(&byte));
    let first = path.split('/').nth(1).unwrap_or_default();
    let page = !first.is_empty() && !["rpc", "pkg", "live", "health", "sign-in", "first-use"].contains(&first);
    (plain && page).then_some(path)
}

/// The sign-in page, and where it leads afterwards.
pub fn sign_in(then: Option<&str>) -> String {
    then.map_or_else(|| SIGN_IN.to_owned(), |path| format!("{SIGN_IN}?to={path}"))
}

/// Names of forms: drafts are kept under them.
pub const APPLIANCE_FORM: &str = "appliance:new";
pub const CLUSTER_FORM: &str = "cluster:new";
pub const PERSON_FORM: &str = "person:new";
pub const PASSWORD_FORM: &str = "account:password";
pub const SESSIONS_FORM: &str = "account:sessions";
pub const DELAYS_FORM: &str = "team:delays";

pub fn appliance(id: ApplianceId) -> String {
    format!("/appliances/{id}")
}

pub fn appliance_edit(id: ApplianceId) -> String {
    format!("/appliances/{id}/edit")
}

pub fn appliance_edit_form(id: ApplianceId) -> String {
    format!("appliance:{id}:edit")
}

pub fn appliance_removal(id: ApplianceId) -> String {
    format!("/appliances/{id}/remove")
}

pub fn appliance_removal_form(id: ApplianceId) -> String {
    format!("appliance:{id}:remove")
}

/// The form for a cluster on this appliance.
pub fn cluster_new(appliance: ApplianceId) -> String {
    format!("{CLUSTER_NEW}?appliance={appliance}")
}

pub fn cluster(id: ClusterId) -> String {
    format!("/clusters/{id}")
}

/// All that its checks say.
pub fn checks(id: ClusterId) -> String {
    format!("/clusters/{id}/checks")
}

/// How it stood over time.
pub fn history(id: ClusterId) -> String {
    format!("/clusters/{id}/history")
}

/// All its nodes with their members.
pub fn members(id: ClusterId) -> String {
    format!("/clusters/{id}/members")
}

pub fn cluster_form(id: ClusterId) -> String {
    format!("cluster:{id}")
}

pub fn cluster_edit(id: ClusterId) -> String {
    format!("/clusters/{id}/edit")
}

pub fn cluster_edit_form(id: ClusterId) -> String {
    format!("cluster:{id}:edit")
}

pub fn cluster_removal(id: ClusterId) -> String {
    format!("/clusters/{id}/remove")
}

pub fn cluster_removal_form(id: ClusterId) -> String {
    format!("cluster:{id}:remove")
}

pub fn setup(cluster: ClusterId) -> String {
    format!("/clusters/{cluster}/setup")
}

pub fn step(cluster: ClusterId, step: Step) -> String {
    format!("/clusters/{cluster}/setup/{}", step.slug())
}

pub fn step_form(cluster: ClusterId, step: Step) -> String {
    format!("setup:{}:{cluster}", step.slug())
}

pub fn certificate(cluster: ClusterId) -> String {
    format!("/clusters/{cluster}/setup/certificate")
}

pub fn certificate_form(cluster: ClusterId) -> String {
    format!("certificate:{cluster}")
}

pub fn nodes(cluster: ClusterId) -> String {
    format!("/clusters/{cluster}/nodes")
}

/// A part of the nodes' page that a button leads back to: its result is seen there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodesPart {
    Accounts,
    Keys,
    Ids,
    Paste,
}

impl NodesPart {
    pub const fn anchor(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Keys => "keys",
            Self::Ids => "ids",
            Self::Paste => "paste",
        }
    }
}

pub fn nodes_part(cluster: ClusterId, part: NodesPart) -> String {
    format!("{}#{}", nodes(cluster), part.anchor())
}

pub fn node(cluster: ClusterId, address: Ipv4Addr) -> String {
    format!("/clusters/{cluster}/nodes/{address}")
}

/// The accounts' form.
pub fn node_access_form(cluster: ClusterId) -> String {
    format!("node-access:{cluster}")
}

/// The box for pasted text.
pub fn node_paste_form(cluster: ClusterId) -> String {
    format!("node-paste:{cluster}")
}

/// The buttons about the nodes' keys.
pub fn node_keys_form(cluster: ClusterId) -> String {
    format!("node-keys:{cluster}")
}

/// The buttons about node IDs.
pub fn node_ids_form(cluster: ClusterId) -> String {
    format!("node-ids:{cluster}")
}

/// The other buttons of the nodes' page.
pub fn nodes_form(cluster: ClusterId) -> String {
    format!("nodes:{cluster}")
}

/// What is enabled and what is kept disabled.
pub fn switches(cluster: ClusterId) -> String {
    format!("/clusters/{cluster}/switches")
}

pub fn switches_form(cluster: ClusterId) -> String {
    format!("switches:{cluster}")
}

pub fn plan(cluster: ClusterId, plan: PlanId) -> String {
    format!("/clusters/{cluster}/plans/{plan}")
}

pub fn plan_form(plan: PlanId) -> String {
    format!("plan:{plan}")
}

pub fn run(cluster: ClusterId, act: ActNo) -> String {
    format!("/clusters/{cluster}/runs/{act}")
}

pub fn run_form(act: ActNo) -> String {
    format!("run:{act}")
}

pub fn person(id: PersonId) -> String {
    format!("/team/{id}")
}

pub fn rights_form(id: PersonId) -> String {
    format!("person:{id}:rights")
}

pub fn set_password_form(id: PersonId) -> String {
    format!("person:{id}:password")
}

pub fn state_form(id: PersonId) -> String {
    format!("person:{id}:state")
}

pub fn record(id: RecordId) -> String {
    format!("/audit/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_in_leads_to_our_own_pages_alone() {
        for path in ["/clusters/1/plans/2", "/audit", "/clusters/7/nodes/10.20.30.11", "/team/new"] {
            assert_eq!(own_path(path), Some(path));
            assert_eq!(sign_in(Some(path)), format!("/sign-in?to={path}"));
        }
        for path in [
            "",
            "/",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/audit?text=typed",
            "/a b",
            "/%2f%2fevil.example",
            "/rpc/sign_out",
            "/live",
            "/sign-in",
            "/pkg/x.css",
            "/x\r\nset-cookie",
        ] {
            assert_eq!(own_path(path), None, "{path}");
        }
        assert_eq!(own_path(&format!("/{}", "x".repeat(200))), None);
        assert_eq!(sign_in(None), "/sign-in");
    }
}
