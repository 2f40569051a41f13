//! What the peer of a pair lacks.

use crate::support::{at, fleet, place};
use model::{ActNo, pair::Behind};
use store::pairs::{PairLag, lags_in};

#[tokio::test]
async fn what_a_peer_lacks_is_counted_until_a_synchronisation_has_come_and_gone() {
    let place = place().await;
    let store = &place.store;
    let (appliance, _) = fleet(store).await;
    assert_eq!(store.pair_lag(appliance).await.unwrap(), None);
    for (seconds, cause) in [(10, "refused"), (11, "silent")] {
        store
            .write(move |conn| Box::pin(async move { lags_in(conn, appliance, ActNo(7), at(seconds), cause).await }))
            .await
            .unwrap();
    }
    let behind = Behind { since: at(11), act: ActNo(7), operations: 2, cause: "silent".into() };
    let lag = |syncing| Some(PairLag { behind: behind.clone(), syncing });
    assert_eq!(store.pair_lag(appliance).await.unwrap(), lag(false));
    // "In step" alone says nothing: it says so before it has heard of it.
    store.pair_in_step(appliance).await.unwrap();
    assert_eq!(store.pair_lag(appliance).await.unwrap(), lag(false));
    store.pair_syncs(appliance).await.unwrap();
    assert_eq!(store.pair_lag(appliance).await.unwrap(), lag(true));
    store.pair_in_step(appliance).await.unwrap();
    assert_eq!(store.pair_lag(appliance).await.unwrap(), None);
}
