//! How far a step of a set-up is: one word and one tone, computed in one place.

use crate::{
    desired::{Desired, Step},
    object::ObjectRef,
    plan::Plan,
    state::Tone,
};

/// Where a step stands between the set-up, what was applied, and the appliance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// The set-up says nothing of it.
    NotDescribed,
    /// It is described; what the appliance has is not known now.
    Unknown,
    /// The appliance has it as it is described.
    InSync,
    /// Described and not applied yet.
    Planned,
    /// It was applied, and the appliance has something else now.
    Drifted,
    /// A plan could not be applied before somebody decides.
    Blocked,
}

impl StepState {
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotDescribed => "not described",
            Self::Unknown => "unknown",
            Self::InSync => "in sync",
            Self::Planned => "planned",
            Self::Drifted => "drifted",
            Self::Blocked => "blocked",
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::NotDescribed => Tone::Quiet,
            Self::Unknown => Tone::Unknown,
            Self::InSync => Tone::Good,
            Self::Planned | Self::Drifted => Tone::Warn,
            Self::Blocked => Tone::Bad,
        }
    }

    /// `preview` is what a plan would do by a look that still counts; `None`: there is no such look. `applied` is the
    /// set-up that was applied last. `contradicted`: something does not hold of the set-up as a whole, in this step.
    pub fn of(
        step: Step,
        desired: &Desired,
        applied: Option<&Desired>,
        preview: Option<&Plan>,
        contradicted: bool,
    ) -> Self {
        let described = step.is_described(desired);
        if contradicted {
            return Self::Blocked;
        }
        let Some(plan) = preview else {
            return if described { Self::Unknown } else { Self::NotDescribed };
        };
        let mine = |object: &ObjectRef| step.of(object, desired);
        if plan.conflicts.iter().any(|conflict| mine(&conflict.object)) {
            return Self::Blocked;
        }
        if plan.operations.iter().any(|operation| mine(&operation.object)) {
            let same = applied.is_some_and(|applied| step.part(applied) == step.part(desired));
            return if same && described { Self::Drifted } else { Self::Planned };
        }
        match described {
            false => Self::NotDescribed,
            true if plan.unchanged.iter().any(mine) || wants_nothing(step, desired) => Self::InSync,
            // Nothing of it is there, and nothing is planned: it waits for another step.
            true => Self::Planned,
        }
    }
}

/// Described as something that the appliance need not have.
fn wants_nothing(step: Step, desired: &Desired) -> bool {
    step == Step::Dns && desired.dns.as_ref().is_some_and(|dns| !dns.record)
}

/// `1 operation`, `2 operations`.
pub fn counted(count: usize, one: &str, more: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {more}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        desired::{DnsForm, Form, MdmForm},
        plan::{Conflict, Operation, Verb},
        samples::{operation, plan},
    };

    fn change(object: ObjectRef) -> Operation {
        operation(Verb::Set, object)
    }

    #[test]
    fn every_state_has_its_cause() {
        let vserver = ObjectRef::vserver("xms-b-mdm-443");
        let form = MdmForm { vip: "10.20.40.51".into(), ..MdmForm::fresh("b") };
        let desired = form.apply(&Desired::default()).unwrap();
        let older = MdmForm { timeout: "30".into(), ..form }.apply(&Desired::default()).unwrap();
        let state = |applied: Option<&Desired>, preview: Option<&Plan>| {
            StepState::of(Step::Mdm, &desired, applied, preview, false)
        };
        let unchanged = Plan { unchanged: vec![vserver.clone()], ..plan() };
        let works = Plan { operations: vec![change(vserver.clone())], ..plan() };
        let blocked = Conflict { object: vserver, ..Conflict::refusal(ObjectRef::config(), "no") };
        let blocked = Plan { conflicts: vec![blocked], ..works.clone() };
        assert_eq!(state(Some(&desired), None), StepState::Unknown, "what was not read is not known");
        assert_eq!(state(Some(&desired), Some(&unchanged)), StepState::InSync);
        assert_eq!(state(None, Some(&works)), StepState::Planned);
        let contradicted = StepState::of(Step::Mdm, &desired, None, None, true);
        assert_eq!(contradicted, StepState::Blocked, "whatever was seen, no plan of it can be applied");
        assert_eq!(state(Some(&older), Some(&works)), StepState::Planned);
        assert_eq!(state(Some(&desired), Some(&works)), StepState::Drifted);
        assert_eq!(state(Some(&desired), Some(&blocked)), StepState::Blocked);
        assert_eq!(StepState::of(Step::Dns, &desired, None, Some(&unchanged), false), StepState::NotDescribed);
        assert_eq!(StepState::of(Step::Dns, &desired, None, None, false), StepState::NotDescribed);
        let waits = DnsForm::fresh().apply(&desired).unwrap();
        assert_eq!(
            StepState::of(Step::Dns, &waits, None, Some(&unchanged), false),
            StepState::Planned,
            "it waits for MAM"
        );
        let none = DnsForm { record: "none".into() }.apply(&desired).unwrap();
        assert_eq!(StepState::of(Step::Dns, &none, None, Some(&unchanged), false), StepState::InSync);
    }

    #[test]
    fn only_what_was_read_is_green() {
        let green = [
            StepState::NotDescribed,
            StepState::Unknown,
            StepState::InSync,
            StepState::Planned,
            StepState::Drifted,
            StepState::Blocked,
        ];
        let green: Vec<_> = green.into_iter().filter(|state| state.tone() == Tone::Good).collect();
        assert_eq!(green, [StepState::InSync]);
    }
}
