//! A refused account is shown once, to one node (invariant 14); secrets stay where they are.

use super::Desk;
use model::node::{Account, Door};
use services::Failure;

#[tokio::test]
async fn a_wrong_password_reaches_one_node_once() {
    let desk = Desk::ready().await;
    let node = desk.world.lab.description().xms[0].clone();
    desk.save((&node.user, "wrong-rest-password"), (&node.cli_user, "wrong-ssh-password")).await.unwrap();
    for _ in 0..3 {
        desk.read_ids().await;
        desk.look().await;
    }
    assert_eq!((desk.sum("attempts/cli"), desk.sum("attempts/cli_refused")), (1, 1));
    assert_eq!((desk.sum("attempts/rest"), desk.sum("attempts/rest_refused")), (1, 1));
    let view = desk.view().await;
    assert_eq!(view.access.refused.len(), 2);
    assert!(view.nodes.iter().all(|node| node.facts.trouble(Door::Ssh).is_some()), "each says why it was not asked");

    // Somebody says "try again", still with the wrong one: once more.
    desk.world.services.nodes().retry_credentials(&desk.writer(), desk.id).await.unwrap();
    assert!(desk.view().await.access.refused.is_empty());
    desk.read_ids().await;
    desk.look().await;
    assert_eq!((desk.sum("attempts/cli"), desk.sum("attempts/rest")), (2, 2));

    // Another password is another account.
    desk.save_accounts().await;
    assert!(desk.view().await.access.refused.is_empty());
    desk.read_ids().await;
    assert_eq!((desk.sum("attempts/cli"), desk.sum("attempts/cli_refused")), (5, 2));
    assert!(desk.facts().await.iter().all(|facts| facts.reported_id().is_some()));
}

#[tokio::test]
async fn an_empty_password_keeps_the_old_one_of_the_same_account() {
    let desk = Desk::ready().await;
    let node = desk.world.lab.description().xms[0].clone();
    desk.save((&node.user, ""), (&node.cli_user, "")).await.unwrap();
    desk.read_ids().await;
    assert!(desk.facts().await[0].reported_id().is_some());
    let fields = async |rest: (&str, &str), ssh: (&str, &str)| match desk.save(rest, ssh).await {
        Err(Failure::Fields(errors)) => errors.0.into_keys().collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(fields(("other", ""), (&node.cli_user, "")).await, ["rest_password"], "whose password is it");
    assert_eq!(fields(("", "lost"), (&node.cli_user, "")).await, ["rest_password"]);
    // Without a name there is no account any more.
    desk.save((&node.user, ""), ("", "")).await.unwrap();
    let access = desk.view().await.access.access;
    assert_eq!((access.user(Account::Rest), access.user(Account::Ssh)), (Some(node.user.as_str()), None));
    let before = desk.sum("attempts/cli");
    desk.read_ids().await;
    desk.look().await;
    assert_eq!(desk.sum("attempts/cli"), before);
}

#[tokio::test]
async fn no_secret_is_in_a_record_or_a_fact() {
    let desk = Desk::ready().await;
    let node = desk.world.lab.description().xms[0].clone();
    desk.look().await;
    desk.read_ids().await;
    desk.save((&node.user, "planted-SECRET-4711"), (&node.cli_user, "planted-SECRET-4712")).await.unwrap();
    desk.read_ids().await;
    let (log, view) = (format!("{:?}", desk.log().await), format!("{:?}", desk.view().await));
    assert!(log.contains("accounts of Berlin were saved") && view.contains("10.20.30.13"));
    for secret in [node.password.as_str(), &node.cli_password, "planted-SECRET"] {
        assert!(!log.contains(secret) && !view.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn every_session_is_given_back() {
    let desk = Desk::ready().await;
    for round in 0..3 {
        desk.world.services.nodes().observe(desk.id, round).await;
    }
    desk.look().await;
    assert_eq!((desk.sum("attempts/rest"), desk.sum("tokens")), (3, 3), "one session for each node, used again");
    assert_eq!(desk.sum("attempts/cli"), 6);
    desk.world.services.stop().await;
    assert_eq!((desk.sum("tokens"), desk.sum("attempts/rest")), (0, 3), "as many ended as begun");
    // The node hears of it a moment after we have hung up.
    let mut moments = tokio::time::interval(std::time::Duration::from_millis(10));
    for _ in 0..500 {
        if desk.sum("ssh_open") == 0 {
            break;
        }
        moments.tick().await;
    }
    assert_eq!(desk.sum("ssh_open"), 0);
    desk.look().await;
    assert_eq!((desk.sum("attempts/rest"), desk.sum("attempts/cli")), (3, 6), "nothing is begun after the stop");
}

#[tokio::test]
async fn a_changed_account_ends_the_sessions_of_the_old_one() {
    let desk = Desk::ready().await;
    desk.look().await;
    assert_eq!(desk.sum("tokens"), 3);
    let node = desk.world.lab.description().xms[0].clone();
    desk.save(("", ""), (&node.cli_user, "")).await.unwrap();
    assert_eq!(desk.sum("tokens"), 0);
}
