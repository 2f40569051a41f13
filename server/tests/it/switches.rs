//! The page of switches: what is enabled, and the forms that turn it by a plan.

use crate::support::{Browser, Console, PASSWORD, SECRET, lab, until};

const OBJECT: &str = r#"{"kind":"lb_vserver","key":["xms-berlin-mdm-443"]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_is_turned_by_a_reason_and_a_plan() {
    let (lab, folder) = (lab().await, tempfile::tempdir().unwrap());
    let console = Console::start(&folder.path().join("data")).await;
    let mut ada = Browser::new(&console.base);
    ada.first_use(console.first_use.as_deref().unwrap()).await;
    assert_eq!(ada.add_appliance(&lab).await, "/appliances/1");
    ada.plan_mdm().await;
    let run = ada.led("/rpc/apply", &[("cluster", "1"), ("plan", "1")]).await;
    until("the run has ended", async || ada.page(&run).await.contains("data-status=\"succeeded\"")).await;
    // The monitors have had their time.
    lab.advance(std::time::Duration::from_secs(30)).await;
    until("all of it was seen", async || {
        ada.page("/clusters/1/switches").await.matches("<tr data-object=").count() == 13
    })
    .await;

    // Without a reason nothing is saved, and the form says what is missing, beside what it is about.
    let fields = [("cluster", "1"), ("object", OBJECT), ("reason", " ")];
    assert_eq!(ada.led("/rpc/keep_disabled", &fields).await, "/clusters/1/switches");
    let page = ada.page("/clusters/1/switches").await;
    assert!(page.contains("Say why the virtual server xms-berlin-mdm-443 is to stay disabled"), "{page}");
    assert_eq!(page.matches("class=\"field-error\"").count(), 1);

    let fields = [("cluster", "1"), ("object", OBJECT), ("reason", "the site is moved")];
    let plan = ada.led("/rpc/keep_disabled", &fields).await;
    let page = ada.page(&plan).await;
    assert!(page.contains("disable lb vserver xms-berlin-mdm-443") && page.contains("the site is moved"), "{page}");
    assert!(page.contains("Takes out of service: "), "{page}");
    let number = plan.rsplit('/').next().unwrap().to_owned();
    let run = ada.led("/rpc/apply", &[("cluster", "1"), ("plan", &number)]).await;
    until("the run has ended", async || ada.page(&run).await.contains("data-status=\"succeeded\"")).await;
    until("it was seen", async || ada.page("/clusters/1/switches").await.contains("kept disabled")).await;
    let cluster = ada.page("/clusters/1").await;
    assert!(
        cluster.contains("is kept disabled on purpose") && cluster.contains("href=\"/clusters/1/switches\""),
        "{cluster}"
    );

    // Somebody disables a server by hand: its plan offers to enable it, and says what stays as it is.
    let http = &lab.description().netscaler[0].http;
    let body = r#"{"server":{"name":"xms02"}}"#;
    let answer = reqwest::Client::builder()
        .build()
        .unwrap()
        .post(format!("{http}/nitro/v1/config/server?action=disable"))
        .header("X-NITRO-USER", "nsroot")
        .header("X-NITRO-PASS", SECRET)
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success());
    // What was found offers the plan that mends it, with the time since when it is so, wherever it stands.
    let found = |page: &str| -> Option<String> {
        let mut findings = page.split("<li ").filter(|part| part.contains("class=\"finding\""));
        findings.find(|part| part.contains("Server xms02 (10.20.30.12) was switched off by hand")).map(str::to_owned)
    };
    until("it was found", async || found(&ada.page("/clusters/1").await).is_some()).await;
    let (cluster, node) = ("/clusters/1", "/clusters/1/nodes/10.20.30.12");
    for path in [cluster, node] {
        let finding = found(&ada.page(path).await).unwrap();
        assert!(finding.contains("action=\"/rpc/make_plan\"") && finding.contains("Plan the repair"), "{finding}");
        assert!(finding.contains("since <time datetime="), "{finding}");
    }
    assert!(ada.page("/").await.contains("since <time datetime="), "and so does the list");
    let other = ada.page("/clusters/1/nodes/10.20.30.11").await;
    assert!(found(&other).is_none(), "{other}");
    // Who may not plan is led to where it stands what a plan would do.
    let fields = [("name", "vera"), ("role", "viewer"), ("scope", "all"), ("password", PASSWORD)];
    ada.led("/rpc/add_person", &fields).await;
    let mut vera = Browser::new(&console.base);
    vera.sign_in("vera", PASSWORD).await;
    let finding = found(&vera.page(cluster).await).unwrap();
    assert!(!finding.contains("<form") && finding.contains("href=\"/clusters/1/setup\""), "{finding}");

    let plan = ada.led("/rpc/make_plan", &[("cluster", "1")]).await;
    let page = ada.page(&plan).await;
    assert!(page.contains("enable server xms02") && page.contains("Puts back into service: "), "{page}");
    assert!(page.contains("Still wrong after this plan") && page.contains("kept disabled on purpose"), "{page}");
    assert!(!page.contains("as it should be"), "{page}");

    let plan = ada.led("/rpc/enable_again", &[("cluster", "1"), ("object", OBJECT)]).await;
    let page = ada.page(&plan).await;
    assert!(
        page.contains("enable lb vserver xms-berlin-mdm-443") && !page.contains("kept disabled on purpose"),
        "{page}"
    );
}
