//! Accounts, keys and facts of nodes.

use crate::support::{at, clock, fleet, open, place};
use model::{
    ClusterId,
    node::{Account, Door, Keys, NodeFacts, NodeKeys, Offered, Told, Trouble, TroubleKind},
};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::net::Ipv4Addr;
use store::{
    Error, Store,
    node_accounts::{drop_node_account_in, release_node_accounts_in, set_node_account_in},
    node_keys::{node_keys_in, put_node_keys_in},
};

const NODE: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 11);

async fn set(store: &Store, cluster: ClusterId, account: Account, secret: &'static [u8]) -> Result<(), Error> {
    store.write(move |conn| Box::pin(set_node_account_in(conn, cluster, account, "svc", secret))).await
}

#[tokio::test]
async fn a_refusal_is_of_the_secret_that_was_shown() {
    let place = place().await;
    let store = &place.store;
    let (_, cluster) = fleet(store).await;
    set(store, cluster, Account::Rest, b"one").await.unwrap();
    set(store, cluster, Account::Ssh, b"two").await.unwrap();
    let refused_at =
        async |account| store.node_accounts(cluster).await.unwrap().get(&account).and_then(|stored| stored.refused_at);
    let refuse = async |secret: &[u8], seconds| {
        store.refuse_node_account(cluster, Account::Rest, secret, at(seconds)).await.unwrap()
    };
    assert!(refuse(b"one", 10).await);
    assert!(refuse(b"one", 20).await);
    assert_eq!((refused_at(Account::Rest).await, refused_at(Account::Ssh).await), (Some(at(10)), None));
    let released = async || store.write(move |conn| Box::pin(release_node_accounts_in(conn, cluster))).await.unwrap();
    assert_eq!((released().await, released().await), (1, 0));
    assert_eq!(refused_at(Account::Rest).await, None);

    refuse(b"one", 30).await;
    set(store, cluster, Account::Rest, b"three").await.unwrap();
    assert_eq!(refused_at(Account::Rest).await, None, "another secret");
    assert!(!refuse(b"one", 40).await, "a late answer about the old one");
    let stored = store.node_accounts(cluster).await.unwrap();
    assert_eq!(
        (stored[&Account::Rest].user.as_str(), stored[&Account::Rest].secret.as_slice()),
        ("svc", &b"three"[..])
    );

    let drop_it =
        async || store.write(move |conn| Box::pin(drop_node_account_in(conn, cluster, Account::Ssh))).await.unwrap();
    assert!(drop_it().await && !drop_it().await);
    assert_eq!(store.node_accounts(cluster).await.unwrap().len(), 1);
    assert!(matches!(set(store, ClusterId(99), Account::Ssh, b"x").await, Err(Error::NotFound)));
}

#[tokio::test]
async fn keys_are_changed_in_place() {
    let place = place().await;
    let store = &place.store;
    let (_, cluster) = fleet(store).await;
    let keys = |tls: &str| {
        let keys = Keys { tls: Some(tls.repeat(32)), ssh: None };
        let offered = Offered { at: at(1), keys, subject: None, problems: vec!["SSH did not answer.".into()] };
        NodeKeys { offered: Some(offered), ..NodeKeys::default() }
    };
    assert!(store.node_keys(cluster).await.unwrap().is_empty());
    for tls in ["0a", "0b"] {
        let new = keys(tls);
        let before = store
            .write(move |conn| {
                Box::pin(async move {
                    let before = node_keys_in(conn, cluster, NODE).await?;
                    put_node_keys_in(conn, cluster, NODE, &new).await?;
                    Ok(before)
                })
            })
            .await
            .unwrap();
        assert_eq!(before, if tls == "0a" { NodeKeys::default() } else { keys("0a") });
    }
    assert_eq!(store.node_keys(cluster).await.unwrap(), [(NODE, keys("0b"))].into());
    assert_eq!(store.node_keys_of_all().await.unwrap()[&cluster], [(NODE, keys("0b"))].into());
}

#[tokio::test]
async fn facts_grow_together() {
    let place = place().await;
    let store = &place.store;
    let cluster = ClusterId(1);
    let version = NodeFacts { version: Some(Told::new(at(1), "10.16".into())), ..NodeFacts::new(NODE) };
    let tried = NodeFacts {
        tries: [(Door::Ssh, Told::new(at(2), Some(Trouble::new(TroubleKind::Unreachable, "No route."))))].into(),
        ..NodeFacts::new(NODE)
    };
    store.absorb_node_facts(cluster, store.begin_look(), clock(100), 5, vec![version.clone()]).await.unwrap();
    store
        .absorb_node_facts(
            cluster,
            store.begin_look(),
            clock(100),
            5,
            vec![tried.clone(), NodeFacts::new(Ipv4Addr::new(10, 20, 30, 12))],
        )
        .await
        .unwrap();
    let known = store.node_facts(cluster, clock(100), 5).await.unwrap();
    assert_eq!(known.len(), 2);
    assert_eq!((&known[&NODE].version, &known[&NODE].tries), (&version.version, &tried.tries));
    assert!(store.node_facts(ClusterId(2), clock(100), 5).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_an_earlier_run_heard_is_not_fresh_until_it_is_heard_again() {
    let place = place().await;
    let cluster = ClusterId(1);
    let version = |seconds| NodeFacts { version: Some(Told::new(at(seconds), "10.16".into())), ..NodeFacts::new(NODE) };
    let heard = async |store: &Store, seconds: i64| {
        store.absorb_node_facts(cluster, store.begin_look(), clock(seconds), 5, vec![version(seconds)]).await.unwrap();
    };
    let told = async |store: &Store| {
        store.node_facts(cluster, clock(100), 5).await.unwrap()[&NODE].version.clone().unwrap().at
    };
    heard(&place.store, 99).await;
    assert_eq!(told(&place.store).await, at(99));
    place.store.close().await;
    let again = open(&place.dir).await;
    assert_eq!(told(&again).await, at(89), "two intervals and a second ago at the latest");
    let tried = NodeFacts { tries: [(Door::Ssh, Told::new(at(100), None))].into(), ..NodeFacts::new(NODE) };
    again.absorb_node_facts(cluster, again.begin_look(), clock(100), 5, vec![tried]).await.unwrap();
    assert_eq!(told(&again).await, at(89), "another door's look makes it no younger");
    heard(&again, 100).await;
    assert_eq!(told(&again).await, at(100));
}

#[tokio::test]
async fn facts_that_cannot_be_read_were_never_heard() {
    let place = place().await;
    let (store, cluster) = (&place.store, ClusterId(1));
    for node in [NODE, Ipv4Addr::new(10, 20, 30, 12)] {
        store.absorb_node_facts(cluster, store.begin_look(), clock(1), 5, vec![NodeFacts::new(node)]).await.unwrap();
    }
    let file = SqliteConnectOptions::new().filename(place.dir.path().join("observed.db"));
    let mut other = SqliteConnection::connect_with(&file).await.unwrap();
    sqlx::query("UPDATE node_facts SET facts = '{\"address\":7}' WHERE address = $1")
        .bind(NODE.to_string())
        .execute(&mut other)
        .await
        .unwrap();
    assert_eq!(store.node_facts(cluster, clock(2), 5).await.unwrap().len(), 1);
    store.absorb_node_facts(cluster, store.begin_look(), clock(3), 5, vec![NodeFacts::new(NODE)]).await.unwrap();
    assert_eq!(store.node_facts(cluster, clock(4), 5).await.unwrap().len(), 2);
}
