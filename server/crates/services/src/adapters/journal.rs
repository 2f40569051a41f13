//! A run's journal: the records of its act.

use super::request_line;
use crate::{
    Topic,
    cx::{detail, entry},
    ground::Ground,
    uploads::sealed::without_key,
};
use engine::{Journal, JournalError, OpOutcome, kinds, wanted::VAULT};
use model::{
    ActNo, ApplianceId, ClusterId,
    object::{Attrs, Kind, ObjectRef},
    plan::{Operation, Verb},
    record::{Actor, Entry, Outcome, RecordKind},
    run::CallDetail,
};
use std::sync::Arc;
use store::{
    owned::{How, Ownership, disown_in, made_in},
    pairs::lags_in,
    records::append_in,
    uploads::key_gone_in,
};

/// Where the calls of one run are written down.
pub(crate) struct RunJournal {
    pub ground: Arc<Ground>,
    pub act: ActNo,
    pub actor: Actor,
    pub cluster: ClusterId,
    pub appliance: ApplianceId,
    /// What this run takes away. It is nobody's once that is saved: before, a restart of the appliance brings it back.
    pub removed: Vec<ObjectRef>,
}

impl RunJournal {
    fn entry(
        &self,
        kind: RecordKind,
        op: &Operation,
        note: &str,
        reply: Option<serde_json::Value>,
    ) -> Result<Entry, JournalError> {
        let mut entry = entry(self.actor.clone(), self.ground.now(), kind, op.title());
        entry.act = Some(self.act);
        entry.cluster = Some(self.cluster);
        entry.appliance = Some(self.appliance);
        let said = CallDetail {
            seq: op.seq,
            request: request_line(&op.call),
            body: op.call.body.clone(),
            cli: op.cli.clone(),
            note: note.to_owned(),
            reply,
            before: op.before.clone(),
            // What is taken away has no values afterwards.
            after: if matches!(op.verb, Verb::Remove | Verb::Unbind) { Attrs::new() } else { op.attrs.clone() },
        };
        entry.detail = detail(&said).map_err(|failure| JournalError { sentence: failure.to_string() })?;
        Ok(entry)
    }

    /// Who has the object from now on. Features, configuration and what was only changed stay as they were.
    fn ownership(&self, op: &Operation, outcome: &OpOutcome) -> Option<Ownership> {
        if !matches!(op.verb, Verb::Add | Verb::Bind) {
            return None;
        }
        let ours = kinds::needs_ownership(op.object.kind) || op.object.kind == Kind::Server;
        let ownership = Ownership {
            appliance: self.appliance,
            object: op.object.clone(),
            cluster: self.cluster,
            since: self.ground.now(),
            act: self.act,
            how: How::Made,
        };
        // What the appliance answered to have made is ours wherever it is, though its half of the pair may have changed.
        let certain = outcome.outcome.is_done() || (outcome.answered && outcome.outcome == Outcome::InDoubt);
        (ours && certain).then_some(ownership)
    }

    /// What is nobody's any more with this result.
    fn gone(&self, op: &Operation, outcome: &OpOutcome) -> Vec<ObjectRef> {
        let saved = op.verb == Verb::Save && outcome.outcome.is_done();
        if saved { self.removed.clone() } else { Vec::new() }
    }
}

impl RunJournal {
    /// Results in one transaction, each with the ownership that it tells of: there is no moment at which one is true
    /// without the other.
    async fn write_results(&self, ended: Vec<(&Operation, &OpOutcome)>) -> Result<(), JournalError> {
        let arrived = self.arrived_keys(&ended).await;
        let at = self.ground.now();
        let written: Vec<_> = ended
            .into_iter()
            .map(|(op, outcome)| {
                let mut entry = self.entry(RecordKind::CallResult, op, &outcome.note, outcome.reply.clone())?;
                entry.outcome = Some(outcome.outcome);
                let lag =
                    (outcome.outcome == Outcome::HereOnly).then(|| (self.appliance, self.act, outcome.note.clone()));
                Ok((entry, self.ownership(op, outcome), self.gone(op, outcome), lag))
            })
            .collect::<Result<_, JournalError>>()?;
        let appliance = self.appliance;
        let written = self.ground.store.write(move |conn| {
            Box::pin(async move {
                for (entry, ownership, gone, lag) in &written {
                    append_in(conn, entry).await?;
                    if let Some((appliance, act, cause)) = lag {
                        lags_in(conn, *appliance, *act, entry.at, cause).await?;
                    }
                    if let Some(ownership) = ownership {
                        made_in(conn, ownership).await?;
                    }
                    for object in gone {
                        disown_in(conn, appliance, object).await?;
                    }
                }
                for (upload, rest) in &arrived {
                    key_gone_in(conn, *upload, rest, at).await?;
                }
                Ok(())
            })
        });
        self.told(written.await)
    }

    /// Uploads whose private key is on the appliance now, and what is kept of each from here on.
    async fn arrived_keys(&self, ended: &[(&Operation, &OpOutcome)]) -> Vec<(i64, Vec<u8>)> {
        let mut arrived = Vec::new();
        for (op, _) in ended.iter().filter(|(op, outcome)| op.verb == Verb::Add && outcome.outcome.is_done()) {
            let content = op.call.body.as_ref().and_then(|body| body.get("filecontent")?.as_str()?.strip_prefix(VAULT));
            let key = content.and_then(|place| place.strip_suffix("/key")).and_then(|id| id.parse().ok());
            let Some(upload) = key else { continue };
            match without_key(&self.ground, upload).await {
                Ok(rest) => arrived.push((upload, rest)),
                Err(failure) => tracing::error!("A private key that has arrived is still kept here: {failure}"),
            }
        }
        arrived
    }

    fn told(&self, written: Result<(), store::Error>) -> Result<(), JournalError> {
        // What the cluster owns may be more now.
        self.ground.bus.count(Topic::Cluster(self.cluster));
        self.ground.bus.tell(Topic::Run(self.act));
        written.map_err(|error| JournalError { sentence: error.sentence() })
    }
}

impl Journal for RunJournal {
    async fn intent(&self, op: &Operation) -> Result<(), JournalError> {
        self.intents(&[op]).await
    }

    async fn intents(&self, ops: &[&Operation]) -> Result<(), JournalError> {
        let entries = ops.iter().map(|op| self.entry(RecordKind::CallIntent, op, "", None));
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        let written = self.ground.store.write(move |conn| {
            Box::pin(async move {
                for entry in &entries {
                    append_in(conn, entry).await?;
                }
                Ok(())
            })
        });
        self.told(written.await)
    }

    async fn result(&self, op: &Operation, outcome: &OpOutcome) -> Result<(), JournalError> {
        self.write_results(vec![(op, outcome)]).await
    }

    async fn results(&self, ended: &[(&Operation, OpOutcome)]) -> Result<(), JournalError> {
        self.write_results(ended.iter().map(|(op, outcome)| (*op, outcome)).collect()).await
    }
}
