//! Names that would be markup, formulas or orders to a terminal: from people, from the appliance, from strangers. On no
//! page, in no stream and in no file is there anything that is not ours.

use crate::support::{Browser, Console, NODES, PASSWORD, lab, mdm_fields, until};
use base64::Engine as _;
use lab::Lab;
use rcgen::{CertificateParams, DnType, KeyPair};
use reqwest::StatusCode;
use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeSet;

/// As titles, in turn: out of the title, out of an attribute, out of a script and a style, out of a comment.
const REFRESH: &str = "</title><meta http-equiv=refresh content=0;url=//192.0.2.1><x-probe>";
const QUOTES: &str = "\"'><x-probe onerror=p()><img src=//192.0.2.1/i>";
const BLOCKS: &str = "</noscript></textarea></script></style>--><svg/onload=p()><x-probe>";
const FORMULA: &str = "ns;=1+1|@x\u{ff1d}2,+3 \"=4";
/// What is in no name: the subject of a certificate, and what a monitor heard.
const SUBJECT: &str = "\"'><x-probe>the subject says<img src=x onerror=p()>";
const HEARD: &str = "</li></span>--><x-probe>the monitor says <svg/onload=p()>";

/// All elements that our pages are made of.
const OURS: &str = "html head meta link script title body a header nav main span form button p strong time div h1 h2 h3 h4 \
    section dl dt dd ul ol li table thead tbody tr th td code pre label input select option textarea fieldset legend \
    datalist details summary noscript small em abbr article svg g path rect circle line text tspan use defs polyline polygon ellipse \
    marker desc lt-island leptos-island footer aside caption progress output figure figcaption br b i";

/// What the library writes at the end of each page.
const LIBRARY: [&str; 2] = [
    "__RESOLVED_RESOURCES=[];__SERIALIZED_ERRORS=[];__PENDING_RESOURCES=[];__RESOURCE_RESOLVERS=[];",
    "__INCOMPLETE_CHUNKS=[];",
];

/// What would be there, were a name not text.
fn check(place: &str, html: &Html, whole: bool) {
    let all: Vec<ElementRef<'_>> = html.tree.root().descendants().filter_map(ElementRef::wrap).collect();
    assert!(!all.is_empty(), "{place} is empty");
    let known: Vec<&str> = OURS.split_whitespace().collect();
    let count = |name: &str| all.iter().filter(|element| element.value().name() == name).count();
    for element in &all {
        let value = element.value();
        // What is to be typed is drawn as code, wherever a sentence says it.
        let raw = element.children().filter_map(|child| child.value().as_text()).any(|text| text.contains('`'));
        assert!(!raw || !prose(element), "{place}: back quotes in {}", element.html());
        assert!(known.contains(&value.name()), "{place}: <{}> in {}", value.name(), element.html());
        for (name, text) in value.attrs() {
            assert!(!name.starts_with("on") && !name.contains("probe"), "{place}: {name} in {}", element.html());
            if ["href", "src", "action", "formaction", "xlink:href", "poster", "data"].contains(&name) {
                let own = text.starts_with('#') || (text.starts_with('/') && !text.starts_with("//"));
                let here = own || text.is_empty();
                assert!(here, "{place}: {name}={text}");
            }
            assert_ne!(name, "style", "{place}: {}", element.html());
        }
        let refreshes = value.name() == "meta" && value.attr("http-equiv").is_some();
        assert!(!refreshes, "{place}: {}", element.html());
        if value.name() == "noscript" {
            let text: String = element.text().collect();
            if text != "<meta http-equiv=\"refresh\" content=\"2\">" {
                check(&format!("{place}, without script"), &Html::parse_fragment(&text), false);
            }
        }
        if value.name() == "script" {
            let text: String = element.text().collect();
            let says = text.is_empty() || LIBRARY.contains(&text.as_str());
            assert!(value.attr("nonce").is_some() && says, "{place}: {}", element.html());
        }
    }
    if whole {
        for one in ["html", "head", "body", "main", "h1"] {
            assert_eq!(count(one), 1, "{place}: <{one}>");
        }
        // Pictures have titles of their own.
        let of_page = Selector::parse("head > title").unwrap();
        assert_eq!(html.select(&of_page).count(), 1, "{place}: <title>");
    }
}

/// Words for people, and nothing that was typed or comes from a program as it is.
fn prose(element: &ElementRef<'_>) -> bool {
    let as_it_is = ["code", "pre", "textarea", "script", "option"];
    !std::iter::once(*element)
        .chain(element.ancestors().filter_map(ElementRef::wrap))
        .any(|element| as_it_is.contains(&element.value().name()))
}

/// A lab with strange things on it, and a console where everything has a strange name.
struct Strange {
    lab: Lab,
    console: Console,
    ada: Browser,
    _folder: tempfile::TempDir,
}

impl Strange {
    async fn new() -> Self {
        let (lab, folder) = (lab().await, tempfile::tempdir().unwrap());
        let console = Console::start(&folder.path().join("data")).await;
        let mut ada = Browser::new(&console.base).called(QUOTES);
        ada.first_use(console.first_use.as_deref().unwrap()).await;
        foreign(&lab).await;
        let socks = lab.description().socks.clone();
        ada.add_appliance_by(&lab, QUOTES, "https://10.0.0.10", ("socks5", &socks)).await;
        let strange = Self { lab, console, ada, _folder: folder };
        strange.set_up().await;
        strange.let_monitors_speak().await;
        strange
    }

    /// A node is gone, and its monitors say why in words of their own.
    async fn let_monitors_speak(&self) {
        let url = format!("{}/choices", self.lab.description().control);
        let body = serde_json::json!({ "monitor_words": HEARD }).to_string();
        let reply = reqwest::Client::builder().build().unwrap().post(url).body(body).send().await.unwrap();
        assert!(reply.status().is_success(), "{reply:?}");
        self.lab.power_off([10, 20, 30, 12].into()).await.unwrap();
        self.lab.advance(std::time::Duration::from_mins(1)).await;
        let told = async || self.ada.page("/clusters/1").await.contains("the monitor says");
        until("the monitors are heard", told).await;
    }

    async fn set_up(&self) {
        let ada = &self.ada;
        let fields = [("title", REFRESH), ("fqdn", "xms.example.com"), ("appliance", "1")];
        assert_eq!(ada.led("/rpc/add_cluster", &fields).await, "/clusters/1/setup");
        for (title, fqdn) in [(BLOCKS, "b.example.com"), (FORMULA, "c.example.com")] {
            ada.led("/rpc/add_cluster", &[("title", title), ("fqdn", fqdn), ("appliance", "1")]).await;
        }
        let nodes = [("cluster", "1"), ("intent", "next"), ("nodes", NODES)];
        assert_eq!(ada.led("/rpc/save_nodes", &nodes).await, "/clusters/1/setup/mdm");
        assert_eq!(ada.led("/rpc/save_mdm", &mdm_fields()).await, "/clusters/1/plans/1");
        let run = ada.led("/rpc/apply", &[("cluster", "1"), ("plan", "1"), ("confirm", REFRESH)]).await;
        until("the run has ended", async || ada.page(&run).await.contains("data-status=\"succeeded\"")).await;
        // A stranger who types orders to a terminal, and somebody whose browser calls itself so.
        let stranger = Browser::new(&self.console.base).called(REFRESH);
        for name in ["\u{1b}]0;owned\u{7}\u{1b}[2J", REFRESH, FORMULA] {
            stranger.send("/rpc/sign_in", &[("name", name), ("password", QUOTES)]).await;
        }
        let add = [("name", "vera"), ("password", PASSWORD), ("role", "viewer"), ("scope", "all")];
        assert_eq!(ada.led("/rpc/add_person", &add).await, "/team/2");
        // Drafts: every field of every form.
        for (door, more) in [
            ("/rpc/add_appliance", &["title", "address", "user", "connect", "via", "pin"][..]),
            ("/rpc/edit_appliance", &["title", "address", "user", "connect", "via", "pin"]),
            ("/rpc/remove_appliance", &["confirm"]),
            ("/rpc/add_cluster", &["title", "fqdn", "appliance"]),
            ("/rpc/edit_cluster", &["title", "fqdn", "appliance", "leave"]),
            ("/rpc/remove_cluster", &["confirm", "objects"]),
            ("/rpc/save_nodes", &["nodes"]),
            ("/rpc/save_mdm", &["vip", "persistence", "timeout", "vserver_443", "vserver_8443"]),
            ("/rpc/save_mam", &["vip", "vserver", "certificate"]),
            ("/rpc/save_groups", &["mdm_443", "mdm_8443", "mam_8443"]),
            ("/rpc/save_gateway", &["gateway"]),
            ("/rpc/save_dns", &["record"]),
            ("/rpc/save_node_access", &["rest_user", "ssh_user"]),
            ("/rpc/paste_node_status", &["address", "text"]),
            ("/rpc/keep_disabled", &["object", "reason"]),
            ("/rpc/add_person", &["name", "role", "scope"]),
            ("/rpc/change_rights", &["role", "scope"]),
            ("/rpc/adopt", &["object"]),
            ("/rpc/upload_certificate", &["name"]),
        ] {
            let evil = [REFRESH, QUOTES, BLOCKS, FORMULA];
            let fixed = [("cluster", "1"), ("appliance", "1"), ("person", "2"), ("plan", "1"), ("intent", "test")];
            let mut fields: Vec<_> = more.iter().zip(evil.iter().cycle()).map(|(name, evil)| (*name, *evil)).collect();
            fields.extend(fixed.iter().filter(|(name, _)| !more.contains(name)));
            let response = if door == "/rpc/upload_certificate" {
                ada.upload(door, &fields, &[("certificate", BLOCKS.as_bytes())]).await
            } else {
                ada.send(door, &fields).await
            };
            assert!(
                response.status().is_redirection() || response.status() == StatusCode::NOT_FOUND,
                "{door}: {response:?}"
            );
        }
    }

    async fn paths(&self) -> Vec<String> {
        let fixed = "/ /appliances /appliances/new /appliances/1 /appliances/1/edit /appliances/1/remove /clusters/new \
            /clusters/1 /clusters/1/edit /clusters/1/remove /clusters/1/setup /clusters/1/setup/certificate \
            /clusters/1/setup/prerequisites /clusters/1/setup/nodes /clusters/1/setup/mdm /clusters/1/setup/mam \
            /clusters/1/setup/groups /clusters/1/setup/gateway /clusters/1/setup/dns /clusters/1/nodes \
            /clusters/1/nodes/10.20.30.11 /clusters/1/switches /clusters/1/plans/1 /clusters/2 /clusters/3 /audit /team \
            /team/new /team/1 /team/2 /account /nowhere";
        let mut paths: Vec<String> = fixed.split_whitespace().map(str::to_owned).collect();
        let cluster = self.ada.page("/clusters/1").await;
        let run = cluster.split("/clusters/1/runs/").nth(1).unwrap();
        paths.push(format!("/clusters/1/runs/{}", run.chars().take_while(char::is_ascii_digit).collect::<String>()));
        paths.push("/audit?text=%3C%2Ftitle%3E%3Cx-probe%3E&person=%22%27%3E%3Cx-probe%3E&kind=%3Cx-probe%3E".into());
        paths.push("/sign-in?to=%22%3E%3Cx-probe%3E".into());
        paths.push("/?__err=%3Cx-probe%3E".into());
        paths.extend((1..60).map(|record| format!("/audit/{record}")));
        paths
    }
}

/// Somebody else's things on the appliance, under the strangest names that it takes.
async fn foreign(lab: &Lab) {
    let netscaler = &lab.description().netscaler[0];
    let client = reqwest::Client::builder().build().unwrap();
    let put = async |resource: &str, body: serde_json::Value| {
        let answer = client
            .post(format!("{}/nitro/v1/config/{resource}", netscaler.http))
            .header("X-NITRO-USER", &netscaler.user)
            .header("X-NITRO-PASS", &netscaler.password)
            .header("content-type", "application/json")
            .body(serde_json::json!({ resource: body }).to_string())
            .send()
            .await
            .unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{resource}: {status} {text}");
    };
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, SUBJECT);
    params.distinguished_name.push(DnType::OrganizationName, FORMULA);
    let certificate = params.self_signed(&key).unwrap().pem();
    for (name, content) in [("strange.pem", certificate), ("strange.key", key.serialize_pem())] {
        let file = serde_json::json!({
            "filename": name, "filelocation": "/nsconfig/ssl", "fileencoding": "BASE64",
            "filecontent": base64::engine::general_purpose::STANDARD.encode(content),
        });
        put("systemfile", file).await;
    }
    let pair = serde_json::json!({ "certkey": "strange =1", "cert": "strange.pem", "key": "strange.key" });
    put("sslcertkey", pair).await;
    put("server", serde_json::json!({ "name": "a @x =1", "ipaddress": "10.20.30.77", "comment": REFRESH })).await;
    let vserver = serde_json::json!({
        "name": "xms-berlin-mam-8443", "servicetype": "SSL", "ipv46": "10.20.40.52", "port": 8443, "comment": QUOTES,
    });
    put("lbvserver", vserver).await;
    let other = serde_json::json!({
        "name": "a:b =1 @x", "servicetype": "SSL_BRIDGE", "ipv46": "10.20.40.59", "port": 443, "comment": BLOCKS,
    });
    put("lbvserver", other).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_no_page_is_anything_that_is_not_ours() {
    let strange = Strange::new().await;
    let mut shown = 0;
    let mut said = BTreeSet::new();
    for path in strange.paths().await {
        let response = strange.ada.get(&path).await;
        if response.status() == StatusCode::SEE_OTHER || (path.starts_with("/audit/") && response.status() != 200) {
            continue;
        }
        let text = response.text().await.unwrap();
        shown += usize::from(text.contains("x-probe"));
        said.extend(["the subject says", "the monitor says"].into_iter().filter(|words| text.contains(words)));
        check(&path, &Html::parse_document(&text), true);
    }
    // Before sign-in, after a refusal, and without a page.
    let stranger = Browser::new(&strange.console.base);
    for path in ["/sign-in", "/sign-in?to=%22%3E%3Cx-probe%3E", "/first-use"] {
        check(path, &Html::parse_document(&stranger.get(path).await.text().await.unwrap()), true);
    }
    let refused = stranger.send("/rpc/make_plan", &[("cluster", REFRESH)]).await.text().await.unwrap();
    check("a refusal", &Html::parse_document(&refused), true);
    assert_eq!(said.len(), 2, "only {said:?} was on a page");
    assert!(shown > 30, "the names were to be seen on {shown} pages, or this proves nothing");
    assert!(strange.lab.cli().len() > 3, "they are on the appliance too");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_stream_sends_anything_that_is_not_ours() {
    let strange = Strange::new().await;
    let (mut fragments, mut heard) = (0, false);
    for page in ["/", "/clusters/1", "/clusters/1/nodes", "/appliances", "/appliances/1", "/audit", "/team"] {
        let mut stream = strange.ada.get(&format!("/live?page={page}")).await;
        assert_eq!(stream.status(), StatusCode::OK, "{page}");
        let mut events = Vec::new();
        Browser::event(&mut stream, |event| {
            events.push(event.to_owned());
            event.starts_with("event: sign")
        })
        .await;
        for event in events {
            let data: Vec<&str> = event.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
            let lines = event.lines().count();
            assert_eq!(lines, data.len() + 1, "an event is its name and its data: {event}");
            match event.lines().next().unwrap() {
                "event: replace" => {
                    fragments += 1;
                    heard |= event.contains("the monitor says");
                    check(&format!("{page} {}", data[0]), &Html::parse_fragment(&data[1..].join("\n")), false);
                }
                // Tone, mark, name and sentence, which the browser takes for text.
                "event: sign" => assert_eq!(data.len(), 4, "{event}"),
                _ => {}
            }
        }
    }
    assert!(fragments >= 10 && heard, "{fragments} {heard}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_file_and_no_line_of_the_log_obeys_a_name() {
    let strange = Strange::new().await;
    let text = strange.ada.page("/audit.csv").await;
    assert!(text.contains("1+1") && text.contains("x-probe"), "the names are in it");
    // As a program of whatever country cuts it into cells.
    for cell in text.split([';', ',', '|', '\t', '\n', '\r']) {
        let begins = cell.trim_start_matches(['"', ' ']);
        let number = begins.trim_end_matches(['"', '}', ']']).parse::<f64>().is_ok();
        let formula = begins.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
        assert!(number || !formula, "{cell}");
    }
    let unseen = |text: &str| text.chars().find(|c| model::inert::is_unseen(*c) && !"\r\n".contains(*c));
    assert_eq!(unseen(&text), None, "in the file");
    assert_eq!(unseen(&strange.console.log()), None, "in the log");
}
