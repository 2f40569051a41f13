//! Whether a plan may act, and why not: one rule, asked by every door and by the pages.

use crate::{
    clock::{At, time_text},
    ids::{ActNo, PlanId},
    object::Kind,
    plan::Plan,
    run::{RunStatus, Stop},
};

/// What somebody wants of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Apply,
    /// Its run stopped and is to be taken up again.
    Resume,
    /// What stands in its way is to be taken over.
    Adopt,
}

/// A version of the set-up that is newer than the plan's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newer {
    pub number: i64,
    pub by: String,
}

/// The run that a plan has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunStanding {
    pub act: ActNo,
    pub status: RunStatus,
    pub stop: Option<Stop>,
}

/// Whoever writes to the appliance now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writer {
    pub since: At,
    /// Who, with which plan, for which cluster; `None`: not for the eyes of whoever asks.
    pub known: Option<(String, PlanId, String)>,
}

/// All that the answer depends on.
#[derive(Clone, Debug)]
pub struct PlanStanding<'a> {
    pub plan: &'a Plan,
    pub newer: Option<Newer>,
    pub run: Option<RunStanding>,
    pub writer: Option<Writer>,
}

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It has run, or runs: a plan is applied once.
    HasRun(ActNo),
    /// There is no run to take up, or it has ended well, or it is at work.
    NothingToResume,
    /// The appliance is not as the plan needs it: taking the run up again would fail in the same way.
    Moved,
    Outdated(Newer),
    /// The sentence of the conflict that says so.
    NotPrimary(String),
    /// How many, and what the first says.
    Conflicts(usize, String),
    Empty,
    NothingToAdopt,
    Writer(Writer),
}

impl PlanStanding<'_> {
    /// `Ok`: nothing speaks against it.
    pub fn may(&self, wish: Wish) -> Result<(), Obstacle> {
        match (wish, &self.run) {
            (Wish::Apply | Wish::Adopt, Some(run)) => return Err(Obstacle::HasRun(run.act)),
            (Wish::Resume, Some(run)) if run.status.is_stopped() => {
                if matches!(run.stop, Some(Stop::Moved { .. })) {
                    return Err(Obstacle::Moved);
                }
            }
            (Wish::Resume, _) => return Err(Obstacle::NothingToResume),
            _ => {}
        }
        if let Some(newer) = &self.newer {
            return Err(Obstacle::Outdated(newer.clone()));
        }
        let conflicts = &self.plan.conflicts;
        if wish == Wish::Adopt {
            let any = conflicts.iter().any(|conflict| conflict.adoptable) || !self.plan.kept.is_empty();
            return if any { Ok(()) } else { Err(Obstacle::NothingToAdopt) };
        }
        if let Some(role) = conflicts.iter().find(|conflict| conflict.object.kind == Kind::Config) {
            return Err(Obstacle::NotPrimary(role.sentence.clone()));
        }
        if let Some(first) = conflicts.first() {
            return Err(Obstacle::Conflicts(conflicts.len(), first.sentence.clone()));
        }
        if self.plan.is_empty() {
            return Err(Obstacle::Empty);
        }
        self.writer.clone().map_or(Ok(()), |writer| Err(Obstacle::Writer(writer)))
    }
}

impl Obstacle {
    /// Stable, for tests and machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::HasRun(_) => "has_run",
            Self::NothingToResume => "nothing_to_resume",
            Self::Moved => "moved",
            Self::Outdated(_) => "outdated",
            Self::NotPrimary(_) => "not_primary",
            Self::Conflicts(..) => "blocked",
            Self::Empty => "empty",
            Self::NothingToAdopt => "nothing_to_adopt",
            Self::Writer(_) => "another_writer",
        }
    }

    /// What stands in the way, and what to do about it.
    pub fn sentence(&self) -> String {
        match self {
            Self::HasRun(act) => {
                format!("This plan has been applied, by run {act}. Make a new plan for what is left to do.")
            }
            Self::NothingToResume => "There is nothing to resume: the run has not stopped.".into(),
            Self::Moved => {
                "The appliance is not as this plan needs it, and resuming would end in the same way. Make a new \
                            plan: it starts from what is there now."
                    .into()
            }
            Self::Outdated(newer) => format!(
                "The set-up was changed after this plan was made: {} saved version {}. Make a new plan, so that what is \
                 applied is what was seen.",
                newer.by, newer.number
            ),
            Self::NotPrimary(sentence) => sentence.clone(),
            Self::Conflicts(1, first) => format!("This plan is blocked and cannot be applied as it is. {first}"),
            Self::Conflicts(count, first) => {
                format!("This plan is blocked by {count} things and cannot be applied as it is. The first: {first}")
            }
            Self::Empty => "This plan has nothing to do.".into(),
            Self::NothingToAdopt => "This plan has nothing that could be adopted.".into(),
            Self::Writer(Writer { since, known: None }) => format!(
                "Another run has been writing to this appliance since {}. Wait until it has ended: two writers at once \
                 would not know what they are changing.",
                time_text(*since)
            ),
            Self::Writer(Writer { since, known: Some((by, plan, title)) }) => format!(
                "{by} has been writing to this appliance since {} (plan {plan} for {title}). Wait until that run has ended: \
                 two writers at once would not know what they are changing.",
                time_text(*since)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::from_millis,
        object::ObjectRef,
        plan::{Conflict, Verb},
        samples,
    };

    fn plan() -> Plan {
        Plan { operations: vec![samples::operation(Verb::Save, ObjectRef::config())], ..samples::plan() }
    }

    fn standing(plan: &Plan) -> PlanStanding<'_> {
        PlanStanding { plan, newer: None, run: None, writer: None }
    }

    fn run(status: RunStatus, stop: Option<Stop>) -> RunStanding {
        RunStanding { act: ActNo(12), status, stop }
    }

    #[track_caller]
    fn refused(standing: &PlanStanding<'_>, wish: Wish, code: &str) {
        let obstacle = standing.may(wish).expect_err(code);
        assert_eq!(obstacle.code(), code);
        assert!(obstacle.sentence().ends_with('.'), "{}", obstacle.sentence());
    }

    #[test]
    fn each_obstacle_stops_what_it_must() {
        let good = plan();
        let base = standing(&good);
        assert_eq!(base.may(Wish::Apply), Ok(()));
        refused(&base, Wish::Resume, "nothing_to_resume");
        refused(&base, Wish::Adopt, "nothing_to_adopt");

        let ran = PlanStanding { run: Some(run(RunStatus::Succeeded, None)), ..base.clone() };
        refused(&ran, Wish::Apply, "has_run");
        refused(&ran, Wish::Adopt, "has_run");
        refused(&ran, Wish::Resume, "nothing_to_resume");

        let newer = Some(Newer { number: 4, by: "vera".into() });
        let outdated = PlanStanding { newer: newer.clone(), ..base.clone() };
        refused(&outdated, Wish::Apply, "outdated");
        refused(&outdated, Wish::Adopt, "outdated");

        let stopped =
            PlanStanding { run: Some(run(RunStatus::Failed, Some(Stop::Operation { seq: 3 }))), ..base.clone() };
        assert_eq!(stopped.may(Wish::Resume), Ok(()));
        refused(&PlanStanding { newer, ..stopped.clone() }, Wish::Resume, "outdated");
        let moved =
            PlanStanding { run: Some(run(RunStatus::Failed, Some(Stop::Moved { moved: Vec::new() }))), ..base.clone() };
        refused(&moved, Wish::Resume, "moved");
        let role = Some(Stop::NotPrimary { role: "Secondary".into() });
        assert_eq!(PlanStanding { run: Some(run(RunStatus::Failed, role)), ..base.clone() }.may(Wish::Resume), Ok(()));

        let busy = Some(Writer { since: from_millis(0), known: None });
        refused(&PlanStanding { writer: busy.clone(), ..base.clone() }, Wish::Apply, "another_writer");
        refused(&PlanStanding { writer: busy, ..stopped }, Wish::Resume, "another_writer");
        let known = Some(("vera".into(), PlanId(3), "Berlin".into()));
        let writer = Obstacle::Writer(Writer { since: from_millis(0), known });
        assert!(writer.sentence().contains("vera") && writer.sentence().contains("Berlin"));
    }

    #[test]
    fn what_blocks_a_plan_is_what_may_be_adopted() {
        let empty = Plan { operations: Vec::new(), ..plan() };
        refused(&standing(&empty), Wish::Apply, "empty");
        let ours = Conflict::adoptable(ObjectRef::group("g"), "There is a group.");
        let blocked = Plan { conflicts: vec![ours.clone()], ..plan() };
        refused(&standing(&blocked), Wish::Apply, "blocked");
        assert_eq!(standing(&blocked).may(Wish::Adopt), Ok(()));
        let fixed = Plan { conflicts: vec![Conflict::refusal(ObjectRef::group("g"), "No.")], ..plan() };
        refused(&standing(&fixed), Wish::Adopt, "nothing_to_adopt");
        let role = Conflict::refusal(ObjectRef::config(), "It is Secondary.");
        let secondary = Plan { conflicts: vec![ours, role], ..plan() };
        refused(&standing(&secondary), Wish::Apply, "not_primary");
        let kept = Plan { kept: vec![ObjectRef::group("g")], ..plan() };
        assert_eq!(standing(&kept).may(Wish::Adopt), Ok(()), "its removal may be asked for");
    }
}
