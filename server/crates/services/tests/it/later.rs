//! What real appliances were seen to do (`nitro.md` 6.2), through the whole console over a lab that does it.

use crate::support::{World, world, world_on};
use lab::{Choices, FaultSpec, Options, RecordRows, Version};
use model::{
    ClusterId,
    desired::{KeepOffForm, MamForm},
    finding::{CheckCode, Finding, Grade},
    object::{Kind, ObjectRef},
    plan::Plan,
    run::{OpState, RunStatus},
    snapshot::Snapshot,
};
use reqwest::Method;
use services::{Failure, StepForm, SwitchStanding};
use std::time::Duration;

const GROUP: &str = "xms-berlin-mdm-443-sg";

async fn planned(world: &World, id: ClusterId) -> Plan {
    let plan = world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
    world.services.plans().show(&world.cx, plan).await.unwrap().plan
}

async fn look(world: &World, id: ClusterId) -> Snapshot {
    let appliance = world.services.clusters().show(&world.cx, id).await.unwrap().appliance.id;
    world.services.observer().look(appliance).await;
    let view = world.services.clusters().show(&world.cx, id).await.unwrap();
    view.sighting.seen.unwrap().1.as_ref().clone()
}

async fn found(world: &World, id: ClusterId, code: CheckCode) -> Vec<Finding> {
    let view = world.services.clusters().show(&world.cx, id).await.unwrap();
    view.findings.into_iter().filter(|finding| finding.code == code).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_is_listed_as_proxy_is_made_once() {
    for rows in [RecordRows::Proxy, RecordRows::Both] {
        let choices = Choices { record_rows: rows, ..Choices::default() };
        let world = world_on(Options { choices, ..Options::default() }).await;
        let (id, _) = world.set_up().await;
        let snapshot = look(&world, id).await;
        let record = ObjectRef::address_record("xms.example.com", "10.20.40.52");
        let alone = rows == RecordRows::Proxy;
        assert_eq!((snapshot.remembers(&record), snapshot.find(&record).is_some()), (alone, !alone), "{rows:?}");
        let again = planned(&world, id).await;
        assert!(again.is_empty() && again.conflicts.is_empty(), "{again:#?}");
        assert_eq!(again.notes.iter().any(|note| note.contains("not added again")), alone, "{:?}", again.notes);
        let outcome = if alone { Grade::NotChecked } else { Grade::Pass };
        assert_eq!(found(&world, id, CheckCode::AddressRecord).await[0].outcome, outcome, "{rows:?}");
        // What moves by itself is looked at, and what is remembered stays known.
        world.lab.advance(Duration::from_secs(5)).await;
        let appliance = world.services.clusters().show(&world.cx, id).await.unwrap().appliance.id;
        world.services.observer().glance(appliance).await;
        assert_eq!(found(&world, id, CheckCode::AddressRecord).await[0].outcome, outcome, "{rows:?}");
        assert_eq!(world.lab.cli().iter().filter(|line| line.line.starts_with("add dns addRec")).count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_whose_members_come_from_dns_is_never_touched() {
    let world = world().await;
    let id = world.whole().await;
    for (method, path, body) in [
        (Method::POST, "server", r#"{"server":{"name":"nodes","domain":"nodes.example.com"}}"#),
        (
            Method::POST,
            "servicegroup",
            r#"{"servicegroup":{"servicegroupname":"xms-berlin-mdm-443-sg","servicetype":"SSL_BRIDGE","autoscale":"DNS"}}"#,
        ),
        (
            Method::PUT,
            "servicegroup_servicegroupmember_binding",
            r#"{"servicegroup_servicegroupmember_binding":{"servicegroupname":"xms-berlin-mdm-443-sg","servername":"nodes","port":443}}"#,
        ),
    ] {
        world.raw(method, path, body).await;
    }
    look(&world, id).await;
    let plan = planned(&world, id).await;
    let [conflict] = plan.conflicts.as_slice() else { panic!("{:#?}", plan.conflicts) };
    assert_eq!((&conflict.object, conflict.adoptable), (&ObjectRef::group(GROUP), false));
    assert!(conflict.sentence.contains("come from DNS"), "{}", conflict.sentence);
    let of_group = |op: &&model::plan::Operation| {
        matches!(op.object.kind, Kind::ServiceGroup | Kind::Member) && op.object.part(0) == GROUP
    };
    assert_eq!(plan.operations.iter().find(of_group), None);
    let switches = world.services.switches().show(&world.cx, id).await.unwrap().switches;
    let standing = switches.into_iter().find(|switch| switch.object == ObjectRef::group(GROUP)).unwrap().standing;
    assert_eq!(standing, SwitchStanding::Elsewhere("DNS".into()));
    let form = KeepOffForm { reason: "upkeep".into(), ..KeepOffForm::of(&ObjectRef::group(GROUP)) };
    let refused = world.services.switches().keep_off(&world.cx.writer().unwrap(), id, &form).await;
    assert!(
        matches!(&refused, Err(Failure::Fields(errors)) if errors.get("").is_some_and(|s| s.contains("come from DNS"))),
        "{refused:?}"
    );
}

/// The appliance stands for somebody's: a CA whose name has a typographic apostrophe, and a key pair beside it.
#[tokio::test(flavor = "multi_thread")]
async fn certificate_keys_may_have_any_name() {
    const NAME: &str = "Müller’s wildcard";
    const CA: &str = "Let’s Encrypt";
    let world = world().await;
    for (path, body) in [
        ("sslcertkey", r#"{"sslcertkey":{"certkey":"Let’s Encrypt","cert":"Example-Issuing-CA.cer"}}"#),
        (
            "sslcertkey",
            r#"{"sslcertkey":{"certkey":"Müller’s wildcard","cert":"wildcard-example.cer","key":"wildcard-example.key"}}"#,
        ),
        (
            "sslcertkey?action=link",
            r#"{"sslcertkey":{"certkey":"Müller’s wildcard","linkcertkeyname":"Let’s Encrypt"}}"#,
        ),
    ] {
        world.raw(Method::POST, path, body).await;
    }
    let id = world.whole().await;
    let mam = MamForm { vip: "10.20.40.52".into(), certificate: NAME.into(), ..MamForm::fresh("Berlin") };
    world.save(id, StepForm::Mam(mam)).await.unwrap();
    let plan = world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
    let done = world.applied(plan).await;
    assert_eq!(done.run.status, RunStatus::Succeeded, "{}", done.run.note);
    let snapshot = look(&world, id).await;
    let named = |object: ObjectRef, name: &str| snapshot.find(&object).and_then(|seen| seen.attrs.get(name)).cloned();
    assert_eq!(named(ObjectRef::vserver_cert("xms-berlin-mam-8443"), "certkeyname"), Some(NAME.into()));
    assert_eq!(named(ObjectRef::cert_link(NAME), "linkcertkeyname"), Some(CA.into()));
    assert!(planned(&world, id).await.is_empty());
    let chain = found(&world, id, CheckCode::CertificateChain).await;
    assert!(chain.iter().all(|finding| finding.outcome == Grade::Pass), "{chain:#?}");
    // And back, by a name in a path.
    let back = world.services.plans().make_undo(&world.cx.writer().unwrap(), done.run.act).await.unwrap();
    let undone = world.applied(back).await;
    assert_eq!(undone.run.status, RunStatus::Succeeded, "{}", undone.run.note);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_saved_since_an_upgrade_is_said_until_it_is() {
    let world = world().await;
    let (id, _) = world.set_up().await;
    let snapshot = look(&world, id).await;
    assert_eq!(snapshot.saved_build.as_deref(), Some(snapshot.release.as_str()));
    let asked = || world.count("GET", "nssavedconfig");
    let before = asked();
    look(&world, id).await;
    assert_eq!(asked(), before, "nobody has saved since, so it is not read again");
    world.lab.upgrade([10, 0, 0, 10].into(), Version::V13_1).unwrap();
    let told = async || {
        look(&world, id).await;
        let found = found(&world, id, CheckCode::Saved).await;
        found.into_iter().map(|finding| (finding.outcome, finding.title)).collect::<Vec<_>>()
    };
    let title = "The configuration was not saved since the firmware was changed.";
    assert_eq!(told().await, [(Grade::Warn, title.to_owned())]);
    world.lab.advance(Duration::from_secs(5)).await;
    world.raw(Method::POST, "nsconfig?action=save", r#"{"nsconfig":{}}"#).await;
    assert_eq!(told().await, [(Grade::Pass, "The running configuration is saved.".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_may_not_read_the_saved_file_hears_nothing_of_it() {
    let mut world = world_on(Options::default()).await;
    world.user = "xmreader";
    // It has `xmc-read-extra`, which allows it; without that it is refused.
    world.raw(Method::DELETE, "systemuser_systemcmdpolicy_binding/xmreader?args=policyname:xmc-read-extra", "").await;
    let id = world.cluster().await;
    let snapshot = look(&world, id).await;
    assert_eq!(snapshot.saved_build, None);
    assert!(!snapshot.release.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offloaded_mdm_that_resumes_sessions_is_found() {
    let world = world().await;
    let id = world.whole().await;
    // As the vendor's wizard leaves it where TLS ends on the appliance.
    let body = r#"{"lbvserver":{"name":"_XM_LB_MDM_443","servicetype":"SSL","ipv46":"10.20.40.51","port":443,"persistencetype":"SOURCEIP"}}"#;
    world.raw(Method::POST, "lbvserver", body).await;
    look(&world, id).await;
    let of = async |code: CheckCode| -> Vec<(Grade, String)> {
        let found = found(&world, id, code).await;
        let about = found.into_iter().filter(|f| f.objects.contains(&ObjectRef::vserver("_XM_LB_MDM_443")));
        about.map(|finding| (finding.outcome, finding.title)).collect()
    };
    let [(outcome, title)] = of(CheckCode::CheckIns).await.try_into().unwrap();
    assert_eq!(outcome, Grade::Warn);
    assert!(title.contains("wrong certificate for devices that were wiped"), "{title}");
    // What moves by itself is looked at; what was read of its TLS stays known.
    world.lab.advance(Duration::from_secs(5)).await;
    let appliance = world.services.clusters().show(&world.cx, id).await.unwrap().appliance.id;
    world.services.observer().glance(appliance).await;
    assert_eq!(of(CheckCode::CheckIns).await.len(), 1);
    let off = r#"{"sslvserver":{"vservername":"_XM_LB_MDM_443","sessreuse":"DISABLED"}}"#;
    world.raw(Method::PUT, "sslvserver", off).await;
    look(&world, id).await;
    assert_eq!(of(CheckCode::CheckIns).await, []);
}

/// A save that is never answered, and any other write: the run ends, in doubt, and goes on from there.
#[tokio::test(flavor = "multi_thread")]
async fn patience_with_a_write_has_an_end() {
    for (resource, action) in [("nsconfig", Some("save")), ("servicegroup", None)] {
        let world = world().await;
        let brief = Duration::from_millis(700);
        let patience = nitro::Limits { read: brief, save: brief, ..nitro::Limits::default() };
        world.services.be_patient(patience);
        let id = world.whole().await;
        let writer = world.cx.writer().unwrap();
        let plan = world.services.plans().make(&writer, id).await.unwrap();
        let spec = FaultSpec {
            target: "netscaler".into(),
            fault: "hang_before".into(),
            times: 1,
            method: Some("POST".into()),
            resource: Some(resource.into()),
            action: action.map(Into::into),
            ..FaultSpec::default()
        };
        world.lab.fault(spec).await.unwrap();
        let stopped = world.applied(plan).await;
        assert_eq!(stopped.run.status, RunStatus::Interrupted, "{}", stopped.run.note);
        assert!(
            stopped.run.note.contains("in doubt") && stopped.run.note.contains("0.7 seconds"),
            "{}",
            stopped.run.note
        );
        assert!(stopped.run.operations.iter().any(|op| op.state == OpState::InDoubt));
        let mut heard = world.services.listen();
        world.services.runs().resume(&writer, stopped.run.act).await.unwrap();
        loop {
            let run = world.services.runs().show(&world.cx, stopped.run.act).await.unwrap().run;
            if run.status != RunStatus::Running {
                assert_eq!(run.status, RunStatus::Succeeded, "{}", run.note);
                break;
            }
            heard.recv().await.unwrap();
        }
    }
}

/// A server with the node's address in another traffic domain is not the one that members refer to.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_another_traffic_domain_is_nobodys_node() {
    let world = world().await;
    let id = world.cluster().await;
    let body = r#"{"server":{"name":"aaa-elsewhere","ipaddress":"10.20.30.11","td":"7"}}"#;
    world.raw(Method::POST, "server", body).await;
    let snapshot = look(&world, id).await;
    assert!(snapshot.find(&ObjectRef::server("aaa-elsewhere")).is_some());
    assert_eq!(snapshot.server_at([10, 20, 30, 11].into()), None);
    let setup = world.services.setup().show(&world.cx, id).await.unwrap();
    let twins: Vec<String> = setup.preview.iter().flat_map(|plan| &plan.operations).map(|op| op.cli.clone()).collect();
    assert!(twins.iter().any(|line| line == "add server xms01 10.20.30.11"), "{twins:#?}");
    assert!(twins.iter().all(|line| !line.contains("aaa-elsewhere")), "{twins:#?}");
}
