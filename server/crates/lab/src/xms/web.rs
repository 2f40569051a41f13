//! Which part of a node answers, and what may stand in its way.

use std::{sync::Arc, time::Duration};

use http::header;

use super::{
    answer::{Answer, Request},
    console, mam, rest,
};
use crate::node::Node;

pub(super) async fn answer(node: &Arc<Node>, port: u16, request: Request) -> Answer {
    let ills = node.machine.ills();
    if ills.web_dead {
        // A connection that was open before.
        std::future::pending::<()>().await;
    }
    wait(ills.slow).await;
    let profile = &node.cluster.profile;
    let answer = if ills.html_errors {
        Answer::page(profile, 500, &request.path)
    } else {
        route(node, port, &request).await.unwrap_or_else(|| Answer::page(profile, 404, &request.path))
    };
    dated(node, answer)
}

pub(super) fn unreadable(node: &Node) -> Answer {
    dated(node, Answer::page(&node.cluster.profile, 400, ""))
}

async fn route(node: &Arc<Node>, port: u16, request: &Request) -> Option<Answer> {
    if port == 4443 && request.path.starts_with(rest::BASE) {
        return rest::answer(node, request).await;
    }
    if port == 443 && request.path == "/zdm/ios/mdm/checkin" {
        return (request.method == "PUT").then(|| check_in(node, request));
    }
    if port == 8443
        && let Some(answer) = mam::answer(node, request)
    {
        return Some(answer);
    }
    console::answer(node, port, request).await
}

/// A stub: whoever puts anything is welcome, unless a fault says otherwise.
fn check_in(node: &Node, request: &Request) -> Answer {
    match node.machine.ills().checkin {
        Some(status) => Answer::page(&node.cluster.profile, status, &request.path),
        None => Answer::html(""),
    }
}

/// Every answer carries the node's own idea of the time.
fn dated(node: &Node, answer: Answer) -> Answer {
    let now = node.cluster.now().plus(node.machine.ills().skew);
    answer.with(header::DATE, &now.http())
}

/// How long a call waits for a database that is gone, and then the refusal.
pub(super) async fn without_database(node: &Node, request: &Request) -> Option<Answer> {
    let rest = &node.cluster.profile.rest;
    let patience = node.machine.ills().db_down?;
    wait(if patience.is_zero() { Duration::from_millis(rest.db_down_ms) } else { patience }).await;
    Some(Answer::refused(&node.cluster.profile, &rest.db_down, &request.path))
}

#[expect(clippy::disallowed_methods, reason = "the time itself is what was asked for: latency in real time")]
async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}
