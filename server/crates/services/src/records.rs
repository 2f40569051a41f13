//! The log, read.

use crate::{Failure, ReadCx, Services};
use model::{
    ClusterId, RecordId,
    record::{Outcome, Record, RecordKind},
};
use store::records::Filter;

/// What somebody looks for, as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogQuery {
    pub kind: Option<RecordKind>,
    pub person: Option<String>,
    pub cluster: Option<ClusterId>,
    pub outcome: Option<Outcome>,
    pub text: Option<String>,
    pub before: Option<RecordId>,
}

/// One page of the log, newest first.
#[derive(Clone, Debug)]
pub struct LogPage {
    pub records: Vec<Record>,
    /// There are older ones: ask with `before` set to this.
    pub older: Option<RecordId>,
}

const PAGE: u32 = 50;

impl Services {
    pub async fn log(&self, _cx: &ReadCx, query: &LogQuery) -> Result<LogPage, Failure> {
        let filter = Filter {
            kind: query.kind,
            person_name: query.person.clone(),
            cluster: query.cluster,
            outcome: query.outcome,
            text: query.text.clone(),
            before: query.before,
            limit: PAGE + 1,
            ..Filter::default()
        };
        let mut records = self.store.list(filter).await?;
        let more = records.len() > PAGE as usize;
        records.truncate(PAGE as usize);
        let older = more.then(|| records.last().map(|record| record.id)).flatten();
        Ok(LogPage { records, older })
    }

    /// One record, and the others of its act, oldest first.
    pub async fn record(&self, _cx: &ReadCx, id: RecordId) -> Result<(Record, Vec<Record>), Failure> {
        let record = self.store.record(id).await.map_err(|error| match error {
            store::Error::NotFound => Failure::NotFound("such record"),
            other => other.into(),
        })?;
        let act = self.store.of_act(record.act).await?;
        Ok((record, act))
    }
}
