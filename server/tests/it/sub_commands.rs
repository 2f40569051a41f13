//! Sub-commands on the data of a running console: the third door beside pages and `services`, with the same answers.

use crate::{
    form_tokens,
    support::{Browser, Console, NAME, PASSWORD, SECRET, lab, mdm_fields, until},
};
use lab::{FaultSpec, Lab};
use model::{
    ClusterId, PlanId,
    person::{RightsForm, Role, Scope},
    plan::ApplyForm,
    run::RunStatus,
};
use scraper::Html;
use serde_json::Value;
use server::{connections::Limits, http::reach::Reach, local::Socket, serving};
use services::{Failure, Origin, ReadCx, Refusal, Rules, Services, SystemClock};
use std::{
    fs,
    os::unix::fs::{FileTypeExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Output, Stdio},
    sync::Arc,
    time::Duration,
};
use tokio::{process::Command, task::JoinHandle};

/// A console in this process, so that its services can be asked beside its doors.
struct Here {
    services: Services,
    lab: Lab,
    ada: ReadCx,
    browser: Browser,
    serving: JoinHandle<anyhow::Result<()>>,
    folder: tempfile::TempDir,
}

impl Here {
    async fn open() -> Self {
        let (folder, lab) = (tempfile::tempdir().unwrap(), lab().await);
        let console = serving::Console {
            data: folder.path().join("data"),
            listen: ([127, 0, 0, 1], 0).into(),
            reach: Reach::default(),
            limits: Limits::default(),
            // Nobody else reads the appliance: what it is asked is asked by these tests.
            interval: 3_600,
            hints: app::visitor::Hints::default(),
            clock: Arc::<SystemClock>::default(),
            rules: Rules { local_appliances: true, ..Rules::default() },
        };
        let listening = console.open().await.unwrap();
        let (services, base) = (listening.services.clone(), format!("http://{}", listening.address));
        let serving = tokio::spawn(listening.serve());
        services.people().add(NAME, Role::Admin, PASSWORD).await.unwrap();
        let ada = services.sessions().at_console(NAME, Origin::default()).await.unwrap();
        form_tokens::know(&base, &folder.path().join("data"));
        let mut browser = Browser::new(&base);
        browser.sign_in(NAME, PASSWORD).await;
        browser.add_appliance(&lab).await;
        Self { services, lab, ada, browser, serving, folder }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    async fn person(&self, name: &str, role: Role, scope: &Scope) {
        let (admin, rights) = (self.ada.admin().unwrap(), RightsForm::of(role, scope));
        self.services.team().add(&admin, name, &rights, PASSWORD).await.unwrap();
    }

    /// A sub-command in this person's name.
    fn command(&self, name: &str, words: &[&str]) -> Command {
        let mut command = gatehouse(&self.data(), words);
        command.env("GATEHOUSE_AS", name);
        command
    }

    async fn run(&self, name: &str, words: &[&str]) -> Told {
        Told::of(self.command(name, words).output().await.unwrap())
    }

    /// Another version of the MDM step.
    async fn save(&self, timeout: &'static str) {
        let mut fields = mdm_fields();
        (fields[1].1, fields[4].1) = ("save", timeout);
        self.browser.led("/rpc/save_mdm", &fields).await;
    }

    /// The page that a form leads to, as it is read.
    async fn page_after(&self, door: &str, fields: &[(&str, &str)]) -> String {
        let page = self.browser.page(&self.browser.led(door, fields).await).await;
        plain(&Html::parse_document(&page).root_element().text().collect::<String>())
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn gatehouse(data: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatehouse"));
    command.args(words).arg("--data").arg(data).env_remove("GATEHOUSE_AS").stdin(Stdio::null()).kill_on_drop(true);
    command
}

struct Told {
    code: i32,
    out: String,
    err: String,
}

impl Told {
    fn of(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }
}

/// A page breaks lines where it likes.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn refused<T: std::fmt::Debug>(result: Result<T, Failure>) -> Refusal {
    match result {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// All three doors say this, and the page as a part of it.
fn same(refusal: &Refusal, told: &Told, page: &str) {
    let sentence = refusal.sentence();
    assert_eq!((told.code, told.out.as_str()), (1, ""));
    assert_eq!(told.err.trim_end(), format!("{sentence} ({})", refusal.code()));
    assert!(page.contains(&plain(&sentence)), "{sentence}: {page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_plan_is_refused_by_the_same_words_at_every_door() {
    let here = Here::open().await;
    let (services, writer) = (&here.services, here.ada.writer().unwrap());
    // A group of others with the name that the set-up wants: the first plan asks for its adoption.
    let group = r#"{"servicegroup":{"servicegroupname":"xms-berlin-mdm-443-sg","servicetype":"SSL_BRIDGE"}}"#;
    let request = reqwest::Client::builder()
        .build()
        .unwrap()
        .post(format!("{}/nitro/v1/config/servicegroup", here.lab.description().netscaler[0].http))
        .header("X-NITRO-USER", "nsroot")
        .header("X-NITRO-PASS", SECRET)
        .header("content-type", "application/json")
        .body(group);
    assert!(request.send().await.unwrap().status().is_success());
    here.browser.plan_mdm().await;
    here.save("25").await;

    let adopt = refused(services.plans().adopt(&writer, PlanId(1), &[0]).await);
    assert_eq!(adopt.code(), "outdated");
    let told = here.run(NAME, &["plan", "adopt", "1", "0"]).await;
    let page = here.page_after("/rpc/adopt", &[("cluster", "1"), ("plan", "1"), ("objects[]", "0")]).await;
    same(&adopt, &told, &page);

    let apply = refused(services.runs().apply(&writer, PlanId(1), &ApplyForm::default()).await);
    let told = here.run(NAME, &["plan", "apply", "1", "--wait"]).await;
    let page = here.page_after("/rpc/apply", &[("cluster", "1"), ("plan", "1")]).await;
    same(&apply, &told, &page);

    // A run and the way back from it, overtaken by another save.
    let plan = services.plans().make(&writer, ClusterId(1)).await.unwrap();
    let plan = services.plans().adopt(&writer, plan, &[0]).await.unwrap();
    let told = here.run(NAME, &["plan", "apply", &plan.to_string(), "--wait"]).await;
    assert_eq!(told.code, 0, "{} {}", told.out, told.err);
    let run = services.plans().show(&here.ada, plan).await.unwrap().run.unwrap();
    let told = here.run(NAME, &["plan", "undo", &run.to_string(), "--json"]).await;
    let undo = PlanId(told.json()["plan"]["plan"].as_i64().unwrap());
    here.save("26").await;
    let back = refused(services.runs().apply(&writer, undo, &ApplyForm::default()).await);
    assert_eq!(back.code(), "outdated");
    let number = undo.to_string();
    let told = here.run(NAME, &["plan", "apply", &number]).await;
    let page = here.page_after("/rpc/apply", &[("cluster", "1"), ("plan", &number)]).await;
    same(&back, &told, &page);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_set_up_from_the_command_line() {
    let here = Here::open().await;
    let told = here.run(NAME, &["cluster", "list"]).await;
    assert_eq!((told.code, told.out.trim_end()), (0, "There are no clusters that you see."));
    here.browser.plan_mdm().await;
    let told = here.run(NAME, &["cluster", "list"]).await;
    let lines: Vec<&str> = told.out.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("NO  NAME"), "{}", told.out);
    assert!(lines[1].starts_with("1   Berlin  xms.example.com  Lab"), "{}", told.out);
    for called in ["Berlin", "berlin", "1"] {
        let told = here.run(NAME, &["cluster", "show", called, "--json"]).await;
        assert_eq!((told.code, told.json()["cluster"]["name"].as_str()), (0, Some("Berlin")));
    }
    let told = here.run(NAME, &["plan", "make", "Berlin", "--json"]).await;
    let plan = told.json()["plan"].clone();
    let (number, operations) = (plan["plan"].to_string(), plan["operations"].as_array().unwrap().len());
    assert!(operations > 5 && plan["obstacle"].is_null(), "{plan}");
    let told = here.run(NAME, &["plan", "show", &number]).await;
    assert!(told.out.contains("add lb vserver xms-berlin-mdm-443 "), "{}", told.out);
    assert!(told.out.contains(&format!("gatehouse plan apply {number} --wait")), "{}", told.out);
    let told = here.run(NAME, &["plan", "apply", &number, "--wait"]).await;
    assert_eq!(told.code, 0, "{} {}", told.out, told.err);
    assert_eq!(told.out.matches("  confirmed  ").count(), operations, "{}", told.out);
    let end = told.out.lines().last().unwrap();
    assert!(end.contains(": succeeded.") && end.contains("the configuration is saved"), "{end}");
    // Whoever reads no further than they like is no failure.
    let mut show = here.command(NAME, &["plan", "show", &number]);
    let mut shown = show.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(shown.stdout.take());
    let told = Told::of(shown.wait_with_output().await.unwrap());
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    // Asked for again it is the run that it has, which ended well.
    let told = here.run(NAME, &["plan", "apply", &number, "--wait", "--json"]).await;
    assert_eq!((told.code, told.json()["run"]["succeeded"].as_bool()), (0, Some(true)), "{}", told.out);
    let adds = here.lab.cli().iter().filter(|line| line.line.starts_with("add lb vserver xms-berlin-mdm-443 ")).count();
    assert_eq!(adds, 1);
    // The log says who, and how they came.
    let log = here.browser.page("/audit?kind=run.begun").await;
    let record = log.split("/audit/").nth(1).unwrap().split(['"', '?', '#']).next().unwrap().to_owned();
    let page = here.browser.page(&format!("/audit/{record}")).await;
    assert!(page.contains("a sub-command on the server's own machine"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_refused_in_words_and_wrong_use_is_another_matter() {
    let here = Here::open().await;
    here.browser.plan_mdm().await;
    let appliance = here.services.clusters().show(&here.ada, ClusterId(1)).await.unwrap().appliance.id;
    let form = model::cluster::ClusterForm {
        title: "Hamburg".into(),
        fqdn: "mdm.example.org".into(),
        appliance: appliance.to_string(),
    };
    let hamburg = here.services.clusters().add(&here.ada.admin().unwrap(), &form).await.unwrap();
    here.person("vera", Role::Viewer, &Scope::All).await;
    here.person("olga", Role::Operator, &Scope::Only([hamburg].into())).await;
    let told = here.run("vera", &["plan", "make", "Berlin"]).await;
    assert!(told.code == 1 && told.err.contains("this needs an operator or admin"), "{}", told.err);
    assert!(told.err.trim_end().ends_with("(forbidden)"), "{}", told.err);
    // Out of scope and not there are the same.
    for words in [["cluster", "show", "Berlin"], ["cluster", "show", "Nowhere"], ["plan", "make", "1"]] {
        let told = here.run("olga", &words).await;
        assert_eq!((told.code, told.err.trim_end()), (1, "There is no such cluster. (not_found)"), "{words:?}");
    }
    let told = here.run("olga", &["plan", "show", "1"]).await;
    assert_eq!((told.code, told.err.trim_end()), (1, "There is no such plan. (not_found)"));
    let told = here.run("olga", &["cluster", "list"]).await;
    assert!(told.out.contains("Hamburg") && !told.out.contains("Berlin"), "{}", told.out);
    let told = here.run("nobody", &["cluster", "list", "--json"]).await;
    assert_eq!((told.code, told.json()["refused"]["code"].as_str()), (1, Some("nobody_called")));
    for words in [&["plan", "show", "one"][..], &["plan", "apply"], &["cluster", "rename"], &["plan", "show", "0"]] {
        assert_eq!(here.run(NAME, words).await.code, 2, "{words:?}");
    }
    let told = Told::of(gatehouse(&here.data(), &["cluster", "list"]).output().await.unwrap());
    assert!(told.code == 2 && told.err.contains("--as"), "{}", told.err);
}

/// The first request that makes something is answered late.
async fn late(lab: &Lab, method: &str, resource: &str, ms: u64) {
    let slow = FaultSpec {
        target: "netscaler".into(),
        fault: "slow".into(),
        ms,
        times: 1,
        method: Some(method.into()),
        resource: Some(resource.into()),
        ..FaultSpec::default()
    };
    lab.fault(slow).await.unwrap();
}

fn asked(lab: &Lab, method: &str, resource: &str) -> usize {
    let fits = |request: &&lab::RequestRecord| request.method == method && request.path.ends_with(resource);
    lab.requests().iter().filter(fits).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_rights_end_while_they_wait_is_told_and_the_run_goes_on() {
    let here = Here::open().await;
    here.browser.plan_mdm().await;
    here.person("olga", Role::Operator, &Scope::All).await;
    late(&here.lab, "POST", "server", 3_000).await;
    let mut waiting = here.command("olga", &["plan", "apply", "1", "--wait"]);
    let waiting = waiting.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("the run is at work", async || asked(&here.lab, "POST", "/server") > 0).await;
    let olga = here.services.sessions().at_console("olga", Origin::default()).await.unwrap().person().id;
    here.services.team().disable(&here.ada.admin().unwrap(), olga).await.unwrap();
    let told = Told::of(waiting.wait_with_output().await.unwrap());
    let act = here.services.plans().show(&here.ada, PlanId(1)).await.unwrap().run.unwrap();
    let running = here.services.runs().show(&here.ada, act).await.unwrap().run.status == RunStatus::Running;
    assert!(running, "they were told at once, not when it was over");
    assert_eq!(told.code, 1, "{}", told.out);
    assert!(told.err.contains("Sign-in is switched off for olga") && told.err.contains("(disabled)"), "{}", told.err);
    assert!(told.err.contains("is not followed any more. That ends nothing"), "{}", told.err);
    until("it is carried out", async || {
        here.services.runs().show(&here.ada, act).await.unwrap().run.status == RunStatus::Succeeded
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sub_command_that_is_cut_off_ends_nothing() {
    let here = Here::open().await;
    here.browser.plan_mdm().await;
    let before = asked(&here.lab, "GET", "/lbvserver");
    late(&here.lab, "GET", "lbvserver", 500).await;
    let mut making = here.command(NAME, &["plan", "make", "Berlin"]).spawn().unwrap();
    until("it reads the appliance", async || asked(&here.lab, "GET", "/lbvserver") > before).await;
    making.kill().await.unwrap();
    until("the plan is there", async || here.services.plans().show(&here.ada, PlanId(2)).await.is_ok()).await;
    here.services.stop().await;
    let (opened, closed) = (asked(&here.lab, "POST", "/login"), asked(&here.lab, "POST", "/logout"));
    assert!(opened > 0 && opened == closed, "{opened} sessions opened, {closed} closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_socket_is_its_owner_s_and_there_while_the_console_serves() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let path = Socket::path(&data);
    let list = async || Told::of(gatehouse(&data, &["cluster", "list", "--as", NAME]).output().await.unwrap());
    let nobody = list().await;
    assert_eq!(nobody.code, 1);
    assert!(nobody.err.contains("No Gatehouse runs on") && nobody.err.contains("gatehouse serve"), "{}", nobody.err);

    let console = Console::start(&data).await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert!(fs::metadata(&path).unwrap().file_type().is_socket());
    assert_eq!((mode(&path), mode(&data)), (0o600, 0o700));
    Browser::new(&console.base).first_use(console.first_use.as_deref().unwrap()).await;
    assert_eq!(list().await.code, 0);

    // What is no request of ours, and one without an end or beyond all size, ends nothing either.
    let mut stranger = tokio::net::UnixStream::connect(&path).await.unwrap();
    let body = "x".repeat(100_000);
    let request = format!("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let answer = async {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        // Who is refused before all of it was read may be cut off.
        let _ = stranger.write_all(request.as_bytes()).await;
        let mut answer = String::new();
        let _ = stranger.read_to_string(&mut answer).await;
        answer
    };
    let answer = tokio::time::timeout(Duration::from_secs(20), answer).await.unwrap();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert_eq!(list().await.code, 0);

    console.kill().await;
    assert!(fs::symlink_metadata(&path).is_ok(), "a power cut leaves it behind");
    assert!(list().await.err.contains("No Gatehouse runs on"));
    let console = Console::start(&data).await;
    assert_eq!(list().await.code, 0, "the one that lay there is replaced");
    console.stop().await;
    assert!(fs::symlink_metadata(&path).is_err(), "it goes with the console");
}
