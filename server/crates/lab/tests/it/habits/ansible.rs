//! Ansible's modules: log in, look at the version, compare each attribute of the task with what a GET shows, write only
//! if one differs, log out. In check mode there is no session, and nothing but GETs with credentials in headers.

use super::{Raw, ask};
use crate::common::{BIND, Bench, MEMBER};
use serde_json::{Value, json};

enum Mode {
    Apply,
    Check,
}

/// One run of a module: the headers of its requests.
struct Run<'a> {
    bench: &'a Bench,
    headers: String,
    mode: Mode,
}

impl<'a> Run<'a> {
    async fn begin(bench: &'a Bench, mode: Mode) -> Self {
        // urllib writes names with one capital.
        let common = "Accept-Encoding: identity\r\nUser-agent: ansible-ctxadc\r\nContent-type: application/json\r\n";
        let headers = match mode {
            Mode::Check => format!("{common}X-nitro-user: nsroot\r\nX-nitro-pass: secret\r\n"),
            Mode::Apply => {
                let body = r#"{"login": {"username": "nsroot", "password": "secret"}}"#;
                let reply = ask(bench, "POST", "/nitro/v1/config/login", common, body).await;
                assert_eq!(reply.line, "HTTP/1.1 201 Created");
                let token = reply.json()["sessionid"].as_str().unwrap().to_owned();
                format!("{common}Cookie: NITRO_AUTH_TOKEN={token}\r\n")
            }
        };
        let run = Self { bench, headers, mode };
        let version = run.send("GET", "nsversion", "").await.json()["nsversion"]["version"].clone();
        let pattern = regex::Regex::new(r"NetScaler NS(\d+\.\d+): Build (\d+\.\d+)\.nc").unwrap();
        assert!(pattern.is_match(version.as_str().unwrap()), "{version}");
        run
    }

    async fn send(&self, method: &str, path: &str, body: &str) -> Raw {
        ask(self.bench, method, &format!("/nitro/v1/config/{path}"), &self.headers, body).await
    }

    /// Whether it worked, as the modules see it: two statuses, or nothing at all in check mode.
    async fn write(&self, method: &str, path: &str, body: Value) {
        if matches!(self.mode, Mode::Apply) {
            let body = if body.is_null() { String::new() } else { body.to_string() };
            let reply = self.send(method, path, &body).await;
            assert!(
                ["HTTP/1.1 200 OK", "HTTP/1.1 201 Created"].contains(&reply.line.as_str()),
                "{path}: {}",
                reply.body
            );
        }
    }

    async fn look(&self, resource: &str, id: &str, query: &str) -> Option<Value> {
        let reply = self.send("GET", &format!("{resource}/{id}{query}"), "").await;
        match reply.line.as_str() {
            "HTTP/1.1 404 Not Found" => None,
            "HTTP/1.1 200 OK" => match reply.json().get(resource)? {
                Value::Array(rows) => rows.first().cloned(),
                row => Some(row.clone()),
            },
            other => panic!("{resource}/{id}: {other} {}", reply.body),
        }
    }

    /// `state: present`; whether something had to be done.
    async fn present(&self, resource: &str, key: &str, query: &str, wanted: &Value) -> bool {
        let id = wanted[key].as_str().unwrap_or_default();
        let Some(now) = self.look(resource, id, query).await else {
            self.write("POST", resource, json!({ resource: wanted })).await;
            return true;
        };
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned).to_lowercase();
        let differs = wanted.as_object().unwrap().iter().any(|(name, value)| {
            // What a GET never shows is known to the modules.
            let unseen = (resource, name.as_str()) == ("lbvserver", "ipv46") && now.get("ipv46").is_none();
            !unseen && now.get(name).is_none_or(|now| text(now) != text(value))
        });
        if differs {
            self.write("PUT", resource, json!({ resource: wanted })).await;
        }
        differs
    }

    async fn absent(&self, resource: &str, id: &str) -> bool {
        let there = self.look(resource, id, "").await.is_some();
        if there {
            self.write("DELETE", &format!("{resource}/{id}"), Value::Null).await;
        }
        there
    }

    async fn end(self) {
        self.write("POST", "logout", json!({ "logout": {} })).await;
    }
}

const NOTHING: &str = "";

fn tasks() -> Vec<(&'static str, &'static str, &'static str, Value)> {
    vec![
        ("server", "name", NOTHING, json!({ "name": "web1", "ipaddress": "10.0.0.1", "comment": "Web One" })),
        (
            "lbmonitor",
            "monitorname",
            "?args=type:HTTP",
            json!({ "monitorname": "mon", "type": "HTTP", "interval": 7, "resptimeout": 3, "retries": 4, "destport": 80 }),
        ),
        (
            "servicegroup",
            "servicegroupname",
            NOTHING,
            json!({
                "servicegroupname": "sg", "servicetype": "HTTP", "cip": "DISABLED", "usip": "NO", "clttimeout": 90,
                "svrtimeout": 180, "maxclient": 50, "comment": "A group", "healthmonitor": "YES", "downstateflush": "ENABLED",
            }),
        ),
        (
            "lbvserver",
            "name",
            NOTHING,
            json!({
                "name": "vs", "servicetype": "HTTP", "ipv46": "10.0.9.1", "port": 80, "lbmethod": "ROUNDROBIN",
                "persistencetype": "COOKIEINSERT", "timeout": 5, "clttimeout": 120, "comment": "A vserver",
            }),
        ),
        ("lbparameter", "", NOTHING, json!({ "allowboundsvcremoval": "ENABLED" })),
    ]
}

#[tokio::test]
async fn a_playbook_run_again_changes_nothing() {
    let bench = Bench::empty().await;
    for again in [false, true] {
        for (resource, key, query, wanted) in tasks() {
            let run = Run::begin(&bench, Mode::Apply).await;
            let changed = run.present(resource, key, query, &wanted).await;
            assert!(!again || !changed, "{resource} is changed by a second run");
            run.end().await;
        }
    }
    let mut wanted = tasks().remove(2).3;
    wanted["maxclient"] = json!(60);
    wanted["comment"] = json!("Another group");
    // The update carries attributes that only an add takes out: the modules send what belongs to an update.
    let set = json!({ "servicegroupname": "sg", "maxclient": 60, "comment": "Another group", "cip": "DISABLED" });
    let run = Run::begin(&bench, Mode::Apply).await;
    assert!(run.present("servicegroup", "servicegroupname", NOTHING, &set).await);
    assert!(!run.present("servicegroup", "servicegroupname", NOTHING, &wanted).await);
    for (resource, id) in [("lbvserver", "vs"), ("servicegroup", "sg"), ("server", "web1")] {
        assert!(run.absent(resource, id).await, "{resource}");
        assert!(!run.absent(resource, id).await, "{resource} again");
    }
    run.end().await;
}

#[tokio::test]
async fn check_mode_foretells_and_leaves_everything_alone() {
    let bench = Bench::empty().await;
    for (resource, key, query, wanted) in tasks().into_iter().take(4) {
        let run = Run::begin(&bench, Mode::Check).await;
        assert!(run.present(resource, key, query, &wanted).await, "{resource} would be made");
        assert!(run.look(resource, wanted[key].as_str().unwrap(), query).await.is_none(), "{resource} was made");
        run.end().await;
    }
    assert_eq!(bench.object("config/nsconfig").await["configchanged"], false);
}

/// A member is looked for by every identifier that a row shows, and unbound by the server's name or its address.
#[tokio::test]
async fn bindings_are_found_by_filter_and_removed_by_args() {
    let bench = Bench::empty().await;
    bench.chain().await;
    let run = Run::begin(&bench, Mode::Apply).await;
    run.write(
        "PUT",
        MEMBER,
        json!({ MEMBER: { "servicegroupname": "sg", "ip": "10.0.0.8", "port": 8443, "weight": "3" } }),
    )
    .await;
    for (query, there) in [
        ("?filter=ip:10.20.30.11,port:443,servername:xms01", true),
        ("?filter=servername:xms01,port:443", true),
        ("?filter=servername:xms01,port:444", false),
        ("?filter=ip:10.0.0.8,port:8443", true),
    ] {
        assert_eq!(run.look(MEMBER, "sg", query).await.is_some(), there, "{query}");
    }
    run.write("DELETE", &format!("{MEMBER}/sg?args=servername:xms01,port:443"), Value::Null).await;
    run.write("DELETE", &format!("{MEMBER}/sg?args=ip:10.0.0.8,port:8443"), Value::Null).await;
    assert!(run.look(MEMBER, "sg", NOTHING).await.is_none(), "no member, no key");
    assert!(run.look(BIND, "vs", "?filter=servicegroupname:sg").await.is_some());
    run.write("DELETE", &format!("{BIND}/vs?args=servicegroupname:sg"), Value::Null).await;
    assert!(run.look(BIND, "vs", "?filter=servicegroupname:sg").await.is_none());
    run.end().await;
}

/// The module prints status and body of a failure: both are there, and the session is closed all the same.
#[tokio::test]
async fn failures_are_told_in_full() {
    let bench = Bench::empty().await;
    let wrong = r#"{"login": {"username": "nsroot", "password": "wrong"}}"#;
    let reply = ask(&bench, "POST", "/nitro/v1/config/login", "Content-type: application/json\r\n", wrong).await;
    let told = r#"{ "errorcode": 354, "message": "Invalid username or password", "severity": "ERROR" }"#;
    assert_eq!((reply.line.as_str(), reply.body.as_str()), ("HTTP/1.1 401 Unauthorized", told));
    let run = Run::begin(&bench, Mode::Apply).await;
    let bad = json!({ "lbvserver": { "name": "v", "servicetype": "HTTPP", "ipv46": "10.0.9.1", "port": 80 } });
    let reply = run.send("POST", "lbvserver", &bad.to_string()).await;
    assert_eq!(
        (reply.line.as_str(), &reply.json()["message"]),
        ("HTTP/1.1 400 Bad Request", &json!("Invalid argument value [HTTPP]"))
    );
    let both = run.send("DELETE", &format!("{MEMBER}/sg?args=servername:a,ip:10.0.0.1,port:80"), "").await;
    assert_eq!(both.json()["errorcode"], 1092, "{}", both.body);
    let cookie = run.headers.clone();
    run.end().await;
    let after = ask(&bench, "GET", "/nitro/v1/config/nsversion", &cookie, "").await;
    assert_eq!((after.line.as_str(), &after.json()["errorcode"]), ("HTTP/1.1 401 Unauthorized", &json!(444)));
}
