//! One word for a whole cluster, from what was seen of what was wanted.

use crate::{
    Freshness,
    desired::{Desired, Listener},
    object::ObjectRef,
    snapshot::Snapshot,
    state::{StateWord, Tone},
};
use std::collections::BTreeSet;

/// How a cluster does. `owned` is what Gatehouse made or adopted for it: what is missing of that is a fault, what was
/// never made is not. What was not seen lately is unknown, whatever it was then.
pub fn verdict(
    desired: Option<&Desired>,
    seen: Option<(&Snapshot, Freshness)>,
    owned: &BTreeSet<ObjectRef>,
) -> (Tone, String) {
    let Some(desired) = desired.filter(|desired| desired.listeners().next().is_some()) else {
        return (Tone::Quiet, "not set up".into());
    };
    let snapshot = match seen {
        None => return (Tone::Unknown, "not seen yet".into()),
        Some((_, Freshness::Unknown)) => return (Tone::Unknown, "not seen lately".into()),
        Some((snapshot, _)) => snapshot,
    };
    let (mut up, mut all, mut waiting) = (0, 0, 0);
    let mut worst: Option<(Tone, String)> = None;
    for listener in desired.listeners() {
        let Some((tone, word)) = vserver(listener, snapshot, owned) else {
            waiting += 1;
            continue;
        };
        let members: Vec<_> = snapshot.members(&listener.group).collect();
        up += members.iter().filter(|member| member.state.as_ref().is_some_and(StateWord::is_up)).count();
        // A member that somebody unbound is one that does not serve.
        all += members.len().max(desired.nodes.len());
        if worst.as_ref().is_none_or(|(other, _)| rank(tone) > rank(*other)) {
            worst = Some((tone, word));
        }
    }
    let Some((tone, word)) = worst else { return (Tone::Quiet, "not applied yet".into()) };
    let tone = if tone == Tone::Good && (up < all || waiting > 0) { Tone::Warn } else { tone };
    let members = format!("{word}, {up} of {all} members UP");
    match waiting {
        0 => (tone, members),
        1 => (tone, format!("{members}, one virtual server not applied yet")),
        more => (tone, format!("{members}, {more} virtual servers not applied yet")),
    }
}

/// `None`: it was never made.
fn vserver(listener: &Listener, snapshot: &Snapshot, owned: &BTreeSet<ObjectRef>) -> Option<(Tone, String)> {
    let object = ObjectRef::vserver(&listener.vserver);
    match snapshot.find(&object) {
        None if owned.contains(&object) => Some((Tone::Bad, format!("{object} is missing"))),
        None => None,
        Some(seen) => match &seen.state {
            Some(word) => Some((word.tone(), word.to_string())),
            None => Some((Tone::Unknown, "state not told".into())),
        },
    }
}

const fn rank(tone: Tone) -> u8 {
    match tone {
        Tone::Good => 0,
        Tone::Quiet => 1,
        Tone::Warn => 2,
        Tone::Unknown => 3,
        Tone::Bad => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        desired::{Mdm, NodesForm, Persistence},
        object::Attrs,
        snapshot::Seen,
    };

    fn desired() -> Desired {
        let nodes = NodesForm { nodes: "10.20.30.11 xms01\n10.20.30.12 xms02".into() };
        let listeners = vec![Listener { port: 443, vserver: "xms-b-mdm-443".into(), group: "xms-b-mdm-443-sg".into() }];
        let mdm = Mdm { vip: [10, 20, 40, 51].into(), persistence: Persistence::SourceIp, timeout: 20, listeners };
        Desired { mdm: Some(mdm), ..nodes.apply(&Desired::default()).unwrap() }
    }

    fn snapshot(vserver: Option<&str>, members: &[&str]) -> Snapshot {
        let seen = |object, word: &str| Seen {
            object,
            attrs: Attrs::new(),
            state: Some(StateWord(word.into())),
            facts: Attrs::new(),
        };
        let mut objects: Vec<Seen> =
            vserver.into_iter().map(|word| seen(ObjectRef::vserver("xms-b-mdm-443"), word)).collect();
        for (word, name) in members.iter().zip(["xms01", "xms02"]) {
            objects.push(seen(ObjectRef::member("xms-b-mdm-443-sg", name, 443), word));
        }
        let mut snapshot = Snapshot { role: "Primary".into(), objects, ..Snapshot::default() };
        snapshot.settle();
        snapshot
    }

    #[test]
    fn what_serves_is_good_and_nothing_else_is() {
        let (desired, mut owned) = (desired(), BTreeSet::new());
        let fresh = |vserver, members: &[&str], owned: &BTreeSet<ObjectRef>| {
            verdict(Some(&desired), Some((&snapshot(vserver, members), Freshness::Fresh)), owned)
        };
        assert_eq!(fresh(Some("UP"), &["UP", "UP"], &owned), (Tone::Good, "UP, 2 of 2 members UP".into()));
        assert_eq!(fresh(Some("UP"), &["UP", "DOWN"], &owned).0, Tone::Warn);
        assert_eq!(fresh(Some("UP"), &["UP"], &owned), (Tone::Warn, "UP, 1 of 2 members UP".into()), "one was unbound");
        assert_eq!(fresh(Some("DOWN"), &["DOWN", "DOWN"], &owned).0, Tone::Bad);
        assert_eq!(fresh(Some("SLEEPY"), &["UP", "UP"], &owned).0, Tone::Unknown, "a word that we do not know");
        assert_eq!(fresh(None, &[], &owned), (Tone::Quiet, "not applied yet".into()));
        owned.insert(ObjectRef::vserver("xms-b-mdm-443"));
        let (tone, word) = fresh(None, &[], &owned);
        assert!(tone == Tone::Bad && word.contains("is missing"), "{word}");
    }

    #[test]
    fn what_was_not_seen_lately_is_unknown() {
        let (desired, none) = (desired(), BTreeSet::new());
        let up = snapshot(Some("UP"), &["UP", "UP"]);
        assert_eq!(verdict(Some(&desired), Some((&up, Freshness::Unknown)), &none).0, Tone::Unknown);
        assert_eq!(verdict(Some(&desired), Some((&up, Freshness::Stale)), &none).0, Tone::Good);
        assert_eq!(verdict(Some(&desired), None, &none).0, Tone::Unknown);
        assert_eq!(verdict(None, None, &none).0, Tone::Quiet);
    }
}
