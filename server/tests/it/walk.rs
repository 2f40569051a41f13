//! What every answer carries, whatever was asked, and forms that are sent twice.

use crate::support::{Browser, Console, PASSWORD, SECRET, lab, location, token, until};
use reqwest::StatusCode;

/// A console with an admin, signed in.
async fn console() -> (tempfile::TempDir, Console, Browser) {
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start(&folder.path().join("data")).await;
    let mut browser = Browser::new(&console.base);
    browser.first_use(console.first_use.as_deref().unwrap()).await;
    (folder, console, browser)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_for_our_own_pages_alone() {
    let (_folder, console, browser) = console().await;
    let response = browser.send("/rpc/sign_in", &[("name", "ada"), ("password", PASSWORD)]).await;
    let cookies: Vec<_> =
        response.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let session = cookies.iter().find(|value| value.starts_with("gatehouse=")).unwrap();
    assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax"), "{session}");
    let forged = Browser::with_session(&console.base, &format!("gatehouse={}", token()));
    assert_eq!(forged.get("/").await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_sites_cannot_send_our_forms() {
    let (_folder, console, browser) = console().await;
    let client = reqwest::Client::builder().build().unwrap();
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "http://evil.example"),
        ("x-nothing", "at-all"),
    ] {
        let response = client
            .post(format!("{}/rpc/add_cluster", console.base))
            .header("cookie", browser.session())
            .header("content-type", "application/x-www-form-urlencoded")
            .header(name, value)
            .body(format!("token={}&title=x", token()))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{name}: {value}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_guarded() {
    let (_folder, _console, browser) = console().await;
    for page in ["/", "/nowhere", "/clusters/99", "/clusters/nonsense", "/pkg/none.js", "/audit/999999", "/health"] {
        let response = browser.get(page).await;
        let headers = response.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{page}: {policy}");
        assert!(!policy.contains("unsafe-inline"), "{page}: {policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{page}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{page}");
        let status = response.status();
        let expected = if ["/", "/health"].contains(&page) { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(status, expected, "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_on_apply_makes_one_run() {
    let lab = lab().await;
    let (_folder, _console, browser) = console().await;
    browser.add_appliance(&lab).await;
    browser.plan_mdm().await;
    let (once, fields) = (browser.token_for("/rpc/apply").await, [("cluster", "1"), ("plan", "1")]);
    let clicks = futures::future::join_all((0..4).map(|_| browser.send_with("/rpc/apply", &once, &fields))).await;
    let led: Vec<String> = clicks.iter().map(location).collect();
    assert!(led.iter().all(|path| path == &led[0] && path.contains("/runs/")), "{led:?}");
    // Another form of the same plan, from another tab.
    assert_eq!(browser.led("/rpc/apply", &fields).await, led[0]);
    until("the run has ended", async || browser.page(&led[0]).await.contains("data-status=\"succeeded\"")).await;
    let log = browser.page("/audit?kind=run.begun").await;
    assert_eq!(log.matches("Applying plan 1").count(), 1, "{log}");
    let adds = lab.cli().iter().filter(|line| line.line.starts_with("add lb vserver xms-berlin-mdm-443 ")).count();
    assert_eq!(adds, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_goes_away_does_not_stop_what_it_began() {
    let lab = lab().await;
    let (_folder, _console, browser) = console().await;
    browser.add_appliance(&lab).await;
    browser.plan_mdm().await;
    // A tab that is closed while the appliance is being read for a plan.
    let begun = async || {
        let log = browser.get("/audit.csv?kind=plan.begun").await.text().await.unwrap();
        log.lines().filter(|line| line.contains("Plan for Berlin begun.")).count()
    };
    let before = begun().await;
    let slow = lab::FaultSpec {
        target: "netscaler".into(),
        fault: "slow".into(),
        ms: 500,
        // The observer may ask for it meanwhile.
        times: 3,
        method: Some("GET".into()),
        resource: Some("lbvserver".into()),
        ..lab::FaultSpec::default()
    };
    lab.fault(slow).await.unwrap();
    let planning = tokio::spawn({
        let browser = browser.clone();
        async move { browser.send("/rpc/make_plan", &[("cluster", "1")]).await }
    });
    until("planning has begun", async || begun().await > before).await;
    planning.abort();
    until("the plan is there", async || browser.get("/clusters/1/plans/2").await.status() == StatusCode::OK).await;
    // The second click of a double click aborts the first request; a closed tab aborts both.
    let (once, fields) = (browser.token_for("/rpc/apply").await, [("cluster", "1"), ("plan", "1")]);
    for _ in 0..2 {
        let sending = browser.send_with("/rpc/apply", &once, &fields);
        let gone = tokio::time::timeout(std::time::Duration::from_millis(2), sending).await;
        drop(gone);
    }
    let led = browser.led("/rpc/apply", &fields).await;
    until("the run has ended", async || browser.page(&led).await.contains("data-status=\"succeeded\"")).await;
    let log = browser.page("/audit?kind=run.begun").await;
    assert_eq!(log.matches("Applying plan 1").count(), 1, "{log}");
    // The appliance is free again: another plan is made and has nothing to do.
    let plan = browser.led("/rpc/make_plan", &[("cluster", "1")]).await;
    assert!(browser.page(&plan).await.contains("there is nothing to apply"));
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_never_leave() {
    let lab = lab().await;
    let (folder, console, browser) = console().await;
    browser.add_appliance(&lab).await;
    browser.plan_mdm().await;
    let run = browser.led("/rpc/apply", &[("cluster", "1"), ("plan", "1")]).await;
    until("the run has ended", async || browser.page(&run).await.contains("data-status=\"succeeded\"")).await;
    // A form that fails with a password in it.
    let failing = [("intent", "add"), ("title", ""), ("address", "x y"), ("user", "nsroot"), ("password", SECRET)];
    assert_eq!(browser.led("/rpc/add_appliance", &failing).await, "/appliances/new");

    let session = browser.session().split_once('=').unwrap().1.to_owned();
    let secrets = [SECRET, PASSWORD, session.as_str()];
    let mut pages = vec!["/appliances/new".to_owned(), "/appliances/1".to_owned(), run, "/audit".to_owned()];
    pages.extend((1..60).map(|id| format!("/audit/{id}")));
    for page in pages {
        let text = browser.get(&page).await.text().await.unwrap();
        assert!(secrets.iter().all(|secret| !text.contains(secret)), "{page} shows a secret");
    }
    let log = console.log();
    assert!(secrets.iter().all(|secret| !log.contains(secret)), "the log shows a secret");
    for entry in walk(folder.path()) {
        let bytes = std::fs::read(&entry).unwrap();
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{} holds a secret in the clear", entry.display());
        }
    }
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // Neither: the socket for sub-commands.
        if path.is_dir() {
            files.extend(walk(&path));
        } else if path.is_file() {
            files.push(path);
        }
    }
    files
}
