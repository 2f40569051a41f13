//! Exporters for Prometheus: they ask for everything there is to count, with a cookie of a session or with credentials,
//! and decode into types: a counter that is a number, or a percentage that is a text, ends the scrape.

use super::ask;
use crate::common::Bench;
use serde_json::Value;

/// The statistics of a type that has one row, or the rows of one that has many.
async fn stat(bench: &Bench, path: &str) -> (Value, Vec<Value>) {
    let raw = bench.token.clone();
    let headers = format!("Accept: application/json\r\nCookie: sessionid={raw}\r\n");
    let reply = ask(bench, "GET", &format!("/nitro/v1/stat/{path}"), &headers, "").await;
    assert_eq!(reply.line, "HTTP/1.1 200 OK", "{path}: {}", reply.body);
    let key = path.split(['?', '/']).next().unwrap();
    let key = if key == "interface" { "Interface" } else { key };
    let found = reply.json()[key].clone();
    (found.clone(), found.as_array().cloned().unwrap_or_default())
}

#[tokio::test]
async fn percentages_are_numbers_and_counters_are_texts() {
    let bench = Bench::set_up().await;
    for (path, numbers, texts) in [
        (
            "ns",
            "cpuusagepcnt memusagepcnt mgmtcpuusagepcnt pktcpuusagepcnt rescpuusagepcnt disk0perusage disk1perusage \
             rxmbitsrate txmbitsrate httprequestsrate",
            "totrxmbits tottxmbits httptotrequests httptotresponses tcpcurclientconn tcpcurclientconnestablished \
             tcpcurserverconn tcpcurserverconnestablished",
        ),
        (
            "system",
            "cpuusagepcnt memusagepcnt mgmtcpuusagepcnt pktcpuusagepcnt rescpuusagepcnt disk0perusage disk1perusage",
            "numcpus disk0avail disk0used disk1avail disk1used",
        ),
        ("systemmemory", "memusagepcnt memtotallocpcnt shmemallocpcnt", "memtotavail"),
        ("ssl", "ssldecrate sslencrate sslsessionsrate", "ssltotsessions ssltotenc sslcryptoutilizationstat"),
        ("protocolhttp", "httprequestsrate httpgetsrate", "httptotrequests httptotgets httperrserverbusy"),
        ("protocoltcp", "tcprxpktsrate tcpsynrate", "tcptotrxpkts tcpcurclientconnestablished tcperrbadchecksum"),
        ("protocolip", "iprxpktsrate iptxmbitsrate", "iptotrxpkts iptotbadmacaddrs noniptottruncatedpackets"),
        ("protocoludp", "udprxpktsrate", "udptotrxpkts udptotunknownsvcpkts"),
        ("aaa", "aaaauthsuccessrate", "aaaauthsuccess aaaauthfail aaacursessions aaacuricasessions aaatottmsessions"),
    ] {
        let (row, _) = stat(&bench, path).await;
        assert!(row.is_object(), "{path}: {row}");
        let wrong: Vec<&str> = (numbers.split_whitespace().filter(|name| !row[*name].is_number()))
            .chain(
                texts.split_whitespace().filter(|name| row[*name].as_str().is_none_or(|it| it.parse::<f64>().is_err())),
            )
            .collect();
        assert_eq!(wrong, Vec::<&str>::new(), "{path}: {row}");
    }
    // As captured: six places, which no integer type takes.
    let text = ask(&bench, "GET", "/nitro/v1/stat/system", &format!("Cookie: sessionid={}\r\n", bench.token), "").await;
    assert!(text.body.contains("\"memusagepcnt\": 24.000000, "), "{}", text.body);
}

#[tokio::test]
async fn what_there_are_many_of_is_a_list() {
    let bench = Bench::set_up().await;
    let (_, processors) = stat(&bench, "systemcpu").await;
    let (numbers, _) = stat(&bench, "system").await;
    assert_eq!(numbers["numcpus"], processors.len().to_string());
    for path in ["interface", "Interface"] {
        let (_, interfaces) = stat(&bench, path).await;
        assert_eq!(interfaces.len(), 2, "{path}");
        for name in ["id", "interfacealias", "totrxbytes", "tottxbytes", "totrxpkts", "tottxpkts", "errpktrx"] {
            assert!(interfaces[0][name].is_string(), "{path} {name}");
        }
        assert!(interfaces[0]["rxbytesrate"].is_number());
    }
    let (_, vservers) = stat(&bench, "lbvserver").await;
    let strings = "name state type tothits totalrequests totalresponses totalrequestbytes totalresponsebytes \
                   curclntconnections cursrvrconnections actsvcs inactsvcs vslbhealth avgcltttlb totcltttlbtransactions \
                   toleratingttlbtransactions frustratingttlbtransactions deferredreq totalsvrbusyerr sothreshold";
    for row in &vservers {
        let wrong: Vec<&str> = strings.split_whitespace().filter(|name| !row[*name].is_string()).collect();
        assert_eq!(wrong, Vec::<&str>::new(), "{row}");
        for name in ["hitsrate", "primaryport", "deferredreqrate", "cltttlbtransactionsrate"] {
            assert!(row[name].is_number(), "{name}: {row}");
        }
    }
    assert!(!vservers.is_empty());
}

/// First all groups, then each with its members; the name of a member is taken apart at its question marks.
#[tokio::test]
async fn members_are_asked_for_group_by_group() {
    let bench = Bench::set_up().await;
    let (_, groups) = stat(&bench, "servicegroup").await;
    for group in &groups {
        let name = group["servicegroupname"].as_str().unwrap();
        let (_, found) = stat(&bench, &format!("servicegroup/{name}?statbindings=yes")).await;
        let members = found[0]["servicegroupmember"].as_array().unwrap();
        for member in members {
            let parts: Vec<&str> = member["servicegroupname"].as_str().unwrap().split('?').collect();
            assert_eq!((parts.len(), parts[0]), (3, name));
            assert!(member["primaryport"].is_number() && member["primaryipaddress"].is_string(), "{member}");
        }
        assert_eq!(members.len(), 3, "{name}");
    }
}

#[tokio::test]
async fn nothing_to_count_is_no_key_at_all() {
    let bench = Bench::empty().await;
    for path in ["csvserver", "sslvserver", "gslbvserver", "gslbservice", "service", "lbvserver"] {
        let (found, _) = stat(&bench, path).await;
        assert_eq!(found, Value::Null, "{path}");
    }
    bench.mam("mam", "sg").await;
    let content = serde_json::json!({ "name": "cs", "servicetype": "SSL", "ipv46": "10.20.40.60", "port": 443 });
    bench.post("csvserver", content).await.ok(201);
    let (_, ssl) = stat(&bench, "sslvserver").await;
    assert_eq!((ssl.len(), &ssl[0]["vservername"], &ssl[0]["state"]), (1, &"mam".into(), &"DOWN".into()));
    let (_, content) = stat(&bench, "csvserver").await;
    assert_eq!((content.len(), &content[0]["name"], &content[0]["primaryport"]), (1, &"cs".into(), &443.into()));
}
