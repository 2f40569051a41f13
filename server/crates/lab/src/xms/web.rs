//! Which part of a node answers, and what may stand in its way.

use super::{
    Ill,
    answer::{Answer, Request},
    console, mam, predecessor, rest,
};
use crate::node::Node;
use http::header;
use std::{sync::Arc, time::Duration};

pub(super) async fn answer(node: &Arc<Node>, port: u16, request: Request) -> Answer {
    let ills = node.machine.ills();
    if ills.has(Ill::WebDead) {
        // A connection that was open before.
        std::future::pending::<()>().await;
    }
    wait(ills.time(Ill::Slow).unwrap_or_default()).await;
    let profile = &node.cluster.profile;
    let answer = if ills.has(Ill::HtmlErrors) {
        Answer::page(profile, 500, &request.path)
    } else if node.machine.local().is_in_recovery() {
        Answer::refused(profile, &profile.console.recovery, &request.path)
    } else if let Some(old) = &profile.predecessor {
        predecessor::answer(old, profile, &request)
    } else {
        route(node, port, &request).await.unwrap_or_else(|| Answer::page(profile, 404, &request.path))
    };
    dated(node, answer)
}

pub(super) fn unreadable(node: &Node) -> Answer {
    dated(node, Answer::page(&node.cluster.profile, 400, ""))
}

async fn route(node: &Arc<Node>, port: u16, request: &Request) -> Option<Answer> {
    if port == 4443 && [rest::BASE, rest::NEWER_BASE].iter().any(|base| request.path.starts_with(base)) {
        return rest::answer(node, request).await;
    }
    // In the clear behind an offloading appliance: what 443 and 8443 serve, together.
    if (port == 443 || port == 80) && request.path == "/zdm/ios/mdm/checkin" {
        return (request.method == "PUT").then(|| check_in(node, port, request));
    }
    if (port == 8443 || port == 80)
        && let Some(answer) = mam::answer(node, request)
    {
        return Some(answer);
    }
    console::answer(node, port, request).await
}

/// A stub: whoever puts anything is welcome, unless a fault says otherwise.
fn check_in(node: &Node, port: u16, request: &Request) -> Answer {
    let profile = &node.cluster.profile;
    let now = node.cluster.now();
    let offloaded = request.header(&profile.mam.offload_header).filter(|_| port == 80);
    if let Some(certificate) = offloaded {
        node.machine.note(now, "INFO", &profile.mam.offload_note.replace("{certificate}", certificate));
    } else if let Some(subject) = &request.client {
        node.machine.note(now, "INFO", &profile.mam.client_note.replace("{certificate}", subject));
    }
    match node.machine.ills().checkin() {
        Some(status) => Answer::page(&node.cluster.profile, status, &request.path),
        None => Answer::html(""),
    }
}

/// Every answer carries the node's own idea of the time.
fn dated(node: &Node, answer: Answer) -> Answer {
    let now = node.cluster.now().ahead_by(node.machine.ills().skew());
    answer.with(header::DATE, &now.http())
}

/// How long a call waits for a database that is gone, and then the refusal.
pub(super) async fn without_database(node: &Node, request: &Request) -> Option<Answer> {
    let rest = &node.cluster.profile.rest;
    let patience = node.machine.ills().time(Ill::DbDown)?;
    wait(if patience.is_zero() { Duration::from_millis(rest.db_down_ms) } else { patience }).await;
    Some(Answer::refused(&node.cluster.profile, &rest.db_down, &request.path))
}

#[expect(clippy::disallowed_methods, reason = "the time itself is what was asked for: latency in real time")]
async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}
