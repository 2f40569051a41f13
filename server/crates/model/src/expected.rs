//! What a change of ours explains is expected and alarms nobody: while a run is at work, and until a look has seen what it
//! left, what it touches; for a short while after a good end what it made, as long as no look has found that well.
//!
//! It is remembered by object and not by finding: three nodes that come up one after the other are one finding, then
//! another one, then none.

use crate::{
    At,
    check_code::CheckCode,
    finding::{Expected, Finding, Grade},
    ids::ActNo,
    noted::Noted,
    object::{Kind, ObjectRef},
    plan::{Operation, Verb},
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A monitor that an appliance makes by itself asks every five seconds and waits thirty after a failure (`nitro.md`):
/// whatever was made has been asked by then.
const SETTLES: SignedDuration = SignedDuration::from_secs(30);

/// The good end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct End {
    at: Noted,
    /// A look with a number above this began after it.
    look: i64,
}

/// A run that may explain something: at work, or ended well a short while ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    by: Expected,
    end: Option<End>,
    /// Names of what it touches.
    names: BTreeSet<String>,
    /// What was not there, or not in service, before it.
    made: BTreeSet<ObjectRef>,
}

impl Work {
    pub fn of(act: ActNo, operations: &[Operation]) -> Self {
        let is_name = |part: &&String| part.parse::<u64>().is_err();
        let names = operations.iter().flat_map(|operation| operation.object.key.iter().filter(is_name).cloned());
        let makes = |operation: &&Operation| matches!(operation.verb, Verb::Add | Verb::Bind | Verb::Enable);
        let made = operations.iter().filter(makes).map(|operation| operation.object.clone());
        Self { by: Expected::Run(act), end: None, names: names.collect(), made: made.collect() }
    }

    /// It ended well; `look` is a number that no look has yet.
    #[must_use]
    pub fn ended(self, at: Noted, look: i64) -> Self {
        Self { end: Some(End { at, look }), ..self }
    }

    /// As another cluster on its appliance sees it: of all that it does, only that the configuration is not saved meanwhile.
    #[must_use]
    pub const fn beside(&self) -> Self {
        Self { by: Expected::Beside, end: self.end, names: BTreeSet::new(), made: BTreeSet::new() }
    }

    /// Until when it explains anything; `None`: it is at work.
    pub fn until(&self, now: Noted) -> Option<At> {
        let end = self.end?.at.told(now);
        Some(end.checked_add(SETTLES).unwrap_or(end))
    }

    pub fn has_lapsed(&self, now: Noted) -> bool {
        self.until(now).is_some_and(|until| until < now.at)
    }

    /// It may be why `object` is in trouble, in what the look of this number saw of the appliance.
    fn may(&self, object: &ObjectRef, look: i64, now: Noted) -> bool {
        let meanwhile = self.end.is_none_or(|end| look < end.look);
        !self.has_lapsed(now) && (self.made(object) || (meanwhile && self.touches(object)))
    }

    /// It is changed itself, or bound to something that is: then it has that one's name in its key.
    fn touches(&self, object: &ObjectRef) -> bool {
        object.kind == Kind::Config || object.key.iter().any(|part| self.names.contains(part))
    }

    fn made(&self, object: &ObjectRef) -> bool {
        let member = || {
            let (group, server) = (ObjectRef::group(object.part(0)), ObjectRef::server(object.part(1)));
            object.kind == Kind::Member && (self.made.contains(&group) || self.made.contains(&server))
        };
        self.made.contains(object) || member()
    }
}

/// An object that a rule finds wrong, and that no look has found well since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Trouble {
    code: CheckCode,
    object: ObjectRef,
    /// What explained it when it was found first.
    by: Option<Expected>,
}

/// What is in trouble, object by object, from look to look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Troubles {
    /// The number of the last look at the appliance that was judged.
    look: Option<i64>,
    /// By rule and object.
    of: Vec<Trouble>,
}

/// Wrong by a rule whose matter a change of configuration can be.
fn is_of_a_change(finding: &Finding) -> bool {
    finding.is_trouble() && finding.code.is_of_configuration()
}

impl Troubles {
    fn find(&self, code: CheckCode, object: &ObjectRef) -> Option<&Trouble> {
        let at = self.of.binary_search_by(|known| (known.code, &known.object).cmp(&(code, object)));
        at.ok().and_then(|at| self.of.get(at))
    }

    /// What explains that `object` is in trouble; `None`: nothing does, or it was so before.
    fn explained(
        &self,
        code: CheckCode,
        object: &ObjectRef,
        works: &[Work],
        look: i64,
        now: Noted,
    ) -> Option<Expected> {
        let known = self.find(code, object);
        let fits = |work: &&Work| match known {
            Some(known) => known.by == Some(work.by),
            // After its end it is the first look that counts: what that one found well is well.
            None => work.end.is_none_or(|end| self.look.is_none_or(|last| last < end.look)),
        };
        works.iter().filter(|work| work.may(object, look, now)).find(fits).map(|work| work.by)
    }

    /// Marks what our changes explain: all that a finding is about, not a part of it. `look`: the number of the look that
    /// showed the appliance so.
    pub fn explain(&self, findings: &mut [Finding], works: &[Work], look: i64, now: Noted) {
        for finding in findings.iter_mut().filter(|finding| is_of_a_change(finding)) {
            let mut by = finding.objects.iter().map(|object| self.explained(finding.code, object, works, look, now));
            finding.expected = by.next().flatten().filter(|_| by.all(|by| by.is_some()));
        }
    }

    /// After `findings` were judged, by the look at the appliance of this number.
    #[must_use]
    pub fn judged(self, findings: &[Finding], look: i64) -> Self {
        let trouble = |code, object: &ObjectRef, expected| Trouble {
            code,
            object: object.clone(),
            by: self.find(code, object).map_or(expected, |known| known.by),
        };
        let wrong = findings.iter().filter(|finding| is_of_a_change(finding));
        let wrong =
            wrong.flat_map(|found| found.objects.iter().map(|object| trouble(found.code, object, found.expected)));
        // Nobody said that these are well.
        let blind = findings.iter().filter(|finding| finding.outcome == Grade::NotChecked);
        let blind: BTreeSet<CheckCode> = blind.map(|finding| finding.code).collect();
        let mut of: Vec<Trouble> =
            wrong.chain(self.of.iter().filter(|known| blind.contains(&known.code)).cloned()).collect();
        // What nothing explains comes first, and stands where an object is in two findings of a rule.
        of.sort_by(|one, other| (one.code, &one.object, one.by).cmp(&(other.code, &other.object, other.by)));
        of.dedup_by(|one, other| (one.code, &one.object) == (other.code, &other.object));
        Self { look: Some(look), of }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::from_millis, samples::operation};

    const GROUP: &str = "xms-b-mdm-443-sg";

    fn at(second: i64) -> Noted {
        Noted { at: from_millis(second * 1000), ahead_ms: 0, run: 1 }
    }

    fn member(server: &str) -> ObjectRef {
        ObjectRef::member(GROUP, server, 443)
    }

    /// Binds a member to a group that is there.
    fn work() -> Work {
        Work::of(ActNo(7), &[operation(Verb::Bind, member("xms04")), operation(Verb::Save, ObjectRef::config())])
    }

    fn down(servers: &[&str]) -> Finding {
        servers.iter().fold(Finding::warn(CheckCode::Members, "down"), |finding, server| finding.on(member(server)))
    }

    /// What is said of each of these after the looks before, each with its number.
    fn after(looks: &[(i64, &[Finding], &[Work])], second: i64) -> Vec<Option<Expected>> {
        let mut troubles = Troubles::default();
        let mut told = Vec::new();
        for (look, findings, works) in looks {
            let mut findings = findings.to_vec();
            troubles.explain(&mut findings, works, *look, at(second));
            told = findings.iter().map(|finding| finding.expected).collect();
            troubles = troubles.judged(&findings, *look);
        }
        told
    }

    const ITS: Option<Expected> = Some(Expected::Run(ActNo(7)));

    #[test]
    fn at_work_it_explains_what_it_touches_and_was_well_before() {
        let works = [work()];
        let now = |findings: &[Finding]| after(&[(1, &[], &[]), (2, findings, &works)], 110);
        assert_eq!(now(&[down(&["xms04"])]), [ITS]);
        assert_eq!(now(&[down(&["xms01"])]), [ITS], "of a group that is changed");
        assert_eq!(now(&[Finding::warn(CheckCode::Saved, "not saved").on(ObjectRef::config())]), [ITS]);
        assert_eq!(now(&[Finding::fail(CheckCode::NodePorts, "silent").on(member("xms04"))]), [None], "a node's own");
        assert_eq!(now(&[Finding::warn(CheckCode::Members, "about nothing")]), [None]);
        let other = ObjectRef::member("other-443", "oms01", 443);
        assert_eq!(now(&[Finding::warn(CheckCode::Members, "down").on(other.clone())]), [None]);
        assert_eq!(now(&[down(&["xms04"]).on(other)]), [None], "not all of it");
        let before = [down(&["xms01", "xms02"])];
        assert_eq!(after(&[(1, &before, &[]), (2, &before, &works)], 110), [None], "it was so before");
        // One of them came back, and what is said of the other has another key.
        assert_eq!(after(&[(1, &before, &[]), (2, &[down(&["xms02"])], &works)], 110), [None]);
    }

    #[test]
    fn after_a_good_end_it_explains_for_a_while_what_it_made_and_no_look_found_well() {
        let works = [work()];
        let ended = [work().ended(at(110), 5)];
        let new = [down(&["xms04"])];
        let well: [Finding; 0] = [];
        assert_eq!(after(&[(1, &well, &[]), (5, &new, &ended)], 111), [ITS], "the first look after it");
        assert_eq!(after(&[(1, &well, &[]), (3, &new, &works), (6, &new, &ended)], 140), [ITS]);
        assert_eq!(after(&[(1, &well, &[]), (5, &new, &ended)], 141), [None], "it had its time");
        assert_eq!(after(&[(1, &well, &[]), (5, &well, &ended), (6, &new, &ended)], 112), [None], "it had been well");
        assert_eq!(after(&[(1, &well, &[]), (5, &[down(&["xms01"])], &ended)], 111), [None], "it was there before");
        // Something else was judged meanwhile, by what was seen of the appliance before the end.
        assert_eq!(after(&[(1, &well, &[]), (4, &well, &ended), (5, &new, &ended)], 111), [ITS]);
        assert_eq!(after(&[(4, &[down(&["xms01"])], &ended)], 111), [ITS], "seen while it was at work");
    }

    #[test]
    fn what_comes_up_one_after_the_other_is_expected_all_the_while() {
        let ended = [work().ended(at(110), 5)];
        let all = Work::of(ActNo(7), &["xms01", "xms02"].map(|server| operation(Verb::Bind, member(server))));
        let all = [all.ended(at(110), 5)];
        let looks: [(i64, &[Finding], &[Work]); 2] =
            [(5, &[down(&["xms01", "xms02"])], &all), (6, &[down(&["xms02"])], &all)];
        assert_eq!(after(&looks, 120), [ITS]);
        assert!(!ended[0].has_lapsed(at(140)) && ended[0].has_lapsed(at(141)));
    }

    #[test]
    fn another_cluster_on_the_appliance_expects_that_its_configuration_is_not_saved_and_nothing_else() {
        let works = [work().beside()];
        let unsaved = Finding::warn(CheckCode::Saved, "not saved").on(ObjectRef::config());
        assert_eq!(after(&[(2, &[unsaved, down(&["xms04"])], &works)], 110), [Some(Expected::Beside), None]);
    }

    #[test]
    fn a_rule_that_could_not_tell_ends_nothing() {
        let works = [work()];
        let before = [down(&["xms01"])];
        let blind = [Finding::not_checked(CheckCode::Members, "not known")];
        assert_eq!(after(&[(1, &before, &[]), (2, &blind, &[]), (3, &before, &works)], 110), [None]);
    }
}
