//! The configuration as text (3.3): running, saved, and the difference.

use crate::common::{BIND, Bench, CERT, MEMBER};
use serde_json::{Value, json};

async fn running(bench: &Bench) -> Vec<String> {
    commands(bench.get("nsrunningconfig").await.json()["nsrunningconfig"]["response"].as_str().unwrap())
}

async fn saved(bench: &Bench) -> String {
    bench.get("nssavedconfig").await.json()["nssavedconfig"]["textblob"].as_str().unwrap().to_owned()
}

fn commands(text: &str) -> Vec<String> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(str::to_owned).collect()
}

/// The whole procedure of 4.3, with a monitor and a persistency group besides.
async fn everything(bench: &Bench) {
    bench.features(&["LB", "SSL", "SSLVPN"]).await;
    for (name, ip) in [("xms01", "10.20.30.11"), ("xms02", "10.20.30.12")] {
        bench.server(name, ip).await;
    }
    for (group, kind, port) in [("sg_443", "SSL_BRIDGE", 443), ("sg_8443", "SSL_BRIDGE", 8443), ("sg_mam", "SSL", 8443)]
    {
        bench.group(group, kind).await;
        for (server, id) in [("xms01", "169090571"), ("xms02", "169090572")] {
            let mut member = json!({ "servicegroupname": group, "servername": server, "port": port });
            if kind == "SSL" {
                member["customserverid"] = id.into();
            }
            bench.put(MEMBER, member).await.ok(201);
        }
    }
    let monitor =
        json!({ "monitorname": "mon_xms", "type": "HTTP-ECV", "send": "GET /zdm", "recv": "ok", "secure": "YES" });
    bench.post("lbmonitor", monitor).await.ok(201);
    let bound = json!({ "servicegroupname": "sg_mam", "monitor_name": "mon_xms" });
    bench.put("servicegroup_lbmonitor_binding", bound).await.ok(201);
    for (name, port) in [("mdm_443", 443), ("mdm_8443", 8443)] {
        bench.vserver(name, "SSL_BRIDGE", "10.20.40.51", port).await;
    }
    let mam = json!({ "name": "mam", "servicetype": "SSL", "ipv46": "10.20.40.52", "port": 8443,
        "persistencetype": "CUSTOMSERVERID", "rule": "HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")", "comment": "by hand" });
    bench.post("lbvserver", mam).await.ok(201);
    for (name, group) in [("mdm_443", "sg_443"), ("mdm_8443", "sg_8443"), ("mam", "sg_mam")] {
        bench.put(BIND, json!({ "name": name, "servicegroupname": group })).await.ok(201);
    }
    bench.put(CERT, json!({ "vservername": "mam", "certkeyname": "wildcard-example" })).await.ok(201);
    bench.post("lbgroup", json!({ "name": "pg", "persistencetype": "SOURCEIP", "timeout": 20 })).await.ok(201);
    for vserver in ["mdm_443", "mdm_8443"] {
        bench.put("lbgroup_lbvserver_binding", json!({ "name": "pg", "vservername": vserver })).await.ok(201);
    }
    bench.post("dnsaddrec", json!({ "hostname": "xms.example.com", "ipaddress": "10.20.40.52" })).await.ok(201);
    let pointer = json!({ "name": "_XM_ag.example.com", "appcontroller": "https://xms.example.com:8443" });
    bench.put("vpnvserver_appcontroller_binding", pointer).await.ok(201);
}

#[tokio::test]
async fn clearing_leaves_what_its_level_spares() {
    let mut bench = Bench::set_up().await;
    let clear = |level: &str| json!({ "force": true, "level": level, "rbaconfig": "NO" });
    bench.post("nsconfig?action=clear", clear("basic")).await.ok(200);
    for emptied in ["lbvserver", "servicegroup", "server", "sslcertkey", "vpnvserver"] {
        bench.get(emptied).await.is(200, 0, "Done");
        assert!(bench.get(emptied).await.json()[emptied].is_null(), "{emptied}");
    }
    let config = bench.get("nsconfig").await.json();
    assert_eq!(config["nsconfig"]["configchanged"], true, "nothing is saved yet");
    assert_eq!(bench.get("nsfeature").await.json()["nsfeature"]["lb"], true, "basic spares features");
    bench.get("systemuser/xmconsole").await.fails(200, 0);
    assert_eq!(bench.word("nsip/10.20.0.10", "type").await, "SNIP");
    bench.advance(60).await;
    // The same names can be used again, and are probed.
    bench.server("xms01", "10.20.30.11").await;
    bench.post("nsconfig?action=clear", json!({ "level": "full" })).await.ok(200);
    assert_eq!(bench.get("nsfeature").await.json()["nsfeature"]["lb"], false);
    bench.get("systemuser/xmconsole").await.fails(404, 258);
    bench.get("systemuser/nsroot").await.fails(200, 0);
    // Nothing was saved: a start brings it all back.
    bench.lab.restart([10, 0, 0, 10].into()).unwrap();
    bench.login().await;
    assert_eq!(bench.word("lbvserver?count=yes", "__count").await, "1");
}

#[tokio::test]
async fn every_object_is_told_once_and_after_what_it_needs() {
    let bench = Bench::empty().await;
    everything(&bench).await;
    let lines = running(&bench).await;
    let expected = [
        "enable ns feature",
        "add server xms01 10.20.30.11",
        "add server xms02 10.20.30.12",
        "add lb monitor mon_xms HTTP-ECV",
        "add serviceGroup sg_mam SSL",
        r#"add lb vserver mam SSL 10.20.40.52 8443 -persistenceType CUSTOMSERVERID -rule "HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")""#,
        "add lb group pg -persistenceType SOURCEIP",
        "add ssl certKey wildcard-example -cert wildcard-example.cer -key wildcard-example.key",
        "add vpn vserver _XM_ag.example.com SSL 10.20.40.40 443",
        "add dns addRec xms.example.com 10.20.40.52",
        "bind serviceGroup sg_mam xms01 8443 -CustomServerID 169090571",
        "bind serviceGroup sg_mam -monitorName mon_xms",
        "bind lb vserver mam sg_mam",
        "bind lb group pg mdm_443",
        "bind ssl vserver mam -certkeyName wildcard-example",
        r#"bind vpn vserver _XM_ag.example.com -appController "https://xms.example.com:8443""#,
    ];
    let mut last = 0;
    for begin in expected {
        let found: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].starts_with(begin)).collect();
        assert_eq!(found.len(), 1, "{begin}: {found:?} in {lines:#?}");
        if begin.starts_with("add") || begin.starts_with("enable") {
            assert!(found[0] >= last || begin.starts_with("add dns"), "{begin} comes before what it needs");
            last = found[0];
        }
    }
    let twice: Vec<&String> =
        lines.iter().filter(|line| lines.iter().filter(|other| other == line).count() > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let first_bind = lines.iter().position(|line| line.starts_with("bind")).unwrap();
    let last_server = lines.iter().rposition(|line| line.starts_with("add server ")).unwrap();
    assert!(last_server < first_bind);
    // What the factory brings is not told.
    for word in ["tcp-default", "ns_cvpn_default", "ping-default"] {
        assert!(!lines.iter().any(|line| line.starts_with("add") && line.contains(word)), "{word}");
    }
}

#[tokio::test]
async fn after_a_save_both_texts_are_one_and_a_diff_names_what_came_since() {
    let bench = Bench::empty().await;
    everything(&bench).await;
    let diff = async |bench: &Bench| {
        let answer = bench.post("nsconfig?action=diff", json!({ "outtype": "cli" })).await.json();
        answer["nsconfig"][0]["response"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    };
    assert!(diff(&bench).await.contains("+ add server xms01 10.20.30.11\n"));
    bench.post("nsconfig?action=save", json!({})).await.ok(200);
    let text = saved(&bench).await;
    assert!(text.starts_with("#NS13.0 Build 79.1002\n# Last modified by `save config`, Mon Jan  5 08:"), "{text}");
    assert_eq!(commands(&text), running(&bench).await);
    assert_eq!(diff(&bench).await, "");
    assert_eq!(bench.get("nsconfig").await.json()["nsconfig"]["configchanged"], false);

    bench.server("late", "10.20.30.77").await;
    bench.delete("dnsaddrec/xms.example.com?args=ipaddress:10.20.40.52").await.ok(200);
    assert_eq!(bench.get("nsconfig").await.json()["nsconfig"]["configchanged"], true);
    let found = diff(&bench).await;
    let mut found: Vec<&str> = found.lines().collect();
    found.sort_unstable();
    assert_eq!(found, ["+ add server late 10.20.30.77", "- add dns addRec xms.example.com 10.20.40.52"]);
    assert_eq!(commands(&saved(&bench).await), commands(&text));
}

#[tokio::test]
async fn defaults_are_told_when_asked_for() {
    let bench = Bench::empty().await;
    bench.vserver("vs", "SSL_BRIDGE", "10.20.40.51", 443).await;
    let plain = running(&bench).await.into_iter().find(|line| line.starts_with("add lb vserver vs")).unwrap();
    let all = bench.get("nsrunningconfig?args=withdefaults:true").await.json();
    let all = commands(all["nsrunningconfig"]["response"].as_str().unwrap());
    let full = all.iter().find(|line| line.starts_with("add lb vserver vs")).unwrap();
    assert_eq!(plain, "add lb vserver vs SSL_BRIDGE 10.20.40.51 443");
    assert!(full.contains("-lbMethod LEASTCONNECTION") && full.contains("-timeout 2"), "{full}");
}

#[tokio::test]
async fn a_pairs_texts_are_alike_but_for_what_is_each_ones_own() {
    let options = lab::Options { pair: Some(lab::Pair::default()), ..crate::common::options() };
    let bench = Bench::start(options).await;
    everything(&bench).await;
    bench.post("nsconfig?action=save", json!({})).await.ok(200);
    let second = &bench.lab.description().netscaler[1];
    let ask = bench.http.get(format!("{}/nitro/v1/config/nssavedconfig", second.http));
    let ask = ask.header("X-NITRO-USER", "nsroot").header("X-NITRO-PASS", "secret");
    let theirs: Value = serde_json::from_str(&ask.send().await.unwrap().text().await.unwrap()).unwrap();
    let own = |line: &String| !line.starts_with("set ns config") && !line.contains("ns hostName");
    let theirs: Vec<String> =
        commands(theirs["nssavedconfig"]["textblob"].as_str().unwrap()).into_iter().filter(own).collect();
    let ours: Vec<String> = commands(&saved(&bench).await).into_iter().filter(own).collect();
    assert_eq!(theirs, ours);
}

#[tokio::test]
async fn a_save_writes_a_file_and_keeps_the_ones_before() {
    let bench = Bench::empty().await;
    bench.server("one", "10.20.30.91").await;
    bench.post("nsconfig?action=save", json!({})).await.ok(200);
    bench.server("two", "10.20.30.92").await;
    bench.post("nsconfig?action=save", json!({})).await.ok(200);
    let rows = bench.get("systemfile?args=filelocation:%2Fnsconfig").await.json();
    let names: Vec<&str> =
        rows["systemfile"].as_array().unwrap().iter().filter_map(|row| row["filename"].as_str()).collect();
    assert!(names.starts_with(&["ns.conf", "ns.conf.0", "ns.conf.1"]), "{names:?}");
    let between = json!({ "config1": "/nsconfig/ns.conf.0", "config2": "/nsconfig/ns.conf" });
    let diff = bench.post("nsconfig?action=diff", between).await;
    assert!(diff.text.contains("add server two") && !diff.text.contains("add server one"), "{}", diff.text);
    let upload = json!({ "filename": "ns.conf", "filelocation": "/nsconfig", "filecontent": "eA==" });
    bench.post("systemfile", upload).await.fails(409, 1642);
}
