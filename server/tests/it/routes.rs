//! All pages and doors, taken from the program itself: who may come in, and that what is out of scope does not exist.
//! A page or a door that is not listed here fails these tests: say in `page` or `door` who may use it.

use crate::support::{Browser, Console, PASSWORD, lab, location, mdm_fields, until};
use lab::Lab;
use reqwest::StatusCode;

/// Who may use a page or a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Nobody needs to be signed in.
    Stranger,
    Anybody,
    Operator,
    Admin,
}

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Everybody sees it, each their own part.
    Nothing,
    /// Something of the first cluster: its ids are filled in.
    Cluster,
    Person,
}

/// Numbers of things that exist, all of the first cluster.
pub struct Ids {
    plan: i64,
    run: i64,
    record: i64,
}

/// What exists in no installation.
const NOWHERE: Ids = Ids { plan: 9_999, run: 9_999, record: 9_999 };

/// A page as somebody would open it.
fn page(pattern: &str, cluster: i64, ids: &Ids) -> (String, Who, About) {
    let Ids { plan, run, record } = ids;
    let (path, who, about) = match pattern {
        "/sign-in" | "/first-use" => (pattern.to_owned(), Who::Stranger, About::Nothing),
        "/" | "/appliances" | "/audit" | "/account" => (pattern.to_owned(), Who::Anybody, About::Nothing),
        "/appliances/new" | "/clusters/new" | "/team" | "/team/new" => (pattern.to_owned(), Who::Admin, About::Nothing),
        // The first appliance is the first cluster's alone.
        "/appliances/{id}" => (format!("/appliances/{cluster}"), Who::Anybody, About::Cluster),
        "/clusters/{id}" => (format!("/clusters/{cluster}"), Who::Anybody, About::Cluster),
        "/clusters/{id}/edit" => (format!("/clusters/{cluster}/edit"), Who::Admin, About::Cluster),
        "/clusters/{id}/remove" => (format!("/clusters/{cluster}/remove"), Who::Admin, About::Cluster),
        "/appliances/{id}/edit" => (format!("/appliances/{cluster}/edit"), Who::Admin, About::Cluster),
        "/appliances/{id}/remove" => (format!("/appliances/{cluster}/remove"), Who::Admin, About::Cluster),
        "/clusters/{id}/setup" => (format!("/clusters/{cluster}/setup"), Who::Anybody, About::Cluster),
        "/clusters/{id}/setup/{step}" => (format!("/clusters/{cluster}/setup/mdm"), Who::Anybody, About::Cluster),
        "/clusters/{id}/setup/certificate" => {
            (format!("/clusters/{cluster}/setup/certificate"), Who::Anybody, About::Cluster)
        }
        "/clusters/{id}/switches" => (format!("/clusters/{cluster}/switches"), Who::Anybody, About::Cluster),
        "/clusters/{id}/history" => (format!("/clusters/{cluster}/history"), Who::Anybody, About::Cluster),
        "/clusters/{id}/checks" => (format!("/clusters/{cluster}/checks"), Who::Anybody, About::Cluster),
        "/clusters/{id}/members" => (format!("/clusters/{cluster}/members"), Who::Anybody, About::Cluster),
        "/clusters/{id}/nodes" => (format!("/clusters/{cluster}/nodes"), Who::Anybody, About::Cluster),
        "/clusters/{id}/nodes/{ip}" => (format!("/clusters/{cluster}/nodes/10.20.30.11"), Who::Anybody, About::Cluster),
        "/clusters/{id}/plans/{plan}" => (format!("/clusters/{cluster}/plans/{plan}"), Who::Anybody, About::Cluster),
        "/clusters/{id}/runs/{run}" => (format!("/clusters/{cluster}/runs/{run}"), Who::Anybody, About::Cluster),
        "/audit/{id}" => (format!("/audit/{record}"), Who::Anybody, About::Cluster),
        "/team/{id}" => ("/team/1".to_owned(), Who::Admin, About::Person),
        other => panic!("{other} is a new page: say here who may open it and what it is about"),
    };
    (path, who, about)
}

pub fn pages(cluster: i64, ids: &Ids) -> Vec<(String, Who, About)> {
    let pages = server::http::router::pages();
    assert!(pages.len() >= 17, "an empty walk proves nothing: {pages:?}");
    pages.iter().map(|pattern| page(pattern, cluster, ids)).collect()
}

fn door(path: &str) -> (Who, About) {
    match path {
        "/rpc/sign_in" | "/rpc/first_use" => (Who::Stranger, About::Nothing),
        "/rpc/sign_out" | "/rpc/change_password" | "/rpc/end_own_session" => (Who::Anybody, About::Nothing),
        // Its cluster stands in a form with files, which has a test of its own.
        "/rpc/upload_certificate" => (Who::Operator, About::Nothing),
        "/rpc/save_nodes"
        | "/rpc/take_node_ids"
        | "/rpc/leave_out"
        | "/rpc/back_to_version"
        | "/rpc/save_mdm"
        | "/rpc/save_mam"
        | "/rpc/save_groups"
        | "/rpc/save_gateway"
        | "/rpc/save_dns"
        | "/rpc/save_node_access"
        | "/rpc/retry_node_credentials"
        | "/rpc/fetch_node_keys"
        | "/rpc/accept_node_keys"
        | "/rpc/fetch_all_node_keys"
        | "/rpc/accept_all_node_keys"
        | "/rpc/read_node_ids"
        | "/rpc/paste_node_status"
        | "/rpc/look_again"
        | "/rpc/make_plan"
        | "/rpc/keep_disabled"
        | "/rpc/enable_again"
        | "/rpc/adopt"
        | "/rpc/apply"
        | "/rpc/plan_undo"
        | "/rpc/synchronise_pair"
        | "/rpc/resume"
        | "/rpc/forget_upload" => (Who::Operator, About::Cluster),
        "/rpc/add_appliance" | "/rpc/add_cluster" | "/rpc/add_person" | "/rpc/lift_delay" => {
            (Who::Admin, About::Nothing)
        }
        "/rpc/retry_credential"
        | "/rpc/edit_appliance"
        | "/rpc/remove_appliance"
        | "/rpc/edit_cluster"
        | "/rpc/plan_removal"
        | "/rpc/remove_cluster" => (Who::Admin, About::Cluster),
        "/rpc/change_rights"
        | "/rpc/set_password"
        | "/rpc/disable_person"
        | "/rpc/enable_person"
        | "/rpc/end_session" => (Who::Admin, About::Person),
        other => panic!("{other} is a new door: say here who may use it and what it is about"),
    }
}

pub fn doors() -> Vec<(&'static str, Who, About)> {
    let doors = server::http::doors::all();
    assert!(doors.len() >= 21, "an empty walk proves nothing: {doors:?}");
    doors
        .into_iter()
        .map(|path| {
            let (who, about) = door(path);
            (path, who, about)
        })
        .collect()
}

/// Two clusters, each on an appliance of its own; the first has a plan and a run.
pub struct Town {
    lab: Lab,
    pub console: Console,
    pub ada: Browser,
    pub ids: Ids,
    _folder: tempfile::TempDir,
}

/// Words that tell of the first cluster, and of nothing else.
const TELLING: [&str; 7] =
    ["Berlin", "berlin", "xms.example.com", "10.20.40.51", "10.20.30.11", "10.0.0.10", "First NetScaler"];

fn tells(text: &str) -> Option<&'static str> {
    TELLING.into_iter().find(|word| text.contains(word))
}

impl Town {
    pub async fn new() -> Self {
        let (lab, folder) = (lab().await, tempfile::tempdir().unwrap());
        let console = Console::start(&folder.path().join("data")).await;
        let mut ada = Browser::new(&console.base);
        ada.first_use(console.first_use.as_deref().unwrap()).await;
        let socks = lab.description().socks.clone();
        let first = ada.add_appliance_by(&lab, "First NetScaler", "https://10.0.0.10", ("socks5", &socks)).await;
        assert_eq!(first, "/appliances/1");
        ada.plan_mdm().await;
        let run = ada.led("/rpc/apply", &[("cluster", "1"), ("plan", "1")]).await;
        until("the run has ended", async || ada.page(&run).await.contains("data-status=\"succeeded\"")).await;
        // The same one by another name: to the console, another.
        let real = lab.description().netscaler[0].https.trim_start_matches("https://").to_owned();
        let other = ada.add_appliance_by(&lab, "Other NetScaler", "https://10.0.0.99", ("map", &real)).await;
        assert_eq!(other, "/appliances/2");
        let fields = [("title", "Hamburg"), ("fqdn", "mdm.example.org"), ("appliance", "2")];
        assert_eq!(ada.led("/rpc/add_cluster", &fields).await, "/clusters/2/setup");
        let run = run.rsplit('/').next().unwrap().parse().unwrap();
        // A run is numbered as its first record.
        Self { lab, console, ada, ids: Ids { plan: 1, run, record: run }, _folder: folder }
    }

    /// Somebody new, signed in.
    pub async fn person(&self, name: &str, role: &str, clusters: &[&str]) -> Browser {
        let scope = if clusters.is_empty() { "all" } else { "some" };
        let mut fields = vec![("name", name), ("password", PASSWORD), ("role", role), ("scope", scope)];
        fields.extend(clusters.iter().map(|id| ("clusters[]", *id)));
        let led = self.ada.led("/rpc/add_person", &fields).await;
        assert!(led.starts_with("/team/") && led != "/team/new", "{led}");
        let mut browser = Browser::new(&self.console.base);
        browser.sign_in(name, PASSWORD).await;
        browser
    }

    /// What a form about the first cluster would send.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields: Vec<_> = mdm_fields().into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        let ids = [("plan", self.ids.plan), ("run", self.ids.run), ("appliance", 1), ("person", 1)];
        fields.extend(ids.map(|(name, id)| (name, id.to_string())));
        fields.push(("address", "10.20.30.11".into()));
        fields
    }
}

fn borrowed<'f>(fields: &'f [(&'static str, String)]) -> Vec<(&'f str, &'f str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// What a page says, without what surrounds every page.
fn said(text: &str) -> &str {
    let begin = text.find("<main").unwrap_or_else(|| panic!("no page: {text}"));
    &text[begin..text.find("</main>").unwrap()]
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_in_without_a_session() {
    let town = Town::new().await;
    let stranger = Browser::new(&town.console.base);
    let fields = town.fields();
    for (path, who, _) in doors() {
        if who != Who::Stranger {
            let status = stranger.send(path, &borrowed(&fields)).await.status();
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
        }
    }
    let mut closed: Vec<String> =
        pages(1, &town.ids).into_iter().filter(|(_, who, _)| *who != Who::Stranger).map(|(path, ..)| path).collect();
    for other in server::http::router::other_paths() {
        match other {
            "/pkg/{name}" | "/health" => {}
            "/live" => closed.push("/live?page=/".into()),
            "/audit.csv" => closed.push(other.into()),
            other => panic!("{other} is new: say here whether strangers may ask for it"),
        }
    }
    for path in closed {
        let response = stranger.get(&path).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{path}");
        let leads_back = app::routes::own_path(path.split('?').next().unwrap());
        assert_eq!(location(&response), app::routes::sign_in(leads_back), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_sees_everything_and_changes_nothing() {
    let town = Town::new().await;
    let vera = town.person("vera", "viewer", &[]).await;
    let (fields, commands) = (town.fields(), town.lab.cli().len());
    for (path, who, _) in doors() {
        if matches!(who, Who::Operator | Who::Admin) {
            let response = vera.send(path, &borrowed(&fields)).await;
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path}");
            let text = response.text().await.unwrap();
            assert!(said(&text).contains("Your role does not allow this."), "{path}: {text}");
        }
    }
    assert_eq!(town.lab.cli().len(), commands);
    let all = pages(1, &town.ids);
    let closed: Vec<&str> =
        all.iter().filter(|(_, who, _)| *who == Who::Admin).map(|(path, ..)| path.as_str()).collect();
    for (path, who, _) in &all {
        let response = vera.get(path).await;
        let expected = if *who == Who::Admin { StatusCode::FORBIDDEN } else { StatusCode::OK };
        assert_eq!(response.status(), expected, "{path}");
        let text = response.text().await.unwrap();
        for form in text.split("<form").skip(1).map(|rest| rest.split("</form>").next().unwrap_or(rest)) {
            let Some(action) = form.split("action=\"/rpc").nth(1).and_then(|rest| rest.split('"').next()) else {
                assert!(form.contains("method=\"get\""), "{path}: {form}");
                continue;
            };
            let (who, _) = door(&format!("/rpc{action}"));
            let offered = form.contains("<button") && !matches!(who, Who::Stranger | Who::Anybody);
            assert!(!offered, "{path} offers what a viewer may not: {action}");
        }
        let lured = closed.iter().find(|closed| text.contains(&format!("href=\"{closed}\"")));
        assert_eq!(lured, None, "{path} leads to where a viewer may not go");
    }
    // What she may look at she is led to, and it says that she only looks.
    let cluster = vera.page("/clusters/1").await;
    for (href, says) in [("/clusters/1/nodes", true), ("/clusters/1/setup", false)] {
        assert!(cluster.contains(&format!("href=\"{href}\"")), "{href}");
        assert_eq!(vera.page(href).await.contains("Your role reads this"), says, "{href}");
    }
    let step = vera.page("/clusters/1/setup/mdm").await;
    assert!(step.contains("Your role reads this") && step.contains("<fieldset disabled"), "{step}");
    assert!(!town.ada.page("/clusters/1/setup/mdm").await.contains("Your role reads this"));
    assert_eq!(vera.get("/audit.csv").await.status(), StatusCode::FORBIDDEN);
    assert!(town.ada.page("/").await.contains("href=\"/team\""), "an admin is led there");
}

#[tokio::test(flavor = "multi_thread")]
async fn for_an_operator_of_another_cluster_the_first_does_not_exist() {
    let town = Town::new().await;
    let olga = town.person("olga", "operator", &["2"]).await;
    let nowhere = pages(99, &NOWHERE);
    for ((path, who, about), (absent, ..)) in pages(1, &town.ids).into_iter().zip(nowhere) {
        let response = olga.get(&path).await;
        let expected = match (who, about) {
            (Who::Admin, _) => StatusCode::FORBIDDEN,
            (_, About::Cluster) => StatusCode::NOT_FOUND,
            _ => StatusCode::OK,
        };
        assert_eq!(response.status(), expected, "{path}");
        // What she asked for herself stands in her own page's address.
        let text = response.text().await.unwrap().replace(&path, "");
        assert_eq!(tells(&text), None, "{path}");
        if about == About::Cluster {
            let absent = olga.get(&absent).await.text().await.unwrap().replace(&absent, "");
            assert_eq!(said(&text), said(&absent), "{path} is told from what does not exist");
            assert_eq!(town.ada.get(&path).await.status(), StatusCode::OK, "{path} is there for others");
        }
    }
    // Under a number of her own cluster too.
    for path in [format!("/clusters/2/plans/{}", town.ids.plan), format!("/clusters/2/runs/{}", town.ids.run)] {
        assert_eq!(olga.get(&path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }

    let log = town.ada.page("/audit?cluster=1").await;
    let (fields, commands) = (town.fields(), town.lab.cli().len());
    for (path, who, about) in doors() {
        let expected = match (who, about) {
            (Who::Admin, _) => StatusCode::FORBIDDEN,
            (Who::Operator, About::Cluster) => StatusCode::NOT_FOUND,
            _ => continue,
        };
        let response = olga.send(path, &borrowed(&fields)).await;
        assert_eq!(response.status(), expected, "{path}");
        let text = response.text().await.unwrap();
        let absent = text.contains("What this was meant for does not exist, or no longer.");
        assert_eq!(absent, expected == StatusCode::NOT_FOUND, "{path}: {text}");
        assert_eq!(tells(&text), None, "{path}");
    }
    for path in ["/rpc/adopt", "/rpc/apply", "/rpc/plan_undo", "/rpc/resume"] {
        let fields = [("cluster", "2".to_owned()), ("plan", "1".into()), ("run", town.ids.run.to_string())];
        assert_eq!(olga.send(path, &borrowed(&fields)).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(town.lab.cli().len(), commands, "nothing was sent");
    let rows = |log: &str| log.matches("<tr").count();
    assert_eq!(rows(&town.ada.page("/audit?cluster=1").await), rows(&log), "and nothing was done");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_list_record_stream_or_export_mentions_another_cluster() {
    let town = Town::new().await;
    let olga = town.person("olga", "operator", &["2"]).await;
    let otto = town.person("otto", "auditor", &["2"]).await;
    // Things happen in her own cluster too.
    let nodes = "10.20.30.21 xms21";
    let fields = [("cluster", "2"), ("intent", "save"), ("nodes", nodes)];
    assert_eq!(olga.led("/rpc/save_nodes", &fields).await, "/clusters/2/setup");
    let fields = [("cluster", "2"), ("intent", "save"), ("vip", "10.20.40.61"), ("persistence", "SOURCEIP")];
    let more = [("timeout", "20"), ("vserver_443", "hh"), ("vserver_8443", "hh2")];
    assert_eq!(olga.led("/rpc/save_mdm", &[&fields[..], &more[..]].concat()).await, "/clusters/2/setup");
    for path in ["/", "/appliances", "/audit", "/audit?kind=desired.saved", "/audit?cluster=1", "/clusters/2"] {
        let text = olga.page(path).await;
        assert_eq!(tells(&text), None, "{path}");
        let own = text.contains("Hamburg") || text.contains("Other NetScaler");
        assert!(own, "{path} shows her what is hers");
    }
    assert!(olga.page("/audit?cluster=1").await.contains("There is no cluster 1"));
    assert!(olga.page("/audit?cluster=99").await.contains("There is no cluster 99"));
    // By what she searches for she learns nothing either.
    let found = olga.page("/audit?text=10.20.40").await;
    assert!(!found.contains("No record fits") && olga.page("/audit?text=20.40.51").await.contains("No record fits"));
    let mut seen = 0;
    for record in 1..=120 {
        let response = olga.get(&format!("/audit/{record}")).await;
        if response.status() == StatusCode::OK {
            seen += 1;
            assert_eq!(tells(&response.text().await.unwrap()), None, "record {record}");
        }
    }
    assert!(seen >= 4, "her cluster, her person, her sign-in, her set-up: {seen}");

    let mut stream = olga.get("/live?page=/").await;
    let first = Browser::event(&mut stream, |event| event.contains("replace")).await;
    assert!(first.contains("Hamburg") && tells(&first).is_none(), "{first}");
    for path in [format!("/clusters/1/runs/{}", town.ids.run), "/clusters/1".into(), "/clusters/99".into()] {
        assert_eq!(olga.get(&format!("/live?page={path}")).await.status(), StatusCode::NO_CONTENT, "{path}");
    }

    assert_eq!(olga.get("/audit.csv").await.status(), StatusCode::FORBIDDEN);
    let text = otto.page("/audit.csv").await;
    assert!(text.contains("Hamburg") && tells(&text).is_none(), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_follows_another_scope_at_once() {
    let town = Town::new().await;
    let olga = town.person("olga", "operator", &["2"]).await;
    let mut home = olga.get("/live?page=/").await;
    let mut cluster = olga.get("/live?page=/clusters/2").await;
    for stream in [&mut home, &mut cluster] {
        Browser::event(stream, |event| event.contains("replace")).await;
    }
    let page = town.ada.page("/team").await;
    let id =
        page.split("href=\"/team/").find_map(|rest| rest.split_once("\">olga").map(|(id, _)| id.to_owned())).unwrap();
    let fields = [("person", id.as_str()), ("role", "viewer"), ("scope", "some"), ("clusters[]", "1")];
    assert_eq!(town.ada.led("/rpc/change_rights", &fields).await, format!("/team/{id}"));
    // A look that ended before the change may have been told in between; what shows the new scope shows nothing else.
    let event = Browser::event(&mut home, |event| event.contains("Berlin")).await;
    assert!(!event.contains("Hamburg"), "{event}");
    Browser::event(&mut cluster, |event| event.contains("event: reload")).await;
    assert_eq!(cluster.chunk().await.unwrap(), None, "the stream is over");
    assert_eq!(olga.get("/clusters/2").await.status(), StatusCode::NOT_FOUND);
    assert!(!olga.page("/clusters/1").await.contains("/rpc/make_plan"), "a viewer now");
}
