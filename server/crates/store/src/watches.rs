//! Since when what is found of each cluster is so, in `observed.db`.

use crate::{Error, Store, column};
use model::{ClusterId, Reckoning, noted::Noted, since::Watch};

impl Store {
    /// A moment of this run of the program.
    pub fn noted(&self, reckoning: Reckoning) -> Noted {
        Noted { at: reckoning.now, ahead_ms: reckoning.ahead_ms, run: self.looks.first }
    }

    /// Nothing where nothing was judged yet, or an older program wrote what this one cannot read: it is watched anew.
    pub async fn watch(&self, cluster: ClusterId) -> Result<Watch, Error> {
        let text: Result<Option<String>, sqlx::Error> =
            sqlx::query_scalar("SELECT watch FROM watches WHERE cluster = $1")
                .bind(cluster.0)
                .fetch_optional(&self.observed.readers)
                .await;
        let read = match text.map_err(Error::from) {
            Ok(None) => return Ok(Watch::default()),
            Ok(Some(text)) => column::parse(&text, &format!("since when cluster {cluster} is as it is")),
            Err(error) => Err(error),
        };
        match read {
            Err(error @ (Error::Corrupt { .. } | Error::Unreadable { .. })) => {
                tracing::warn!(cluster.id = cluster.0, "Since when is not known any more: {}", error.sentence());
                Ok(Watch::default())
            }
            read => read,
        }
    }
}
