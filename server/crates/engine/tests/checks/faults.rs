//! Each rule's failing cases, one thing spoilt at a time.

use crate::{
    common::{ACTION, GATEWAY, listener},
    world::{Berlin, CERT, FQDN, MAM, group, vserver},
};
use model::{
    desired::Persistence,
    finding::{CheckCode, Outcome},
    object::ObjectRef,
};

/// One thing spoilt, one finding, with this code, outcome, and these words in its title.
#[expect(clippy::too_many_lines, reason = "a table reads best in one piece")]
#[test]
fn each_fault_is_found_once_and_named() {
    type Spoil = fn(&mut Berlin);
    let cases: &[(&str, CheckCode, Outcome, &str, Spoil)] = &[
        ("secondary", CheckCode::Primary, Outcome::Fail, "secondary", |b| b.snapshot.role = "Secondary".into()),
        ("unsaved", CheckCode::Saved, Outcome::Warn, "not saved", |b| b.snapshot.unsaved = Some(true)),
        ("feature off", CheckCode::Features, Outcome::Fail, "feature LB is off", |b| {
            b.remove(&ObjectRef::feature("LB"));
            b.everything_down();
        }),
        ("no SSLVPN", CheckCode::Features, Outcome::Fail, "SSLVPN", |b| {
            b.remove(&ObjectRef::feature("SSLVPN"));
            b.state(&ObjectRef::gateway(GATEWAY), "DOWN");
        }),
        ("node off", CheckCode::Members, Outcome::Warn, "Node xms02 (10.20.30.12) does not answer", |b| {
            b.node_off("xms02");
        }),
        ("all nodes off", CheckCode::Members, Outcome::Fail, "None of the 3 nodes answers", Berlin::everything_down),
        ("one port", CheckCode::Members, Outcome::Warn, "DOWN on port 443", |b| {
            b.state(&ObjectRef::member(&listener(443).group, "xms02", 443), "DOWN");
        }),
        ("member by hand", CheckCode::Members, Outcome::Warn, "switched off by hand", |b| {
            b.fact(&ObjectRef::member(&listener(443).group, "xms02", 443), "state", "DISABLED");
        }),
        ("server by hand", CheckCode::Members, Outcome::Warn, "Server xms02", |b| {
            b.state(&ObjectRef::server("xms02"), "DISABLED");
            for member in b.members("xms02") {
                b.state(&member, "OUT OF SERVICE");
            }
        }),
        ("drained", CheckCode::Members, Outcome::Warn, "GOING OUT OF SERVICE", |b| {
            for member in b.members("xms02") {
                b.state(&member, "GOING OUT OF SERVICE");
            }
        }),
        ("unbound", CheckCode::Members, Outcome::Fail, "taken out of 1", |b| {
            let member = ObjectRef::member(&listener(443).group, "xms02", 443);
            b.remove(&member);
            b.owned.insert(member);
        }),
        ("new node", CheckCode::Members, Outcome::Warn, "not yet a member of 3", |b| {
            for member in b.members("xms02") {
                b.remove(&member);
            }
        }),
        ("stranger", CheckCode::Members, Outcome::Warn, "no node of this set-up", |b| {
            let stranger = ObjectRef::member(&listener(443).group, "web7", 443);
            b.add(stranger.clone());
            b.state(&stranger, "UP");
        }),
        ("group by hand", CheckCode::Groups, Outcome::Fail, "switched off by hand", |b| {
            b.fact(&group(443), "state", "DISABLED");
            let members: Vec<_> = b.snapshot.members(&listener(443).group).map(|seen| seen.object.clone()).collect();
            for member in members {
                b.state(&member, "OUT OF SERVICE");
            }
            b.state(&vserver(443), "DOWN");
        }),
        ("not bound", CheckCode::Groups, Outcome::Fail, "not bound", |b| {
            b.remove(&ObjectRef::vserver_group(&listener(443).vserver, &listener(443).group));
            b.state(&vserver(443), "DOWN");
        }),
        ("group gone", CheckCode::Groups, Outcome::Fail, "is missing", |b| {
            b.remove(&group(443));
            let members: Vec<_> = b.snapshot.members(&listener(443).group).map(|seen| seen.object.clone()).collect();
            for member in members {
                b.remove(&member);
            }
            b.state(&vserver(443), "DOWN");
        }),
        ("not monitored", CheckCode::Groups, Outcome::Warn, "does not monitor", |b| {
            b.attr(&group(443), "healthmonitor", "NO");
        }),
        ("virtual server by hand", CheckCode::VirtualServers, Outcome::Fail, "switched off by hand", |b| {
            b.state(&vserver(443), "OUT OF SERVICE");
        }),
        ("virtual server gone", CheckCode::VirtualServers, Outcome::Fail, "is missing", |b| {
            b.remove(&vserver(443));
            b.owned.insert(vserver(443));
        }),
        ("down without a reason", CheckCode::VirtualServers, Outcome::Fail, "is DOWN", |b| {
            b.state(&vserver(443), "DOWN");
        }),
        ("swapped", CheckCode::ServerIds, Outcome::Fail, "xms01 has the ID of xms02 and the other way round", |b| {
            b.server_id("xms01", "169090572");
            b.server_id("xms02", "169090571");
        }),
        ("twins", CheckCode::ServerIds, Outcome::Fail, "the same server ID", |b| b.server_id("xms01", "169090572")),
        ("no ID", CheckCode::ServerIds, Outcome::Fail, "has no server ID", |b| b.server_id("xms01", "")),
        ("foreign ID", CheckCode::ServerIds, Outcome::Fail, "no number of this node", |b| b.server_id("xms01", "4711")),
        ("SOURCEIP lost", CheckCode::MdmPersistence, Outcome::Fail, "NONE instead of SOURCEIP", |b| {
            b.seen(&vserver(443)).attrs.clear();
        }),
        ("minutes", CheckCode::MdmPersistence, Outcome::Warn, "after 2 minutes", |b| {
            b.seen(&vserver(443)).attrs.remove("timeout");
        }),
        ("SSLSESSION", CheckCode::MdmPersistence, Outcome::Warn, "SSLSESSION", |b| {
            b.desired.mdm.as_mut().unwrap().persistence = Persistence::SslSession;
            b.desired.mdm.as_mut().unwrap().listeners.truncate(1);
            b.attr(&vserver(443), "persistencetype", "SSLSESSION");
        }),
        ("MAM by address", CheckCode::MamPersistence, Outcome::Fail, "SOURCEIP instead of CUSTOMSERVERID", |b| {
            b.attr(&ObjectRef::vserver(MAM), "persistencetype", "SOURCEIP");
        }),
        ("MAM by another cookie", CheckCode::MamPersistence, Outcome::Fail, "wrong place", |b| {
            b.attr(&ObjectRef::vserver(MAM), "rule", "HTTP.REQ.COOKIE.VALUE(\"JSESSIONID\")");
        }),
        ("no certificate", CheckCode::CertificateBound, Outcome::Fail, "has no certificate", |b| {
            b.remove(&ObjectRef::vserver_cert(MAM));
            b.state(&ObjectRef::vserver(MAM), "DOWN");
        }),
        ("another certificate", CheckCode::CertificateBound, Outcome::Warn, "the set-up wants", |b| {
            b.desired.mam.as_mut().unwrap().certificate = "xms-2028".into();
        }),
        ("expired", CheckCode::CertificateValid, Outcome::Fail, "has expired", |b| {
            b.fact(&ObjectRef::cert_key(CERT), "clientcertnotafter", "Oct  3 07:21:16 2026 GMT");
        }),
        ("expires soon", CheckCode::CertificateValid, Outcome::Warn, "valid for 9 more days", |b| {
            b.fact(&ObjectRef::cert_key(CERT), "clientcertnotafter", "Nov 10 07:21:16 2026 GMT");
        }),
        ("not yet valid", CheckCode::CertificateValid, Outcome::Fail, "not valid yet", |b| {
            b.fact(&ObjectRef::cert_key(CERT), "clientcertnotbefore", "Dec  3 07:21:16 2026 GMT");
        }),
        ("another name", CheckCode::CertificateName, Outcome::Fail, "does not cover xms.example.com", |b| {
            b.fact(&ObjectRef::cert_key(CERT), "sandns", "old.example.com");
        }),
        ("another common name", CheckCode::CertificateName, Outcome::Warn, "does not seem to cover", |b| {
            b.seen(&ObjectRef::cert_key(CERT)).facts.remove("sandns");
            b.fact(&ObjectRef::cert_key(CERT), "subject", "CN=old.example.com");
        }),
        ("no chain", CheckCode::CertificateChain, Outcome::Warn, "has no chain", |b| {
            b.remove(&ObjectRef::cert_link(CERT));
        }),
        ("Gateway down", CheckCode::Gateway, Outcome::Fail, "is DOWN", |b| {
            b.state(&ObjectRef::gateway(GATEWAY), "DOWN");
        }),
        ("Gateway gone", CheckCode::Gateway, Outcome::Fail, "There is no Gateway", |b| {
            b.remove(&ObjectRef::gateway(GATEWAY));
        }),
        ("no App Controller", CheckCode::AppController, Outcome::Fail, "does not know where", |b| {
            b.remove(&ObjectRef::app_controller(GATEWAY, "https://xms.example.com:8443"));
        }),
        ("App Controller without port", CheckCode::AppController, Outcome::Fail, "at https://xms.example.com.", |b| {
            b.remove(&ObjectRef::app_controller(GATEWAY, "https://xms.example.com:8443"));
            b.add(ObjectRef::app_controller(GATEWAY, "https://xms.example.com"));
        }),
        ("two App Controllers", CheckCode::AppController, Outcome::Fail, "2 App Controllers", |b| {
            b.add(ObjectRef::app_controller(GATEWAY, "https://other.example.com:8443"));
        }),
        ("another store", CheckCode::SessionAction, Outcome::Fail, "another store", |b| {
            b.attr(&ObjectRef::session_action(ACTION), "storefronturl", "https://old.example.com:8443");
        }),
        ("no record", CheckCode::AddressRecord, Outcome::Fail, "no address record", |b| {
            b.remove(&ObjectRef::address_record(FQDN, "10.20.40.52"));
        }),
        ("record to MDM", CheckCode::AddressRecord, Outcome::Fail, "the MDM address", |b| {
            b.remove(&ObjectRef::address_record(FQDN, "10.20.40.52"));
            b.add(ObjectRef::address_record(FQDN, "10.20.40.51"));
        }),
        ("record to the Gateway", CheckCode::AddressRecord, Outcome::Fail, "address of a Gateway", |b| {
            b.remove(&ObjectRef::address_record(FQDN, "10.20.40.52"));
            b.add(ObjectRef::address_record(FQDN, "10.20.40.40"));
        }),
        ("two records", CheckCode::AddressRecord, Outcome::Fail, "2 address records", |b| {
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
        let passes = berlin.check().iter().any(|other| other.code == *code && other.outcome == Outcome::Pass);
        assert!(!passes, "{name}: the rule passes and fails");
    }
}
