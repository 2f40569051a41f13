//! Persistency groups (3.20).

use crate::common::{Bench, options};
use lab::Options;
use serde_json::{Value, json};

const MEMBER: &str = "lbgroup_lbvserver_binding";

/// Two MDM virtual servers and one for MAM, and a group.
async fn bench(options: Options) -> Bench {
    let bench = Bench::start(options).await;
    bench.features(&["LB", "SSL"]).await;
    bench.vserver("mdm443", "SSL_BRIDGE", "10.20.40.51", 443).await;
    bench.vserver("mdm8443", "SSL_BRIDGE", "10.20.40.51", 8443).await;
    bench.vserver("mam", "SSL", "10.20.40.52", 8443).await;
    let group = json!({ "name": "pg", "persistencetype": "SOURCEIP", "timeout": 20 });
    bench.post("lbgroup", group).await.ok(201);
    bench
}

async fn bind(bench: &Bench, vserver: &str) {
    bench.put(MEMBER, json!({ "name": "pg", "vservername": vserver })).await.ok(201);
}

#[tokio::test]
async fn a_group_shows_its_defaults_and_its_types() {
    let bench = bench(options()).await;
    let expected = json!({ "name": "pg", "persistencetype": "SOURCEIP", "persistencebackup": "NONE",
        "backuppersistencetimeout": 2, "persistmask": "255.255.255.255", "v6persistmasklen": "128", "timeout": 20,
        "rule": "None", "td": "0", "usevserverpersistency": "DISABLED" });
    assert_eq!(bench.item("lbgroup/pg").await, expected);
    for kind in ["SSLSESSION", "CUSTOMSERVERID"] {
        let body = json!({ "name": "other", "persistencetype": kind });
        bench.post("lbgroup", body).await.is(400, 1097, &format!("Invalid argument value [{kind}]"));
    }
    let endless = json!({ "name": "other", "persistencetype": "SOURCEIP", "timeout": 0 });
    bench.post("lbgroup", endless).await.fails(599, 2136);
    bench.post("lbgroup", json!({ "name": "other", "persistencetype": "COOKIEINSERT", "timeout": 0 })).await.ok(201);
    bench.post("lbgroup", json!({ "name": "pg" })).await.is(409, 273, "Resource already exists [name, pg]");
    bench.get("lbgroup/nope").await.is(404, 258, "No such resource [name, nope]");
    bench.post("lbgroup?action=rename", json!({ "name": "other", "newname": "cookies" })).await.ok(200);
    bench.delete("lbgroup/cookies").await.ok(200);
    bench.put("lbgroup", json!({ "name": "pg" })).await.fails(400, 431);
}

#[tokio::test]
async fn the_groups_persistence_stands_in_the_place_of_the_members() {
    let bench = bench(options()).await;
    bench.put("lbvserver", json!({ "name": "mdm443", "persistencetype": "SSLSESSION", "timeout": 7 })).await.ok(200);
    assert_eq!(bench.item("lbvserver/mdm443").await.get("groupname"), None);
    bind(&bench, "mdm443").await;
    bind(&bench, "mdm8443").await;
    let item = bench.item("lbvserver/mdm443").await;
    assert_eq!((&item["groupname"], &item["persistencetype"]), (&json!("pg"), &json!("SOURCEIP")));
    assert_eq!((&item["timeout"], item.get("rule")), (&json!(20), None));
    let text = "vserver is bound to a group. Set persistence parameters on group to change them for all vservers in \
                group or unbind vserver from group and set on individual vserver.";
    let change = json!({ "name": "mdm443", "persistencetype": "SSLSESSION" });
    bench.put("lbvserver", change.clone()).await.is(599, 2306, text);
    bench.post("lbvserver?action=unset", json!({ "name": "mdm443", "timeout": true })).await.fails(599, 2306);
    bench.put("lbvserver", json!({ "name": "mdm443", "comment": "mine" })).await.ok(200);
    bench.put("lbgroup", json!({ "name": "pg", "timeout": 30 })).await.ok(200);
    assert_eq!(bench.word("lbvserver/mdm8443", "timeout").await, 30);
    let rows = bench.get(&format!("{MEMBER}/pg")).await.json();
    assert_eq!(
        rows[MEMBER],
        json!([{ "name": "pg", "vservername": "mdm443" }, { "name": "pg", "vservername": "mdm8443" }])
    );
    assert_eq!(bench.get(&format!("{MEMBER}?bulkbindings=yes")).await.json()[MEMBER], rows[MEMBER]);
    assert_eq!(bench.item("lbgroup_binding/pg").await[MEMBER], rows[MEMBER]);

    bench.put("lbgroup", json!({ "name": "pg", "persistencetype": "NONE" })).await.ok(200);
    assert_eq!(bench.word("lbvserver/mdm443", "persistencetype").await, "SSLSESSION");
    bench.put("lbvserver", change).await.ok(200);
}

#[tokio::test]
async fn a_member_can_be_made_to_show_its_own_persistence() {
    let bench = bench(Options { grouped_shows_own: true, ..options() }).await;
    bind(&bench, "mdm443").await;
    let item = bench.item("lbvserver/mdm443").await;
    assert_eq!((&item["groupname"], &item["persistencetype"]), (&json!("pg"), &json!("NONE")));
    bench.put("lbvserver", json!({ "name": "mdm443", "timeout": 9 })).await.fails(599, 2306);
}

#[tokio::test]
async fn a_group_suits_all_of_its_members() {
    let bench = bench(options()).await;
    bind(&bench, "mdm443").await;
    bench.put("lbgroup", json!({ "name": "pg", "persistencetype": "COOKIEINSERT" })).await.is(
        599,
        2308,
        "Cookie persistence cannot be applied - group has non HTTP/SSL type of vserver",
    );
    bench
        .put("lbgroup", json!({ "name": "pg", "persistencetype": "RULE", "rule": "CLIENT.IP.SRC" }))
        .await
        .fails(599, 1332);
    bench.post("lbgroup", json!({ "name": "cookies", "persistencetype": "COOKIEINSERT" })).await.ok(201);
    bench.put(MEMBER, json!({ "name": "cookies", "vservername": "mdm8443" })).await.fails(599, 2308);
    bench.put(MEMBER, json!({ "name": "cookies", "vservername": "mam" })).await.ok(201);
    let second = json!({ "name": "cookies", "vservername": "mdm443" });
    bench.put(MEMBER, second).await.is(409, 2371, "Vserver is already bound to a LB group");
    bench.put(MEMBER, json!({ "name": "pg", "vservername": "mdm443" })).await.fails(409, 273);
    bench.put(MEMBER, json!({ "name": "nope", "vservername": "mdm8443" })).await.is(
        404,
        2370,
        "LB group does not exist [nope]",
    );
    bench.put(MEMBER, json!({ "name": "pg", "vservername": "nope" })).await.fails(404, 258);
    bench.post("lbvserver", json!({ "name": "nowhere", "servicetype": "SSL_BRIDGE" })).await.ok(201);
    bench.put(MEMBER, json!({ "name": "pg", "vservername": "nowhere" })).await.fails(400, 1178);
}

#[tokio::test]
async fn members_may_keep_their_own_persistence() {
    let bench = bench(options()).await;
    bind(&bench, "mdm443").await;
    bench.put("lbgroup", json!({ "name": "pg", "mastervserver": "mdm443" })).await.fails(400, 1093);
    bench.put("lbgroup", json!({ "name": "pg", "usevserverpersistency": "ENABLED" })).await.ok(200);
    bench.put("lbgroup", json!({ "name": "pg", "timeout": 9 })).await.fails(599, 2417);
    bench.put("lbvserver", json!({ "name": "mdm443", "persistencetype": "SSLSESSION" })).await.ok(200);
    assert_eq!(bench.word("lbvserver/mdm443", "persistencetype").await, "SSLSESSION");
    bench.put("lbgroup", json!({ "name": "pg", "mastervserver": "mdm8443" })).await.fails(404, 2379);
    bench.put("lbgroup", json!({ "name": "pg", "mastervserver": "mdm443" })).await.ok(200);
}

#[tokio::test]
async fn a_group_goes_with_its_last_member() {
    let bench = bench(options()).await;
    bind(&bench, "mdm443").await;
    bind(&bench, "mdm8443").await;
    let gone = |vserver: &str| format!("{MEMBER}/pg?args=vservername:{vserver}");
    bench.delete(&gone("mam")).await.is(404, 2379, "Given vserver is not bound to this LB group");
    bench.delete(&gone("mdm443")).await.ok(200);
    bench.get("lbgroup/pg").await.fails(200, 0);
    bench.delete(&gone("mdm8443")).await.ok(200);
    bench.get("lbgroup/pg").await.fails(404, 258);
    assert_eq!(bench.get("lbgroup").await.json().get("lbgroup"), None::<&Value>);

    bench.post("lbgroup", json!({ "name": "pg", "persistencetype": "SOURCEIP" })).await.ok(201);
    bind(&bench, "mdm443").await;
    bench.delete("lbvserver/mdm443").await.ok(200);
    bench.get("lbgroup/pg").await.fails(404, 258);
}
