//! Adapters by themselves: a ground, the appliances' clients and a lab, and no console.

use super::{NetScaler, RunJournal};
use crate::{
    Failure, Refusal,
    cx::entry,
    ground::{Ground, testing::ground},
    pool::{Pool, about},
};
use engine::{Mode, Observe, RunOutcome};
use lab::{Lab, Options};
use model::{
    ApplianceId, PairRole,
    appliance::{ApplianceForm, ApplianceSpec, fingerprint_text},
    cluster::ClusterForm,
    desired::{Desired, Form, MdmForm, NodesForm},
    object::ObjectRef,
    read_error::{ReadError, ReadErrorKind},
    record::{Actor, RecordKind},
};
use std::{collections::BTreeSet, sync::Arc};
use store::{appliances::add_appliance_in, clusters::add_cluster_in};

const PASSWORD: &str = "nsroot-secret";

struct Beside {
    _lab: Lab,
    _folder: tempfile::TempDir,
    ground: Arc<Ground>,
    pool: Pool,
    appliance: ApplianceId,
    spec: ApplianceSpec,
}

impl Beside {
    async fn a_lab() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let lab = lab::start(Options { password: Some(PASSWORD.into()), ..Options::default() }).await.unwrap();
        let description = lab.description();
        let form = ApplianceForm {
            title: "Lab".into(),
            address: "https://10.0.0.10".into(),
            user: "nsroot".into(),
            connect: "socks5".into(),
            via: description.socks.clone(),
            pin: fingerprint_text(&description.netscaler[0].fingerprint),
            ..ApplianceForm::default()
        };
        let spec = form.parse().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let ground = ground(folder.path()).await;
        let (sealed, at, added) = (ground.vault.seal(PASSWORD, &about(&spec)).unwrap(), ground.now(), spec.clone());
        let add =
            ground.store.write(move |conn| Box::pin(async move { add_appliance_in(conn, &added, &sealed, at).await }));
        let appliance = add.await.unwrap();
        Self { _lab: lab, _folder: folder, pool: Pool::new(ground.clone()), ground, appliance, spec }
    }

    async fn connect(&self) -> Result<NetScaler, ReadError> {
        NetScaler::connect(&self.ground, &self.pool, self.appliance).await
    }

    /// As when somebody enters it.
    async fn password_is(&self, password: &str) {
        let sealed = self.ground.vault.seal(password, &about(&self.spec)).unwrap();
        self.ground.store.set_secret(self.appliance, &sealed).await.unwrap();
    }

    async fn is_refused(&self) -> bool {
        let usable = self.pool.client(self.appliance).await;
        matches!(usable, Err(Failure::Refused(Refusal::CredentialRefused { .. })))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_carried_out_by_the_ports_alone() {
    let beside = Beside::a_lab().await;
    let Beside { ground, appliance, .. } = &beside;
    let form = ClusterForm { title: "Berlin".into(), fqdn: "xms.example.com".into(), appliance: appliance.to_string() };
    let (new, at) = (form.parse().unwrap(), ground.now());
    let add = ground.store.write(move |conn| Box::pin(async move { add_cluster_in(conn, &new, at).await }));
    let cluster = add.await.unwrap().id;
    let nodes = NodesForm { nodes: "10.20.30.11 xms01\n10.20.30.12 xms02".into() };
    let mdm = MdmForm { vip: "10.20.40.51".into(), ..MdmForm::fresh("Berlin") };
    let desired = mdm.apply(&nodes.apply(&Desired::default()).unwrap()).unwrap();

    let netscaler = beside.connect().await.unwrap();
    let before = netscaler.snapshot().await.unwrap();
    let plan = engine::plan_keeping(&desired, &before, &BTreeSet::new(), &BTreeSet::new());
    assert!(plan.operations.len() > 5 && plan.conflicts.is_empty(), "{plan:?}");
    let begun = entry(Actor::gatehouse(), at, RecordKind::RunBegun, "Applying it.");
    let act = ground.store.append(&begun).await.unwrap().act;
    let journal = RunJournal {
        ground: ground.clone(),
        act,
        actor: Actor::gatehouse(),
        cluster,
        appliance: *appliance,
        removed: Vec::new(),
    };
    let outcome = engine::execute(&plan, &[], Mode::Fresh, &netscaler, &netscaler, &journal).await;
    assert!(matches!(outcome, RunOutcome::Succeeded), "{outcome:?}");

    let records = ground.store.of_act(act).await.unwrap();
    let count = |kind: RecordKind| records.iter().filter(|record| record.entry.kind == kind).count();
    let all = plan.operations.len();
    assert_eq!((count(RecordKind::CallIntent), count(RecordKind::CallResult)), (all, all));
    let owned = ground.store.owned_by(*appliance, cluster).await.unwrap();
    let mdm = desired.listeners().next().unwrap();
    assert!(owned.contains(&ObjectRef::vserver(&mdm.vserver)), "{owned:?}");
    let after = netscaler.snapshot().await.unwrap();
    assert!(engine::plan_keeping(&desired, &after, &owned, &BTreeSet::new()).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_about_the_password_that_was_shown_and_about_no_newer_one() {
    let beside = Beside::a_lab().await;
    beside.password_is("not this one").await;
    let old = beside.connect().await.unwrap();
    beside.password_is(PASSWORD).await;
    assert!(old.snapshot().await.is_err());
    assert!(!beside.is_refused().await, "somebody has entered another one meanwhile");
    assert_eq!(beside.connect().await.unwrap().role().await.unwrap(), PairRole::Primary, "which is shown at once");

    beside.password_is("nor this one").await;
    let wrong = beside.connect().await.unwrap();
    let refused = wrong.role().await.unwrap_err();
    assert!(beside.is_refused().await, "{refused:?}");
    let Err(error) = beside.connect().await else { panic!("it is not tried again") };
    assert!(error.kind == ReadErrorKind::Account && error.sentence().contains("not tried again"), "{error:?}");
}
