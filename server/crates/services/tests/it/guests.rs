//! How long a session lives, and how long what was entrusted to Gatehouse is kept.

use crate::support::{PASSWORD, World, world};
use model::{certificate::UploadForm, desired::MamForm, person::SessionEnd, record::RecordKind, run::RunStatus};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use services::{CertificateFiles, Failure, LogQuery, Origin, StepForm};
use std::time::Duration;

#[tokio::test]
async fn a_session_ends_after_a_week_however_often_it_is_used() {
    let world = world().await;
    let token = world.services.sessions().sign_in(&Origin::default(), "ada", PASSWORD).await.unwrap().token;
    let comes_in = async || world.services.sessions().visitor(&token, Origin::default()).await.unwrap().is_some();
    let mut hours = 0;
    while hours < 7 * 24 - 6 {
        world.lab.advance(Duration::from_hours(6)).await;
        hours += 6;
        assert!(comes_in().await, "{hours} hours");
    }
    world.lab.advance(Duration::from_hours(6)).await;
    assert!(!comes_in().await, "a week");
    let ended = world.services.sessions().end_of(&token).await.unwrap().unwrap();
    assert_eq!(ended.why, SessionEnd::Expired);
    assert!(
        world.services.sessions().lapsed(&token, &ended).await.unwrap().is_some_and(|lapsed| lapsed.name() == "ada")
    );
}

fn files() -> CertificateFiles {
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "Test Root");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let root = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let mut params = CertificateParams::new(vec!["xms.example.com".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, "xms.example.com");
    params.not_before = rcgen::date_time_ymd(2025, 1, 1);
    params.not_after = rcgen::date_time_ymd(2036, 1, 1);
    let key = KeyPair::generate().unwrap();
    let leaf = params.signed_by(&key, &root).unwrap();
    CertificateFiles {
        certificate: format!("{}{}", leaf.pem(), root.pem()).into_bytes(),
        key: Some(key.serialize_pem().into_bytes()),
        password: None,
    }
}

async fn upload(world: &World, cluster: model::ClusterId, name: &str) -> Result<(), Failure> {
    let form = UploadForm { name: name.into() };
    world.services.uploads().add(&world.cx.writer().unwrap(), cluster, &form, files()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_key_is_gone_once_it_has_arrived() {
    let world = world().await;
    let id = world.whole().await;
    let mam = |name: &str| {
        StepForm::Mam(MamForm { vip: "10.20.40.52".into(), certificate: name.into(), ..MamForm::fresh("Berlin") })
    };
    upload(&world, id, "xms-new").await.unwrap();
    let twice = upload(&world, id, "xms-new").await;
    assert!(matches!(twice, Err(Failure::Fields(errors)) if errors.get("name").is_some()), "one of a name");
    world.save(id, mam("xms-new")).await.unwrap();
    let kept = async || {
        let uploads = world.services.uploads().list(&world.cx, id).await.unwrap();
        uploads.into_iter().map(|upload| (upload.name, upload.key_gone_at.is_none())).collect::<Vec<_>>()
    };
    assert_eq!(kept().await, [("xms-new".to_owned(), true)]);
    let plan = world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
    let done = world.applied(plan).await;
    assert_eq!(done.run.status, RunStatus::Succeeded, "{}", done.run.note);
    assert_eq!(kept().await, [("xms-new".to_owned(), false)], "it is where it belongs, and nowhere else");
    let again = world.services.plans().make(&world.cx.writer().unwrap(), id).await;
    let again = world.services.plans().show(&world.cx, again.unwrap()).await.unwrap();
    assert!(again.plan.operations.is_empty(), "the certificates themselves are known");
    // There already: another one needs another name.
    assert!(upload(&world, id, "xms-new").await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_uploaded_key_is_destroyed_by_hand() {
    let world = world().await;
    let id = world.cluster().await;
    let writer = world.cx.writer().unwrap();
    upload(&world, id, "xms-spare").await.unwrap();
    let uploads = world.services.uploads().list(&world.cx, id).await.unwrap();
    world.services.uploads().forget(&writer, id, uploads[0].id).await.unwrap();
    world.services.uploads().forget(&writer, id, uploads[0].id).await.unwrap();
    let query = LogQuery { kind: Some(RecordKind::CertificateForgotten), ..LogQuery::default() };
    assert_eq!(world.log(&world.cx, &query).await.len(), 1, "once");
    assert!(matches!(world.services.uploads().forget(&writer, id, 99).await, Err(Failure::NotFound(_))));
    upload(&world, id, "xms-spare").await.unwrap();
    let uploads = world.services.uploads().list(&world.cx, id).await.unwrap();
    let (one, other) = (&uploads[0], &uploads[1]);
    assert!(
        one.id > other.id && one.key_gone_at.is_none() && other.key_gone_at.is_some(),
        "no plan finds another's contents"
    );
}
