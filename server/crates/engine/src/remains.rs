//! What a plan does not mend: the checks over what was read, and over what would be read if all of it worked.

use crate::{
    checks::{Input, check},
    kinds::{self, STATE},
};
use model::{
    finding::{Finding, Grade},
    object::{Attrs, Kind, ObjectRef},
    plan::{Operation, Plan, Remains, Verb},
    snapshot::{Seen, Snapshot},
    state::StateWord,
};

/// Failures and warnings of `input` that are there after `plan` as well, the worst first. What the plan switches on, makes
/// or repairs is taken to serve afterwards, so that what is told here is certain.
pub fn remains(input: &Input<'_>, plan: &Plan) -> Vec<Remains> {
    let Some((snapshot, freshness)) = input.seen else { return Vec::new() };
    let after = after(snapshot, plan);
    let then = check(&Input { seen: Some((&after, freshness)), ..*input });
    let open = |finding: &&Finding| finding.outcome < Grade::NotChecked;
    check(input)
        .iter()
        .filter(open)
        .filter(|finding| then.iter().filter(open).any(|other| same(finding, other)))
        .map(|finding| Remains { outcome: finding.outcome, sentence: finding.title.clone(), fix: finding.fix.clone() })
        .collect()
}

/// Counts and words in a title may differ; what it is about does not.
pub(crate) fn same(one: &Finding, other: &Finding) -> bool {
    let about = |object: &ObjectRef| other.objects.contains(object);
    one.code == other.code
        && one.node == other.node
        && (one.objects.iter().any(about) || (one.objects.is_empty() && other.objects.is_empty()))
}

/// The snapshot as it would be read when every operation has worked.
pub(crate) fn after(snapshot: &Snapshot, plan: &Plan) -> Snapshot {
    let mut after = snapshot.clone();
    for op in &plan.operations {
        take(&mut after, op);
    }
    after
}

fn take(after: &mut Snapshot, op: &Operation) {
    match op.verb {
        // What is there already stays as it is.
        Verb::FeatureOn | Verb::Add | Verb::Bind if after.find(&op.object).is_some() => {}
        Verb::FeatureOn => after.put(made(op, Attrs::new())),
        Verb::Add | Verb::Bind => after.put(made(op, kinds::normalise(op.object.kind, &op.attrs))),
        Verb::Set | Verb::Unset => {
            if let Some(seen) = after.find_mut(&op.object) {
                seen.attrs.extend(op.attrs.clone());
                seen.attrs = kinds::normalise(op.object.kind, &seen.attrs);
            }
        }
        Verb::Unbind | Verb::Remove => after.objects.retain(|seen| seen.object != op.object),
        Verb::Enable | Verb::Disable => switch(after, op),
        Verb::Save => after.unsaved = Some(false),
    }
}

fn made(op: &Operation, attrs: Attrs) -> Seen {
    let state = word(op.object.kind, kinds::is_off(&attrs));
    Seen { object: op.object.clone(), attrs, state, facts: Attrs::new() }
}

fn word(kind: Kind, off: bool) -> Option<StateWord> {
    let word = match (kind, off) {
        (Kind::Server, false) => kinds::ON,
        (Kind::Server, true) => kinds::OFF,
        (Kind::LbVserver | Kind::ServiceGroup | Kind::Member, false) => "UP",
        (Kind::LbVserver | Kind::ServiceGroup | Kind::Member, true) => "OUT OF SERVICE",
        _ => return None,
    };
    Some(StateWord(word.into()))
}

/// The object itself, and the members that stand on it or in it.
fn switch(after: &mut Snapshot, op: &Operation) {
    let off = op.verb == Verb::Disable;
    let stands = |seen: &Seen| {
        seen.object.kind == Kind::Member
            && match op.object.kind {
                Kind::Server => seen.object.part(1) == op.object.part(0),
                Kind::ServiceGroup => seen.object.part(0) == op.object.part(0),
                _ => false,
            }
    };
    for seen in &mut after.objects {
        if seen.object == op.object {
            seen.attrs.extend(op.attrs.clone());
            seen.attrs = kinds::normalise(op.object.kind, &seen.attrs);
            seen.facts.remove(STATE);
            seen.state = word(op.object.kind, off);
        } else if stands(seen) && (off || !kinds::is_off(&seen.attrs)) {
            seen.state = word(Kind::Member, off);
        }
    }
}
