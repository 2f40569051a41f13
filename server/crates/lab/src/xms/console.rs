//! The console's pages and its internal calls, as far as scanners and scripts have seen them.

use super::{
    Ill, accounts,
    answer::{Answer, Request},
    members, web,
};
use crate::{clock::LabTime, node::Node};
use serde_json::json;
use std::sync::Arc;

pub(super) async fn answer(node: &Arc<Node>, port: u16, request: &Request) -> Option<Answer> {
    let profile = &node.cluster.profile;
    let console = &profile.console;
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/zdm/login_xdm_uc.jsp") => page(&console.login_page),
        ("GET", "/") if port == 4443 => page(&console.login_page),
        ("GET", "/index_uc.html") if port == 4443 => Some(Answer::html(console.index_page.trim_start())),
        ("GET", "/zdm/cxf/public/getserverinfo") if port != 443 => {
            Some(Answer::xml(200, console.server_info.trim_start()))
        }
        ("POST", "/zdm/cxf/login") if port != 443 => Some(match web::without_database(node, request).await {
            Some(refused) => refused,
            None => log_in(node, request)?,
        }),
        ("GET", "/controlpoint/rest/xdmServices/general/version") if port != 443 => Some(version(node, request)),
        ("GET", "/controlpoint/rest/releasemgmt/allupdates") if port == 4443 => Some(updates(node, request)),
        ("GET", path) if port == 4443 && console.cluster_page.as_deref() == Some(path) => {
            Some(cluster_page(node, request))
        }
        _ => None,
    }
}

fn page(text: &str) -> Option<Answer> {
    Some(Answer::html(text.trim_start()).with_cookie("JSESSIONID", &crate::random::hex(16).ok()?))
}

fn log_in(node: &Node, request: &Request) -> Option<Answer> {
    let profile = &node.cluster.profile;
    let (login, password) = (request.field("login").unwrap_or_default(), request.field("password"));
    if accounts::open(node, &login, password.as_deref()).is_err() {
        return Some(Answer::refused(profile, &profile.console.login_failed, &request.path));
    }
    let session = crate::random::hex(16).ok()?;
    node.machine.local().sessions.insert(session.clone());
    let answer = if request.accepts_json() {
        Answer::json(200, &json!({ "status": "OK" }))
    } else {
        Answer::xml(200, "<result><status>OK</status></result>")
    };
    Some(answer.with_cookie("JSESSIONID", &session))
}

/// Works without a session, but not without a `Referer`.
fn version(node: &Node, request: &Request) -> Answer {
    let profile = &node.cluster.profile;
    if request.header("referer").is_none() {
        return Answer::refused(profile, &profile.console.no_referer, &request.path);
    }
    let wrong = node.machine.ills().has(Ill::WrongVersion);
    let version = if wrong { &profile.other_version } else { &profile.version };
    if request.accepts_json() {
        return Answer::json(200, &json!({ "status": 0, "message": version, "result": null }));
    }
    Answer::xml(200, &format!("<result><message>{version}</message><status>0</status><result/></result>"))
}

fn updates(node: &Node, request: &Request) -> Answer {
    if let Some(refused) = without_session(node, request) {
        return refused;
    }
    let releases = &node.cluster.profile.console.releases;
    let list: Vec<_> = releases.iter().map(|release| json!({ "release": release })).collect();
    Answer::success(json!({ "result": { "list": list } }))
}

/// Invented: only there when a profile names its address.
fn cluster_page(node: &Node, request: &Request) -> Answer {
    if let Some(refused) = without_session(node, request) {
        return refused;
    }
    let rules = &node.cluster.profile.cluster;
    let now = node.cluster.now();
    let list: Vec<_> = members::seen_by(node)
        .into_iter()
        .map(|member| {
            json!({
                "nodeId": member.node_id,
                "nodeName": member.ip,
                "status": if member.alive { &rules.status_active } else { &rules.status_dead },
                "role": if member.oldest { &rules.role_oldest } else { &rules.role_other },
                "firstCheckIn": member.booted.0,
                "nextCheckIn": next_check_in(member.booted, now, rules.check_in_seconds).0,
            })
        })
        .collect();
    Answer::success(json!({ "clusterMembers": list }))
}

fn next_check_in(first: LabTime, now: LabTime, seconds: u64) -> LabTime {
    let period = i64::try_from(seconds).unwrap_or(0).saturating_mul(1000).max(1);
    LabTime(first.0 + (now.since(first) / period + 1) * period)
}

fn without_session(node: &Node, request: &Request) -> Option<Answer> {
    let profile = &node.cluster.profile;
    let session = request.cookie("JSESSIONID").filter(|session| node.machine.local().sessions.contains(session));
    session.is_none().then(|| Answer::refused(profile, &profile.console.no_session, &request.path))
}
