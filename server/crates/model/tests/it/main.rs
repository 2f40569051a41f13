//! What was written once is read for ever. Each file in `tests/golden` is named after the type that it is read as and
//! after its form: `plan.v1.json` has everything that a plan can say, `plan.least.json` what the first program wrote. None
//! of these files is ever changed: whoever adds a field writes a `v2` beside `v1`. Beside
//! that: whatever is typed into the forms of a set-up, it never contradicts itself (`saving.rs`).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod golden;
mod old;
mod probe;
mod saving;
mod words;
