//! One line per failure, with what is needed to look it up and nothing secret.

use crate::support::{Server, credentials, limits, logged_in, refused};
use nitro::{Client, Request, resource::LbVserver};
use serde_json::json;
use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_failure_is_one_line_without_secrets() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);

    let server = Server::start(|asked| {
        if asked.is_login() { logged_in() } else { refused("409 Conflict", 273, "Resource already exists") }
    })
    .await;
    let client = Client::with_limits(&server.endpoint(), credentials(), limits()).unwrap();
    let request = Request::add("systemfile", json!({"filename": "k", "filecontent": "S0VZ"}));
    client.perform(&request).await.unwrap_err();
    let server = Server::start(|_| refused("401 Unauthorized", 354, "Invalid username or password")).await;
    let client = Client::with_limits(&server.endpoint(), credentials(), limits()).unwrap();
    client.get::<LbVserver>().await.unwrap_err();
    client.get::<LbVserver>().await.unwrap_err();
    drop(guard);

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let ours: Vec<_> = text.lines().filter(|line| line.contains("nitro::")).collect();
    assert_eq!(ours.len(), 2, "{text}");
    for part in ["nitro.resource=\"systemfile\"", "http.status=409", "nitro.code=273", "duration_ms="] {
        assert!(ours[0].contains(part), "{part} in {}", ours[0]);
    }
    assert!(ours[1].contains("nitro.code=354"), "{}", ours[1]);
    // The HTTP library's own lines count as well.
    for secret in ["geheim", "S0VZ", "1C8F"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
