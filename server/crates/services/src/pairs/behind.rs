//! What the other half of a pair lacks.

use model::{
    ApplianceId,
    pair::{Behind, Pair, Sync},
};
use store::Store;

/// What the peer lacks by all that is known, after a look at it. That it has everything counts only once a synchronisation
/// was seen to run since: the word for "in step" stays while the peer has never heard of a change.
pub(crate) async fn behind(store: &Store, appliance: ApplianceId, pair: &Pair) -> Option<Behind> {
    let lag = match store.pair_lag(appliance).await {
        Ok(lag) => lag?,
        Err(error) => {
            tracing::error!(appliance.id = appliance.0, "What the peer lacks could not be read: {}", error.sentence());
            return None;
        }
    };
    let noted = match (pair.sync(), lag.syncing) {
        (Sync::Running, false) => store.pair_syncs(appliance).await,
        (Sync::InStep, true) if pair.is_ready() => match store.pair_in_step(appliance).await {
            Ok(()) => return None,
            failed => failed,
        },
        _ => Ok(()),
    };
    if let Err(error) = noted {
        tracing::error!(
            appliance.id = appliance.0,
            "The pair's synchronisation could not be noted: {}",
            error.sentence()
        );
    }
    Some(lag.behind)
}
