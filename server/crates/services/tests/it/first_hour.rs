//! The first hour: an appliance added in one form, keys accepted in one act, what the forms propose.

use crate::{
    nodes::{Desk, NODES},
    support::{PASSWORD, RULES, SECRET, world},
};
use jiff::SignedDuration;
use lab::{ClockMode, Lab, Options as LabOptions};
use model::{
    appliance::{ApplianceForm, fingerprint_text},
    clock::HandClock,
    node::{Apart, Door, Hindrance, Keys},
    person::Role,
    record::RecordKind,
};
use services::{AdminCx, Failure, Options, Origin, Services, StepForm};
use std::{net::Ipv4Addr, sync::Arc, time::Duration};

/// The form for one.
const FORM: &str = "appliance:new";

/// A console without an appliance.
struct Fresh {
    lab: Lab,
    services: Services,
    admin: AdminCx,
    hand: Arc<HandClock>,
    folder: tempfile::TempDir,
}

impl Fresh {
    async fn open() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let options = LabOptions { clock: ClockMode::Manual, password: Some(SECRET.into()), ..LabOptions::default() };
        let lab = lab::start(options).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let hand = Arc::new(HandClock::at("2026-01-05T08:00:00Z".parse().unwrap()));
        let options =
            Options { data: folder.path().join("data"), key: None, clock: hand.clone(), interval: 5, rules: RULES };
        let services = Services::open(options).await.unwrap();
        services.people().add("ada", Role::Admin, PASSWORD).await.unwrap();
        let signed_in = services.sessions().sign_in(&Origin::default(), "ada", PASSWORD).await.unwrap();
        let cx = services.sessions().visitor(&signed_in.token, Origin::default()).await.unwrap().unwrap();
        Self { lab, services, admin: cx.admin().unwrap(), hand, folder }
    }

    fn form(&self, pin: &str) -> ApplianceForm {
        ApplianceForm {
            title: "Lab".into(),
            address: "https://10.0.0.10".into(),
            user: "nsroot".into(),
            connect: "socks5".into(),
            via: self.lab.description().socks.clone(),
            pin: pin.into(),
            ..ApplianceForm::default()
        }
    }

    fn pin(&self) -> String {
        fingerprint_text(&self.lab.description().netscaler[0].fingerprint)
    }

    async fn try_out(&self, form: &ApplianceForm, password: &str) -> Result<(), Failure> {
        self.services.appliances().try_new(&self.admin, FORM, form, password).await.map(|_| ())
    }

    async fn is_kept(&self) -> bool {
        self.services.appliances().password_kept_until(&self.admin, FORM).await.unwrap().is_some()
    }

    fn wait(&self, seconds: u64) {
        self.hand.advance(Duration::from_secs(seconds));
    }

    fn logins(&self) -> usize {
        self.lab.requests().iter().filter(|request| request.path.ends_with("/login")).count()
    }
}

fn fields(result: Result<(), Failure>) -> Vec<String> {
    match result {
        Err(Failure::Fields(errors)) => errors.0.into_keys().collect(),
        Err(Failure::Untrusted { problem: None, .. }) => vec!["shown".into()],
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_appliance_is_added_with_its_password_typed_once() {
    let fresh = Fresh::open().await;
    let first = fresh.services.appliances().add_new(&fresh.admin, FORM, &fresh.form(""), SECRET).await;
    // The certificate of a factory is nothing wrong: it is shown, and no sentence says that something failed.
    let Err(Failure::Untrusted { sha256: shown, problem: None, .. }) = first else { panic!("{first:?}") };
    assert_eq!(fresh.logins(), 0, "nobody was sent the password");
    assert!(fresh.is_kept().await);
    for entry in std::fs::read_dir(fresh.folder.path().join("data")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()), "{}", path.display());
    }

    let pinned = fresh.form(&shown);
    let id = fresh.services.appliances().add_new(&fresh.admin, FORM, &pinned, "").await.unwrap();
    let view = fresh.services.appliances().show(&fresh.admin, id).await.unwrap();
    assert!(view.seen.is_some(), "its page is whole at once");
    fresh.services.forms().forget(&fresh.admin, FORM).await.unwrap();
    assert!(!fresh.is_kept().await, "it goes with the form");
}

#[tokio::test]
async fn a_typed_password_is_kept_a_minute_for_its_account_and_address() {
    let fresh = Fresh::open().await;
    let form = fresh.form("");
    assert_eq!(fields(fresh.try_out(&form, SECRET).await), ["shown"]);
    let elsewhere = ApplianceForm { address: "https://10.0.0.99".into(), ..fresh.form(&fresh.pin()) };
    assert_eq!(fields(fresh.try_out(&elsewhere, "").await), ["password"], "another address does not get it");
    let somebody = ApplianceForm { user: "xmreader".into(), ..fresh.form(&fresh.pin()) };
    assert_eq!(fields(fresh.try_out(&somebody, "").await), ["password"]);
    assert_eq!(fresh.logins(), 0);

    assert_eq!(fields(fresh.try_out(&form, SECRET).await), ["shown"]);
    fresh.wait(59);
    fresh.try_out(&fresh.form(&fresh.pin()), "").await.unwrap();
    fresh.wait(2);
    assert!(!fresh.is_kept().await);
    assert_eq!(fields(fresh.try_out(&fresh.form(&fresh.pin()), "").await), ["password"], "its minute is over");
    assert_eq!(
        fields(fresh.try_out(&ApplianceForm { address: "10.0.0".into(), ..form.clone() }, SECRET).await),
        ["address"]
    );

    assert_eq!(fields(fresh.try_out(&form, SECRET).await), ["shown"]);
    fresh.hand.set_by(SignedDuration::from_hours(-1));
    assert!(!fresh.is_kept().await, "a clock that is set back keeps nothing longer");
}

#[tokio::test]
async fn a_password_that_was_refused_is_not_kept() {
    let fresh = Fresh::open().await;
    assert_eq!(fields(fresh.try_out(&fresh.form(&fresh.pin()), "wrong").await), ["password"]);
    assert!(!fresh.is_kept().await);
}

async fn shown(desk: &Desk) -> Vec<(Ipv4Addr, Keys)> {
    desk.view().await.survey().together
}

#[tokio::test]
async fn keys_are_fetched_and_accepted_in_one_act_each_with_its_record() {
    let desk = Desk::open().await;
    desk.save_accounts().await;
    let services = &desk.world.services;
    assert_eq!(desk.view().await.survey().missing, NODES);
    services.nodes().fetch_all_keys(&desk.writer(), desk.id).await.unwrap();
    let seen = shown(&desk).await;
    assert_eq!(seen.iter().map(|(address, _)| *address).collect::<Vec<_>>(), NODES);

    let mut other = seen.clone();
    other[2].1.ssh = Some("ssh-ed25519 SHA256:another".into());
    for wrong in [other, Vec::new()] {
        let refused = services.nodes().accept_keys_together(&desk.writer(), desk.id, wrong).await;
        assert!(
            matches!(refused, Err(Failure::Refused(refusal)) if refusal.sentence().contains("Nothing was accepted"))
        );
    }
    assert!(desk.view().await.survey().accepted.is_empty(), "all or none");

    // What failed for want of a key says nothing any more once there is one.
    desk.look().await;
    assert!(desk.view().await.nodes[0].facts.trouble(Door::Ssh).is_some());
    services.nodes().accept_keys_together(&desk.writer(), desk.id, seen).await.unwrap();
    assert!(desk.view().await.nodes[0].facts.trouble(Door::Ssh).is_none());
    assert_eq!(desk.view().await.survey().accepted, NODES);
    let accepted: Vec<_> =
        desk.log().await.into_iter().filter(|entry| entry.kind == RecordKind::NodeKeysAccepted).collect();
    assert_eq!(accepted.len(), 3);
    assert!(accepted.iter().all(|entry| entry.act == accepted[0].act), "one act: {accepted:?}");

    services.nodes().look_now(&desk.writer(), desk.id).await.unwrap();
    let facts = desk.facts().await;
    assert!(
        facts.iter().all(|facts| facts.reported_id().is_some() && facts.trouble(Door::Rest).is_none()),
        "{facts:?}"
    );
}

#[tokio::test]
async fn a_silent_node_keeps_nobody_from_showing_and_a_clone_stands_apart() {
    let desk = Desk::open().await;
    desk.fault(NODES[1], "clone_host_key").await;
    desk.world.lab.power_off(NODES[2]).await.unwrap();
    let fetched = desk.world.services.nodes().fetch_all_keys(&desk.writer(), desk.id).await;
    assert!(
        matches!(&fetched, Err(Failure::Refused(refusal)) if refusal.sentence().contains("10.20.30.13")),
        "{fetched:?}"
    );
    let survey = desk.view().await.survey();
    let twins = [(NODES[0], Apart::SameHostKey(NODES[1])), (NODES[1], Apart::SameHostKey(NODES[0]))];
    assert_eq!((survey.apart.as_slice(), survey.missing), (twins.as_slice(), vec![NODES[2]]));
    let keys = desk.view().await.nodes[0].keys.offered.clone().unwrap().keys;
    let together =
        desk.world.services.nodes().accept_keys_together(&desk.writer(), desk.id, vec![(NODES[0], keys)]).await;
    assert!(matches!(together, Err(Failure::Refused(_))), "what stands apart is not accepted with others");
}

#[tokio::test]
async fn asking_in_vain_says_at_once_what_is_missing() {
    let desk = Desk::open().await;
    let ask = async || desk.world.services.nodes().ask_ids(&desk.writer(), desk.id).await;
    let begun = async || desk.log().await.iter().filter(|entry| entry.kind == RecordKind::NodeIdsBegun).count();
    assert_eq!(desk.view().await.hindrances(), [Hindrance::NoAccount, Hindrance::Keys(NODES.to_vec())]);
    assert!(
        matches!(ask().await, Err(Failure::Refused(refusal)) if refusal.sentence().contains("SSH account is missing"))
    );
    desk.save_accounts().await;
    assert!(matches!(ask().await, Err(Failure::Refused(refusal)) if refusal.sentence().contains("10.20.30.12")));
    assert_eq!(begun().await, 0, "nobody was asked");
    desk.fetch(NODES[0]).await.unwrap();
    desk.accept(NODES[0]).await.unwrap();
    ask().await.unwrap();
    assert_eq!(begun().await, 1, "one node is worth asking");
    assert_eq!(desk.view().await.reported_news(), 1);
}

#[tokio::test]
async fn a_form_proposes_what_is_free_and_nothing_of_another_cluster() {
    let world = world().await;
    let berlin = world.whole().await;
    let appliance = world.services.clusters().show(&world.cx, berlin).await.unwrap().cluster.appliance;
    let hamburg = world.other_cluster(appliance).await;
    let setup = world.services.setup().show(&world.cx, hamburg).await.unwrap();
    let at = |last| Ipv4Addr::new(10, 20, 40, last);
    assert_eq!(setup.free_addresses(&[]), [at(41), at(42)], "beside the Gateway, which has .40");
    assert_eq!(setup.free_addresses(&[at(51), at(60)]), [at(60), at(41), at(42)], "Berlin's set-up has .51");
    assert!(setup.proposed_gateway().is_none(), "the only Gateway is Berlin's");
    assert!(setup.is_elsewhere(NODES[0]));
    world
        .save(
            hamburg,
            StepForm::Mdm(model::desired::MdmForm {
                vip: at(41).to_string(),
                ..model::desired::MdmForm::fresh("Hamburg")
            }),
        )
        .await
        .unwrap();
    let setup = world.services.setup().show(&world.cx, hamburg).await.unwrap();
    assert_eq!(setup.free_addresses(&[])[0], at(42), "its own MDM address is no second time free");
    let own = world.services.setup().show(&world.cx, berlin).await.unwrap();
    assert_eq!(own.proposed_gateway().unwrap().object.part(0), "_XM_ag.example.com");
}
