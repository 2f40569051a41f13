//! Nonsense of all kinds: every answer is a NITRO answer, and the lab is still there afterwards.

use crate::common::{BIND, Bench, MEMBER, Reply};
use serde_json::{Value, json};

const RESOURCES: &[&str] = &[
    "login",
    "logout",
    "nsversion",
    "nshardware",
    "nsfeature",
    "nsconfig",
    "hanode",
    "nsip",
    "server",
    "servicegroup",
    "lbvserver",
    "lbvserver_binding",
    "servicegroup_binding",
    "servicegroupbindings",
    "server_servicegroup_binding",
    "servicegroup_servicegroupentitymonbindings_binding",
    "lbvserver_servicegroupmember_binding",
    MEMBER,
    BIND,
    "lbmonitor",
    "lbmonbindings",
    "servicegroup_lbmonitor_binding",
    "lbmonitor_servicegroup_binding",
    "service",
    "service_lbmonitor_binding",
    "lbvserver_service_binding",
    "lbgroup",
    "lbgroup_lbvserver_binding",
    "lbparameter",
    "csvserver",
    "nsmode",
    "nshostname",
    "vpnglobal_appcontroller_binding",
    "vpnvserver_staserver_binding",
    "policypatset",
    "policypatset_pattern_binding",
    "dnsnameserver",
    "Interface",
];

const NAMES: &[&str] = &[
    "name",
    "servicegroupname",
    "servername",
    "ip",
    "ipaddress",
    "port",
    "servicetype",
    "ipv46",
    "persistencetype",
    "timeout",
    "weight",
    "servicename",
    "newname",
    "delay",
    "feature",
    "id",
    "state",
    "customserverid",
    "monitorname",
    "monitor_name",
    "type",
    "interval",
    "vservername",
    "netmask",
    "nonsense",
];

/// A small generator with a fixed seed: the same nonsense every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.roll(words.len())]
    }

    fn value(&mut self) -> Value {
        match self.roll(12) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(-1),
            3 => json!(443),
            4 => json!(1.5),
            5 => json!(u64::MAX),
            6 => json!(["LB", 7]),
            7 => json!({ "deep": [] }),
            8 => json!("10.20.30.11"),
            9 => json!(self.pick(&["SSL", "ssl_bridge", "HTTP", "DISABLED"])),
            10 => json!(self.pick(&["", " ", "é", "a/b", "\u{0}", "%2525"])),
            _ => json!(self.pick(&["xms01", "sg", "vs"])),
        }
    }

    fn object(&mut self) -> Value {
        let members = (0..self.roll(5)).map(|_| (self.pick(NAMES).to_owned(), self.value()));
        Value::Object(members.collect())
    }

    fn body(&mut self, resource: &str) -> String {
        match self.roll(10) {
            0 => "{".to_owned(),
            1 => "null".to_owned(),
            2 => json!({ resource: [self.object(), self.object(), self.object()] }).to_string(),
            3 => json!({ "other": self.object() }).to_string(),
            4 => json!({ resource: self.value() }).to_string(),
            5 => String::new(),
            _ => json!({ resource: self.object() }).to_string(),
        }
    }

    fn path(&mut self, resource: &str) -> String {
        let name = self.pick(&["", "/xms01", "/sg", "/vs", "/0", "/%25", "/%E9", "/a/b/c"]);
        let query = self.pick(&[
            "",
            "",
            "?action=enable",
            "?action=disable",
            "?action=unset",
            "?action=rename",
            "?action=save",
            "?count=yes",
            "?bulkbindings=yes",
            "?args=servername:xms01,port:443",
            "?args=port",
            "?filter=name:%2F%28%2F",
            "?pagesize=0",
            "?attrs=",
            "?pagesize=1&pageno=99999999999999999999",
            "?idempotent=yes",
            "?warning=yes",
            "?filter=:",
            "?&=&%",
        ]);
        format!("{resource}{name}{query}")
    }
}

#[tokio::test]
async fn nonsense_gets_an_orderly_answer() {
    let mut bench = Bench::empty().await;
    bench.chain().await;
    let mut dice = Dice(20_260_105);
    let mut statuses = std::collections::BTreeMap::new();
    for round in 0..5_000 {
        let resource = dice.pick(RESOURCES);
        let (method, path) =
            (dice.pick(&["GET", "POST", "POST", "PUT", "PUT", "DELETE", "PATCH"]), dice.path(resource));
        let body = dice.body(resource);
        let request = bench
            .request(method, &format!("config/{path}"))
            .header("Cookie", format!("sessionid={}", bench.token))
            .header("X-NITRO-ONERROR", dice.pick(&["exit", "continue", "rollback", "what"]));
        let reply = Reply::from(request.body(body.clone()).send().await.unwrap()).await;
        *statuses.entry(reply.status).or_insert(0) += 1;
        assert!(
            matches!(reply.status, 200 | 201 | 207 | 209 | 400 | 401 | 404 | 405 | 409 | 599),
            "{round}: {method} {path} {body}: {reply:?}"
        );
        if !reply.text.is_empty() {
            let json = reply.json();
            assert!(json["message"].is_string() && json["severity"].is_string(), "{json}");
            assert_eq!(json["errorcode"] == 0, reply.status < 207, "{round}: {method} {path} {body}: {reply:?}");
        }
        if resource == "logout" && reply.status == 201 {
            bench.login().await;
        }
        if round % 100 == 0 {
            bench.advance(7).await;
        }
    }
    assert!(statuses.len() > 6 && statuses[&201] > 20, "{statuses:?}");
    bench.get("lbvserver").await.fails(200, 0);
}

#[tokio::test]
async fn a_thousand_neighbours_do_not_stop_it() {
    let bench = Bench::empty().await;
    bench.features(&["LB", "SSL"]).await;
    let vservers: Vec<Value> = (0..1_000)
        .map(|n| {
            let ip = format!("10.30.{}.{}", n / 250, n % 250 + 1);
            json!({ "name": format!("foreign{n}"), "servicetype": "SSL_BRIDGE", "ipv46": ip, "port": 443 })
        })
        .collect();
    bench.post("lbvserver", Value::Array(vservers)).await.ok(201);
    assert_eq!(bench.word("lbvserver?count=yes", "__count").await, "1000");
    let reply = bench.get("lbvserver?attrs=name,curstate&filter=name:%2F7%24%2F").await;
    assert_eq!(reply.json()["lbvserver"].as_array().unwrap().len(), 100);
    assert_eq!(bench.word("nsip?count=yes", "__count").await, "1003");
}
