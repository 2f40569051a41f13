//! How a run begins: read, compared and written in one job of the store.

use crate::gate::{standing_in, way_back_in};
use model::{
    ActNo,
    cluster::Cluster,
    plan::{ApplyForm, confirmed},
    readiness::{Obstacle, Wish, Writer},
    record::{Entry, RecordKind},
};
use store::{
    Conn,
    desired::{latest_desired_in, save_desired_in},
    plans::StoredPlan,
    records::append_in,
    runs::{Begun, begin_run_in},
};

/// All that beginning a run needs inside of the store's one job.
pub struct Beginning {
    pub stored: StoredPlan,
    pub cluster: Cluster,
    pub begun: Entry,
    pub writer: Option<Writer>,
    /// The run that is taken back, and the set-up with it.
    pub undone: Option<ActNo>,
}

/// What came of it.
pub enum Asked {
    Begun(ActNo),
    Already(ActNo),
    Refused(Obstacle),
    /// What was to be typed was not; the sentence belongs beside its field.
    Unconfirmed(String),
}

impl Beginning {
    /// Read, compared and written at one moment: no newer version of the set-up comes between the question and the begin.
    pub async fn begin_in(self, conn: &mut Conn, form: &ApplyForm) -> Result<Asked, store::Error> {
        let Self { stored, cluster, begun, writer, undone } = self;
        match standing_in(conn, &stored, None, writer).await?.may(Wish::Apply) {
            Ok(()) => {}
            Err(Obstacle::HasRun(act)) => return Ok(Asked::Already(act)),
            Err(obstacle) => return Ok(Asked::Refused(obstacle)),
        }
        if let Err(sentence) = confirmed(&stored.plan.cuts, &form.confirm) {
            return Ok(Asked::Unconfirmed(sentence));
        }
        let back = match undone {
            Some(undone) => way_back_in(conn, &cluster, undone).await?,
            None => None,
        };
        let latest = latest_desired_in(conn, cluster.id).await?.map(|latest| latest.desired).unwrap_or_default();
        let Some((earlier, wanted)) = back.filter(|(_, wanted)| *wanted != latest) else {
            return Ok(begun_as(begin_run_in(conn, &begun, None).await?));
        };
        let version = save_desired_in(conn, cluster.id, &wanted, &begun.actor, begun.at).await?;
        let asked = begun_as(begin_run_in(conn, &begun, Some(version.id)).await?);
        if let Asked::Begun(act) = asked {
            let summary = format!("The set-up of {} was taken back to version {}.", cluster.title, earlier.number);
            let detail = serde_json::json!({ "back_to": earlier.number, "before": latest, "after": wanted });
            let saved = Entry { act: Some(act), kind: RecordKind::DesiredSaved, summary, detail, ..begun };
            append_in(conn, &saved).await?;
        }
        Ok(asked)
    }
}

fn begun_as(begun: Begun) -> Asked {
    match begun {
        Begun::New(record) => Asked::Begun(record.act),
        Begun::Already(act) => Asked::Already(act),
    }
}
