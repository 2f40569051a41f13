//! People, sessions, the first use, failures, settings.

use crate::support::{at, fleet, new_cluster, place, source};
use model::{
    ClusterId, PersonId,
    delay::{Delay, DelaySubject, Failures, Series},
    person::{Role, Scope, SessionEnd},
};
use store::{
    Error,
    clock::move_times_in,
    delays::{kept_out_in, key_text, lift_in, put_delay_in, take_ended_in},
    people::{other_admins_in, set_disabled_in, set_password_in, set_rights_in},
    sessions::{
        Ended, Lives, NewSession, SessionRow, end_session_in, end_session_of_in, end_sessions_of_in, renew_session_in,
        renew_sessions_of_in,
    },
    sign_in::Attempt,
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
        renew: false,
    };
    assert_eq!(store.session(&token_hash, at(99), LIVES).await.unwrap(), Some((person.clone(), row.clone())));
    assert_eq!(store.session(&token_hash, at(100), LIVES).await.unwrap(), None, "expired");
    assert_eq!(store.session(&[8; 32], at(50), LIVES).await.unwrap(), None, "unknown");

    store.touch_session(&token_hash, at(50), at(150)).await.unwrap();
    let touched = SessionRow { last_seen: at(50), expires: at(150), ..row };
    assert_eq!(store.session(&token_hash, at(120), LIVES).await.unwrap(), Some((person, touched)));

    store.add_session(&NewSession { token_hash: [9; 32], at: at(50), expires: at(60), ..new.clone() }).await.unwrap();
    assert_eq!(store.purge_sessions(at(60), LIVES).await.unwrap(), 1);
    let end = async || {
        store
            .write(move |conn| Box::pin(async move { end_session_in(conn, &token_hash, &ended(55)).await }))
            .await
            .unwrap()
    };
    assert!(end().await);
    assert!(!end().await);
    let told = store.session_end(&token_hash, at(60), LIVES).await.unwrap();
    assert_eq!(told, Some(Ended { person: Some(person_id), ..ended(55) }), "whoever comes back is told");
    assert_eq!(store.session(&token_hash, at(50), LIVES).await.unwrap(), None);

    assert_eq!(store.member(person_id).await.unwrap().last_seen, Some(at(50)), "outlives the session");

    let nobody = NewSession { person: PersonId(99), ..new };
    assert!(matches!(store.add_session(&nobody).await, Err(Error::NotFound)));
}

/// Longer than any test.
const LIVES: Lives =
    Lives { idle: jiff::SignedDuration::from_hours(24), most: jiff::SignedDuration::from_hours(24 * 1_000) };

#[tokio::test]
async fn a_session_has_an_end_however_often_it_is_used() {
    let place = place().await;
    let store = &place.store;
    let ada = store.add_person("ada", Role::Admin, "h", at(1)).await.unwrap().id;
    store.add_session(&session(ada, 1, 10)).await.unwrap();
    let lives = Lives { idle: jiff::SignedDuration::from_secs(50), most: jiff::SignedDuration::from_secs(100) };
    assert_eq!((lives.end(at(10), at(10)), lives.end(at(10), at(90))), (at(60), at(110)));
    let is_open = async |now, lives| store.session(&[1; 32], at(now), lives).await.unwrap().is_some();
    store.touch_session(&[1; 32], at(100), at(5_000)).await.unwrap();
    assert!(is_open(109, lives).await && !is_open(110, lives).await, "a shorter life counts for old sessions too");
    assert!(is_open(110, LIVES).await);
    assert!(store.sessions_of(ada, at(110), lives, Some(&[1; 32])).await.unwrap().is_empty());
    let told = store.session_end(&[1; 32], at(200), lives).await.unwrap().unwrap();
    assert_eq!((told.why, told.at, told.person), (SessionEnd::Expired, at(110), Some(ada)));
    assert_eq!(store.purge_sessions(at(200), lives).await.unwrap(), 1);
    assert_eq!(store.session_end(&[1; 32], at(200), lives).await.unwrap(), Some(told));
}

#[tokio::test]
async fn a_session_goes_on_under_another_token() {
    let place = place().await;
    let store = &place.store;
    let ada = store.add_person("ada", Role::Admin, "h", at(1)).await.unwrap().id;
    store.add_session(&session(ada, 1, 10)).await.unwrap();
    let row = async |hash: u8, now| store.session(&[hash; 32], at(now), LIVES).await.unwrap().map(|(_, row)| row);
    assert!(!row(1, 20).await.unwrap().renew);
    store.write(move |conn| Box::pin(renew_sessions_of_in(conn, ada))).await.unwrap();
    assert!(row(1, 20).await.unwrap().renew);
    assert!(store.renew_session(&[1; 32], &[2; 32], at(50)).await.unwrap());
    assert!(!store.renew_session(&[1; 32], &[3; 32], at(50)).await.unwrap(), "two requests at once renew it once");
    assert_eq!(row(2, 20).await.map(|row| row.renew), Some(false));
    assert!(row(1, 49).await.is_some() && row(1, 50).await.is_none(), "the old one is good for a moment");
    let lines = store.sessions_of(ada, at(20), LIVES, Some(&[1; 32])).await.unwrap();
    assert!(lines.len() == 1 && lines[0].current);

    // With a new password the old token is worth nothing at once, and it is the only session that stays.
    store.add_session(&session(ada, 9, 10)).await.unwrap();
    let done = store.write(move |conn| {
        Box::pin(async move {
            end_sessions_of_in(conn, ada, Some(&[1; 32]), &ended(30)).await?;
            renew_session_in(conn, &[1; 32], &[4; 32], None).await
        })
    });
    assert!(done.await.unwrap());
    for (hash, open) in [(1, false), (2, false), (9, false), (4, true)] {
        assert_eq!(row(hash, 31).await.is_some(), open, "{hash}");
    }
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
        let (person, _) = store.session(&[1; 32], at(20), LIVES).await.unwrap().unwrap();
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
    assert_eq!(store.session(&[1; 32], at(30), LIVES).await.unwrap(), None);
    assert_eq!(store.member(bob).await.unwrap().disabled_at, Some(at(20)));
    disable(None).await;
    assert!(store.session(&[1; 32], at(30), LIVES).await.unwrap().is_some());
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
    let lines = async |person| store.sessions_of(person, at(50), LIVES, Some(&[0xa3; 32])).await.unwrap();
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
    let why = async |hash: u8, seconds| store.session_end(&[hash; 32], at(seconds), LIVES).await.unwrap();
    let of = |ended: Ended| Some(Ended { person: Some(ada), ..ended });
    assert_eq!(why(0xa1, 70).await, of(ended(50)));
    assert_eq!(why(0xa3, 70).await, of(ended(60)));
    assert_eq!(why(0xb1, 70).await, None, "still open");
    assert_eq!(why(0xcc, 70).await, None, "never was");
    let expired = Some(Ended { person: Some(bob), why: SessionEnd::Expired, by: String::new(), at: at(1_000) });
    assert_eq!(why(0xb1, 20_000).await, expired);
    store.purge_sessions(at(20_000), LIVES).await.unwrap();
    assert_eq!(why(0xb1, 20_000).await, expired, "its row is gone, why is not");
    store.purge_sessions(at(20_000 + 31 * 86_400), LIVES).await.unwrap();
    assert_eq!(why(0xb1, 20_000 + 31 * 86_400).await, None, "for a month");
}

fn ended(seconds: i64) -> Ended {
    Ended { person: None, why: SessionEnd::Ended, by: "ada".into(), at: at(seconds) }
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

fn attempt(name: u8, from: &str, device: Option<&str>) -> Attempt {
    Attempt { name: [name; 16], from: from.into(), device: device.map(str::to_owned) }
}

#[tokio::test]
async fn failures_are_counted_for_whoever_made_them() {
    let place = place().await;
    let store = &place.store;
    let day = 24 * 3_600;
    for (name, from, device, seconds) in [
        (1, "10.1.1.1", None, 1),
        (1, "10.1.1.1", None, day),
        (1, "10.1.1.2", None, day + 5),
        (2, "10.1.1.1", None, day + 9),
        (1, "10.1.1.1", Some("phone"), day + 12),
    ] {
        store.sign_in_failed(&attempt(name, from, device), at(seconds)).await.unwrap();
    }
    let stranger = attempt(1, "10.1.1.1", None);
    let recent = async |since, now| store.failures(&stranger, at(since), at(now)).await.unwrap();
    let series = |count, seconds| Series { count, last: Some(at(seconds)) };
    let (pair, name, address) = (series(1, day), series(2, day + 5), series(2, day + 9));
    assert_eq!(recent(0, 1_000_000).await, Failures { pair, name, address, device: None }, "a day old is forgotten");
    let later = recent(day + 5, 1_000_000).await;
    assert_eq!((later.pair.count, later.name.count, later.address.count), (0, 1, 1));
    assert_eq!(recent(0, day).await.address, series(1, day), "what is in the future closes nothing");

    let phone = attempt(1, "10.9.9.9", Some("phone"));
    let counted = store.failures(&phone, at(0), at(1_000_000)).await.unwrap();
    assert_eq!(counted.device, Some(series(1, day + 12)), "wherever it is");
    store.forget_failures(&phone).await.unwrap();
    assert_eq!(store.failures(&phone, at(0), at(1_000_000)).await.unwrap().device, Some(Series::default()));
    store.forget_failures(&stranger).await.unwrap();
    let left = recent(0, 1_000_000).await;
    assert_eq!((left.pair.count, left.name.count, left.address.count), (0, 1, 1), "what others tried elsewhere stays");
}

#[tokio::test]
async fn a_delay_is_listed_until_it_ends_or_is_lifted() {
    let place = place().await;
    let store = &place.store;
    let ada = store.add_person("ada", Role::Admin, "h", at(1)).await.unwrap().id;
    let (here, there) = (attempt(1, "10.1.1.1", None), attempt(1, "10.1.1.2", None));
    let put = async |attempt: &Attempt, about, failures, until| {
        let (attempt, delay) = (attempt.clone(), Delay { about, failures, until: at(until) });
        store
            .write(move |conn| Box::pin(async move { put_delay_in(conn, &attempt, Some(ada), &delay, at(10)).await }))
            .await
            .unwrap()
    };
    let told = async |attempt: &Attempt| {
        let attempt = attempt.clone();
        let about = DelaySubject::NameFromAddress;
        store.write(move |conn| Box::pin(async move { kept_out_in(conn, &attempt, about).await })).await.unwrap()
    };
    assert!(
        put(&here, DelaySubject::NameFromAddress, 5, 70).await
            && put(&there, DelaySubject::NameFromAddress, 5, 80).await
    );
    assert!(put(&here, DelaySubject::Address, 20, 90).await);
    assert!(told(&here).await && !told(&here).await, "once");
    assert!(put(&here, DelaySubject::NameFromAddress, 6, 130).await);
    assert!(told(&here).await, "it has grown");
    let rows = store.delays(at(75)).await.unwrap();
    let listed: Vec<_> = rows.iter().map(|row| (row.about, row.attempt.from.as_str(), row.wrong, row.person)).collect();
    let whole = (DelaySubject::Address, "10.1.1.1", 20, None);
    assert_eq!(listed[0], (DelaySubject::NameFromAddress, "10.1.1.1", 6, Some(ada)));
    assert_eq!((listed[1], listed.len()), (whole, 3), "of an address it tells no name");
    assert_ne!(key_text(DelaySubject::Address, &here), key_text(DelaySubject::Address, &there));
    assert_eq!(key_text(DelaySubject::Name, &here), key_text(DelaySubject::Name, &there));

    assert!(!store.a_delay_is_over(at(79)).await.unwrap() && store.a_delay_is_over(at(80)).await.unwrap());
    let ended = store.write(move |conn| Box::pin(take_ended_in(conn, at(85)))).await.unwrap();
    assert_eq!(ended.iter().map(|row| row.attempt.from.as_str()).collect::<Vec<_>>(), ["10.1.1.2"]);
    store.sign_in_failed(&here, at(60)).await.unwrap();
    store.sign_in_failed(&there, at(60)).await.unwrap();
    let id = rows[0].id;
    assert!(store.write(move |conn| Box::pin(lift_in(conn, id))).await.unwrap().is_some());
    assert!(store.write(move |conn| Box::pin(lift_in(conn, id))).await.unwrap().is_none());
    let left = store.failures(&here, at(0), at(100)).await.unwrap();
    assert_eq!((left.pair.count, left.name.count), (0, 1), "what it rests on goes with it");
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
    let is_open = async |now| store.session(&[0xa1; 32], at(now), LIVES).await.unwrap().is_some();
    assert_eq!((is_open(begun).await, is_open(begun - 2).await, is_open(begun - day).await), (true, true, false));
    assert!(store.sessions_of(ada, at(begun - day), LIVES, Some(&[0xa1; 32])).await.unwrap().is_empty());

    let back = jiff::SignedDuration::from_hours(-24);
    store.write(move |conn| Box::pin(move_times_in(conn, back))).await.unwrap();
    assert_eq!((is_open(begun - day).await, is_open(begun - day + 99).await), (true, true));
    assert!(!is_open(begun - day + 100).await, "no longer than it would have been");
    assert_eq!(store.member(ada).await.unwrap().last_seen, Some(at(begun - day)));

    store.add_session(&NewSession { expires: at(begun + 100), ..session(ada, 0xa2, begun) }).await.unwrap();
    assert_eq!(store.purge_sessions(at(begun - day), LIVES).await.unwrap(), 1, "nobody can ever use it");
}
