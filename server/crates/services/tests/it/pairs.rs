//! A pair in the console: what the other half lacks, and a failover in the middle of a run.

use crate::support::{World, world_on};
use lab::{FaultSpec, Options, Pair};
use model::{
    ApplianceId, ClusterId,
    finding::{CheckCode, Finding, Grade},
    object::ObjectRef,
    record::RecordKind,
    run::{OpState, RunStatus},
    state::Tone,
};
use services::{LogQuery, RunView};
use std::time::Duration;
use tokio::{io::copy_bidirectional, net::TcpListener, sync::watch};

/// An address that leads to the primary, as a SNIP with management access does.
pub struct Follows {
    pub address: String,
    primary: watch::Sender<String>,
}

impl Follows {
    pub async fn new(primary: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, receiver) = watch::channel(primary.to_owned());
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let mut primary = receiver.clone();
                tokio::spawn(async move {
                    let to = primary.borrow_and_update().clone();
                    let Ok(mut there) = tokio::net::TcpStream::connect(to).await else { return };
                    tokio::select! {
                        _ = copy_bidirectional(&mut client, &mut there) => {}
                        // The address moves, and its connections end.
                        _ = primary.changed() => {}
                    }
                });
            }
        });
        Self { address, primary: sender }
    }

    pub fn lead_to(&self, door: &str) {
        self.primary.send_replace(door.to_owned());
    }
}

struct Two {
    world: World,
    follows: Follows,
    doors: [String; 2],
}

impl Two {
    async fn new() -> Self {
        let mut world = world_on(Options { pair: Some(Pair::default()), ..Options::default() }).await;
        let door = |at: usize| world.lab.description().netscaler[at].http.trim_start_matches("http://").to_owned();
        let doors = [door(0), door(1)];
        let follows = Follows::new(&doors[0]).await;
        world.via = Some(follows.address.clone());
        Self { world, follows, doors }
    }

    /// The address follows the primary.
    fn follow(&self, to: usize) {
        self.follows.lead_to(&self.doors[to]);
    }

    async fn fault(&self, fault: &str, after: u64, times: u64) {
        let spec = FaultSpec {
            target: "10.0.0.10".into(),
            fault: fault.into(),
            times,
            after,
            ms: 0,
            method: Some("POST".into()),
            resource: Some("servicegroup".into()),
            action: None,
        };
        self.world.lab.fault(spec).await.unwrap();
    }

    async fn planned(&self, id: ClusterId) -> model::PlanId {
        let writer = self.world.cx.writer().unwrap();
        self.world.services.plans().make(&writer, id).await.unwrap()
    }

    async fn resumed(&self, view: &RunView) -> RunView {
        self.world.resumed(view.run.act).await
    }

    async fn appliance(&self, id: ClusterId) -> ApplianceId {
        self.world.services.clusters().show(&self.world.cx, id).await.unwrap().appliance.id
    }

    async fn look(&self, id: ClusterId) -> Vec<Finding> {
        self.world.services.observer().glance(self.appliance(id).await).await;
        let view = self.world.services.clusters().show(&self.world.cx, id).await.unwrap();
        view.findings.into_iter().filter(|finding| finding.outcome < Grade::NotChecked).collect()
    }

    fn groups(&self, at: usize) -> usize {
        self.world.lab.state()["appliances"][at]["groups"].as_array().map_or(0, Vec::len)
    }
}

fn titles(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.title.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_peer_never_received_ends_the_run_and_the_verdict_until_it_is_in_step() {
    for fault in ["propagation_failed", "propagation_refused", "peer_unreachable", "peer_silent"] {
        let two = Two::new().await;
        let id = two.world.whole().await;
        let plan = two.planned(id).await;
        two.fault(fault, 0, 0).await;
        let done = two.world.applied(plan).await;
        assert_eq!(done.run.status, RunStatus::HereOnly, "{fault}: {}", done.run.note);
        assert!(done.run.note.contains("a failover now would lose it"), "{}", done.run.note);
        assert!(done.run.operations.iter().all(|op| op.state == OpState::Confirmed), "all of it is done here");
        assert_eq!((two.groups(0), two.groups(1)), (3, 0), "{fault}");

        let found = two.look(id).await;
        let pair = found.iter().find(|finding| finding.code == CheckCode::Pair).unwrap_or_else(|| panic!("{found:#?}"));
        assert_eq!(pair.outcome, Grade::Fail, "{pair:#?}");
        assert!(pair.title.contains("done here and not on the peer 10.0.0.11"), "{}", pair.title);
        // Going on looks again, and nothing has changed.
        assert_eq!(two.resumed(&done).await.run.status, RunStatus::HereOnly);

        two.world.lab.clear_faults().await.unwrap();
        two.world.services.pairs().synchronise(&two.world.cx.writer().unwrap(), id).await.unwrap();
        let found = two.look(id).await;
        assert!(found.iter().any(|finding| finding.fix.contains("under way")), "{:?}", titles(&found));
        two.world.lab.advance(Duration::from_secs(30)).await;
        let found = two.look(id).await;
        assert!(found.is_empty(), "{fault}: {:?}", titles(&found));
        assert_eq!(two.groups(1), 3);
        let again = two.resumed(&done).await;
        assert_eq!(again.run.status, RunStatus::Succeeded, "{}", again.run.note);
        let query = LogQuery { kind: Some(RecordKind::PairSyncEnded), ..LogQuery::default() };
        assert_eq!(two.world.log(&two.world.cx, &query).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_synchronisation_by_itself_is_enough_once_it_was_seen() {
    let two = Two::new().await;
    let id = two.world.whole().await;
    let plan = two.planned(id).await;
    two.fault("peer_silent", 0, 1).await;
    let done = two.world.applied(plan).await;
    assert_eq!(done.run.status, RunStatus::HereOnly, "{}", done.run.note);
    // The word for "in step" stays while the peer has not heard of it.
    assert!(two.look(id).await.iter().any(|finding| finding.code == CheckCode::Pair));
    // The secondary's next pull finds the two out of step, and it synchronises.
    let mut seen = false;
    for _ in 0..20 {
        two.world.lab.advance(Duration::from_secs(5)).await;
        seen |= two.look(id).await.iter().any(|finding| finding.fix.contains("under way"));
    }
    assert!(seen, "the synchronisation was seen");
    let found = two.look(id).await;
    assert!(found.is_empty(), "{:?}", titles(&found));
    let view = two.world.services.clusters().show(&two.world.cx, id).await.unwrap();
    let pass = |finding: &Finding| finding.code == CheckCode::Pair && finding.outcome == Grade::Pass;
    assert!(view.findings.iter().any(pass), "{:?}", titles(&view.findings));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_before_a_failover_is_in_doubt_and_ours_on_the_new_primary() {
    let two = Two::new().await;
    let id = two.world.whole().await;
    let plan = two.planned(id).await;
    // The groups go in one request; the roles change when it is done on both, before it is answered.
    two.fault("failover_after", 0, 1).await;
    let stopped = two.world.applied(plan).await;
    assert_eq!(stopped.run.status, RunStatus::Interrupted, "{}", stopped.run.note);
    let doubts = stopped.run.in_doubt();
    assert!(!doubts.is_empty() && stopped.run.operations.iter().all(|op| op.state != OpState::Failed), "{doubts:?}");
    assert!(stopped.run.note.contains("changed roles"), "{}", stopped.run.note);

    // This address is the secondary's now: one finding says so, and its empty copy is judged in nothing.
    let found = two.look(id).await;
    assert_eq!(titles(&found), ["The appliance that was read is the secondary of its pair."]);
    let verdict = two.world.services.clusters().show(&two.world.cx, id).await.unwrap().verdict();
    assert_eq!(verdict.0, Tone::Bad, "{verdict:?}");
    // Planning there takes nothing away from us, though nothing of ours is seen.
    let writer = two.world.cx.writer().unwrap();
    two.world.services.plans().make(&writer, id).await.unwrap();

    // The address follows the primary; what was done is found done, and nothing is sent twice.
    two.follow(1);
    let plan = two.world.services.plans().make(&writer, id).await.unwrap();
    let plan = two.world.services.plans().show(&two.world.cx, plan).await.unwrap().plan;
    let strangers: Vec<&ObjectRef> = plan.conflicts.iter().map(|conflict| &conflict.object).collect();
    assert!(strangers.is_empty(), "what we made is still ours: {strangers:?}");
    two.world.lab.advance(Duration::from_secs(30)).await;
    let resumed = two.resumed(&stopped).await;
    assert_eq!(resumed.run.status, RunStatus::Succeeded, "{}", resumed.run.note);
    let made = two.world.lab.cli().into_iter().filter(|line| line.appliance == "10.0.0.11");
    assert_eq!(made.filter(|line| line.line.starts_with("add serviceGroup")).count(), 3);
    two.world.lab.advance(Duration::from_secs(30)).await;
    let found = two.look(id).await;
    assert!(found.is_empty(), "{:?}", titles(&found));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_is_gone_or_not_told_is_a_warning() {
    let two = Two::new().await;
    let (id, _) = two.world.set_up().await;
    assert!(two.look(id).await.is_empty());
    two.world.lab.power_off([10, 0, 0, 11].into()).await.unwrap();
    two.world.lab.advance(Duration::from_secs(10)).await;
    let found = two.look(id).await;
    assert_eq!(titles(&found), ["The peer 10.0.0.11 does not answer its other half."]);
    assert_eq!(found[0].outcome, Grade::Warn);
    two.world.lab.clear_faults().await.unwrap();
    two.world.lab.advance(Duration::from_mins(2)).await;
    two.look(id).await;
    assert!(two.look(id).await.is_empty());
    two.world.raw(reqwest::Method::PUT, "hanode", r#"{"hanode":{"id":"0","haprop":"DISABLED"}}"#).await;
    let found = two.look(id).await;
    assert!(
        found.iter().any(|f| f.title == "Changes are not passed on to the peer 10.0.0.11."),
        "{:?}",
        titles(&found)
    );
}
