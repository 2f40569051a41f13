//! What is another between two set-ups, in sentences alone.

use model::desired::{Desired, changes};

pub(crate) fn told(before: &Desired, after: &Desired) -> Vec<String> {
    changes(before, after).into_iter().map(|change| change.sentence).collect()
}
