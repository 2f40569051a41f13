//! The page of switches: what is enabled, and the forms that turn it by a plan.

use crate::support::{Browser, Console, SECRET, lab, until};

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
