//! People, sessions, the first use, failures, settings.

use crate::support::{at, fleet, new_cluster, place, source};
use model::{
    ClusterId, PersonId,
    person::{Role, Scope, SessionEnd},
};
use store::{
    Error,
    clock::move_times_in,
    people::{other_admins_in, set_disabled_in, set_password_in, set_rights_in},
    sessions::{Ended, NewSession, SessionRow, end_session_of_in, end_sessions_of_in},
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
    let members = store.members().await.unwrap();
    assert_eq!(members.iter().map(|member| member.person.role).collect::<Vec<_>>(), Role::ALL);
    assert!(members.iter().all(|member| member.person.scope == Scope::All && member.disabled_at.is_none()));
    let (member, hash) = store.person_by_name("PERSON2").await.unwrap().unwrap();
    assert_eq!((&member, hash.as_str()), (&members[2], "$argon2id$…"));
    assert_eq!((member.created, member.last_seen), (at(1), None));
    assert_eq!(store.member(member.person.id).await.unwrap(), member);
    assert!(store.person_by_name("nobody").await.unwrap().is_none());
    assert!(matches!(store.member(PersonId(99)).await, Err(Error::NotFound)));

    let twin = store.add_person("person2", Role::Viewer, "h", at(2)).await;
    assert!(matches!(twin, Err(Error::Taken { what }) if what == "name"));
}

#[tokio::test]
async fn a_session_lives_until_it_ends_or_expires() {
    let place = place().await;
    let store = &place.store;
    let person = store.add_person("anna", Role::Operator, "h", at(1)).await.unwrap();
    let (token_hash, person_id) = ([7; 32], person.id);
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

    store.add_session(&NewSession { token_hash: [9; 32], at: at(50), expires: at(60), ..new.clone() }).await.unwrap();
    assert_eq!(store.purge_sessions(at(60)).await.unwrap(), 1);
    assert!(store.end_session(&token_hash).await.unwrap());
    assert!(!store.end_session(&token_hash).await.unwrap());
    assert_eq!(store.session(&token_hash, at(50)).await.unwrap(), None);

    assert_eq!(store.member(person_id).await.unwrap().last_seen, Some(at(50)), "outlives the session");

    let nobody = NewSession { person: PersonId(99), ..new };
    assert!(matches!(store.add_session(&nobody).await, Err(Error::NotFound)));
}

fn session(person: PersonId, hash: u8, seconds: i64) -> NewSession {
    NewSession {
        token_hash: [hash; 32],
        person,
        at: at(seconds),
        expires: at(1_000),
        from: "10.1.1.1".into(),
        agent: "Firefox".into(),
    }
}

#[tokio::test]
async fn rights_are_replaced_as_a_whole() {
    let place = place().await;
    let store = &place.store;
    let (appliance, berlin) = fleet(store).await;
    let bonn = store.add_cluster(&new_cluster("Bonn", appliance), at(2)).await.unwrap().id;
    let anna = store.add_person("anna", Role::Viewer, "h", at(1)).await.unwrap().id;
    store.add_session(&session(anna, 1, 10)).await.unwrap();
    let set = async |id: PersonId, role: Role, scope: &Scope| {
        let scope = scope.clone();
        store.write(move |conn| Box::pin(async move { set_rights_in(conn, id, role, &scope).await })).await
    };
    let only = |clusters: &[ClusterId]| Scope::Only(clusters.iter().copied().collect());
    for (role, scope) in [
        (Role::Operator, only(&[berlin, bonn])),
        (Role::Operator, only(&[bonn])),
        (Role::Viewer, only(&[])),
        (Role::Admin, Scope::All),
    ] {
        set(anna, role, &scope).await.unwrap();
        let (person, _) = store.session(&[1; 32], at(20)).await.unwrap().unwrap();
        assert_eq!((person.role, &person.scope), (role, &scope), "from the next request on");
        assert_eq!(store.member(anna).await.unwrap().person, person);
    }
    let limited = set(anna, Role::Admin, &only(&[berlin])).await;
    assert!(source(&limited.unwrap_err()).contains("CHECK"), "an admin has all clusters");
    assert_eq!(store.member(anna).await.unwrap().person.scope, Scope::All, "nothing of it is there");
    assert!(matches!(set(anna, Role::Viewer, &only(&[ClusterId(99)])).await, Err(Error::NotFound)));
    assert!(matches!(set(PersonId(99), Role::Viewer, &Scope::All).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn who_is_disabled_has_no_session() {
    let place = place().await;
    let store = &place.store;
    let ada = store.add_person("ada", Role::Admin, "h", at(1)).await.unwrap().id;
    let bob = store.add_person("bob", Role::Admin, "h", at(1)).await.unwrap().id;
    store.add_person("vera", Role::Viewer, "h", at(1)).await.unwrap();
    store.add_session(&session(bob, 1, 10)).await.unwrap();
    let disable = async |at: Option<model::At>| {
        store.write(move |conn| Box::pin(set_disabled_in(conn, bob, at))).await.unwrap();
    };
    let admins_besides = async |id| store.read(|conn| Box::pin(other_admins_in(conn, id))).await.unwrap();
    assert_eq!((admins_besides(ada).await, admins_besides(bob).await), (1, 1));
    disable(Some(at(20))).await;
    assert_eq!((admins_besides(ada).await, admins_besides(bob).await), (0, 1));
    assert_eq!(store.session(&[1; 32], at(30)).await.unwrap(), None);
    assert_eq!(store.member(bob).await.unwrap().disabled_at, Some(at(20)));
    disable(None).await;
    assert!(store.session(&[1; 32], at(30)).await.unwrap().is_some());
    let nobody = store.write(|conn| Box::pin(set_disabled_in(conn, PersonId(99), None))).await;
    assert!(matches!(nobody, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_password_is_replaced() {
    let place = place().await;
    let store = &place.store;
    let ada = store.add_person("ada", Role::Admin, "old", at(1)).await.unwrap().id;
    store.write(move |conn| Box::pin(set_password_in(conn, ada, "new"))).await.unwrap();
    assert_eq!(store.person_by_name("ada").await.unwrap().unwrap().1, "new");
    let nobody = store.write(|conn| Box::pin(set_password_in(conn, PersonId(99), "new"))).await;
    assert!(matches!(nobody, Err(Error::NotFound)));
}

#[tokio::test]
async fn sessions_are_ended_by_their_short_ids() {
    let place = place().await;
    let store = &place.store;
    let ada = store.add_person("ada", Role::Admin, "h", at(1)).await.unwrap().id;
    let bob = store.add_person("bob", Role::Viewer, "h", at(1)).await.unwrap().id;
    for (person, hash, seconds) in [(ada, 0xa1, 10), (ada, 0xa2, 30), (ada, 0xa3, 20), (bob, 0xb1, 10)] {
        store.add_session(&session(person, hash, seconds)).await.unwrap();
    }
    store.add_session(&NewSession { expires: at(45), ..session(ada, 0xa4, 40) }).await.unwrap();
    let lines = async |person| store.sessions_of(person, at(50), &[0xa3; 32]).await.unwrap();
    let ids: Vec<_> = lines(ada).await.into_iter().map(|line| (line.id, line.current)).collect();
    let short = |hash: &str| hash.repeat(16);
    assert_eq!(ids, [(short("a2"), false), (short("a3"), true), (short("a1"), false)], "those that have not expired");

    let end = async |person, id: String| {
        store
            .write(move |conn| Box::pin(async move { end_session_of_in(conn, person, &id, &ended(50)).await }))
            .await
            .unwrap()
    };
    assert!(!end(bob, short("a1")).await, "not theirs");
    assert!(end(ada, short("a1")).await);
    assert!(!end(ada, short("a1")).await);
    assert_eq!(lines(ada).await.len(), 2);
    let end_all = async |keep: Option<store::TokenHash>| {
        store
            .write(move |conn| Box::pin(async move { end_sessions_of_in(conn, ada, keep.as_ref(), &ended(60)).await }))
            .await
            .unwrap()
    };
    assert_eq!(end_all(Some([0xa3; 32])).await, 2, "the expired one too");
    assert_eq!(lines(ada).await.len(), 1);
    assert_eq!(end_all(None).await, 1);
    assert_eq!((lines(ada).await.len(), lines(bob).await.len()), (0, 1));

    // Whoever comes back with one of them is told why.
    let why = async |hash: u8, seconds| store.session_end(&[hash; 32], at(seconds)).await.unwrap();
    assert_eq!(why(0xa1, 70).await, Some(ended(50)));
    assert_eq!(why(0xa3, 70).await, Some(ended(60)));
    assert_eq!(why(0xb1, 70).await, None, "still open");
    assert_eq!(why(0xcc, 70).await, None, "never was");
    let expired = Some(Ended { why: SessionEnd::Expired, by: String::new(), at: at(1_000) });
    assert_eq!(why(0xb1, 20_000).await, expired);
    store.purge_sessions(at(20_000)).await.unwrap();
    assert_eq!(why(0xb1, 20_000).await, expired, "its row is gone, why is not");
    store.purge_sessions(at(20_000 + 31 * 86_400)).await.unwrap();
    assert_eq!(why(0xb1, 20_000 + 31 * 86_400).await, None, "for a month");
}

fn ended(seconds: i64) -> Ended {
    Ended { why: SessionEnd::Ended, by: "ada".into(), at: at(seconds) }
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
    let recent = async |since| store.recent_failures("anna", "10.1.1.1", at(since), at(1_000_000)).await.unwrap();
    let all = Failures { of_name: 2, of_from: 2, last: Some(at(day + 9)) };
    assert_eq!(recent(0).await, all, "the one that is older than a day is forgotten");
    assert_eq!(recent(day + 5).await, Failures { of_name: 1, of_from: 1, last: Some(at(day + 9)) });
    assert_eq!(recent(day + 10).await, Failures::default());
    let before = store.recent_failures("anna", "10.1.1.1", at(0), at(day)).await.unwrap();
    assert_eq!((before.of_from, before.last), (1, Some(at(day))), "what is in the future closes nothing");

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

#[tokio::test]
async fn a_session_from_the_future_has_ended_and_a_clock_set_back_takes_sessions_along() {
    let place = place().await;
    let store = &place.store;
    let day = 24 * 3_600;
    let ada = store.add_person("ada", Role::Admin, "h", at(1)).await.unwrap().id;
    let begun = 2 * day;
    store.add_session(&NewSession { expires: at(begun + 100), ..session(ada, 0xa1, begun) }).await.unwrap();
    let is_open = async |now| store.session(&[0xa1; 32], at(now)).await.unwrap().is_some();
    assert_eq!((is_open(begun).await, is_open(begun - 2).await, is_open(begun - day).await), (true, true, false));
    assert!(store.sessions_of(ada, at(begun - day), &[0xa1; 32]).await.unwrap().is_empty());

    let back = jiff::SignedDuration::from_hours(-24);
    store.write(move |conn| Box::pin(move_times_in(conn, back))).await.unwrap();
    assert_eq!((is_open(begun - day).await, is_open(begun - day + 99).await), (true, true));
    assert!(!is_open(begun - day + 100).await, "no longer than it would have been");
    assert_eq!(store.member(ada).await.unwrap().last_seen, Some(at(begun - day)));

    store.add_session(&NewSession { expires: at(begun + 100), ..session(ada, 0xa2, begun) }).await.unwrap();
    assert_eq!(store.purge_sessions(at(begun - day)).await.unwrap(), 1, "nobody can ever use it");
}
