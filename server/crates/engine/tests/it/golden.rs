//! Plans as text that an operator can read, in the form of `nitro.md` 4.3 and 4.4.

use crate::{
    common::{
        ACTION, Owned, apply, berlin, berlin_made, berlin_with, cli, furnished, listener, node, planned, uploaded,
        whole,
    },
    fake::FakeAppliance,
};
use model::{
    desired::Persistence,
    object::ObjectRef,
    plan::{Inverse, Plan, Verb},
};

fn page(plan: &Plan) -> String {
    let mut lines: Vec<String> = Vec::new();
    for op in &plan.operations {
        let call = &op.call;
        let name = call.name.as_ref().map(|name| format!("/{name}")).unwrap_or_default();
        let action = call.action.as_ref().map(|action| format!("?action={action}")).unwrap_or_default();
        let pairs: Vec<String> = call.args.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        let args = if pairs.is_empty() { String::new() } else { format!("?args={}", pairs.join(",")) };
        let body = call.body.as_ref().map(|body| format!(" {body}")).unwrap_or_default();
        let inverse = match &op.inverse {
            Inverse::Do { verb, attrs } => {
                let pairs: Vec<String> = attrs.iter().map(|(name, value)| format!(" {name}={value}")).collect();
                format!("{}{}", verb.word(), pairs.concat())
            }
            Inverse::Stays(reason) => format!("stays: {reason}"),
        };
        lines.push(format!("{:>2} {} {}", op.seq, op.verb.mark(), op.object));
        lines.push(format!("   {}", op.cli));
        lines.push(format!("   {} {}{name}{action}{args}{body}", call.method.word(), call.resource));
        lines.push(format!("   {}", op.reason));
        lines.push(format!("   back: {inverse}"));
    }
    lines.extend(plan.notes.iter().map(|note| format!("note: {note}")));
    assert!(plan.conflicts.is_empty(), "{:#?}", plan.conflicts);
    lines.join("\n")
}

#[test]
fn three_nodes_from_an_empty_appliance() {
    let plan = planned(&FakeAppliance::new(), &berlin(), &Owned::new());
    assert_eq!(
        cli(&plan),
        [
            "enable ns feature LB",
            "enable ns feature SSL",
            "add server xms01 10.20.30.11",
            "add server xms02 10.20.30.12",
            "add server xms03 10.20.30.13",
            "add serviceGroup xms-berlin-mdm-443-sg SSL_BRIDGE",
            "bind serviceGroup xms-berlin-mdm-443-sg xms01 443",
            "bind serviceGroup xms-berlin-mdm-443-sg xms02 443",
            "bind serviceGroup xms-berlin-mdm-443-sg xms03 443",
            "add lb vserver xms-berlin-mdm-443 SSL_BRIDGE 10.20.40.51 443 -persistenceType SOURCEIP -timeout 20",
            "bind lb vserver xms-berlin-mdm-443 xms-berlin-mdm-443-sg",
            "save ns config",
        ]
    );
    insta::assert_snapshot!("three_nodes", page(&plan));
}

#[test]
fn a_changed_set_up() {
    let (appliance, owned) = berlin_made();
    let mut desired = berlin_with(|mdm| {
        mdm.persistence = Persistence::SslSession;
        mdm.timeout = 2;
    });
    desired.nodes.remove(0);
    desired.nodes.push(node("xms04", 14));
    insta::assert_snapshot!("changed", page(&planned(&appliance, &desired, &owned)));
}

#[test]
fn another_port_with_other_names() {
    let (appliance, owned) = berlin_made();
    let desired = berlin_with(|mdm| mdm.listeners = vec![listener(8443)]);
    insta::assert_snapshot!("another_port", page(&planned(&appliance, &desired, &owned)));
}

#[test]
fn nothing_wanted_any_more_is_the_teardown_of_4_4() {
    let (appliance, mut owned) = berlin_made();
    let plan = apply(&appliance, &berlin_with(|mdm| mdm.listeners.clear()), &mut owned);
    assert_eq!(
        cli(&plan),
        [
            "unbind lb vserver xms-berlin-mdm-443 xms-berlin-mdm-443-sg",
            "rm lb vserver xms-berlin-mdm-443",
            "unbind serviceGroup xms-berlin-mdm-443-sg xms01 443",
            "unbind serviceGroup xms-berlin-mdm-443-sg xms02 443",
            "unbind serviceGroup xms-berlin-mdm-443-sg xms03 443",
            "rm serviceGroup xms-berlin-mdm-443-sg",
            "rm server xms01",
            "rm server xms02",
            "rm server xms03",
            "save ns config",
        ]
    );
    assert!(owned.is_empty());
    assert!(appliance.rows().is_empty());
    let back = &plan.operations[1];
    assert!(matches!(&back.inverse, Inverse::Do { verb: Verb::Add, attrs } if attrs.len() == 5), "{back:?}");
}

/// The lines of `nitro.md` 4.3, in form and order.
#[test]
fn the_whole_procedure() {
    let (appliance, owned) = (furnished(), Owned::from([ObjectRef::session_action(ACTION)]));
    let plan = planned(&appliance, &whole(), &owned);
    assert_eq!(
        cli(&plan),
        [
            "enable ns feature LB",
            "enable ns feature SSL",
            "enable ns feature SSLVPN",
            "add server xms01 10.20.30.11",
            "add server xms02 10.20.30.12",
            "add server xms03 10.20.30.13",
            "add serviceGroup xms-berlin-mdm-443-sg SSL_BRIDGE",
            "add serviceGroup xms-berlin-mdm-8443-sg SSL_BRIDGE",
            "add serviceGroup xms-berlin-mam-8443-sg SSL",
            "bind serviceGroup xms-berlin-mdm-443-sg xms01 443",
            "bind serviceGroup xms-berlin-mdm-443-sg xms02 443",
            "bind serviceGroup xms-berlin-mdm-443-sg xms03 443",
            "bind serviceGroup xms-berlin-mdm-8443-sg xms01 8443",
            "bind serviceGroup xms-berlin-mdm-8443-sg xms02 8443",
            "bind serviceGroup xms-berlin-mdm-8443-sg xms03 8443",
            "bind serviceGroup xms-berlin-mam-8443-sg xms01 8443 -CustomServerID 169090571",
            "bind serviceGroup xms-berlin-mam-8443-sg xms02 8443 -CustomServerID 169090572",
            "bind serviceGroup xms-berlin-mam-8443-sg xms03 8443 -CustomServerID 169090573",
            "add lb vserver xms-berlin-mdm-443 SSL_BRIDGE 10.20.40.51 443 -persistenceType SOURCEIP -timeout 20",
            "add lb vserver xms-berlin-mdm-8443 SSL_BRIDGE 10.20.40.51 8443 -persistenceType SOURCEIP -timeout 20",
            r#"add lb vserver xms-berlin-mam-8443 SSL 10.20.40.52 8443 -persistenceType CUSTOMSERVERID -rule "HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")""#,
            "bind lb vserver xms-berlin-mdm-443 xms-berlin-mdm-443-sg",
            "bind lb vserver xms-berlin-mdm-8443 xms-berlin-mdm-8443-sg",
            "bind lb vserver xms-berlin-mam-8443 xms-berlin-mam-8443-sg",
            "bind ssl vserver xms-berlin-mam-8443 -certkeyName wildcard-example",
            "add dns addRec xms.example.com 10.20.40.52",
            r#"bind vpn vserver _XM_ag.example.com -appController "https://xms.example.com:8443""#,
            r#"set vpn sessionAction AC_OS_10.20.40.40 -storefronturl "https://xms.example.com:8443""#,
            "save ns config",
        ]
    );
    insta::assert_snapshot!("whole", page(&plan));
}

#[test]
fn an_uploaded_certificate_goes_before_what_it_is_bound_to() {
    let (appliance, mut owned) = (furnished(), Owned::from([ObjectRef::session_action(ACTION)]));
    let plan = apply(&appliance, &uploaded(), &mut owned);
    insta::assert_snapshot!("uploaded", page(&plan));
    let sent = serde_json::to_string(&plan).unwrap();
    assert!(sent.contains("vault:7/key"), "the plan names the place and not the key");
    // Back to the certificate that was there: one request, then what nobody uses goes.
    let plan = apply(&appliance, &whole(), &mut owned);
    assert_eq!(
        cli(&plan),
        [
            "bind ssl vserver xms-berlin-mam-8443 -certkeyName wildcard-example",
            "unlink ssl certKey xms-2027",
            "rm ssl certKey xms-2027",
            "rm ssl certKey xms-2027-ca",
            "rm system file xms-2027-ca.cer -fileLocation \"/nsconfig/ssl\"",
            "rm system file xms-2027.cer -fileLocation \"/nsconfig/ssl\"",
            "rm system file xms-2027.key -fileLocation \"/nsconfig/ssl\"",
            "save ns config",
        ]
    );
}
