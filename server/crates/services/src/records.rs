//! The log, read: each reader sees what is theirs to see.

use crate::{Failure, ReadCx, Services};
use model::{
    ApplianceId, ClusterId, RecordId,
    calls::{CallLine, calls},
    log::{LogForm, LogQuery},
    record::Record,
};
use store::records::Filter;

/// One page of the log, newest first.
#[derive(Clone, Debug)]
pub struct LogPage {
    pub records: Vec<Record>,
    /// There are older ones: ask with `before` set to this.
    pub older: Option<RecordId>,
}

/// What the reader may choose from in the filters, each by its name.
#[derive(Clone, Debug, Default)]
pub struct LogChoices {
    pub people: Vec<String>,
    pub clusters: Vec<(ClusterId, String)>,
    pub appliances: Vec<(ApplianceId, String)>,
}

/// One record with all that belongs to it.
#[derive(Clone, Debug)]
pub struct RecordView {
    pub record: Record,
    /// All records of its act, oldest first.
    pub act: Vec<Record>,
    /// The calls of the run that it belongs to; none where it is no run.
    pub calls: Vec<CallLine>,
    /// The bytes of the record as they were written.
    pub canonical: String,
}

const PAGE: u32 = 50;
/// More than any run has records; an act never has more pages.
const WHOLE_ACT: u32 = 100_000;

impl Services {
    pub async fn log(&self, cx: &ReadCx, query: &LogQuery) -> Result<LogPage, Failure> {
        let mut records = self.log_part(cx, query.clone(), PAGE + 1).await?;
        let more = records.len() > PAGE as usize;
        records.truncate(PAGE as usize);
        let older = more.then(|| records.last().map(|record| record.id)).flatten();
        Ok(LogPage { records, older })
    }

    pub(crate) async fn log_part(&self, cx: &ReadCx, query: LogQuery, limit: u32) -> Result<Vec<Record>, Failure> {
        let filter = Filter { sight: self.sight(cx).await?, limit, ..Filter::from(query) };
        Ok(self.store.list(filter).await?)
    }

    pub async fn log_choices(&self, cx: &ReadCx) -> Result<LogChoices, Failure> {
        let clusters = self.clusters_in_scope(cx).await?;
        let appliances = self.appliances_in_scope(cx).await?;
        Ok(LogChoices {
            people: self.store.names(&self.sight(cx).await?).await?,
            clusters: clusters.into_iter().map(|cluster| (cluster.id, cluster.title)).collect(),
            appliances: appliances
                .into_iter()
                .map(|stored| (stored.appliance.id, stored.appliance.spec.title))
                .collect(),
        })
    }

    /// Reads the filters. What is not the reader's to see is no different from what is not there.
    pub async fn log_query(&self, cx: &ReadCx, form: &LogForm) -> Result<LogQuery, Failure> {
        let (query, mut errors) = form.read();
        let choices = self.log_choices(cx).await?;
        if let Some(name) = query.person.as_ref()
            && !choices.people.iter().any(|known| known.to_lowercase() == name.to_lowercase())
        {
            errors.add("person", format!("“{name}” does not occur in the log. Choose from the list."));
        }
        if let Some(id) = query.cluster
            && !choices.clusters.iter().any(|(known, _)| *known == id)
        {
            errors.add("cluster", format!("There is no cluster {id}. Choose from the list."));
        }
        if let Some(id) = query.appliance
            && !choices.appliances.iter().any(|(known, _)| *known == id)
        {
            errors.add("appliance", format!("There is no appliance {id}. Choose from the list."));
        }
        if errors.is_empty() { Ok(query) } else { Err(errors.into()) }
    }

    pub async fn record(&self, cx: &ReadCx, id: RecordId) -> Result<RecordView, Failure> {
        let record = self.record_in_scope(cx, id).await?;
        let filter =
            Filter { act: Some(record.act), sight: self.sight(cx).await?, limit: WHOLE_ACT, ..Filter::default() };
        let mut act = self.store.list(filter).await?;
        act.reverse();
        let canonical = String::from_utf8_lossy(&self.store.canonical(id).await?).into_owned();
        Ok(RecordView { calls: calls(&act), record, act, canonical })
    }
}
