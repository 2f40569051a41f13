//! Monitoring plug-ins, in Perl above all: credentials in headers with every GET, a content type that names the type
//! even where there is no body, names encoded twice, and keys that are read without asking whether they are there.

use super::{Raw, ask};
use crate::common::{Bench, options};
use lab::{Options, Pair};
use serde_json::Value;

async fn get(bench: &Bench, password: &str, path: &str) -> Raw {
    let kind = path.split(['?', '/']).nth(1).unwrap();
    let headers = format!(
        "TE: deflate,gzip;q=0.3\r\nUser-Agent: libwww-perl/6.68\r\nX-NITRO-PASS: {password}\r\nX-NITRO-USER: nsroot\r\n\
         Content-Type: application/vnd.com.citrix.netscaler.{kind}+json\r\n"
    );
    ask(bench, "GET", &format!("/nitro/v1/{path}"), &headers, "").await
}

async fn found(bench: &Bench, path: &str, key: &str) -> Value {
    let reply = get(bench, "secret", path).await;
    assert_eq!(reply.line, "HTTP/1.1 200 OK", "{path}: {}", reply.body);
    reply.json()[key].clone()
}

#[track_caller]
fn has(row: &Value, keys: &str) {
    let missing: Vec<&str> = keys.split_whitespace().filter(|key| row[*key].is_null()).collect();
    assert_eq!(missing, Vec::<&str>::new(), "{row}");
}

#[tokio::test]
async fn each_command_finds_the_keys_it_reads() {
    let bench = Bench::set_up().await;
    let group = found(&bench, "config/servicegroup", "servicegroup").await[0].clone();
    let healthy = ["state", "servicegroupeffectivestate", "monstate", "healthmonitor"].map(|key| group[key].clone());
    assert_eq!(healthy, ["ENABLED", "UP", "ENABLED", "YES"].map(Value::from), "{group}");
    let name = group["servicegroupname"].as_str().unwrap();
    let path = format!("config/servicegroup_servicegroupmember_binding/{name}");
    for member in found(&bench, &path, "servicegroup_servicegroupmember_binding").await.as_array().unwrap() {
        assert_eq!((&member["state"], &member["svrstate"]), (&"ENABLED".into(), &"UP".into()), "{member}");
        has(member, "servername ip port");
    }
    for row in found(&bench, "config/interface", "Interface").await.as_array().unwrap() {
        has(row, "devicename actualmtu vlan intftype actspeed rxbytes txbytes rxerrors txerrors");
        assert_eq!(
            (&row["linkstate"], &row["intfstate"], &row["state"]),
            (&"1".into(), &"1".into(), &"ENABLED".into())
        );
    }
    has(
        &found(&bench, "config/nshardware", "nshardware").await,
        "hwdescription sysid manufactureyear manufacturemonth manufactureday cpufrequncy serialno",
    );
    assert!(found(&bench, "config/nsconfig", "nsconfig").await["configchanged"].is_boolean());
    assert_eq!(found(&bench, "config/ntpsync", "ntpsync").await["state"], "DISABLED");
    assert_eq!(found(&bench, "config/ntpserver", "ntpserver").await, Value::Null);
    for row in found(&bench, "config/sslcertkey", "sslcertkey").await.as_array().unwrap() {
        has(row, "certkey daystoexpiration status clientcertnotafter");
    }
    let vserver = found(&bench, "stat/lbvserver", "lbvserver").await[0].clone();
    has(&vserver, "name state totalrequests requestsrate totalresponses responsesrate totalrequestbytes");
    has(&vserver, "requestbytesrate totalresponsebytes responsebytesrate");
}

#[tokio::test]
async fn the_state_of_a_pair_is_an_object() {
    let alone = Bench::empty().await;
    let node = found(&alone, "stat/hanode", "hanode").await;
    assert_eq!((&node["hacurstatus"], &node["hacurmasterstate"]), (&"NO".into(), &"Primary".into()));
    let pair = Bench::start(Options { pair: Some(Pair::default()), ..options() }).await;
    let node = found(&pair, "stat/hanode", "hanode").await;
    assert_eq!((&node["hacurstatus"], &node["hacurstate"]), (&"YES".into(), &"UP".into()), "{node}");
    for name in ["haerrsyncfailure", "haerrproptimeout"] {
        assert_eq!(node[name], "0", "compared as a number, sent as a text");
    }
}

/// A plug-in prints what it got and ends, so the body has to say why, and has to be JSON.
#[tokio::test]
async fn errors_have_a_body_worth_printing() {
    let bench = Bench::set_up().await;
    for (password, path, line, code) in [
        ("wrong", "stat/lbvserver", "HTTP/1.1 401 Unauthorized", 354),
        ("secret", "stat/lbvserver/no%2520such%2523one", "HTTP/1.1 404 Not Found", 258),
        ("secret", "config/nonsense", "HTTP/1.1 404 Not Found", 1232),
        ("secret", "config/lbvserver?attrs=name&filter=nonsense:1", "HTTP/1.1 599 Netscaler specific error", 278),
    ] {
        let reply = get(&bench, password, path).await;
        assert_eq!((reply.line.as_str(), &reply.json()["errorcode"]), (line, &code.into()), "{path}");
        assert!(reply.head.contains("application/json"), "{}", reply.head);
    }
}

/// Licence files: a list of what lies in the directory, then one file by name, both in `args`.
#[tokio::test]
async fn a_licence_file_is_read_by_name_in_args() {
    let bench = Bench::empty().await;
    let here = "config/systemfile?args=filelocation:%2Fnsconfig%2Flicense";
    let before = found(&bench, here, "systemfile").await;
    let count = before.as_array().map_or(0, Vec::len);
    let file = serde_json::json!({ "filename": "lab.lic", "filelocation": "/nsconfig/license", "filecontent": "SU5DUkVNRU5U" });
    bench.post("systemfile", file).await.ok(201);
    let listed = found(&bench, here, "systemfile").await;
    assert_eq!(listed.as_array().map(Vec::len), Some(count + 1));
    let one = found(&bench, &format!("{here},filename:lab.lic"), "systemfile").await;
    assert_eq!((one.as_array().map(Vec::len), &one[0]["filecontent"]), (Some(1), &"SU5DUkVNRU5U".into()));
}
