//! The accepting end of one port of a node.

use super::{Node, power::stop};
use crate::xms::{connection, hold};
use std::sync::{Weak, atomic::Ordering};
use tokio::{net::TcpListener, task::JoinSet};

/// Accepts and counts until the task is ended; its connections end with it.
pub(super) async fn serve(node: Weak<Node>, port: u16, listener: TcpListener) {
    if node.upgrade().is_none_or(|node| node.power().paused) {
        // Hanging: the listener stays open and nobody looks at it.
        std::future::pending::<()>().await;
    }
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
        };
        let Ok((stream, _)) = stream else { continue };
        let Some(node) = node.upgrade() else { return };
        if let Some(door) = node.doors.get(&port) {
            door.accepted.fetch_add(1, Ordering::SeqCst);
        }
        if counted_down(&node) {
            // The last connection is served only after the power is off, so that whoever sees it end knows that.
            node.went_off();
            stop(node.release_others(port)).await;
            drop((listener, connections, node));
            // It may fail as it likes: nobody is left who could do anything about it.
            let _ended = hold(stream).await;
            return;
        }
        connections.spawn(connection(node, port, stream));
    }
}

fn counted_down(node: &Node) -> bool {
    let mut power = node.power();
    let Some(left) = power.countdown else { return false };
    let left = left.saturating_sub(1);
    power.countdown = (left > 0).then_some(left);
    left == 0
}
