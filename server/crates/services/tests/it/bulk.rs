//! What goes in one request goes to a real appliance: fewer requests, the same records, the same care.

use crate::support::{World, world};
use lab::FaultSpec;
use model::{
    ActNo,
    plan::ApplyForm,
    record::RecordKind,
    run::{CallDetail, OpState, Run, RunStatus},
};

/// A write to the configuration. Logging in and out is none.
fn is_write(request: &lab::RequestRecord) -> bool {
    request.method != "GET" && !["/login", "/logout"].iter().any(|end| request.path.ends_with(end))
}

fn writes(world: &World) -> usize {
    world.lab.requests().iter().filter(|request| is_write(request)).count()
}

/// Strikes the first request of this kind, after some that pass.
async fn strike(world: &World, fault: &str, resource: &str, ms: u64) {
    let spec = FaultSpec {
        target: "netscaler".into(),
        fault: fault.into(),
        times: 1,
        ms,
        resource: Some(resource.into()),
        method: Some("POST".into()),
        ..FaultSpec::default()
    };
    world.lab.fault(spec).await.unwrap();
}

async fn resumed(world: &World, act: ActNo) -> Run {
    let mut heard = world.services.listen();
    world.services.runs().resume(&world.cx.writer().unwrap(), act).await.unwrap();
    loop {
        let run = world.services.runs().show(&world.cx, act).await.unwrap().run;
        if run.status != RunStatus::Running {
            return run;
        }
        heard.recv().await.unwrap();
    }
}

/// What the log says of each operation, in the order written: its number, its command, and whether it is a result.
async fn calls(world: &World, act: ActNo) -> Vec<(bool, CallDetail)> {
    let query = model::log::LogQuery::default();
    let mut records = world.log(&world.cx, &query).await;
    records.retain(|record| record.act == act);
    records.sort_by_key(|record| record.id);
    let call = |record: model::record::Record| match record.entry.kind {
        kind @ (RecordKind::CallIntent | RecordKind::CallResult) => {
            Some((kind == RecordKind::CallResult, serde_json::from_value(record.entry.detail).unwrap()))
        }
        _ => None,
    };
    records.into_iter().filter_map(call).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_procedure_goes_in_fewer_requests_than_operations() {
    let world = world().await;
    let id = world.whole().await;
    let writer = world.cx.writer().unwrap();
    let plan = world.services.plans().make(&writer, id).await.unwrap();
    let operations = world.services.plans().show(&world.cx, plan).await.unwrap().plan.operations.len();
    let before = writes(&world);
    let done = world.applied(plan).await;
    assert_eq!(done.run.status, RunStatus::Succeeded, "{}", done.run.note);
    let sent = writes(&world) - before;
    // Two features, the servers, the groups, the members, the virtual servers, their bindings, the certificate, the
    // record, the Gateway's pointer, its session action, the save.
    assert_eq!((operations, sent), (28, 12));
    assert_eq!(world.lab.cli().len(), 28, "a command for each operation all the same");
    // Reading back takes one a request; that of the save comes after the last write.
    let requests = world.lab.requests();
    let (first, last) = (requests.iter().position(is_write).unwrap(), requests.iter().rposition(is_write).unwrap());
    assert_eq!(requests[first..last].iter().filter(|request| request.method == "GET").count(), 11);

    let back = world.services.plans().make_undo(&writer, done.run.act).await.unwrap();
    let undone = world.applied(back).await;
    assert_eq!(undone.run.status, RunStatus::Succeeded, "{}", undone.run.note);
    // Brought back once more, from an appliance that has been emptied by us.
    let again = world.services.plans().make(&writer, id).await.unwrap();
    let before = writes(&world);
    assert_eq!(world.applied(again).await.run.status, RunStatus::Succeeded);
    assert_eq!(writes(&world) - before, 10, "the features stayed on");
    let empty = world.services.plans().make(&writer, id).await.unwrap();
    assert!(world.services.plans().show(&world.cx, empty).await.unwrap().plan.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_of_a_batch_has_its_own_intent_and_result() {
    let world = world().await;
    let id = world.cluster().await;
    let plan = world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
    let act = world.applied(plan).await.run.act;
    let calls = calls(&world, act).await;
    let told = |results: bool| calls.iter().filter(move |(result, _)| *result == results).map(|(_, call)| call);
    let written: Vec<String> = world.lab.cli().into_iter().map(|line| line.line).collect();
    assert!(told(false).map(|call| &call.cli).eq(&written), "{written:#?}");
    assert!(told(true).map(|call| &call.cli).eq(&written), "{written:#?}");
    for (seq, result) in (1u32..).zip(told(true)) {
        assert_eq!(result.seq, seq);
        let intent = calls.iter().position(|(result, call)| !result && call.seq == seq).unwrap();
        assert!(intent < calls.iter().position(|(result, call)| *result && call.seq == seq).unwrap());
        // Its own object, not the list that it went in.
        assert!(result.body.as_ref().is_none_or(serde_json::Value::is_object), "{result:?}");
    }
    let together = told(true).filter(|call| call.note.contains("It went in one request with")).count();
    assert_eq!(together, 15, "all but two features and the save");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_to_several_is_read_and_not_sent_again() {
    for (fault, status) in [("reset_after", RunStatus::Succeeded), ("reset_before", RunStatus::Interrupted)] {
        let world = world().await;
        let id = world.cluster().await;
        let plan = world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
        strike(&world, fault, "server", 0).await;
        let run = world.applied(plan).await.run;
        assert_eq!(run.status, status, "{fault}: {}", run.note);
        if status == RunStatus::Interrupted {
            assert_eq!(run.in_doubt(), [3, 4, 5]);
            let run = resumed(&world, run.act).await;
            assert_eq!(run.status, RunStatus::Succeeded, "{}", run.note);
        }
        let servers = world.lab.cli().iter().filter(|line| line.line.starts_with("add server ")).count();
        assert_eq!(servers, 3, "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appliance_that_stops_in_the_middle_is_understood() {
    let world = world().await;
    let id = world.cluster().await;
    let writer = world.cx.writer().unwrap();
    let plan = world.services.plans().make(&writer, id).await.unwrap();
    // While the first feature's answer is on its way, somebody makes one of our servers.
    strike(&world, "slow", "nsfeature", 2_000).await;
    let mut heard = world.services.listen();
    let act = world.services.runs().apply(&writer, plan, &ApplyForm::default()).await.unwrap();
    while world.count("POST", "/nsfeature") == 0 {
        tokio::task::yield_now().await;
    }
    world.raw(reqwest::Method::POST, "server", r#"{"server":{"name":"xms02","ipaddress":"10.20.30.12"}}"#).await;
    let run = loop {
        let run = world.services.runs().show(&world.cx, act).await.unwrap().run;
        if run.status != RunStatus::Running {
            break run;
        }
        heard.recv().await.unwrap();
    };
    assert_eq!(run.status, RunStatus::Failed, "{}", run.note);
    let bulk = world.lab.requests().into_iter().find(|request| request.body["server"].is_array()).unwrap();
    assert_eq!((bulk.status, bulk.errorcode), (Some(207), Some(1243)));
    // Which of the two that are there was refused is not said, so neither is claimed.
    let states: Vec<OpState> = run.operations.iter().map(|operation| operation.state).collect();
    assert_eq!(
        states[..6],
        [OpState::Confirmed, OpState::Confirmed, OpState::Failed, OpState::Failed, OpState::Failed, OpState::Planned]
    );
    assert!(run.operations[2].note.contains("does not say which"), "{}", run.operations[2].note);
    assert!(run.operations[4].note.starts_with("Not reached"), "{}", run.operations[4].note);
    // A new plan goes on from what is there.
    let again = world.services.plans().make(&writer, id).await.unwrap();
    let done = world.applied(again).await.run;
    assert_eq!(done.status, RunStatus::Succeeded, "{}", done.note);
}
