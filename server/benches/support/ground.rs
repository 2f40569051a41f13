//! The console beside a lab, with somebody signed in.

use super::{
    Result,
    browser::{Browser, Console, NAME, PASSWORD, SECRET},
};
use lab::{Lab, NetscalerDescription, Options, RequestRecord};
use model::appliance::fingerprint_text;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::TempDir;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// Nobody asks an appliance for so long: no look is under way.
const QUIET: Duration = Duration::from_millis(700);

pub struct Ground {
    pub lab: Lab,
    pub console: Console,
    pub browser: Browser,
    folder: TempDir,
}

/// A lab whose clock is the machine's and whose password we know.
pub fn options() -> Options {
    Options { password: Some(SECRET.into()), ..Options::default() }
}

impl Ground {
    /// An empty console; `arguments` are of `gatehouse serve`.
    pub async fn start(lab: Lab, arguments: &[&str]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let console = Console::start_with(&data(folder.path()), arguments).await;
        Self::signed_in(lab, console, folder).await
    }

    /// The same on one processor alone.
    pub async fn start_on(processor: &str, lab: Lab, arguments: &[&str]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut pinned = tokio::process::Command::new("taskset");
        pinned.args(["--cpu-list", processor, super::PROGRAM]);
        let arguments = [&["--local-appliances"], arguments].concat();
        let console = Console::spawn(pinned, &data(folder.path()), &arguments).await;
        Self::signed_in(lab, console, folder).await
    }

    async fn signed_in(lab: Lab, console: Console, folder: TempDir) -> Result<Self> {
        let mut browser = Browser::new(&console.base);
        browser.first_use(console.first_use.as_deref().ok_or("somebody can sign in already")?).await;
        Ok(Self { lab, console, browser, folder })
    }

    /// Stops the console in order and starts it again on the same data, with other arguments; how long it took to be ready.
    pub async fn restarted(self, arguments: &[&str]) -> Result<(Self, Duration)> {
        let Self { lab, console, folder, .. } = self;
        console.stop().await;
        let begun = Instant::now();
        let console = Console::start_with(&data(folder.path()), arguments).await;
        let ready = begun.elapsed();
        let mut browser = Browser::new(&console.base);
        browser.sign_in(NAME, PASSWORD).await;
        Ok((Self { lab, console, browser, folder }, ready))
    }

    pub fn pid(&self) -> u32 {
        self.console.id()
    }

    /// A cluster on a new appliance, all its steps saved and planned; leads to the plan.
    pub async fn plan_all(&self, nodes: &str) -> String {
        assert_eq!(self.browser.add_appliance(&self.lab).await, "/appliances/1");
        let fields = [("title", "Berlin"), ("fqdn", "xms.example.com"), ("appliance", "1")];
        assert_eq!(self.browser.led("/rpc/add_cluster", &fields).await, "/clusters/1/setup");
        let steps: [(&str, &[(&str, &str)]); 5] = [
            ("/rpc/save_nodes", &[("intent", "save"), ("nodes", nodes)]),
            (
                "/rpc/save_mdm",
                &[
                    ("intent", "save"),
                    ("vip", "10.20.40.51"),
                    ("persistence", "SOURCEIP"),
                    ("timeout", "20"),
                    ("vserver_443", "xms-berlin-mdm-443"),
                    ("vserver_8443", "xms-berlin-mdm-8443"),
                ],
            ),
            (
                "/rpc/save_mam",
                &[
                    ("intent", "save"),
                    ("vip", "10.20.40.52"),
                    ("vserver", "xms-berlin-mam-8443"),
                    ("certificate", "wildcard-example"),
                ],
            ),
            (
                "/rpc/save_gateway",
                &[("intent", "save"), ("gateway", "_XM_ag.example.com"), ("actions[0]", "AC_OS_10.20.40.40")],
            ),
            ("/rpc/save_dns", &[("intent", "plan"), ("record", "make")]),
        ];
        let mut led = String::new();
        for (door, fields) in steps {
            led = self.browser.led(door, &[&[("cluster", "1")], fields].concat()).await;
        }
        assert!(led.starts_with("/clusters/1/plans/"), "the last step leads to its plan, not to {led}");
        led
    }

    /// Plans the first cluster again; leads to the plan.
    pub async fn plan(&self) -> String {
        let led = self.browser.led("/rpc/make_plan", &[("cluster", "1")]).await;
        assert!(led.starts_with("/clusters/1/plans/"), "{led}");
        led
    }

    /// Applies a plan; leads to the run, which goes on.
    pub async fn apply(&self, plan: &str) -> String {
        let number = plan.rsplit('/').next().unwrap_or_default();
        let run = self.browser.led("/rpc/apply", &[("cluster", "1"), ("plan", number)]).await;
        assert!(run.contains("/runs/"), "{run}");
        run
    }

    /// Waits for its end, which must be a good one.
    pub async fn succeeded(&self, run: &str) {
        promptly("the run has ended", Duration::from_mins(10), async || {
            let page = self.browser.page(run).await;
            let status = page.split("data-status=\"").nth(1).and_then(|rest| rest.split('"').next());
            let ended_badly = !["running", "succeeded"].map(Some).contains(&status);
            assert!(!ended_badly, "{status:?}: {}", said(&page));
            status == Some("succeeded")
        })
        .await;
    }

    /// Waits until all of so many members are UP, and all of the nodes were seen.
    pub async fn up(&self, members: usize) {
        let said = format!("UP, {members} of {members} members UP");
        promptly(&said, Duration::from_mins(2), async || self.browser.page("/clusters/1").await.contains(&said)).await;
    }

    /// All of it applied, and the look that follows is over. Accounts and keys of the nodes are given and accepted.
    pub async fn set_up(&self, nodes: &str) {
        let plan = self.plan_all(nodes).await;
        self.succeeded(&self.apply(&plan).await).await;
        self.know_the_nodes().await;
        self.quiet().await;
    }

    async fn know_the_nodes(&self) {
        let nodes = &self.lab.description().xms;
        let Some(first) = nodes.first() else { return };
        let accounts = [
            ("cluster", "1"),
            ("rest_user", first.user.as_str()),
            ("rest_password", &first.password),
            ("ssh_user", &first.cli_user),
            ("ssh_password", &first.cli_password),
        ];
        self.browser.led("/rpc/save_node_access", &accounts).await;
        for node in nodes {
            let (address, ssh) = (node.ip.to_string(), format!("ssh-ed25519 {}", node.ssh_fingerprint));
            let this = [("cluster", "1"), ("address", address.as_str())];
            self.browser.led("/rpc/fetch_node_keys", &this).await;
            let shown = [this[0], this[1], ("tls", node.fingerprint.as_str()), ("ssh", ssh.as_str())];
            self.browser.led("/rpc/accept_node_keys", &shown).await;
        }
    }

    /// Waits until no appliance has been asked anything for a while: no look is under way.
    pub async fn quiet(&self) {
        self.quiet_for(QUIET).await;
    }

    pub async fn quiet_for(&self, pause: Duration) {
        let mut look = interval(Duration::from_millis(50));
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut last, mut since) = (self.asked(), Instant::now());
        while since.elapsed() < pause {
            look.tick().await;
            if let Some(newest) = self.lab.requests_after(last).last() {
                (last, since) = (newest.seq, Instant::now());
            }
        }
    }

    /// Number of the newest request.
    pub fn asked(&self) -> u64 {
        self.lab.requests().last().map_or(0, |request| request.seq)
    }
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// The words of a page that says what went wrong, without its lists.
fn said(page: &str) -> String {
    let page = scraper::Html::parse_document(page);
    let words = page.root_element().text().flat_map(str::split_whitespace);
    words.take(200).collect::<Vec<_>>().join(" ")
}

/// Waits for a condition whose moment is measured.
pub async fn promptly(what: &str, patience: Duration, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + patience;
    let mut look = interval(Duration::from_millis(2));
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !holds().await {
        assert!(Instant::now() < deadline, "waited {patience:?} until {what}");
        look.tick().await;
    }
}

/// The form that adds one of the lab's appliances.
pub fn appliance_fields(lab: &Lab, netscaler: &NetscalerDescription, title: &str) -> Vec<(&'static str, String)> {
    vec![
        ("intent", "add".into()),
        ("title", title.into()),
        ("address", format!("https://{}", netscaler.nsip)),
        ("user", "nsroot".into()),
        ("password", SECRET.into()),
        ("connect", "socks5".into()),
        ("via", lab.description().socks.clone()),
        ("pin", fingerprint_text(&netscaler.fingerprint)),
    ]
}

pub fn gets(requests: &[RequestRecord]) -> Vec<&RequestRecord> {
    requests.iter().filter(|request| request.method == "GET").collect()
}

/// What changes something: all that reads nothing, without coming and going.
pub fn writes(requests: &[RequestRecord]) -> Vec<&RequestRecord> {
    let comes_and_goes = |path: &str| path.ends_with("/login") || path.ends_with("/logout");
    requests.iter().filter(|request| request.method != "GET" && !comes_and_goes(&request.path)).collect()
}
