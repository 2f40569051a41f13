//! The team and one's own account.

use crate::support::{PASSWORD, World, world};
use model::{
    ClusterId, FieldErrors, PersonId,
    person::{RightsForm, Role, Scope},
    record::Record,
};
use services::{Failure, LogQuery, Origin};

const OTHER: &str = "another long password";

fn fields<T: std::fmt::Debug>(result: Result<T, Failure>) -> FieldErrors {
    match result {
        Err(Failure::Fields(errors)) => errors,
        other => panic!("{other:?}"),
    }
}

/// The newest record of a kind.
async fn last(world: &World, code: &str) -> Record {
    let kind = model::record::RecordKind::from_code(code);
    let records = world.log(&world.cx, &LogQuery { kind, ..LogQuery::default() }).await;
    records.into_iter().next().unwrap_or_else(|| panic!("no {code}"))
}

async fn sign_in(world: &World, name: &str, password: &str) -> Result<(), Failure> {
    world.services.sessions().sign_in(&Origin::default(), name, password).await.map(|_| ())
}

#[tokio::test]
async fn a_person_is_added_with_what_they_may() {
    let world = world().await;
    let berlin = world.cluster().await;
    let admin = world.cx.admin().unwrap();
    let add = async |name: &str, rights: &RightsForm, password: &str| {
        world.services.team().add(&admin, name, rights, password).await
    };
    let some = RightsForm::of(Role::Operator, &Scope::Only([berlin].into()));
    let id = add("olga", &some, PASSWORD).await.unwrap();
    let member = world.services.team().show(&admin, id).await.unwrap();
    assert_eq!((member.person.role, &member.person.scope), (Role::Operator, &Scope::Only([berlin].into())));
    assert_eq!((member.last_seen, member.sessions.len()), (None, 0));
    let added = last(&world, "person.added").await.entry;
    assert_eq!(added.detail["after"], serde_json::json!({"role": "operator", "scope": format!("cluster {berlin}")}));
    assert_eq!(added.actor.name, "ada");

    assert!(fields(add("OLGA", &some, PASSWORD).await).get("name").is_some_and(|text| text.contains("already")));
    let wrong = RightsForm { role: "admin".into(), ..some };
    let errors = fields(add("a b", &wrong, "short").await);
    assert_eq!(errors.0.keys().collect::<Vec<_>>(), ["name", "password", "scope"], "all at once");
    let nowhere = RightsForm::of(Role::Viewer, &Scope::Only([ClusterId(99)].into()));
    assert!(fields(add("vera", &nowhere, PASSWORD).await).get("scope").is_some());
    assert_eq!(world.services.team().list(&admin).await.unwrap().len(), 2);
}

#[tokio::test]
async fn rights_change_with_a_record_of_before_and_after() {
    let world = world().await;
    let admin = world.cx.admin().unwrap();
    let olga = world.person("olga", Role::Operator, &Scope::All).await;
    let id = olga.person().id;
    let viewer = RightsForm::of(Role::Viewer, &Scope::All);
    world.services.team().change_rights(&admin, id, &viewer).await.unwrap();
    let changed = last(&world, "person.changed").await;
    assert_eq!(changed.entry.detail["before"], serde_json::json!({"role": "operator", "scope": "all clusters"}));
    assert_eq!(changed.entry.detail["after"], serde_json::json!({"role": "viewer", "scope": "all clusters"}));
    let view = world.services.log().record(&world.cx, changed.id).await.unwrap();
    assert_eq!(view.canonical, serde_json::to_string(&changed.entry).unwrap());
    world.services.team().change_rights(&admin, id, &viewer).await.unwrap();
    assert_eq!(last(&world, "person.changed").await.id, changed.id, "what is already so leaves no record");
    let again = world.services.sessions().reader_again(&olga).await.unwrap().unwrap();
    assert!(again.writer().is_err(), "from the next request on");
    let nobody = world.services.team().change_rights(&admin, PersonId(99), &viewer).await;
    assert!(matches!(nobody, Err(Failure::NotFound(_))));
}

#[tokio::test]
async fn somebody_stays_admin() {
    let world = world().await;
    let admin = world.cx.admin().unwrap();
    let ada = admin.person().id;
    let viewer = RightsForm::of(Role::Viewer, &Scope::All);
    assert!(fields(world.services.team().change_rights(&admin, ada, &viewer).await).get("role").is_some());
    assert!(fields(world.services.team().disable(&admin, ada).await).get("state").is_some());

    let bob = world.person("bob", Role::Admin, &Scope::All).await.person().id;
    world.services.team().disable(&admin, bob).await.unwrap();
    assert!(fields(world.services.team().disable(&admin, ada).await).get("state").is_some(), "bob does not count");
    world.services.team().change_rights(&admin, bob, &viewer).await.unwrap();
    world.services.team().change_rights(&admin, bob, &RightsForm::of(Role::Admin, &Scope::All)).await.unwrap();
    world.services.team().enable(&admin, bob).await.unwrap();
    world.services.team().change_rights(&admin, ada, &viewer).await.unwrap();
    let left = world.services.sessions().reader_again(&world.cx).await.unwrap().unwrap();
    assert!(left.admin().is_err());
}

#[tokio::test]
async fn who_is_disabled_is_out_at_once() {
    let world = world().await;
    let admin = world.cx.admin().unwrap();
    let olga = world.person("olga", Role::Operator, &Scope::All).await;
    let id = olga.person().id;
    let mut heard = world.services.listen();
    world.services.team().disable(&admin, id).await.unwrap();
    assert!(heard.try_recv().is_ok(), "open pages are told");
    assert!(world.services.sessions().reader_again(&olga).await.unwrap().is_none());
    let errors = fields(sign_in(&world, "olga", PASSWORD).await);
    assert!(errors.get("password").is_some_and(|text| text.contains("switched off")));
    let errors = fields(sign_in(&world, "olga", "a wrong password").await);
    assert!(
        errors.get("password").is_some_and(|text| text.contains("The name or the password is wrong")),
        "nothing is told"
    );
    let detail = last(&world, "person.disabled").await.entry.detail;
    assert_eq!((&detail["before"]["state"], &detail["after"]["state"]), (&"enabled".into(), &"disabled".into()));

    world.services.team().enable(&admin, id).await.unwrap();
    assert!(world.services.sessions().reader_again(&olga).await.unwrap().is_none(), "the old session stays over");
    sign_in(&world, "olga", PASSWORD).await.unwrap();
    assert_eq!(last(&world, "person.enabled").await.entry.detail["after"]["state"], "enabled");
}

#[tokio::test]
async fn an_admin_sets_a_password_and_ends_sessions() {
    let world = world().await;
    let admin = world.cx.admin().unwrap();
    let olga = world.person("olga", Role::Operator, &Scope::All).await;
    let id = olga.person().id;
    assert!(fields(world.services.team().set_password(&admin, id, "short").await).get("password").is_some());
    assert!(
        fields(world.services.team().set_password(&admin, admin.person().id, OTHER).await).get("password").is_some()
    );
    world.services.team().set_password(&admin, id, OTHER).await.unwrap();
    assert!(world.services.sessions().reader_again(&olga).await.unwrap().is_none());
    assert!(sign_in(&world, "olga", PASSWORD).await.is_err());
    assert_eq!(last(&world, "password.set").await.entry.detail["sessions_ended"], 1);

    sign_in(&world, "olga", OTHER).await.unwrap();
    sign_in(&world, "olga", OTHER).await.unwrap();
    let sessions = world.services.team().show(&admin, id).await.unwrap().sessions;
    assert_eq!(sessions.len(), 2);
    assert!(sessions.iter().all(|line| !line.current), "the admin's own is another");
    world.services.team().end_session(&admin, id, &sessions[0].id).await.unwrap();
    world.services.team().end_session(&admin, admin.person().id, &sessions[1].id).await.unwrap();
    assert_eq!(world.services.team().show(&admin, id).await.unwrap().sessions.len(), 1, "only with its owner's number");
    world.services.team().end_sessions(&admin, id).await.unwrap();
    assert!(world.services.team().show(&admin, id).await.unwrap().sessions.is_empty());
    assert_eq!(last(&world, "session.ended").await.entry.detail["person"], id.0);
    assert!(world.services.sessions().reader_again(&world.cx).await.unwrap().is_some());
}

#[tokio::test]
async fn ones_own_password_needs_the_old_one() {
    let world = world().await;
    let olga = world.person("olga", Role::Viewer, &Scope::All).await;
    let elsewhere = world.signed_in("olga").await;
    let change = async |old: &str, new: &str| world.services.account().change_password(&olga, old, new).await;
    let errors = fields(change("", "short").await);
    assert!(errors.get("old").is_some() && errors.get("password").is_some());
    assert!(fields(change("not the old one", OTHER).await).get("old").is_some());
    let refused = last(&world, "sign_in.refused").await.entry;
    assert!(refused.summary.contains("olga gave a wrong present password"), "{}", refused.summary);

    let alike = fields(change(PASSWORD, &format!(" {} ", PASSWORD.to_uppercase())).await);
    assert!(alike.get("password").is_some_and(|text| text.contains("present one")), "{alike:?}");
    let token = change(PASSWORD, OTHER).await.unwrap();
    assert!(world.services.sessions().reader_again(&elsewhere).await.unwrap().is_none());
    assert!(world.services.sessions().reader_again(&olga).await.unwrap().is_none(), "under its old token it is over");
    let present = world.services.sessions().visitor(&token, Origin::default()).await.unwrap().unwrap();
    assert_eq!(present.person(), olga.person(), "under its new one it stays");
    assert_eq!(world.services.account().sessions(&present).await.unwrap().len(), 1);
    assert!(sign_in(&world, "olga", PASSWORD).await.is_err());
    sign_in(&world, "olga", OTHER).await.unwrap();
    let changed = serde_json::to_string(&last(&world, "password.changed").await.entry).unwrap();
    assert!(!changed.contains(OTHER) && !changed.contains("argon2"), "{changed}");
}

#[tokio::test]
async fn guessing_the_old_password_is_slowed_down_like_signing_in() {
    let world = world().await;
    let olga = world.person("olga", Role::Viewer, &Scope::All).await;
    for _ in 0..5 {
        let errors = fields(world.services.account().change_password(&olga, "guess", OTHER).await);
        assert!(errors.get("old").is_some_and(|text| text.contains("not your present password")));
    }
    let errors = fields(world.services.account().change_password(&olga, PASSWORD, OTHER).await);
    assert!(errors.get("old").is_some_and(|text| text.contains("Too many wrong passwords")), "{errors:?}");
    // Whoever sits at her browser cannot keep her out elsewhere, nor strangers her from changing it.
    sign_in(&world, "olga", PASSWORD).await.unwrap();
    let vera = world.person("vera", Role::Viewer, &Scope::All).await;
    for _ in 0..9 {
        sign_in(&world, "vera", "a wrong guess").await.unwrap_err();
    }
    world.services.account().change_password(&vera, PASSWORD, OTHER).await.unwrap();
}

#[tokio::test]
async fn an_admin_does_not_set_the_password_that_somebody_has() {
    let world = world().await;
    let admin = world.cx.admin().unwrap();
    let olga = world.person("olga", Role::Operator, &Scope::All).await;
    let errors = fields(world.services.team().set_password(&admin, olga.person().id, PASSWORD).await);
    assert!(errors.get("password").is_some_and(|text| text.contains("that they have")), "{errors:?}");
    let errors = fields(world.services.team().set_password(&admin, olga.person().id, "olga-olga-olga").await);
    assert!(errors.get("password").is_some_and(|text| text.contains("repeats")), "{errors:?}");
}

#[tokio::test]
async fn a_name_that_looks_like_another_is_said_beside_its_field() {
    let world = world().await;
    let admin = world.cx.admin().unwrap();
    let rights = RightsForm::of(Role::Viewer, &Scope::All);
    for (name, part) in
        [("\u{430}d\u{430}", "several scripts"), ("\u{ff21}da", "already"), ("AD\u{410}", "several scripts")]
    {
        let errors = fields(world.services.team().add(&admin, name, &rights, PASSWORD).await);
        assert!(errors.get("name").is_some_and(|text| text.contains(part)), "{name}: {errors:?}");
        assert!(world.services.people().add(name, Role::Viewer, PASSWORD).await.is_err(), "{name}");
    }
    // As another keyboard writes it, it is the same name.
    world.services.team().add(&admin, "J\u{fc}rgen", &rights, PASSWORD).await.unwrap();
    sign_in(&world, "Ju\u{308}rgen", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn ones_own_sessions_are_ended_by_oneself() {
    let world = world().await;
    let olga = world.person("olga", Role::Viewer, &Scope::All).await;
    for _ in 0..2 {
        world.signed_in("olga").await;
    }
    let lines = world.services.account().sessions(&olga).await.unwrap();
    assert_eq!((lines.len(), lines.iter().filter(|line| line.current).count()), (3, 1));
    assert_eq!((lines[0].session.from.as_str(), lines[0].session.agent.as_str()), ("10.9.8.7", "a test"));
    let other = lines.iter().find(|line| !line.current).unwrap();
    world.services.account().end_session(&olga, &other.id).await.unwrap();
    assert_eq!(world.services.account().sessions(&olga).await.unwrap().len(), 2);
    let admins = world.services.account().sessions(&world.cx).await.unwrap();
    world.services.account().end_session(&olga, &admins[0].id).await.unwrap();
    assert!(world.services.sessions().reader_again(&world.cx).await.unwrap().is_some(), "others' are not hers to end");
    world.services.account().end_other_sessions(&olga).await.unwrap();
    let left = world.services.account().sessions(&olga).await.unwrap();
    assert!(left.len() == 1 && left[0].current);
    world.services.account().end_session(&olga, &left[0].id).await.unwrap();
    assert!(world.services.sessions().reader_again(&olga).await.unwrap().is_none());
}

#[tokio::test]
async fn five_wrong_passwords_close_the_way() {
    let world = world().await;
    for _ in 0..5 {
        assert!(fields(sign_in(&world, "ada", "wrong wrong wrong").await).get("password").is_some());
    }
    let errors = fields(sign_in(&world, "ada", PASSWORD).await);
    assert!(errors.get("password").is_some_and(|text| text.contains("Too many wrong passwords")), "{errors:?}");
}
