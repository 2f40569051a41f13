//! What a run of ours explains is expected and alarms nobody: while it is at work, what it touches; and for a short while
//! after a good end, what it made and nobody has seen well yet.

use crate::{
    clock::{At, is_future},
    finding::Finding,
    ids::ActNo,
    object::{Kind, ObjectRef},
    plan::{Operation, Verb},
};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// A monitor that an appliance makes by itself asks every five seconds and waits thirty after a failure (`nitro.md`):
/// whatever was made has been asked by then.
const SETTLES: SignedDuration = SignedDuration::from_secs(30);

/// The newest run of a cluster, while it may explain something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    pub act: ActNo,
    /// When it began, or was resumed last.
    pub begun: At,
    /// When it ended, and ended well; `None`: it is at work.
    pub ended: Option<At>,
    /// Names of what it touches.
    names: BTreeSet<String>,
    /// What was not there, or not in service, before it.
    made: BTreeSet<ObjectRef>,
}

impl Work {
    pub fn of(act: ActNo, begun: At, ended: Option<At>, operations: &[Operation]) -> Self {
        let is_name = |part: &&String| part.parse::<u64>().is_err();
        let names = operations.iter().flat_map(|operation| operation.object.key.iter().filter(is_name).cloned());
        let makes = |operation: &&Operation| matches!(operation.verb, Verb::Add | Verb::Bind | Verb::Enable);
        let made = operations.iter().filter(makes).map(|operation| operation.object.clone());
        Self { act, begun, ended, names: names.collect(), made: made.collect() }
    }

    /// Until when one that ended at `ended` explains anything.
    pub fn until(ended: At) -> At {
        ended.checked_add(SETTLES).unwrap_or(ended)
    }

    /// Of this it may be the reason, whenever that began.
    fn concerns(&self, finding: &Finding, now: At) -> bool {
        let objects = &finding.objects;
        match self.ended {
            _ if is_future(self.begun, now) => false,
            // What is bound to something that is changed has its name in its key.
            None => objects
                .iter()
                .any(|object| object.kind == Kind::Config || object.key.iter().any(|part| self.names.contains(part))),
            Some(ended) => {
                !is_future(ended, now)
                    && now <= Self::until(ended)
                    && !objects.is_empty()
                    && objects.iter().all(|object| self.made(object))
            }
        }
    }

    fn made(&self, object: &ObjectRef) -> bool {
        let member = || {
            let (group, server) = (ObjectRef::group(object.part(0)), ObjectRef::server(object.part(1)));
            object.kind == Kind::Member && (self.made.contains(&group) || self.made.contains(&server))
        };
        self.made.contains(object) || member()
    }

    /// It explains a finding that began at `began`, or that the judgement at hand is the first to have. `judged`: when it
    /// was judged last before that, for what was well after the end was not waited for.
    pub fn explains(&self, finding: &Finding, began: Option<At>, judged: Option<At>, now: At) -> bool {
        let first_since_end = |ended: At| judged.is_none_or(|judged| judged <= ended);
        self.concerns(finding, now)
            && match began {
                Some(began) => began >= self.begun,
                None => self.ended.is_none_or(first_since_end),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::from_millis, finding::CheckCode, samples::operation};

    const GROUP: &str = "xms-b-mdm-443-sg";

    fn at(second: i64) -> At {
        from_millis(second * 1000)
    }

    /// Binds a member to a group that is there, from second 100 on.
    fn work(ended: Option<i64>) -> Work {
        let operations =
            [operation(Verb::Bind, ObjectRef::member(GROUP, "xms04", 443)), operation(Verb::Save, ObjectRef::config())];
        Work::of(ActNo(7), at(100), ended.map(at), &operations)
    }

    fn down(server: &str) -> Finding {
        Finding::warn(CheckCode::Members, "down").on(ObjectRef::member(GROUP, server, 443))
    }

    #[test]
    fn at_work_it_explains_what_it_touches_and_what_began_since() {
        let work = work(None);
        let explains = |finding: &Finding, began: Option<i64>| work.explains(finding, began.map(at), None, at(110));
        assert!(explains(&down("xms04"), None) && explains(&down("xms04"), Some(105)));
        assert!(explains(&down("xms01"), None), "of a group that is changed");
        assert!(explains(&Finding::warn(CheckCode::Saved, "not saved").on(ObjectRef::config()), None));
        assert!(!explains(&down("xms04"), Some(99)), "it was so before");
        assert!(!explains(&Finding::fail(CheckCode::Database, "no database"), None), "a node's own trouble");
        let other = Finding::warn(CheckCode::Members, "down").on(ObjectRef::member("other-443", "oms01", 443));
        assert!(!explains(&other, None), "of something else");
        assert!(!work.explains(&down("xms04"), None, None, at(90)), "the clock was set back");
    }

    #[test]
    fn after_a_good_end_it_explains_for_a_while_what_it_made_and_nobody_saw_well() {
        let work = work(Some(110));
        let explains = |finding: &Finding, began: Option<i64>, judged: i64, now| {
            work.explains(finding, began.map(at), Some(at(judged)), at(now))
        };
        assert!(explains(&down("xms04"), None, 95, 111), "the first look after it");
        assert!(explains(&down("xms04"), Some(111), 130, 140));
        assert!(!explains(&down("xms04"), Some(111), 140, 141), "it had its time");
        assert!(!explains(&down("xms04"), None, 111, 121), "a look after the end found it well");
        assert!(!explains(&down("xms01"), None, 95, 111), "it was there before");
        let both = down("xms04").on(ObjectRef::member(GROUP, "xms01", 443));
        assert!(!explains(&both, None, 95, 111), "not it alone");
    }
}
