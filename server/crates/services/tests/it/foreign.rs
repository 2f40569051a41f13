//! Who changed it last: what others did on the appliance is in the log as theirs.

use crate::support::{World, restarted, world};
use model::{
    ClusterId,
    log::LogForm,
    own_log::OwnLog,
    person::{Role, Scope},
    record::{Record, RecordKind},
};
use serde_json::json;
use services::LogQuery;

/// Somebody at work on the appliance, who never heard of Gatehouse.
async fn somebody(world: &World, order: serde_json::Value) {
    control(world, "foreign", order).await;
}

async fn control(world: &World, path: &str, order: serde_json::Value) {
    let url = format!("{}/{path}", world.lab.description().control);
    let reply = reqwest::Client::builder().build().unwrap().post(url).body(order.to_string()).send().await.unwrap();
    assert!(reply.status().is_success(), "{}", reply.text().await.unwrap());
}

fn server(name: &str) -> serde_json::Value {
    // Of no other server.
    let address = format!("10.20.31.{}", name.len());
    json!({ "user": "jdoe", "from": "10.0.0.9", "interface": "CLI", "method": "POST", "path": "server",
            "body": { "server": { "name": name, "ipaddress": address } } })
}

/// Newest first.
async fn theirs(world: &World) -> Vec<Record> {
    let query = LogQuery { kind: Some(RecordKind::ApplianceCommand), ..LogQuery::default() };
    world.log(&world.cx, &query).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_by_somebody_else_is_theirs_in_the_log_and_is_told_once() {
    let world = world().await;
    let (_, appliance) = world.set_up().await;
    world.services.observer().look(appliance).await;
    assert!(theirs(&world).await.is_empty(), "what Gatehouse did is not somebody else's");

    somebody(&world, server("theirs")).await;
    world.services.observer().glance(appliance).await;
    let told = theirs(&world).await;
    let [record] = told.as_slice() else { panic!("{told:#?}") };
    let entry = &record.entry;
    assert_eq!(
        (entry.actor.person, entry.actor.name.as_str(), entry.actor.from.as_str()),
        (None, "jdoe (at the appliance)", "10.0.0.9")
    );
    assert!(
        entry.summary.contains("add server theirs 10.20.31.6")
            && entry.summary.contains("jdoe at the command line from 10.0.0.9"),
        "{}",
        entry.summary
    );
    assert_eq!(entry.appliance, Some(appliance));
    assert_eq!(entry.detail["read_from"], "auditmessages");
    assert_eq!(entry.detail["at_by_our_clock"], json!(entry.at), "the lab's clock is ours");
    // "Who changed this last?"
    let page = world.services.log().acts(&world.cx, &LogQuery::default(), None).await.unwrap();
    assert_eq!(page.acts[0].act.shown(), record);

    // The same lines are in every answer for as long as nothing crowds them out. When the configuration was changed is
    // told in whole seconds.
    world.lab.advance(std::time::Duration::from_secs(2)).await;
    somebody(&world, server("more")).await;
    somebody(&world, server("still-more")).await;
    world.services.observer().glance(appliance).await;
    world.services.observer().look(appliance).await;
    let told = theirs(&world).await;
    assert_eq!(told.len(), 3, "{told:#?}");
    assert_eq!(told[0].act, told[1].act, "one person's commands of one look are one act");
    let page = world.services.log().acts(&world.cx, &LogQuery::default(), Some(told[0].act)).await.unwrap();
    let act = &page.acts[0];
    assert_eq!(act.act.title(), "2 commands by jdoe (at the appliance), from 10.0.0.9");
    assert_eq!(act.lines.as_ref().map(Vec::len), Some(2));

    let world = restarted(world, |_| {}, async {}).await;
    world.services.observer().look(appliance).await;
    world.lab.advance(std::time::Duration::from_secs(2)).await;
    somebody(&world, server("after")).await;
    world.services.observer().glance(appliance).await;
    assert_eq!(theirs(&world).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_see_a_cluster_sees_what_others_did_to_it() {
    let world = world().await;
    let (berlin, appliance) = world.set_up().await;
    let hamburg = world.other_cluster(appliance).await;
    world.services.observer().look(appliance).await;
    somebody(&world, server("nobodys")).await;
    let comment = json!({ "lbvserver": { "name": "xms-berlin-mdm-443", "comment": "touched" } });
    somebody(&world, json!({ "user": "eve", "method": "PUT", "path": "lbvserver", "body": comment })).await;
    world.services.observer().glance(appliance).await;
    assert_eq!(theirs(&world).await.len(), 2);
    let seen = async |cluster: ClusterId| {
        let cx = world.person(&format!("p{cluster}"), Role::Operator, &Scope::Only([cluster].into())).await;
        let query = LogQuery { kind: Some(RecordKind::ApplianceCommand), ..LogQuery::default() };
        let records = world.log(&cx, &query).await;
        records.into_iter().map(|record| record.entry.actor.name).collect::<Vec<_>>()
    };
    assert_eq!(seen(berlin).await, ["eve (at the appliance)"]);
    assert!(seen(hamburg).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowded_window_and_a_look_without_news_tell_nothing() {
    let world = world().await;
    let (_, appliance) = world.set_up().await;
    world.services.observer().look(appliance).await;
    let asked = |world: &World| world.lab.requests().iter().filter(|r| r.path.contains("auditmessages")).count();
    let before = asked(&world);
    world.services.observer().glance(appliance).await;
    assert_eq!(asked(&world), before, "nothing was changed, so nothing is asked");
    control(&world, "choices", json!({ "audit_noise": 300 })).await;
    somebody(&world, server("unseen")).await;
    world.services.observer().glance(appliance).await;
    assert_eq!(asked(&world), before + 1);
    assert!(theirs(&world).await.is_empty(), "other lines have pushed it out of the appliance's window");
}

#[tokio::test(flavor = "multi_thread")]
async fn that_an_account_may_not_read_who_changed_it_is_said_and_not_passed_over() {
    let mut world = world().await;
    world.user = "xmreader";
    let binding = "systemuser_systemcmdpolicy_binding/xmreader?args=policyname:xmc-read-extra";
    world.raw(reqwest::Method::DELETE, binding, "").await;
    let appliance = world.appliance().await;
    world.services.observer().look(appliance).await;
    let told =
        async || world.services.appliances().show(&world.cx, appliance).await.unwrap().own_log.map(|(_, told)| told);
    let form = |appliance: &str| LogForm { appliance: appliance.into(), ..LogForm::default() };
    let silence = async |form: LogForm| world.services.foreign().silence(&world.cx, &form).await.unwrap();
    assert_eq!((told().await, silence(form("1")).await), (None, None), "nothing was changed, so nobody was asked");

    world.lab.advance(std::time::Duration::from_secs(2)).await;
    somebody(&world, server("theirs")).await;
    world.services.observer().glance(appliance).await;
    assert!(theirs(&world).await.is_empty());
    assert_eq!(told().await, Some(OwnLog::NotAllowed));
    let (at, sentence) = silence(form("1")).await.unwrap();
    assert_eq!(at, model::Clock::now(&*world.clock));
    assert!(sentence.contains("xmreader") && sentence.contains("`show audit messages`"), "{sentence}");
    assert_eq!(silence(LogForm::default()).await, None, "the whole log is about more than that");

    // It is given the right, and the next change is told.
    let bind = r#"{"systemuser_systemcmdpolicy_binding":{"username":"xmreader","policyname":"xmc-read-extra","priority":110}}"#;
    world.raw(reqwest::Method::PUT, "systemuser_systemcmdpolicy_binding", bind).await;
    world.lab.advance(std::time::Duration::from_secs(2)).await;
    somebody(&world, server("more")).await;
    world.services.observer().glance(appliance).await;
    assert_eq!((told().await, silence(form("1")).await), (Some(OwnLog::Told), None));
    assert!(!theirs(&world).await.is_empty());
}
