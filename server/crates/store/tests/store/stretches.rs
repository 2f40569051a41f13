//! How a cluster stood over time: one row for each change, so many of each cluster.

use crate::support::{Place, place};
use model::{
    ClusterId, Reckoning,
    clock::from_millis,
    state::Tone::{self, Bad, Good},
    stretch::{Judgement, Stretch, told},
    verdict::Verdict,
};
use store::stretches::KEPT;

const ONE: ClusterId = ClusterId(1);
const TWO: ClusterId = ClusterId(2);

async fn judged(place: &Place, cluster: ClusterId, second: i64, tone: Tone) -> bool {
    let at = place.store.noted(Reckoning { now: from_millis(second * 1000), ahead_ms: 0 });
    let verdict = Verdict { tone, words: format!("at {second}"), subject: String::new() };
    let judgement = Judgement { at, verdict };
    place.store.note_judgement(cluster, None, judgement, 10).await.unwrap()
}

async fn words(place: &Place, cluster: ClusterId) -> Vec<String> {
    let all = place.store.stretches(cluster).await.unwrap();
    all.into_iter().map(|stretch: Stretch| stretch.words).collect()
}

#[tokio::test]
async fn each_change_has_one_row_and_what_stays_has_none() {
    let place = place().await;
    assert!(judged(&place, ONE, 0, Good).await, "before it nothing was said");
    assert!(!judged(&place, ONE, 10, Good).await);
    assert!(judged(&place, ONE, 20, Bad).await);
    assert!(!judged(&place, ONE, 30, Bad).await);
    assert!(judged(&place, TWO, 35, Bad).await, "another cluster's are its own");
    assert!(judged(&place, ONE, 40, Good).await);
    assert_eq!(words(&place, ONE).await, ["at 40", "at 20", "at 0"]);
    let all = place.store.stretches(ONE).await.unwrap();
    let told = told(&all, place.store.noted(Reckoning { now: from_millis(50_000), ahead_ms: 0 }));
    let untils: Vec<_> = told.iter().map(|stood| stood.until.map(model::At::as_second)).collect();
    assert_eq!(untils, [None, Some(40), Some(20)]);

    place.store.forget_what_was_seen(ONE).await.unwrap();
    assert!(words(&place, ONE).await.is_empty());
    assert_eq!(words(&place, TWO).await, ["at 35"]);
}

#[tokio::test]
async fn of_one_that_changes_without_end_the_newest_are_kept() {
    let place = place().await;
    judged(&place, TWO, 0, Good).await;
    for second in 0..i64::from(KEPT) + 5 {
        judged(&place, ONE, second, if second % 2 == 0 { Good } else { Bad }).await;
    }
    let kept = words(&place, ONE).await;
    assert_eq!((kept.len(), kept.last().map(String::as_str)), (KEPT as usize, Some("at 5")));
    assert_eq!(words(&place, TWO).await, ["at 0"]);
}
