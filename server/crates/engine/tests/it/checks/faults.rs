//! Each rule's failing cases, one thing spoilt at a time.

use crate::{
    checks::world::{Berlin, CERT, FQDN, MAM, group, lately, now, vserver},
    common::{ACTION, GATEWAY, listener},
};
use model::{
    PairRole,
    appliance::Heard,
    desired::Persistence,
    finding::{CheckCode, Grade},
    node::{Account, Door, TroubleKind, Web},
    object::ObjectRef,
};

/// One thing spoilt, one finding, with this code, outcome, and these words in its title.
#[expect(clippy::too_many_lines, reason = "a table reads best in one piece")]
#[test]
fn each_fault_is_found_once_and_named() {
    type Spoil = fn(&mut Berlin);
    let cases: &[(&str, CheckCode, Grade, &str, Spoil)] = &[
        ("secondary", CheckCode::Primary, Grade::Fail, "secondary", |b| b.snapshot.role = "Secondary".into()),
        ("two primaries", CheckCode::Pair, Grade::Fail, "Both halves of the pair say that they are the primary", |b| {
            b.halves([PairRole::Primary, PairRole::Primary].map(|role| Heard::Role { role }));
        }),
        (
            "no way to the standby",
            CheckCode::Pair,
            Grade::Warn,
            "cannot ask the other half 10.0.0.11 at its own",
            |b| {
                let sentence = "10.0.0.11:443 refused the connection.".to_owned();
                b.halves([Heard::Role { role: PairRole::Primary }, Heard::Trouble { sentence }]);
            },
        ),
        ("unsaved", CheckCode::Saved, Grade::Warn, "not saved", |b| b.snapshot.unsaved = Some(true)),
        ("feature off", CheckCode::Features, Grade::Fail, "feature LB is off", |b| {
            b.remove(&ObjectRef::feature("LB"));
            b.everything_down();
        }),
        ("no SSLVPN", CheckCode::Features, Grade::Fail, "SSLVPN", |b| {
            b.remove(&ObjectRef::feature("SSLVPN"));
            b.state(&ObjectRef::gateway(GATEWAY), "DOWN");
        }),
        ("node off", CheckCode::Members, Grade::Warn, "Node xms02 (10.20.30.12) does not answer", |b| {
            b.node_off("xms02");
        }),
        ("all nodes off", CheckCode::Members, Grade::Fail, "None of the 3 nodes answers", Berlin::everything_down),
        ("one port", CheckCode::Members, Grade::Warn, "DOWN on port 443", |b| {
            b.state(&ObjectRef::member(&listener(443).group, "xms02", 443), "DOWN");
        }),
        ("member by hand", CheckCode::Members, Grade::Warn, "switched off by hand", |b| {
            b.fact(&ObjectRef::member(&listener(443).group, "xms02", 443), "state", "DISABLED");
        }),
        ("server by hand", CheckCode::Members, Grade::Warn, "Server xms02", |b| {
            b.state(&ObjectRef::server("xms02"), "DISABLED");
            for member in b.members("xms02") {
                b.state(&member, "OUT OF SERVICE");
            }
        }),
        ("drained", CheckCode::Members, Grade::Warn, "GOING OUT OF SERVICE", |b| {
            for member in b.members("xms02") {
                b.state(&member, "GOING OUT OF SERVICE");
            }
        }),
        ("unbound", CheckCode::Members, Grade::Fail, "taken out of 1", |b| {
            let member = ObjectRef::member(&listener(443).group, "xms02", 443);
            b.remove(&member);
            b.owned.insert(member);
        }),
        ("new node", CheckCode::Members, Grade::Warn, "not yet a member of 3", |b| {
            for member in b.members("xms02") {
                b.remove(&member);
            }
        }),
        ("stranger", CheckCode::Members, Grade::Warn, "no node of this set-up", |b| {
            let stranger = ObjectRef::member(&listener(443).group, "web7", 443);
            b.add(stranger.clone());
            b.state(&stranger, "UP");
        }),
        ("group by hand", CheckCode::Groups, Grade::Fail, "switched off by hand", |b| {
            b.fact(&group(443), "state", "DISABLED");
            let members: Vec<_> = b.snapshot.members(&listener(443).group).map(|seen| seen.object.clone()).collect();
            for member in members {
                b.state(&member, "OUT OF SERVICE");
            }
            b.state(&vserver(443), "DOWN");
        }),
        ("not bound", CheckCode::Groups, Grade::Fail, "not bound", |b| {
            b.remove(&ObjectRef::vserver_group(&listener(443).vserver, &listener(443).group));
            b.state(&vserver(443), "DOWN");
        }),
        ("group that scales itself", CheckCode::Groups, Grade::Fail, "come from DNS", |b| {
            b.attr(&group(443), "autoscale", "DNS");
            // Its members are nobody's to judge.
            b.remove(&ObjectRef::member(&listener(443).group, "xms02", 443));
            let stranger = ObjectRef::member(&listener(443).group, "nodes.example.com", 443);
            b.add(stranger.clone());
            b.state(&stranger, "DOWN");
        }),
        ("offloaded MDM", CheckCode::CheckIns, Grade::Warn, "wrong certificate for devices that were wiped", |b| {
            b.attr(&vserver(443), "servicetype", "SSL");
            b.fact(&vserver(443), "sessreuse", "ENABLED");
        }),
        ("another's offloaded MDM", CheckCode::CheckIns, Grade::Warn, "_XM_LB_MDM", |b| {
            let theirs = ObjectRef::vserver("_XM_LB_MDM_xms.example.com_443");
            b.add(theirs.clone());
            b.attr(&theirs, "servicetype", "SSL");
            b.attr(&theirs, "ipv46", "10.20.40.51");
            b.attr(&theirs, "port", "443");
            b.fact(&theirs, "sessreuse", "ENABLED");
        }),
        ("upgraded", CheckCode::Saved, Grade::Warn, "since the firmware was changed", |b| {
            b.snapshot.release = "13.1 build 48.47".into();
            b.snapshot.saved_build = Some("13.0 build 79.1002".into());
        }),
        ("group gone", CheckCode::Groups, Grade::Fail, "is missing", |b| {
            b.remove(&group(443));
            let members: Vec<_> = b.snapshot.members(&listener(443).group).map(|seen| seen.object.clone()).collect();
            for member in members {
                b.remove(&member);
            }
            b.state(&vserver(443), "DOWN");
        }),
        ("not monitored", CheckCode::Groups, Grade::Warn, "does not monitor", |b| {
            b.attr(&group(443), "healthmonitor", "NO");
        }),
        ("virtual server by hand", CheckCode::VirtualServers, Grade::Fail, "switched off by hand", |b| {
            b.state(&vserver(443), "OUT OF SERVICE");
        }),
        ("virtual server gone", CheckCode::VirtualServers, Grade::Fail, "is missing", |b| {
            b.remove(&vserver(443));
            b.owned.insert(vserver(443));
        }),
        ("down without a reason", CheckCode::VirtualServers, Grade::Fail, "is DOWN", |b| {
            b.state(&vserver(443), "DOWN");
        }),
        ("swapped", CheckCode::ServerIds, Grade::Fail, "xms01 has the ID of xms02 and the other way round", |b| {
            b.server_id("xms01", "169090572");
            b.server_id("xms02", "169090571");
        }),
        ("twins", CheckCode::ServerIds, Grade::Fail, "the same server ID", |b| b.server_id("xms01", "169090572")),
        ("no ID", CheckCode::ServerIds, Grade::Fail, "has no server ID", |b| b.server_id("xms01", "")),
        ("foreign ID", CheckCode::ServerIds, Grade::Fail, "no number of this node", |b| b.server_id("xms01", "4711")),
        ("SOURCEIP lost", CheckCode::MdmPersistence, Grade::Fail, "NONE instead of SOURCEIP", |b| {
            b.seen(&vserver(443)).attrs.clear();
        }),
        ("minutes", CheckCode::MdmPersistence, Grade::Warn, "after 2 minutes", |b| {
            b.seen(&vserver(443)).attrs.remove("timeout");
        }),
        ("SSLSESSION", CheckCode::MdmPersistence, Grade::Warn, "SSLSESSION", |b| {
            b.desired.mdm.as_mut().unwrap().persistence = Persistence::SslSession;
            b.desired.mdm.as_mut().unwrap().listeners.truncate(1);
            b.attr(&vserver(443), "persistencetype", "SSLSESSION");
        }),
        ("MAM by address", CheckCode::MamPersistence, Grade::Fail, "SOURCEIP instead of CUSTOMSERVERID", |b| {
            b.attr(&ObjectRef::vserver(MAM), "persistencetype", "SOURCEIP");
        }),
        ("MAM by another cookie", CheckCode::MamPersistence, Grade::Fail, "wrong place", |b| {
            b.attr(&ObjectRef::vserver(MAM), "rule", "HTTP.REQ.COOKIE.VALUE(\"JSESSIONID\")");
        }),
        ("no certificate", CheckCode::CertificateBound, Grade::Fail, "has no certificate", |b| {
            b.remove(&ObjectRef::vserver_cert(MAM));
            b.state(&ObjectRef::vserver(MAM), "DOWN");
        }),
        ("another certificate", CheckCode::CertificateBound, Grade::Warn, "the set-up wants", |b| {
            b.desired.mam.as_mut().unwrap().certificate = "xms-2028".into();
        }),
        ("expired", CheckCode::CertificateValid, Grade::Fail, "has expired", |b| {
            b.fact(&ObjectRef::cert_key(CERT), "clientcertnotafter", "Oct  3 07:21:16 2026 GMT");
        }),
        ("expires soon", CheckCode::CertificateValid, Grade::Warn, "valid for 9 more days", |b| {
            b.fact(&ObjectRef::cert_key(CERT), "clientcertnotafter", "Nov 10 07:21:16 2026 GMT");
        }),
        ("not yet valid", CheckCode::CertificateValid, Grade::Fail, "not valid yet", |b| {
            b.fact(&ObjectRef::cert_key(CERT), "clientcertnotbefore", "Dec  3 07:21:16 2026 GMT");
        }),
        ("another name", CheckCode::CertificateName, Grade::Fail, "does not cover xms.example.com", |b| {
            b.fact(&ObjectRef::cert_key(CERT), "sandns", "old.example.com");
        }),
        ("another common name", CheckCode::CertificateName, Grade::Warn, "does not seem to cover", |b| {
            b.seen(&ObjectRef::cert_key(CERT)).facts.remove("sandns");
            b.fact(&ObjectRef::cert_key(CERT), "subject", "CN=old.example.com");
        }),
        ("no chain", CheckCode::CertificateChain, Grade::Warn, "has no chain", |b| {
            b.remove(&ObjectRef::cert_link(CERT));
        }),
        ("Gateway down", CheckCode::Gateway, Grade::Fail, "is DOWN", |b| {
            b.state(&ObjectRef::gateway(GATEWAY), "DOWN");
        }),
        ("Gateway gone", CheckCode::Gateway, Grade::Fail, "There is no Gateway", |b| {
            b.remove(&ObjectRef::gateway(GATEWAY));
        }),
        ("no App Controller", CheckCode::AppController, Grade::Fail, "does not know where", |b| {
            b.remove(&ObjectRef::app_controller(GATEWAY, "https://xms.example.com:8443"));
        }),
        ("App Controller without port", CheckCode::AppController, Grade::Fail, "at https://xms.example.com.", |b| {
            b.remove(&ObjectRef::app_controller(GATEWAY, "https://xms.example.com:8443"));
            b.add(ObjectRef::app_controller(GATEWAY, "https://xms.example.com"));
        }),
        ("two App Controllers", CheckCode::AppController, Grade::Fail, "2 App Controllers", |b| {
            b.add(ObjectRef::app_controller(GATEWAY, "https://other.example.com:8443"));
        }),
        ("another store", CheckCode::SessionAction, Grade::Fail, "another store", |b| {
            b.attr(&ObjectRef::session_action(ACTION), "storefronturl", "https://old.example.com:8443");
        }),
        ("no record", CheckCode::AddressRecord, Grade::Fail, "no address record", |b| {
            b.remove(&ObjectRef::address_record(FQDN, "10.20.40.52"));
        }),
        ("record to MDM", CheckCode::AddressRecord, Grade::Fail, "the MDM address", |b| {
            b.remove(&ObjectRef::address_record(FQDN, "10.20.40.52"));
            b.add(ObjectRef::address_record(FQDN, "10.20.40.51"));
        }),
        ("record to the Gateway", CheckCode::AddressRecord, Grade::Fail, "address of a Gateway", |b| {
            b.remove(&ObjectRef::address_record(FQDN, "10.20.40.52"));
            b.add(ObjectRef::address_record(FQDN, "10.20.40.40"));
        }),
        (
            "web server dead",
            CheckCode::NodePorts,
            Grade::Fail,
            "is UP, and it does not answer Gatehouse itself on 443 and 8443",
            |b| {
                b.silent("xms03", &[443, 8443, 4443]);
            },
        ),
        ("one port hangs", CheckCode::NodePorts, Grade::Fail, "on 8443", |b| {
            b.port("xms03", 8443).web = Some(Web::Silent);
        }),
        (
            "errors only",
            CheckCode::NodePorts,
            Grade::Fail,
            "answers Gatehouse itself with errors on 443 and 8443",
            |b| {
                for port in [443, 8443] {
                    b.port("xms03", port).web = Some(Web::Error { status: 500 });
                }
            },
        ),
        ("nodes hang", CheckCode::NodePorts, Grade::Fail, "None of the 3 nodes answers Gatehouse", |b| {
            for server in ["xms01", "xms02", "xms03"] {
                b.silent(server, &[443, 8443, 4443]);
            }
        }),
        ("console hangs", CheckCode::NodePorts, Grade::Warn, "The console of xms03", |b| b.silent("xms03", &[4443])),
        ("recovery", CheckCode::RecoveryMode, Grade::Fail, "xms03 (10.20.30.13) is in recovery mode", |b| {
            for port in [443, 8443, 4443] {
                b.port("xms03", port).web = Some(Web::Error { status: 503 });
            }
        }),
        ("database on one", CheckCode::Database, Grade::Fail, "xms02 (10.20.30.12) does not reach its database", |b| {
            b.tried("xms02", Door::Rest, TroubleKind::Database);
        }),
        ("database on all", CheckCode::Database, Grade::Fail, "None of the 3 nodes reaches its database", |b| {
            for server in ["xms01", "xms02", "xms03"] {
                b.tried(server, Door::Rest, TroubleKind::Database);
            }
        }),
        ("split", CheckCode::Membership, Grade::Fail, "xms01 and xms02 together, xms03 alone. 2 nodes each", |b| {
            for server in ["xms01", "xms02"] {
                b.lists(server, &[("11", "ACTIVE OLDEST"), ("12", "ACTIVE")]);
            }
            b.lists("xms03", &[("13", "ACTIVE OLDEST")]);
        }),
        ("dead", CheckCode::Membership, Grade::Fail, "xms03 (10.20.30.13) is DEAD", |b| {
            for server in ["xms01", "xms02"] {
                b.lists(server, &[("11", "ACTIVE OLDEST"), ("12", "ACTIVE"), ("13", "DEAD")]);
            }
        }),
        ("never joined", CheckCode::Membership, Grade::Fail, "xms03 (10.20.30.13) is not in the cluster", |b| {
            for server in ["xms01", "xms02"] {
                b.lists(server, &[("11", "ACTIVE OLDEST"), ("12", "ACTIVE")]);
            }
            b.node("xms03").members = None;
        }),
        ("clustering off", CheckCode::Membership, Grade::Fail, "Clustering is switched off on xms03", |b| {
            for server in ["xms01", "xms02"] {
                b.lists(server, &[("11", "ACTIVE OLDEST"), ("12", "ACTIVE")]);
            }
            b.lists("xms03", &[]);
        }),
        ("gap", CheckCode::Membership, Grade::Fail, "xms01 and xms03 do not see each other", |b| {
            b.lists("xms01", &[("11", "ACTIVE OLDEST"), ("12", "ACTIVE")]);
            b.lists("xms03", &[("12", "ACTIVE OLDEST"), ("13", "ACTIVE")]);
        }),
        ("one too many", CheckCode::Membership, Grade::Warn, "no node of this set-up: 10.20.30.14", |b| {
            b.lists("xms01", &[("11", "ACTIVE OLDEST"), ("12", "ACTIVE"), ("13", "ACTIVE"), ("14", "ACTIVE")]);
        }),
        ("clock", CheckCode::Clocks, Grade::Fail, "xms02 (10.20.30.12) is about 15 min behind the others", |b| {
            b.node("xms02").clock.as_mut().unwrap().value = -900;
        }),
        ("clock a little", CheckCode::Clocks, Grade::Warn, "about 20 s ahead of the others", |b| {
            b.node("xms02").clock.as_mut().unwrap().value = 20;
        }),
        ("our clock", CheckCode::Clocks, Grade::Warn, "are about 3 min behind ours, and agree", |b| {
            b.snapshot.clock = Some(-180);
            for facts in &mut b.nodes {
                facts.clock.as_mut().unwrap().value = -180;
            }
        }),
        (
            "the appliance's clock",
            CheckCode::Clocks,
            Grade::Warn,
            "of the NetScaler is about 2 min ahead of the others",
            |b| {
                b.snapshot.clock = Some(120);
            },
        ),
        ("host key", CheckCode::NodeKeys, Grade::Fail, "xms02 (10.20.30.12) shows another SSH host key", |b| {
            b.other_key("xms02");
        }),
        ("old certificate", CheckCode::NodeCertificate, Grade::Warn, "xms02 shows devices another certificate", |b| {
            for port in [443, 8443] {
                b.port("xms02", port).sha256 = Some("0b".repeat(32));
            }
        }),
        (
            "a node's certificate from before, which ends soon",
            CheckCode::NodeCertificate,
            Grade::Warn,
            "xms02 shows devices another certificate",
            |b| {
                for port in [443, 8443] {
                    let fact = b.port("xms02", port);
                    fact.sha256 = Some("0b".repeat(32));
                    fact.certificate.as_mut().unwrap().not_after = Some("2026-11-15T00:00:00Z".parse().unwrap());
                }
            },
        ),
        ("the nodes' certificate ends soon", CheckCode::NodeCertificate, Grade::Warn, "more days", |b| {
            for server in ["xms01", "xms02", "xms03"] {
                for port in [443, 8443] {
                    let fact = b.port(server, port);
                    fact.certificate.as_mut().unwrap().not_after = Some("2026-11-15T00:00:00Z".parse().unwrap());
                }
            }
        }),
        ("node's certificate over", CheckCode::NodeCertificate, Grade::Fail, "has expired", |b| {
            for port in [443, 8443] {
                let fact = b.port("xms02", port);
                fact.sha256 = Some("0b".repeat(32));
                fact.certificate.as_mut().unwrap().not_after = Some("2026-10-01T00:00:00Z".parse().unwrap());
            }
        }),
        (
            "node's certificate for another name",
            CheckCode::NodeCertificate,
            Grade::Fail,
            "is not for xms.example.com",
            |b| {
                b.port("xms02", 8443).certificate.as_mut().unwrap().names = Some(vec!["old.example.com".into()]);
                b.port("xms02", 8443).sha256 = Some("0b".repeat(32));
            },
        ),
        ("short key", CheckCode::NodeCertificate, Grade::Warn, "only 1024 bits", |b| {
            b.port("xms02", 8443).rsa_bits = Some(1024);
            b.port("xms02", 8443).sha256 = Some("0b".repeat(32));
        }),
        ("node without a chain", CheckCode::NodeCertificate, Grade::Warn, "without the chain", |b| {
            b.port("xms02", 8443).chain = 1;
            b.port("xms02", 8443).sha256 = Some("0b".repeat(32));
        }),
        ("versions", CheckCode::Versions, Grade::Fail, "10.15.0.7 on xms02; 10.16.0.48 on xms01 and xms03", |b| {
            b.node("xms02").version.as_mut().unwrap().value = "10.15.0.7".into();
        }),
        ("SSH shut", CheckCode::NodeAccess, Grade::Warn, "xms02 cannot be asked by SSH", |b| {
            b.tried("xms02", Door::Ssh, TroubleKind::Unreachable);
        }),
        ("account refused", CheckCode::NodeAccess, Grade::Warn, "refused the SSH account", |b| {
            b.accounts.insert(Account::Ssh, Some(now()));
        }),
        ("enrolment off", CheckCode::CheckIns, Grade::Warn, "Enrolment is switched off", |b| {
            b.port("xms02", 8443).web = Some(Web::Serves { enrolment: Some(false) });
        }),
        ("push certificate over", CheckCode::Apns, Grade::Fail, "has expired", |b| {
            for facts in &mut b.nodes {
                facts.apns.as_mut().unwrap().value.expired = Some(true);
            }
        }),
        ("push certificate ends", CheckCode::Apns, Grade::Warn, "valid for 9 more days", |b| {
            for facts in &mut b.nodes {
                facts.apns.as_mut().unwrap().value.ends = Some("2026-11-10T07:00:00Z".parse().unwrap());
            }
        }),
        ("another Apple ID", CheckCode::Apns, Grade::Fail, "another Apple ID", |b| {
            for facts in &mut b.nodes {
                facts.apns.as_mut().unwrap().value.topic_mismatch = Some(true);
            }
        }),
        ("no licence left", CheckCode::Licences, Grade::Fail, "used up: CXM_ENTU_UD", |b| {
            for facts in &mut b.nodes {
                facts.licences.as_mut().unwrap().value.list[0].available = Some(0);
            }
        }),
        ("licences over", CheckCode::Licences, Grade::Fail, "have expired", |b| {
            for facts in &mut b.nodes {
                facts.licences.as_mut().unwrap().value.list[0].days_left = Some(-1);
            }
        }),
        ("licence server", CheckCode::Licences, Grade::Warn, "12 days of grace", |b| {
            for facts in &mut b.nodes {
                facts.licences.as_mut().unwrap().value.grace_days = Some(12);
            }
        }),
        ("copy", CheckCode::NodeIds, Grade::Fail, "xms03 (10.20.30.13) calls itself by the number of xms01", |b| {
            b.node("xms03").ids[0].id = "169090571".into();
        }),
        ("moved", CheckCode::NodeIds, Grade::Fail, "xms03 (10.20.30.13) says that its address is 10.20.30.113", |b| {
            b.node("xms03").ids[0].id = "169090673".into();
            for server in ["xms01", "xms02", "xms03"] {
                b.lists(server, &[("11", "ACTIVE OLDEST"), ("12", "ACTIVE"), ("13", "ACTIVE"), ("113", "ACTIVE")]);
            }
        }),
        ("crossed", CheckCode::NodeIds, Grade::Fail, "xms01 and xms02 call themselves by each other's", |b| {
            b.node("xms01").ids[0].id = "169090572".into();
            b.node("xms02").ids[0].id = "169090571".into();
        }),
        ("two records", CheckCode::AddressRecord, Grade::Fail, "2 address records", |b| {
            b.add(ObjectRef::address_record(FQDN, "10.20.40.51"));
        }),
    ];
    for (name, code, outcome, words, spoil) in cases {
        let mut berlin = Berlin::new();
        spoil(&mut berlin);
        let trouble = berlin.trouble();
        let [finding] = trouble.as_slice() else { panic!("{name}: {trouble:#?}") };
        assert_eq!((finding.code, finding.outcome), (*code, *outcome), "{name}: {finding:#?}");
        assert!(finding.title.contains(words), "{name}: {}", finding.title);
        assert!(
            finding.title.ends_with('.') && !finding.cause.is_empty() | finding.title.contains(" is DOWN"),
            "{name}"
        );
        let passes = berlin.check().iter().any(|other| other.code == *code && other.outcome == Grade::Pass);
        assert!(!passes, "{name}: the rule passes and fails");
    }
}

#[test]
fn what_is_not_known_of_an_offloaded_mdm_is_not_called_right() {
    let of = |facts: &[(&str, &str)]| {
        let mut berlin = Berlin::new();
        berlin.attr(&vserver(443), "servicetype", "SSL");
        for (name, value) in facts {
            berlin.fact(&vserver(443), name, value);
        }
        let findings = berlin.check().into_iter();
        findings.filter(|f| f.code == CheckCode::CheckIns && f.objects.contains(&vserver(443))).collect::<Vec<_>>()
    };
    assert_eq!(of(&[("sessreuse", "DISABLED")]), []);
    for unknown in [&[][..], &[("sessreuse", "DISABLED"), ("sslprofile", "strict")]] {
        let [finding] = of(unknown).try_into().unwrap();
        assert_eq!(finding.outcome, Grade::NotChecked, "{unknown:?}");
    }
    // The same build, or no word about it.
    for saved in [None, Some("13.1 build 48.47".to_owned())] {
        let mut berlin = Berlin::new();
        berlin.snapshot.release = "13.1 build 48.47".into();
        berlin.snapshot.saved_build = saved;
        assert_eq!(berlin.trouble(), []);
    }
}

#[test]
fn a_record_that_is_listed_as_remembered_is_neither_right_nor_missing() {
    let record = ObjectRef::address_record(FQDN, "10.20.40.52");
    let mut berlin = Berlin::new();
    berlin.remove(&record);
    berlin.snapshot.remembered = vec![record.clone()];
    let of = |berlin: &Berlin| {
        let findings: Vec<_> = berlin.check().into_iter().filter(|f| f.code == CheckCode::AddressRecord).collect();
        findings.into_iter().map(|f| (f.outcome, f.title)).collect::<Vec<_>>()
    };
    // An answer that somebody gave is no record.
    assert_eq!(of(&berlin)[0].0, Grade::Fail);
    berlin.owned.insert(record);
    let [(outcome, title)] = of(&berlin).try_into().unwrap();
    assert_eq!(outcome, Grade::NotChecked);
    assert!(title.contains("only as an answer that the appliance remembers"), "{title}");
}

/// What a half said some looks ago is not what it says now: a split that was mended alarms nobody.
#[test]
fn two_primaries_are_two_in_one_look() {
    let mut berlin = Berlin::new();
    berlin.halves([PairRole::Primary, PairRole::Primary].map(|role| Heard::Role { role }));
    assert!(berlin.trouble().iter().any(|finding| finding.code == CheckCode::Pair));
    for half in &mut berlin.snapshot.halves {
        half.at = lately();
    }
    berlin.snapshot.at = now();
    assert!(berlin.trouble().is_empty(), "{:#?}", berlin.trouble());
}
