//! Steps of the tables come after all those that there are, and stay as they are; `migrations/README.md` says why.

use sqlx::migrate::Migrator;
use std::{fs, path::Path};

/// FNV-1a: nobody cheats here, and it is the same on every machine and with every compiler.
fn sum(over: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(over, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Number, subject, and the sum over this step and all before it.
fn lines(folder: &str, steps: &Migrator) -> Vec<String> {
    let mut over = 0xcbf2_9ce4_8422_2325;
    let mut steps: Vec<_> = steps.iter().collect();
    steps.sort_by_key(|step| step.version);
    let line = |step: &&sqlx::migrate::Migration| {
        over = sum(over, &step.checksum);
        format!("{folder} {:04} {} {over:016x}", step.version, step.description)
    };
    steps.iter().map(line).collect()
}

#[test]
fn no_step_is_changed_or_put_before_another() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../migrations");
    let kept = fs::read_to_string(folder.join("order.txt")).unwrap();
    for (name, steps) in [
        ("gatehouse", sqlx::migrate!("../../../migrations/gatehouse")),
        ("observed", sqlx::migrate!("../../../migrations/observed")),
    ] {
        let there = lines(name, &steps);
        let kept: Vec<&str> = kept.lines().filter(|line| line.starts_with(name)).collect();
        for (kept, there) in kept.iter().zip(&there) {
            assert_eq!(kept, there, "this step was changed, or one was put before it: only the end may grow");
        }
        assert!(kept.len() <= there.len(), "{name}: a step was taken away, of {kept:?}");
        let new = there[kept.len()..].join("\n");
        assert!(new.is_empty(), "append to migrations/order.txt:\n{new}");
    }
}
