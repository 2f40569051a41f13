//! What is enabled and what is kept disabled: said here as a part of the set-up, done by a plan like any other change.

use crate::{
    Failure, ReadCx, WriteCx,
    ground::Ground,
    judging::sighting,
    setup::{Saving, Setup},
};
use engine::switches::{Switch, SwitchStanding};
use model::{
    At, ClusterId, FieldErrors, Freshness,
    cluster::Cluster,
    desired::{Desired, KeepOffForm, KeptOff},
    object::ObjectRef,
    state::Tone,
};
use std::sync::Arc;

/// Everything of a cluster that has a switch, as its page shows it.
#[derive(Clone, Debug)]
pub struct SwitchesView {
    pub cluster: Cluster,
    /// When the appliance was seen, and what that is worth; `None`: not yet.
    pub seen: Option<(At, Freshness)>,
    pub now: At,
    /// By the last look; a plan looks for itself.
    pub switches: Vec<Switch>,
}

impl SwitchesView {
    /// How many somebody switched off by hand.
    pub fn off_by_hand(&self) -> usize {
        self.switches.iter().filter(|switch| switch.standing == SwitchStanding::OffByHand).count()
    }

    /// A switch in a word. How it stood when it was seen last is no green one.
    pub fn mark(&self, switch: &Switch) -> (Tone, String) {
        match self.seen {
            Some((_, Freshness::Fresh)) => (switch.tone(), switch.text()),
            _ => (Tone::Unknown, format!("unknown, was {}", switch.text())),
        }
    }
}

#[derive(Clone)]
pub struct Switches {
    pub(crate) ground: Arc<Ground>,
    pub(crate) setup: Setup,
}

impl Switches {
    pub async fn show(&self, cx: &ReadCx, id: ClusterId) -> Result<SwitchesView, Failure> {
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        let sighting = sighting(&self.ground, cluster.appliance).await?;
        let desired = self.ground.store.latest_desired(id).await?.map(|version| version.desired).unwrap_or_default();
        let owned = self.ground.store.owned_by(cluster.appliance, id).await?;
        let switches = match &sighting.seen {
            Some((_, snapshot, _)) => engine::switches(&desired, snapshot, &owned),
            None => Vec::new(),
        };
        let seen = sighting.seen.map(|(at, _, freshness)| (at, freshness));
        Ok(SwitchesView { cluster, seen, now: sighting.now, switches })
    }

    /// Says that an object is to be out of service, and why. Nothing is switched by saying so: a plan does that.
    pub async fn keep_off(&self, cx: &WriteCx, id: ClusterId, form: &KeepOffForm) -> Result<(), Failure> {
        // Before anything is said of the form: to a stranger the cluster does not exist.
        self.ground.cluster_in_scope(cx, id).await?;
        let (object, reason) = form.parse()?;
        let by = cx.person().name.clone();
        let kept = KeptOff { object: object.clone(), reason, by, since: self.ground.now() };
        let summary = format!("The {object} is to be kept disabled: {}.", kept.reason.trim_end_matches('.'));
        self.save(cx, id, object, summary, move |desired| desired.with_off(kept)).await
    }

    /// Says that an object is to be in service.
    pub async fn keep_on(&self, cx: &WriteCx, id: ClusterId, form: &KeepOffForm) -> Result<(), Failure> {
        self.ground.cluster_in_scope(cx, id).await?;
        let object = form.object()?;
        let summary = format!("The {object} is to be enabled.");
        let gone = object.clone();
        self.save(cx, id, object, summary, move |desired| desired.with_on(&gone)).await
    }

    /// Read, compared and written in one job, so that nobody's save between is lost.
    async fn save(
        &self,
        cx: &WriteCx,
        id: ClusterId,
        object: ObjectRef,
        summary: String,
        edit: impl FnOnce(&Desired) -> Desired + Send + 'static,
    ) -> Result<(), Failure> {
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        let sighting = sighting(&self.ground, cluster.appliance).await?;
        let snapshot = sighting.seen.map(|(_, snapshot, _)| snapshot).unwrap_or_default();
        let detail = serde_json::json!({ "object": object });
        let saving = Saving { steps: Vec::new(), form: None, drawn_from: None, summary, detail };
        self.setup.save(cx, &cluster, saving, move |before| {
            if let Some(source) = engine::autoscale::of(&snapshot, &object) {
                return Err(FieldErrors::one("", engine::autoscale::sentence(object.part(0), &source)));
            }
            if engine::wanted::target(before, &snapshot).wants(&object) {
                return Ok(edit(before));
            }
            let sentence = format!(
                "The {object} is not part of this set-up any more, so nothing is said about it. Open the page again; it shows \
                 what there is."
            );
            Err(FieldErrors::one("", sentence))
        })
        .await
    }
}
