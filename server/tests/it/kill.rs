//! Stop anywhere (invariant 4): kill -9 at three points of a run; the next start says what is in doubt, going on ends
//! in the desired state, and nothing is sent twice.

use crate::support::{Browser, Console, lab, until};
use lab::{FaultSpec, Lab};
use std::collections::BTreeMap;

fn fault(fault: &str, resource: &str, action: Option<&str>) -> FaultSpec {
    FaultSpec {
        target: "10.0.0.10".into(),
        fault: fault.into(),
        times: 1,
        method: Some("POST".into()),
        resource: Some(resource.into()),
        action: action.map(Into::into),
        ..FaultSpec::default()
    }
}

/// All configuration changes that reached the lab, by what they do.
fn writes(lab: &Lab) -> BTreeMap<String, (usize, usize)> {
    let mut counted: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let logins = ["/login", "/logout"];
    for request in lab.requests() {
        if request.method == "GET" || logins.iter().any(|end| request.path.ends_with(end)) {
            continue;
        }
        let key = format!("{} {}?{} {}", request.method, request.path, request.query, request.body);
        let count = counted.entry(key).or_default();
        count.0 += 1;
        count.1 += usize::from(request.status.is_some_and(|status| status < 300));
    }
    counted
}

/// Kills the console when the faulty request has arrived, starts it again, goes on.
async fn killed_at(point: FaultSpec, doubtful: &str) -> (Lab, BTreeMap<String, (usize, usize)>) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let lab = lab().await;
    let console = Console::start(&data).await;
    let mut browser = Browser::new(&console.base);
    browser.first_use(console.first_use.as_deref().expect("a one-time token")).await;
    assert_eq!(browser.add_appliance(&lab).await, "/appliances/1");
    assert_eq!(browser.plan_mdm().await, "/clusters/1/plans/1");

    let resource = point.resource.clone().unwrap();
    let action = point.action.clone();
    lab.fault(point).await.unwrap();
    let run = browser.led("/rpc/apply", &[("cluster", "1"), ("plan", "1")]).await;
    until("the faulty request has arrived", async || {
        lab.requests().iter().any(|request| {
            request.method == "POST"
                && request.path.ends_with(&format!("/{resource}"))
                && action.as_ref().is_none_or(|action| request.query.contains(action.as_str()))
        })
    })
    .await;
    console.kill().await;
    lab.clear_faults().await.unwrap();
    let sent_before: usize = writes(&lab).values().map(|(sent, _)| sent).sum();

    let console = Console::start(&data).await;
    let browser = Browser::with_session(&console.base, browser.session());
    let page = browser.page(&run).await;
    assert!(page.contains("In doubt: operation"), "{page}");
    assert!(page.contains("Resume"), "{page}");
    assert!(page.contains(doubtful), "{page}");
    let log = browser.page("/audit?kind=run.interrupted").await;
    assert!(log.contains("Interrupted: Gatehouse stopped before"), "{log}");
    let sent_after: usize = writes(&lab).values().map(|(sent, _)| sent).sum();
    assert_eq!(sent_before, sent_after, "starting again sends nothing by itself");

    assert_eq!(browser.led("/rpc/resume", &[("cluster", "1"), ("run", run.rsplit('/').next().unwrap())]).await, run);
    until("the run has succeeded", async || browser.page(&run).await.contains("data-status=\"succeeded\"")).await;

    let plan = browser.led("/rpc/make_plan", &[("cluster", "1")]).await;
    let page = browser.page(&plan).await;
    assert!(page.contains("there is nothing to apply"), "planning again gives an empty plan: {page}");
    let counted = writes(&lab);
    for (write, (_, effective)) in &counted {
        assert_eq!(*effective.max(&1), 1, "took effect more than once: {write}");
    }
    assert_eq!(lab.state()["appliances"][0]["configchanged"], false, "the configuration is saved");
    (lab, counted)
}

/// How often the virtual server was sent, alone or with another one, and how often it took effect.
fn of_vserver(counted: &BTreeMap<String, (usize, usize)>) -> (usize, usize) {
    let sent =
        counted.iter().filter(|(write, _)| write.contains("/lbvserver?") && write.contains("xms-berlin-mdm-443\""));
    sent.fold((0, 0), |(sent, effective), (_, count)| (sent + count.0, effective + count.1))
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_intent_that_never_took_effect() {
    let (lab, counted) =
        killed_at(fault("hang_before", "lbvserver", None), "Add virtual server xms-berlin-mdm-443").await;
    assert_eq!(of_vserver(&counted), (2, 1), "lost once with the other one, read, then sent once more by itself");
    assert_eq!(lab.cli().iter().filter(|line| line.line.starts_with("add lb vserver xms-berlin-mdm-443 ")).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_sent_call_whose_answer_was_lost() {
    let (lab, counted) =
        killed_at(fault("hang_after", "lbvserver", None), "Add virtual server xms-berlin-mdm-443").await;
    assert_eq!(of_vserver(&counted).0, 1, "it was there when read again, so it was not sent again");
    assert_eq!(lab.cli().iter().filter(|line| line.line.starts_with("add lb vserver xms-berlin-mdm-443 ")).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_save() {
    let (lab, counted) = killed_at(fault("hang_before", "nsconfig", Some("save")), "Save the configuration").await;
    let saves: Vec<_> = counted.iter().filter(|(write, _)| write.contains("/nsconfig?")).collect();
    assert_eq!(saves.len(), 1);
    assert_eq!(*saves[0].1, (2, 1));
    assert_eq!(lab.cli().last().map(|line| line.line.as_str()), Some("save ns config"));
}

#[tokio::test(flavor = "multi_thread")]
async fn as_soon_as_it_is_ready_it_can_be_asked_to_stop() {
    let folder = tempfile::tempdir().unwrap();
    Console::start(&folder.path().join("data")).await.stop().await;
    let log = std::fs::read_to_string(folder.path().join("console.log")).unwrap();
    assert!(log.contains("Asked to stop."), "an orderly stop: {log}");
}
