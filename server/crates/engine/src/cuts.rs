//! Whose connections a plan cuts: members that it takes out while devices use them.

use model::{
    object::{Kind, Value},
    plan::{Cut, Plan},
    snapshot::{Seen, Snapshot},
    state::StateWord,
};
use std::collections::BTreeMap;

/// One for each server that loses a member with connections, or one that serves and of which nothing is counted.
pub fn cuts(plan: &Plan, snapshot: &Snapshot) -> Vec<Cut> {
    let mut cuts: BTreeMap<String, Cut> = BTreeMap::new();
    let members = plan.removals().map(|op| &op.object).filter(|object| object.kind == Kind::Member);
    for seen in members.filter_map(|object| snapshot.find(object)) {
        let connections = connections(seen);
        let up = seen.state.as_ref().is_some_and(StateWord::is_up);
        if connections == Some(0) || (connections.is_none() && !up) {
            continue;
        }
        let server = seen.object.part(1);
        let cut = cuts.entry(server.to_owned()).or_insert_with(|| Cut {
            node: server.to_owned(),
            members: 0,
            connections: Some(0),
        });
        cut.members += 1;
        cut.connections = cut.connections.zip(connections).map(|(all, more)| all + more);
    }
    cuts.into_values().collect()
}

fn connections(seen: &Seen) -> Option<i64> {
    match seen.facts.get("connections")? {
        Value::Number(number) => Some(*number),
        Value::Text(text) => text.trim().parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::operation::build;
    use model::{
        object::{Attrs, ObjectRef},
        plan::Verb,
    };

    fn member(server: &str, port: u16, state: &str, connections: Option<i64>) -> Seen {
        let facts = connections.map(|count| ("connections".to_owned(), Value::Number(count)));
        Seen {
            object: ObjectRef::member("sg", server, port),
            attrs: Attrs::new(),
            state: Some(StateWord(state.into())),
            facts: facts.into_iter().collect(),
        }
    }

    #[test]
    fn only_members_that_devices_use_are_cut_off() {
        let objects = vec![
            member("busy", 443, "UP", Some(7)),
            member("busy", 8443, "UP", Some(5)),
            member("dead", 443, "DOWN", None),
            member("idle", 443, "UP", Some(0)),
            member("stays", 443, "UP", Some(90)),
            member("untold", 443, "UP", None),
            member("untold", 8443, "UP", Some(3)),
        ];
        let mut snapshot = Snapshot { objects, ..Snapshot::default() };
        snapshot.settle();
        let gone = snapshot.objects.iter().filter(|seen| seen.object.part(1) != "stays");
        let operations = gone
            .zip(1..)
            .map(|(seen, seq)| build(seq, Verb::Unbind, seen.object.clone(), Attrs::new(), Attrs::new(), String::new()))
            .collect();
        let plan = Plan {
            fingerprint: String::new(),
            operations,
            unchanged: Vec::new(),
            conflicts: Vec::new(),
            notes: Vec::new(),
            kept: Vec::new(),
            cuts: Vec::new(),
            remains: Vec::new(),
        };
        let cut = |node: &str, members, connections| Cut { node: node.into(), members, connections };
        assert_eq!(cuts(&plan, &snapshot), [cut("busy", 2, Some(12)), cut("untold", 2, None)]);
    }
}
