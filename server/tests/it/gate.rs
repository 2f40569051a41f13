//! What may be done with a plan, a run and a set-up, as the pages offer it.

use crate::support::{Browser, Console, SECRET, lab, mdm_fields, until};
use lab::Lab;

async fn console(lab: &Lab) -> (tempfile::TempDir, Console, Browser) {
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start(&folder.path().join("data")).await;
    let mut browser = Browser::new(&console.base);
    browser.first_use(console.first_use.as_deref().unwrap()).await;
    browser.add_appliance(lab).await;
    (folder, console, browser)
}

/// Somebody else at work on the appliance.
async fn raw(lab: &Lab, resource: &str, body: &'static str) {
    let client = reqwest::Client::builder().build().unwrap();
    let request = client
        .post(format!("{}/nitro/v1/config/{resource}", lab.description().netscaler[0].http))
        .header("X-NITRO-USER", "nsroot")
        .header("X-NITRO-PASS", SECRET)
        .header("content-type", "application/json")
        .body(body);
    assert!(request.send().await.unwrap().status().is_success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_found_another_appliance_offers_a_new_plan_and_says_what_moved() {
    let lab = lab().await;
    let (_folder, _console, browser) = console(&lab).await;
    browser.plan_mdm().await;
    raw(&lab, "server", r#"{"server":{"name":"theirs","ipaddress":"10.9.9.9"}}"#).await;
    let run = browser.led("/rpc/apply", &[("cluster", "1"), ("plan", "1")]).await;
    until("the run has ended", async || browser.page(&run).await.contains("data-status=\"failed\"")).await;
    let page = browser.page(&run).await;
    for part in ["What moved", "server theirs", "not there", "Make a new plan", "/rpc/make_plan"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("/rpc/resume"), "resuming would fail in the same way for ever: {page}");
    let plan = browser.led("/rpc/make_plan", &[("cluster", "1")]).await;
    assert!(browser.page(&plan).await.contains("/rpc/apply"));
    // Under another cluster's address neither exists.
    for path in [plan.replace("clusters/1", "clusters/2"), run.replace("clusters/1", "clusters/2")] {
        assert_eq!(browser.get(&path).await.status(), reqwest::StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outdated_plan_says_so_and_has_no_button_that_would_be_refused() {
    let lab = lab().await;
    let (_folder, _console, browser) = console(&lab).await;
    raw(
        &lab,
        "servicegroup",
        r#"{"servicegroup":{"servicegroupname":"xms-berlin-mdm-443-sg","servicetype":"SSL_BRIDGE"}}"#,
    )
    .await;
    let plan = browser.plan_mdm().await;
    let page = browser.page(&plan).await;
    assert!(page.contains("Blocked") && page.contains("name=\"objects[]\" value=\"0\""), "{page}");
    // Nothing is ticked for anybody.
    let back = browser.led("/rpc/adopt", &[("cluster", "1"), ("plan", "1")]).await;
    assert!(browser.page(&back).await.contains("Tick what Gatehouse shall take over"));

    let mut fields = mdm_fields();
    (fields[1].1, fields[4].1) = ("save", "25");
    browser.led("/rpc/save_mdm", &fields).await;
    let page = browser.page(&plan).await;
    assert!(!page.contains("objects[]") && !page.contains("action=\"/rpc/apply\""), "{page}");
    assert!(page.contains("saved version") && page.contains("Plan again"), "{page}");
    let back = browser.led("/rpc/adopt", &[("cluster", "1"), ("plan", "1"), ("objects[]", "0")]).await;
    assert_eq!(back, plan, "nor by hand");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_is_left_out_by_a_button_and_the_version_before_brought_back() {
    let lab = lab().await;
    let (_folder, _console, browser) = console(&lab).await;
    browser.plan_mdm().await;
    let page = browser.page("/clusters/1/setup/mdm").await;
    assert!(page.contains("Leave this step out"), "{page}");
    let fields = [("cluster", "1"), ("step", "mdm"), ("version", "2")];
    assert_eq!(browser.led("/rpc/leave_out", &fields).await, "/clusters/1/setup");
    let page = browser.page("/clusters/1/setup").await;
    for part in ["The MDM step is left out.", "Back to version 2", "not described"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let fields = [("cluster", "1"), ("number", "2"), ("version", "3")];
    assert_eq!(browser.led("/rpc/back_to_version", &fields).await, "/clusters/1/setup");
    assert!(browser.page("/clusters/1/setup").await.contains("The MDM step is described."));
    let log = browser.page("/audit?kind=desired.saved").await;
    assert!(
        log.contains("was taken back to version 2") && log.contains("The MDM step of Berlin was left out"),
        "{log}"
    );
}
