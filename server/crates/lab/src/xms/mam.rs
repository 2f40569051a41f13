//! App management on 8443, as far as persistence can be seen: sessions stay on the node that made them, and end with it.

use super::answer::{Answer, Request};
use crate::node::Node;

pub(super) fn answer(node: &Node, request: &Request) -> Option<Answer> {
    let profile = &node.cluster.profile;
    if !profile.mam.paths.iter().any(|path| request.path.starts_with(path.as_str())) {
        return None;
    }
    let id = node.machine.ills().node_id(node.ip.to_bits(), &profile.ids);
    let names_another = request.cookie("ACNODEID").is_some_and(|named| named != id);
    let mut store = node.cluster.store();
    let known = request.cookie("JSESSIONID").and_then(|session| store.device_sessions.get(&session).copied());
    match known {
        Some(owner) if owner == node.ip && !names_another => Some(Answer::html(&profile.mam.body)),
        Some(_) => Some(Answer::refused(profile, &profile.mam.foreign_session, &request.path)),
        None => {
            let session = crate::random::hex(16).ok()?;
            store.device_sessions.insert(session.clone(), node.ip);
            Some(Answer::html(&profile.mam.body).with_cookie("JSESSIONID", &session).with_cookie("ACNODEID", &id))
        }
    }
}
