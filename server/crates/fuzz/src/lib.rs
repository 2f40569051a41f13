//! What the fuzz targets of all decoders have in common. A target is an ordinary test:
//!
//! ```ignore
//! #[test]
//! fn fuzz_addresses() {
//!     fuzz::check!("addresses", 200, |input: &[u8]| { /* must not panic, and whatever else is promised */ });
//! }
//! ```
//!
//! Its corpus is the folder `tests/it/corpus/addresses` of its crate. Each file is tried as it is; then as many inputs as
//! the target says, made from the corpus with a fixed seed ([`mutate`]), so that a failure comes back at every run.
//! `cargo xtask soak decoders` runs the same tests with `FUZZ_TIMES` and `FUZZ_SEED`.
//!
//! Built with `--cfg fuzzing`, as `cargo bolero` does, the same function is driven by bolero's coverage-guided engines.

pub mod mutate;
mod run;

#[doc(hidden)]
pub use bolero;
pub use run::{Target, input_of};

/// Tries a function with a corpus and what can be made of it; see the crate's documentation. `$count` inputs at a time,
/// fewer where one takes long. `from` names a corpus that is another target's.
#[cfg(not(fuzzing))]
#[macro_export]
macro_rules! check {
    ($name:literal, $count:expr, $check:expr) => {
        $crate::check!($name, from $name, $count, $check)
    };
    ($name:literal, from $corpus:literal, $count:expr, $check:expr) => {
        $crate::Target {
            name: concat!(env!("CARGO_PKG_NAME"), "/", $name),
            folder: $crate::corpus!($corpus),
            count: $count,
        }
        .run($check)
    };
}

/// The same under a coverage-guided engine, which has inputs of its own.
#[cfg(fuzzing)]
#[macro_export]
macro_rules! check {
    ($name:literal, $(from $corpus:literal,)? $count:expr, $check:expr) => {{
        use $crate::bolero;
        let check: fn(&[u8]) = $check;
        bolero::check!().for_each(|input: &[u8]| check(input))
    }};
}

/// A target's folder.
#[doc(hidden)]
#[macro_export]
macro_rules! corpus {
    ($name:literal) => {
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/corpus/", $name)
    };
}
