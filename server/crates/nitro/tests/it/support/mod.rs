//! An appliance on the loopback that answers what the test says, and NITRO's words for its answers.

#[path = "../../../../wire/tests/support/mod.rs"]
mod loopback;

pub use loopback::{
    identity::{Identity, authority, params},
    server::{Answer, Server, raw},
    socks::socks,
};
use nitro::{ConnectBy, Credentials, Endpoint, Limits, Trust};
use std::time::Duration;

impl Server {
    /// "GET /nitro/v1/config/x" lines, in order.
    pub fn lines(&self) -> Vec<String> {
        self.asked().iter().map(|asked| format!("{} {}", asked.method, asked.path)).collect()
    }

    pub fn endpoint(&self) -> Endpoint {
        endpoint(&format!("http://{}", self.addr), Trust::SystemRoots)
    }
}

/// An answer as the appliance frames it.
pub fn json(status: &str, body: &str) -> Answer {
    Answer::Bytes(raw(status, "Content-Type: application/json; charset=utf-8\r\n", body))
}

pub const DONE: &str = r#"{ "errorcode": 0, "message": "Done", "severity": "NONE" }"#;

pub fn logged_in() -> Answer {
    json("201 Created", r###"{ "errorcode": 0, "message": "Done", "severity": "NONE", "sessionid": "##1C8F" }"###)
}

pub fn refused(status: &str, code: u32, message: &str) -> Answer {
    json(status, &format!(r#"{{ "errorcode": {code}, "message": "{message}", "severity": "ERROR" }}"#))
}

pub fn endpoint(base: &str, trust: Trust) -> Endpoint {
    Endpoint { base: base.parse().unwrap(), connect_by: ConnectBy::Direct, trust }
}

pub fn credentials() -> Credentials {
    Credentials { user: "nsroot".to_owned(), secret: "geheim".to_owned().into() }
}

/// No waiting between repetitions; generous otherwise, so that a busy machine does not fail a test.
pub fn limits() -> Limits {
    Limits { backoff: Duration::ZERO, ..Limits::default() }
}
