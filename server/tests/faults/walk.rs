//! Rows of a table, several at a time: some wait for somebody who does not answer, and others have work to do meanwhile.

use crate::bench::Bench;
use futures::future::join_all;
use std::{collections::VecDeque, sync::Mutex};

/// How many labs at most, and rows for which another one is worth what it takes to set its cluster up.
const LABS: usize = 3;
const WORTH: usize = 5;

/// Walks all rows, so that one failure hides no other, and fails with all that is wrong. A lab goes from row to row, and
/// after one that failed there is a fresh one.
pub async fn walk<R>(
    rows: impl IntoIterator<Item = (&'static str, R)>,
    ready: impl AsyncFn() -> Bench,
    step: impl AsyncFn(&Bench, &str, R) -> Result<(), String>,
) {
    let rows: Mutex<VecDeque<(&str, R)>> = Mutex::new(rows.into_iter().collect());
    let labs = rows.lock().unwrap().len().div_ceil(WORTH).min(LABS);
    let walks = (0..labs).map(|_| async {
        let (mut bench, mut wrong) = (ready().await, Vec::new());
        loop {
            let next = rows.lock().unwrap().pop_front();
            let Some((name, row)) = next else { return wrong };
            if let Err(why) = step(&bench, name, row).await {
                wrong.push(format!("{name}: {why}"));
                bench = ready().await;
            }
        }
    });
    let wrong: Vec<String> = join_all(walks).await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
