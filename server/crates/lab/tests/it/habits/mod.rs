//! What clients of others put on the wire, one file per family: facts about them re-enacted, none of their code.

mod ansible;
mod exporters;
mod forms;
mod go;
mod plugins;
mod powershell;
mod puppet;
mod wire;

use crate::common::Bench;
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Status, headers and body as they came.
struct Raw {
    line: String,
    head: String,
    body: String,
}

impl Raw {
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Sends bytes as they are, and reads until the other side closes: `Connection: close` is up to the request.
async fn send(bench: &Bench, request: &str) -> Raw {
    let address: SocketAddr = bench.base.trim_start_matches("http://").parse().unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let (line, head) = head.split_once("\r\n").unwrap_or((head, ""));
    Raw { line: line.to_owned(), head: head.to_owned(), body: body.to_owned() }
}

/// A whole request: `extra` are header lines, each with its line end.
async fn ask(bench: &Bench, method: &str, path: &str, extra: &str, body: &str) -> Raw {
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    send(bench, &format!("{method} {path} HTTP/1.1\r\nHost: ns\r\nConnection: close\r\n{extra}{length}\r\n{body}"))
        .await
}

/// As a form encodes it, blanks as `+`.
fn form(text: &str) -> String {
    let encoded = percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    format!("object={}", encoded.replace("%20", "+"))
}
