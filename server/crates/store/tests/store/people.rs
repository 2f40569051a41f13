//! People, sessions, the first use, failures, settings.

use crate::support::{at, place};
use model::{PersonId, person::Role};
use store::{
    Error,
    sessions::{NewSession, SessionRow},
    sign_in::Failures,
};

#[tokio::test]
async fn people_are_found_by_name_in_any_case() {
    let place = place().await;
    let store = &place.store;
    assert_eq!(store.count_people().await.unwrap(), 0);
    for (n, role) in Role::ALL.into_iter().enumerate() {
        store.add_person(&format!("Person{n}"), role, "$argon2id$…", at(1)).await.unwrap();
    }
    assert_eq!(store.count_people().await.unwrap(), 4);
    let people = store.people().await.unwrap();
    assert_eq!(people.iter().map(|person| person.role).collect::<Vec<_>>(), Role::ALL);
    let (person, hash) = store.person_by_name("PERSON2").await.unwrap().unwrap();
    assert_eq!((&person, hash.as_str()), (&people[2], "$argon2id$…"));
    assert_eq!(store.person(person.id).await.unwrap(), person);
    assert!(store.person_by_name("nobody").await.unwrap().is_none());
    assert!(matches!(store.person(PersonId(99)).await, Err(Error::NotFound)));

    let twin = store.add_person("person2", Role::Viewer, "h", at(2)).await;
    assert!(matches!(twin, Err(Error::Taken { what }) if what == "name"));
}

#[tokio::test]
async fn a_session_lives_until_it_ends_or_expires() {
    let place = place().await;
    let store = &place.store;
    let person = store.add_person("anna", Role::Operator, "h", at(1)).await.unwrap();
    let token_hash = [7; 32];
    let new = NewSession {
        token_hash,
        person: person.id,
        at: at(10),
        expires: at(100),
        from: "10.1.1.1".into(),
        agent: "Firefox".into(),
    };
    store.add_session(&new).await.unwrap();
    let row = SessionRow {
        created: at(10),
        last_seen: at(10),
        expires: at(100),
        from: "10.1.1.1".into(),
        agent: "Firefox".into(),
    };
    assert_eq!(store.session(&token_hash, at(99)).await.unwrap(), Some((person.clone(), row.clone())));
    assert_eq!(store.session(&token_hash, at(100)).await.unwrap(), None, "expired");
    assert_eq!(store.session(&[8; 32], at(50)).await.unwrap(), None, "unknown");

    store.touch_session(&token_hash, at(50), at(150)).await.unwrap();
    let touched = SessionRow { last_seen: at(50), expires: at(150), ..row };
    assert_eq!(store.session(&token_hash, at(120)).await.unwrap(), Some((person, touched)));

    store.add_session(&NewSession { token_hash: [9; 32], expires: at(60), ..new.clone() }).await.unwrap();
    assert_eq!(store.purge_sessions(at(60)).await.unwrap(), 1);
    assert!(store.end_session(&token_hash).await.unwrap());
    assert!(!store.end_session(&token_hash).await.unwrap());
    assert_eq!(store.session(&token_hash, at(50)).await.unwrap(), None);

    let nobody = NewSession { person: PersonId(99), ..new };
    assert!(matches!(store.add_session(&nobody).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn the_first_use_token_is_taken_once() {
    let place = place().await;
    let store = &place.store;
    assert!(!store.take_bootstrap(&[1; 32]).await.unwrap(), "none was set");
    store.set_bootstrap(&[1; 32]).await.unwrap();
    store.set_bootstrap(&[2; 32]).await.unwrap();
    assert!(!store.take_bootstrap(&[1; 32]).await.unwrap(), "replaced");
    assert!(store.take_bootstrap(&[2; 32]).await.unwrap());
    assert!(!store.take_bootstrap(&[2; 32]).await.unwrap());
}

#[tokio::test]
async fn failures_are_counted_by_name_and_by_address() {
    let place = place().await;
    let store = &place.store;
    let day = 24 * 3_600;
    for (name, from, seconds) in [
        ("anna", "10.1.1.1", 1),
        ("anna", "10.1.1.1", day),
        ("Anna", "10.1.1.2", day + 5),
        ("bob", "10.1.1.1", day + 9),
    ] {
        store.sign_in_failed(name, from, at(seconds)).await.unwrap();
    }
    let recent = async |since| store.recent_failures("anna", "10.1.1.1", at(since)).await.unwrap();
    let all = Failures { of_name: 2, of_from: 2, last: Some(at(day + 9)) };
    assert_eq!(recent(0).await, all, "the one that is older than a day is forgotten");
    assert_eq!(recent(day + 5).await, Failures { of_name: 1, of_from: 1, last: Some(at(day + 9)) });
    assert_eq!(recent(day + 10).await, Failures::default());

    store.forget_failures("ANNA").await.unwrap();
    assert_eq!(recent(0).await, Failures { of_name: 0, of_from: 1, last: Some(at(day + 9)) });
}

#[tokio::test]
async fn a_setting_has_one_value() {
    let place = place().await;
    assert_eq!(place.store.setting("installation").await.unwrap(), None);
    place.store.set_setting("installation", "a").await.unwrap();
    place.store.set_setting("installation", "b").await.unwrap();
    assert_eq!(place.store.setting("installation").await.unwrap().as_deref(), Some("b"));
}
