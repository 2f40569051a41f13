//! Command policies (3.24): what they let through, and how a refusal looks.

use super::{Somebody, choose};
use crate::common::{Bench, WHERE};
use serde_json::{Value, json};

/// An account with these policies, each with its priority.
async fn account<'a>(bench: &'a Bench, user: &str, policies: &[(&str, u32)]) -> Somebody<'a> {
    bench.post("systemuser", json!({ "username": user, "password": "secret" })).await.ok(201);
    for (policy, priority) in policies {
        let body = json!({ "username": user, "policyname": policy, "priority": priority });
        bench.put("systemuser_systemcmdpolicy_binding", body).await.ok(201);
    }
    Somebody::new(bench, user).await
}

#[tokio::test]
async fn a_reader_does_not_see_texts_of_the_configuration() {
    let bench = Bench::set_up().await;
    let reader = account(&bench, "looker", &[("read-only", 100)]).await;
    reader.get("lbvserver").await.fails(200, 0);
    let refused = "Not authorized to execute this command [show ns runningConfig]";
    reader.get("nsrunningconfig").await.is(403, 2138, refused);
    reader.get("nssavedconfig").await.is(403, 2138, "Not authorized to execute this command [show ns savedConfig]");
    reader.get("systemsession").await.fails(403, 2138);
    reader.get("auditmessages").await.fails(403, 2138);
    let listing = r#"Not authorized to execute this command [show system file -fileLocation "/nsconfig/ssl"]"#;
    reader.get(&format!("systemfile?{WHERE}")).await.is(403, 2138, listing);
    let add = reader.post("server", json!({ "name": "x", "ipaddress": "10.20.30.99" })).await;
    add.is(403, 2138, "Not authorized to execute this command [add server x 10.20.30.99]");
    bench.get("server/x").await.fails(404, 258);
}

#[tokio::test]
async fn the_account_of_the_console_can_set_up_and_save_and_not_clear() {
    let bench = Bench::empty().await;
    let console = Somebody::new(&bench, "xmconsole").await;
    console.post("server", json!({ "name": "xms01", "ipaddress": "10.20.30.11" })).await.ok(201);
    console.post("nsfeature?action=enable", json!({ "feature": ["LB", "SSL", "SSLVPN"] })).await.ok(200);
    console.post("nsconfig?action=save", json!({})).await.ok(200);
    let clear = console.post("nsconfig?action=clear", json!({ "level": "full", "force": true })).await;
    assert_eq!((clear.status, clear.code()), (403, Some(2138)), "{}", clear.text);
    console.post("systemuser", json!({ "username": "mallory", "password": "x" })).await.fails(403, 2138);
    console.send("DELETE", "systemuser/xmreader", None).await.fails(403, 2138);
    console.get("nsrunningconfig").await.fails(200, 0);
    bench.get("systemuser/mallory").await.fails(404, 258);
}

#[tokio::test]
async fn without_any_policy_one_can_log_in_and_do_nothing() {
    let bench = Bench::empty().await;
    let nobody = account(&bench, "nobody", &[]).await;
    nobody.get("nsversion").await.is(403, 371, "No command policy defined, permission denied");
    nobody.post("server", json!({ "name": "x", "ipaddress": "10.20.30.99" })).await.fails(403, 371);
    choose(&bench, json!({ "no_policy": "2138" })).await;
    nobody.get("nsversion").await.is(403, 2138, "Not authorized to execute this command [show ns version]");
    nobody.post("logout", json!({})).await.ok(201);
}

#[tokio::test]
async fn the_lowest_priority_number_decides_in_any_case_and_anywhere_in_the_line() {
    let bench = Bench::empty().await;
    let spec = r"SERVER\s+db";
    bench.post("systemcmdpolicy", json!({ "policyname": "no-db", "action": "DENY", "cmdspec": spec })).await.ok(201);
    let someone = account(&bench, "someone", &[("superuser", 100), ("no-db", 10)]).await;
    someone.post("server", json!({ "name": "web01", "ipaddress": "10.20.30.98" })).await.ok(201);
    someone.post("server", json!({ "name": "db01", "ipaddress": "10.20.30.99" })).await.fails(403, 2138);
    // The same two the other way round.
    bench.delete("systemuser_systemcmdpolicy_binding/someone?args=policyname:no-db").await.ok(200);
    let late = json!({ "username": "someone", "policyname": "no-db", "priority": 200 });
    bench.put("systemuser_systemcmdpolicy_binding", late).await.ok(201);
    someone.post("server", json!({ "name": "db01", "ipaddress": "10.20.30.99" })).await.ok(201);
}

#[tokio::test]
async fn groups_lend_their_policies() {
    let bench = Bench::set_up().await;
    let helper = account(&bench, "helper", &[]).await;
    bench.post("systemgroup", json!({ "groupname": "desk" })).await.ok(201);
    let policy = json!({ "groupname": "desk", "policyname": "operator", "priority": 100 });
    bench.put("systemgroup_systemcmdpolicy_binding", policy).await.ok(201);
    helper.get("server").await.fails(403, 371);
    let member = json!({ "groupname": "desk", "username": "helper" });
    bench.put("systemgroup_systemuser_binding", member.clone()).await.ok(201);
    bench.put("systemgroup_systemuser_binding", member).await.fails(409, 454);
    helper.get("server").await.fails(200, 0);
    helper.post("server?action=disable", json!({ "name": "xms01" })).await.ok(200);
    helper.post("nsconfig?action=save", json!({})).await.fails(403, 2138);
    let all = bench.item("systemgroup_binding/desk").await;
    assert_eq!(all["systemgroup_systemuser_binding"][0]["username"], "helper");
    assert_eq!(all["systemgroup_systemcmdpolicy_binding"][0]["policyname"], "operator");
}

#[tokio::test]
async fn built_in_policies_and_bound_ones_stay() {
    let bench = Bench::empty().await;
    let read_only = bench.item("systemcmdpolicy/read-only").await;
    assert_eq!(read_only["action"], "ALLOW");
    assert!(read_only["builtin"].is_array() && read_only["cmdspec"].as_str().unwrap().contains("(?!ns runningConfig)"));
    bench.delete("systemcmdpolicy/read-only").await.is(599, 2119, "Default command policy cannot be removed");
    bench.delete("systemcmdpolicy/nope").await.fails(404, 373);
    bench.delete("systemuser/nsroot").await.is(599, 359, "Superuser cannot be removed");
    let unbound = bench.delete("systemuser_systemcmdpolicy_binding/nsroot?args=policyname:superuser").await;
    unbound.is(599, 360, "Superuser cannot be changed");
    let own = json!({ "policyname": "own", "action": "ALLOW", "cmdspec": "^show" });
    bench.post("systemcmdpolicy", own.clone()).await.ok(201);
    bench.post("systemcmdpolicy", own).await.fails(409, 273);
    bench
        .post("systemcmdpolicy", json!({ "policyname": "bad", "action": "ALLOW", "cmdspec": "(" }))
        .await
        .fails(400, 1097);
    account(&bench, "user", &[("own", 5)]).await;
    let again = json!({ "username": "user", "policyname": "OWN", "priority": 7 });
    bench.put("systemuser_systemcmdpolicy_binding", again).await.fails(409, 453);
    let bound = bench.delete("systemcmdpolicy/own").await;
    assert!(bound.status >= 400 && bound.code() != Some(0), "{}", bound.text);
    let row = bench.item("systemuser_systemcmdpolicy_binding/user").await;
    assert_eq!(row, json!({ "username": "user", "policyname": "own", "priority": "5" }));
}

#[tokio::test]
async fn passwords_never_come_back() {
    let bench = Bench::empty().await;
    account(&bench, "user", &[("read-only", 1)]).await;
    for reply in [bench.get("systemuser/user").await, bench.get("nsrunningconfig").await] {
        assert!(!reply.text.contains("secret\""), "{}", reply.text);
    }
    assert_eq!(bench.item("systemuser/user").await.get("password"), None::<&Value>);
    assert!(bench.lab.cli().iter().all(|line| !line.line.contains("secret")), "{:?}", bench.lab.cli());
}

#[tokio::test]
async fn an_answer_leaves_out_what_one_may_not_ask_for_by_name() {
    let bench = Bench::set_up().await;
    let spec = r"^show server( xms0[12].*)?$";
    bench.post("systemcmdpolicy", json!({ "policyname": "two", "action": "ALLOW", "cmdspec": spec })).await.ok(201);
    let some = account(&bench, "some", &[("two", 10)]).await;
    let names = |reply: Value| -> Vec<String> {
        reply["server"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(some.get("server").await.json()), ["xms01", "xms02"]);
    bench.put("systemparameter", json!({ "rbaonresponse": "DISABLED" })).await.ok(200);
    assert_eq!(names(some.get("server").await.json()), ["xms01", "xms02", "xms03"]);
}

#[tokio::test]
async fn a_restart_is_a_right_of_its_own() {
    let bench = Bench::empty().await;
    for (user, spec) in [("adder", "^add ns"), ("restarter", "^reboot")] {
        let policy = json!({ "policyname": user, "action": "ALLOW", "cmdspec": spec });
        bench.post("systemcmdpolicy", policy).await.ok(201);
    }
    let adder = account(&bench, "adder", &[("adder", 100)]).await;
    let refused = "Not authorized to execute this command [reboot ns -warm]";
    adder.post("reboot", json!({ "warm": true })).await.is(403, 2138, refused);
    let restarter = account(&bench, "restarter", &[("restarter", 100)]).await;
    restarter.post("reboot", json!({ "warm": true })).await.ok(201);
}
