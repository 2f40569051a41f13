//! What a release lacks (`nitro.md` 3.19 and the notes of section 3).

use crate::common::{BIND, Bench, MEMBER, options};
use lab::{Immutables, Options, Pair, Version};
use serde_json::{Value, json};

async fn at(version: Version) -> Bench {
    Bench::start(Options { version, ..options() }).await
}

/// Asks every release, and says which of them answer yes.
async fn which(ask: impl AsyncFn(Bench) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for version in Version::all() {
        if ask(at(version).await).await {
            found.push(version.to_string());
        }
    }
    found
}

#[tokio::test]
async fn nsversion_says_which_release_it_is() {
    let pattern = regex::Regex::new(r"^NetScaler NS(\d+\.\d+): Build \d+\.\d+\.nc, Date: ").unwrap();
    for version in Version::all() {
        let text = at(version).await.object("config/nsversion").await["version"].as_str().unwrap().to_owned();
        assert_eq!(pattern.captures(&text).unwrap()[1], version.to_string());
    }
    let default = Bench::empty().await.object("config/nsversion").await;
    assert_eq!(default["version"], "NetScaler NS13.0: Build 79.1002.nc, Date: Jul  7 2021, 10:31:36   (64-bit)");
}

#[tokio::test]
async fn bindings_of_all_parents_came_later() {
    let answers = which(async |bench| bench.get(&format!("{MEMBER}?bulkbindings=yes")).await.status == 200).await;
    assert_eq!(answers, ["12.1", "13.0", "13.1", "14.1"]);
    let old = at(Version::V10_5).await;
    old.get(&format!("{BIND}?bulkbindings=yes")).await.is(400, 1095, "Required argument missing [name]");
}

#[tokio::test]
async fn add_or_update_came_later() {
    let answers = which(async |bench| {
        bench.server("xms01", "10.20.31.1").await;
        let same = json!({ "name": "xms01", "ipaddress": "10.20.31.1" });
        bench.post("server?idempotent=yes", same).await.status == 201
    })
    .await;
    assert_eq!(answers, ["12.1", "13.0", "13.1", "14.1"]);
}

#[tokio::test]
async fn attributes_come_and_go() {
    let vserver = |extra: &'static str, value: &'static str| {
        async move |bench: Bench| {
            bench.vserver("vs", "SSL", "10.20.40.51", 443).await;
            let shown = bench.item("lbvserver/vs").await.get(extra).is_some();
            let reply = bench.put("lbvserver", json!({ "name": "vs", extra: value })).await;
            if shown {
                reply.ok(200);
            } else {
                reply.is(599, 278, &format!("Invalid argument [{extra}]"));
                bench.get(&format!("lbvserver?filter={extra}:{value}")).await.fails(599, 278);
            }
            shown
        }
    };
    assert_eq!(which(vserver("trofspersistence", "DISABLED")).await, ["12.1", "13.0", "13.1", "14.1"]);
    assert_eq!(which(vserver("pq", "ON")).await, ["10.5", "12.1"]);
    assert_eq!(which(vserver("sc", "ON")).await, ["10.5", "12.1"]);
    let group = async |bench: Bench| {
        bench.group("sg", "SSL").await;
        bench.item("servicegroup/sg").await.get("sc").is_some()
    };
    assert_eq!(which(group).await, ["10.5", "12.1"]);
    let tls13 = async |bench: Bench| {
        bench.vserver("vs", "SSL", "10.20.40.51", 443).await;
        bench.item("sslvserver/vs").await.get("tls13").is_some()
    };
    assert_eq!(which(tls13).await, ["13.0", "13.1", "14.1"]);
    let days = async |bench: Bench| bench.object("config/nslicense").await.get("daystoexpiration").is_some();
    assert_eq!(which(days).await, ["13.1", "14.1"]);
}

#[tokio::test]
async fn a_backup_of_ssl_sessions_came_later() {
    let answers = which(async |bench| {
        let body = json!({ "name": "vs", "servicetype": "SSL_BRIDGE", "ipv46": "10.20.40.51", "port": 443,
            "persistencetype": "SSLSESSION", "persistencebackup": "SOURCEIP" });
        let reply = bench.post("lbvserver", body).await;
        if reply.status != 201 {
            reply.is(599, 2307, "This backup/primary persistence combination is not supported");
        }
        reply.status == 201
    })
    .await;
    assert_eq!(answers, ["12.1", "13.0", "13.1", "14.1"]);
}

#[tokio::test]
async fn a_pair_says_less_on_old_releases() {
    for (version, newer) in [(Version::V12_1, false), (Version::V13_0, true)] {
        let bench = Bench::start(Options { version, pair: Some(Pair::default()), ..options() }).await;
        let failures = bench.get("hasyncfailures").await;
        if newer {
            assert_eq!(failures.json()["hasyncfailures"], json!({ "response": "" }));
        } else {
            failures.is(404, 1232, "Invalid object name [hasyncfailures]");
        }
        assert_eq!(bench.item("hanode/0").await.get("syncstatusstrictmode").is_some(), newer);
    }
}

#[tokio::test]
async fn kinds_of_files_come_and_go() {
    let knows = async |version: Version, mode: &str| {
        let bench = Bench::start(Options { version, pair: Some(Pair::default()), ..options() }).await;
        let reply = bench.post("hafiles?action=sync", json!({ "mode": ["ssl", mode] })).await;
        if reply.status != 200 {
            reply.is(400, 1097, &format!("Invalid argument value [{mode}]"));
        }
        reply.status == 200
    };
    assert!(knows(Version::V12_1, "htmlinjection").await && !knows(Version::V13_0, "htmlinjection").await);
    assert!(knows(Version::V14_1, "app_catalog").await && !knows(Version::V13_1, "app_catalog").await);
}

#[tokio::test]
async fn what_cannot_change_is_refused_or_ignored() {
    let port = |bench: &Bench| {
        let token = bench.token.clone();
        let request = bench.request("GET", "config/lbvserver/vs").header("Cookie", format!("sessionid={token}"));
        async move {
            let text = request.send().await.unwrap().text().await.unwrap();
            serde_json::from_str::<Value>(&text).unwrap()["lbvserver"][0]["port"].clone()
        }
    };
    let strict = Bench::empty().await;
    strict.vserver("vs", "SSL", "10.20.40.51", 443).await;
    strict.put("lbvserver", json!({ "name": "vs", "port": 8443 })).await.is(599, 278, "Invalid argument [port]");
    let lenient = Bench::start(Options { immutables: Immutables::Lenient, ..options() }).await;
    lenient.vserver("vs", "SSL", "10.20.40.51", 443).await;
    lenient.put("lbvserver", json!({ "name": "vs", "port": 8443, "servicetype": "HTTP" })).await.ok(200);
    lenient.put("lbvserver", json!({ "name": "vs", "port": 8443, "comment": "ours" })).await.ok(200);
    assert_eq!(lenient.word("lbvserver/vs", "comment").await, "ours");
    for bench in [&strict, &lenient] {
        assert_eq!(port(bench).await, 443);
        bench.put("lbvserver", json!({ "name": "vs" })).await.fails(400, 431);
        bench.put("lbvserver", json!({ "name": "vs", "curstate": "UP" })).await.fails(599, 278);
    }
}

#[tokio::test]
async fn what_could_only_be_made_can_be_changed_later_on() {
    for (version, code) in [(Version::V13_1, 278), (Version::V14_1, 0)] {
        let bench = at(version).await;
        bench.group("sg", "SSL").await;
        let change = json!({ "servicegroupname": "sg", "autoscale": "DNS" });
        assert_eq!(bench.put("servicegroup", change).await.code(), Some(code), "{version}");
        let save = json!({ "all": true, "async": true });
        assert_eq!(bench.post("nsconfig?action=save", save).await.code(), Some(code), "{version}");
    }
}

#[tokio::test]
async fn a_certificate_key_can_take_its_files_along() {
    let bench = at(Version::V14_1).await;
    bench.delete("sslcertkey/wrong-name-example?args=deletefromdevice:true").await.ok(200);
    let file = "systemfile/wrong-name-example.key?args=filelocation:%2Fnsconfig%2Fssl";
    bench.get(file).await.fails(404, 258);
    bench.delete("sslcertkey/expired-example").await.ok(200);
    bench.get(&file.replace("wrong-name", "expired")).await.fails(200, 0);
}
