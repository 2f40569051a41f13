//! A refused credential is not tried again until somebody says so (invariant 14), and sessions are given back.

use crate::support::{SECRET, world};
use model::{FieldErrors, read_error::ReadErrorKind};
use services::Failure;

fn fields(failure: Failure) -> FieldErrors {
    match failure {
        Failure::Fields(errors) => errors,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_changed_password_is_tried_once_and_then_left_alone() {
    let world = world().await;
    let id = world.appliance().await;
    world.services.observer().look(id).await;
    assert!(world.services.appliances().show(&world.cx, id).await.unwrap().seen.is_some());

    // Somebody changes the account on the appliance: the session ends, the next log-in is refused.
    let refused = world.lab.fault(lab::FaultSpec {
        target: "10.0.0.10".into(),
        fault: "session_killed".into(),
        times: 1,
        ..lab::FaultSpec::default()
    });
    refused.await.unwrap();
    world.lab.set_password("something else");
    let before = world.count("POST", "/login");
    for _ in 0..5 {
        world.services.observer().look(id).await;
    }
    assert_eq!(world.count("POST", "/login"), before + 1, "one refused log-in, no more");
    let view = world.services.appliances().show(&world.cx, id).await.unwrap();
    assert!(view.credential_refused_at.is_some());
    let (_, error) = view.failure.unwrap();
    assert_eq!(error.kind, ReadErrorKind::Account);
    assert!(error.sentence().contains("refused"), "the page says why nothing is seen");

    world.lab.set_password(SECRET);
    world.services.observer().look(id).await;
    assert_eq!(world.count("POST", "/login"), before + 1, "still nobody said: try again");
    world.services.appliances().retry_credential(&world.cx.admin().unwrap(), id).await.unwrap();
    world.services.observer().look(id).await;
    let view = world.services.appliances().show(&world.cx, id).await.unwrap();
    assert!(view.credential_refused_at.is_none() && view.seen.is_some());
}

#[tokio::test]
async fn a_test_gives_its_session_back_and_a_stop_gives_back_the_rest() {
    let world = world().await;
    let admin = world.cx.admin().unwrap();
    world.services.appliances().test(&admin, &world.appliance_form(), SECRET).await.unwrap();
    assert_eq!((world.count("POST", "/login"), world.count("POST", "/logout")), (1, 1));
    let id = world.appliance().await;
    for _ in 0..3 {
        world.services.observer().look(id).await;
    }
    world.services.stop().await;
    assert_eq!(world.count("POST", "/login"), world.count("POST", "/logout"), "no session is left behind");
}

#[tokio::test]
async fn each_problem_stands_beside_its_field() {
    let world = world().await;
    let admin = world.cx.admin().unwrap();
    let good = world.appliance_form();
    let test = async |form: &model::appliance::ApplianceForm, password: &str| {
        fields(world.services.appliances().test(&admin, form, password).await.unwrap_err())
    };
    assert!(test(&good, "wrong").await.get("password").is_some());

    let unpinned = model::appliance::ApplianceForm { pin: String::new(), ..good.clone() };
    let shown = async |form| match world.services.appliances().test(&admin, form, SECRET).await {
        Err(Failure::Untrusted { sha256, problem, .. }) => (sha256, problem.is_some()),
        other => panic!("{other:?}"),
    };
    assert_eq!(shown(&unpinned).await, (good.pin.clone(), false), "a factory certificate is nobody's mistake");

    let other = model::appliance::ApplianceForm { pin: "AB".repeat(32), ..good.clone() };
    assert_eq!(shown(&other).await, (good.pin.clone(), true));

    let nobody = model::appliance::ApplianceForm { address: "10.0.0.99".into(), ..good.clone() };
    let errors = test(&nobody, SECRET).await;
    assert!(errors.get("via").or(errors.get("address")).is_some());
    assert_eq!(world.count("POST", "/login"), 1, "only the first of these sent a password");
}
