//! Who may do what, and what the appliance says of itself: accounts, sessions, partitions, texts, the log.

mod audit;
mod logins;
mod partitions;
mod rights;
mod texts;

use crate::common::{Bench, Reply};
use serde_json::{Value, json};

/// Somebody with a session of their own.
struct Somebody<'a> {
    bench: &'a Bench,
    cookie: String,
}

impl<'a> Somebody<'a> {
    /// Logs in with the lab's password, as all accounts of the seed have it.
    async fn new(bench: &'a Bench, user: &str) -> Self {
        let reply = log_in(bench, json!({ "username": user, "password": "secret" })).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        let token = reply.json()["sessionid"].as_str().unwrap().to_owned();
        Self { bench, cookie: format!("NITRO_AUTH_TOKEN={token}") }
    }

    async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        self.bench.send_as(Some(&self.cookie), method, &format!("config/{path}"), body).await
    }

    async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None).await
    }

    /// `body` is wrapped in the resource's name.
    async fn post(&self, path: &str, body: Value) -> Reply {
        let resource = path.split(['?', '/']).next().unwrap();
        self.send("POST", path, Some(json!({ resource: body }))).await
    }
}

async fn log_in(bench: &Bench, credentials: Value) -> Reply {
    bench.send_as(None, "POST", "config/login", Some(json!({ "login": credentials }))).await
}

/// Sets one of the lab's choices, as the control API does.
async fn choose(bench: &Bench, patch: Value) {
    let url = format!("{}/choices", bench.lab.description().control);
    let reply = bench.http.post(url).body(patch.to_string()).send().await.unwrap();
    assert_eq!(reply.status(), 200, "{}", reply.text().await.unwrap());
}
