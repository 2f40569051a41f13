//! One row for each fault that only a pair can have: they strike writes, so a run meets each.

use crate::{bench::Bench, judged::names, pages, support::mdm_form, walk::walk};
use lab::{FaultSpec, Options, Pair};
use model::{
    ActNo,
    desired::MdmForm,
    finding::CheckCode::{self, Primary},
    run::RunStatus,
};
use services::StepForm;

/// How the pair comes right again after the switch is off.
#[derive(Clone, Copy)]
enum Way {
    /// Somebody lets the roles change back.
    Failover,
    /// Somebody orders a synchronisation.
    Synchronisation,
}

struct Row {
    fault: &'static str,
    /// How the run ends that meets it.
    ends: RunStatus,
    code: CheckCode,
    says: &'static str,
    way: Way,
}

/// 10.0.0.10 is the secondary then, and its address is the one that Gatehouse has.
const ROLES: &str = "The appliance that was read is the secondary of its pair.";
const LOST: &str = "is done here and not on the peer 10.0.0.11.";

const fn roles(fault: &'static str, ends: RunStatus) -> Row {
    Row { fault, ends, code: Primary, says: ROLES, way: Way::Failover }
}

const fn lost(fault: &'static str) -> Row {
    Row { fault, ends: RunStatus::HereOnly, code: CheckCode::Pair, says: LOST, way: Way::Synchronisation }
}

const ROWS: &[Row] = &[
    // Refused by the secondary: that is certain. Done before the roles changed and not answered for: that is in doubt.
    roles("failover_before", RunStatus::Failed),
    roles("failover_after", RunStatus::Interrupted),
    lost("propagation_failed"),
    lost("propagation_refused"),
    lost("peer_unreachable"),
    lost("peer_silent"),
];

pub fn faults() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.fault)
}

const TARGET: &str = "10.0.0.10";

async fn ready() -> Bench {
    Bench::ready(Options { pair: Some(Pair::default()), ..Options::default() }).await
}

/// The first write of a run meets the fault.
async fn injected(bench: &Bench, row: &Row) -> Result<ActNo, String> {
    let world = &bench.world;
    // Another one in each row: something is to be done, whatever the lab did before.
    let place = ROWS.iter().position(|other| other.fault == row.fault).unwrap();
    let form = MdmForm { timeout: (21 + place).to_string(), ..mdm_form() };
    world.save(bench.id, StepForm::Mdm(form)).await.unwrap();
    let plan = world.services.plans().make(&world.cx.writer().unwrap(), bench.id).await.unwrap();
    bench
        .fault(FaultSpec {
            target: TARGET.into(),
            fault: row.fault.into(),
            times: 1,
            method: Some("PUT".into()),
            resource: Some("lbvserver".into()),
            ..FaultSpec::default()
        })
        .await;
    let run = world.applied(plan).await.run;
    if run.status != row.ends {
        return Err(format!("the run is {:?}: {}", run.status, run.note));
    }
    bench.looks().await;
    let view = bench.view().await;
    names(&view, row.code, row.says, &[row.code])?;
    pages::name(bench, &view, row.code, row.says).await?;
    Ok(run.act)
}

/// What the run left undone is done when somebody goes on with it.
async fn lifted(bench: &Bench, row: &Row, act: ActNo) -> Result<(), String> {
    let (world, writer) = (&bench.world, bench.world.cx.writer().unwrap());
    world.lab.lift(TARGET, row.fault).await.unwrap();
    // What synchronises by itself after a change of roles has ended.
    bench.pass(60).await;
    match row.way {
        Way::Failover => world.lab.failover().unwrap(),
        Way::Synchronisation => world.services.pairs().synchronise(&writer, bench.id).await.unwrap(),
    }
    bench.pass(60).await;
    let run = world.resumed(act).await.run;
    if run.status != RunStatus::Succeeded {
        return Err(format!("the run that goes on is {:?}: {}", run.status, run.note));
    }
    bench.looks().await;
    pages::are_well(bench).await.map_err(|why| format!("after it was lifted, {why}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_of_a_pair_is_named_and_goes_again() {
    walk(ROWS.iter().map(|row| (row.fault, row)), ready, async |bench, _, row| {
        let act = injected(bench, row).await?;
        lifted(bench, row, act).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_is_off_is_named_and_its_return_is_seen() {
    let bench = ready().await;
    bench.world.lab.power_off([10, 0, 0, 11].into()).await.unwrap();
    bench.pass(60).await;
    bench.looks().await;
    let (view, says) = (bench.view().await, "The peer 10.0.0.11 does not answer its other half.");
    assert_eq!(names(&view, CheckCode::Pair, says, &[CheckCode::Pair]), Ok(()));
    assert_eq!(pages::name(&bench, &view, CheckCode::Pair, says).await, Ok(()));
    bench.world.lab.clear_faults().await.unwrap();
    bench.pass(120).await;
    bench.looks().await;
    assert_eq!(pages::are_well(&bench).await, Ok(()));
}
