//! The log, read: each reader sees what is theirs to see.

mod export;
mod readings;

use crate::{Failure, ReadCx, ground::Ground, sessions::Sessions};
pub use export::Export;
use model::{
    ActNo, ApplianceId, At, ClusterId, RecordId,
    act::{Act, Line, lines},
    calls::{CallLine, calls},
    log::{LogForm, LogQuery},
    person::{Scope, with_names},
    record::{Entry, Record, RecordKind},
};
pub(crate) use readings::Readings;
use std::{collections::BTreeSet, sync::Arc};
use store::{
    records::{Filter, Found},
    removed::{FormerName, Names},
};

/// One page of the log as people read it: by acts, what happened last on top.
#[derive(Clone, Debug)]
pub struct ActsPage {
    pub acts: Vec<ActView>,
    /// There are older ones: ask with `before` set to this.
    pub older: Option<RecordId>,
    /// So far it was searched, though the page is not full: what is older may fit as well.
    pub searched_to: Option<(RecordId, At)>,
}

/// One act, with the names of what it is about.
#[derive(Clone, Debug)]
pub struct ActView {
    pub act: Act,
    pub about: RecordAbout,
    /// Its records, where it is unfolded.
    pub lines: Option<Vec<Line>>,
}

fn by_name<I>(named: impl Iterator<Item = (I, FormerName)>) -> Vec<(I, String)> {
    let mut named: Vec<(I, String)> = named.map(|(id, name)| (id, name.to_string())).collect();
    named.sort_by_key(|(_, title)| title.to_lowercase());
    named
}

/// What the reader may choose from in the filters, each by its name; what is gone among them, because the log is not.
#[derive(Clone, Debug, Default)]
pub struct LogChoices {
    pub people: Vec<String>,
    pub clusters: Vec<(ClusterId, String)>,
    pub appliances: Vec<(ApplianceId, String)>,
}

/// What a record is about, each with its name; of what is gone, the name that it had.
#[derive(Clone, Debug, Default)]
pub struct RecordAbout {
    pub cluster: Option<(ClusterId, Option<FormerName>)>,
    pub appliance: Option<(ApplianceId, Option<FormerName>)>,
}

impl RecordAbout {
    /// Whoever may read a record may know the names of what it is about.
    fn of(entry: &Entry, names: &Names) -> Self {
        Self {
            cluster: entry.cluster.map(|id| (id, names.clusters.get(&id).cloned())),
            appliance: entry.appliance.map(|id| (id, names.appliances.get(&id).cloned())),
        }
    }
}

/// Records of rights name clusters by number; a reader reads the names of those that are theirs.
fn named(cx: &ReadCx, names: &Names, record: &mut Record) {
    if matches!(record.entry.kind, RecordKind::PersonAdded | RecordKind::PersonChanged) {
        let titles = names.clusters.iter().filter(|(id, _)| cx.sees(**id)).map(|(id, name)| (*id, name.to_string()));
        record.entry.summary = with_names(&record.entry.summary, &titles.collect::<Vec<_>>());
    }
}

/// One record with all that belongs to it.
#[derive(Clone, Debug)]
pub struct RecordView {
    pub record: Record,
    pub about: RecordAbout,
    /// All records of its act, oldest first, calls with their answers.
    pub act: Vec<Line>,
    /// The records before and after it, of those that the reader sees.
    pub before: Option<RecordId>,
    pub after: Option<RecordId>,
    /// The calls of the run that it belongs to; none where it is no run.
    pub calls: Vec<CallLine>,
    /// The bytes of the record as they were written.
    pub canonical: String,
}

const PAGE: u32 = 50;
/// An act that is unfolded in the list shows so many records; its own page has all of them.
const UNFOLDED: u32 = 400;
/// More than any run has records; an act never has more pages.
const WHOLE_ACT: u32 = 100_000;

#[derive(Clone)]
pub struct Log {
    pub(crate) ground: Arc<Ground>,
    pub(crate) sessions: Sessions,
    pub(crate) readings: Arc<Readings>,
}

impl Log {
    /// By acts; `open` is unfolded.
    pub async fn acts(&self, cx: &ReadCx, query: &LogQuery, open: Option<ActNo>) -> Result<ActsPage, Failure> {
        let sight = self.ground.sight(cx).await?;
        let filter = Filter { sight: sight.clone(), limit: PAGE, ..Filter::from(query.clone()) };
        let (found, names) = (self.ground.store.acts(&filter).await?, self.ground.store.all_names().await?);
        let mut acts = Vec::with_capacity(found.acts.len());
        for mut act in found.acts {
            for record in [&mut act.first, &mut act.last].into_iter().chain(&mut act.found) {
                named(cx, &names, record);
            }
            let unfolded =
                if open == Some(act.act) { Some(lines(self.of_act(cx, act.act, UNFOLDED).await?)) } else { None };
            acts.push(ActView { about: RecordAbout::of(&act.first.entry, &names), act, lines: unfolded });
        }
        Ok(ActsPage { acts, older: found.older, searched_to: found.searched_to })
    }

    /// Oldest first, and so many at most, of those that the reader may see.
    async fn of_act(&self, cx: &ReadCx, act: ActNo, limit: u32) -> Result<Vec<Record>, Failure> {
        let filter =
            Filter { act: Some(act), sight: self.ground.sight(cx).await?, limit: WHOLE_ACT, ..Filter::default() };
        let mut records = self.ground.store.list(filter).await?;
        records.reverse();
        records.truncate(limit as usize);
        Ok(records)
    }

    pub(crate) async fn part(&self, cx: &ReadCx, query: LogQuery, limit: u32) -> Result<Found, Failure> {
        let filter = Filter { sight: self.ground.sight(cx).await?, limit, ..Filter::from(query) };
        Ok(self.ground.store.search(&filter).await?)
    }

    pub async fn choices(&self, cx: &ReadCx) -> Result<LogChoices, Failure> {
        let names = self.ground.store.all_names().await?;
        let here: BTreeSet<ApplianceId> =
            self.ground.appliances_in_scope(cx).await?.into_iter().map(|stored| stored.appliance.id).collect();
        let seen = |id: &ApplianceId| *cx.scope() == Scope::All || here.contains(id);
        Ok(LogChoices {
            people: self.ground.store.names(&self.ground.sight(cx).await?).await?,
            clusters: by_name(names.clusters.into_iter().filter(|(id, _)| cx.sees(*id))),
            appliances: by_name(names.appliances.into_iter().filter(|(id, _)| seen(id))),
        })
    }

    /// Reads the filters. What is not the reader's to see is no different from what is not there.
    pub async fn query(&self, cx: &ReadCx, form: &LogForm) -> Result<LogQuery, Failure> {
        let (query, mut errors) = form.read();
        let choices = self.choices(cx).await?;
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
        let mut record = self.ground.record_in_scope(cx, id).await?;
        let act = self.of_act(cx, record.act, WHOLE_ACT).await?;
        let canonical = String::from_utf8_lossy(&self.ground.store.canonical(id).await?).into_owned();
        let names = self.ground.store.all_names().await?;
        named(cx, &names, &mut record);
        let about = RecordAbout::of(&record.entry, &names);
        let (before, after) = self.ground.store.beside(id, &self.ground.sight(cx).await?).await?;
        Ok(RecordView { calls: calls(&act), record, about, act: lines(act), before, after, canonical })
    }
}
