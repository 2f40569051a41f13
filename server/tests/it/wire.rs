//! Requests as bytes, for what no browser and no library sends.

use std::{io, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

/// Longer than any answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
    pub took: Duration,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// `127.0.0.1:3000` of `http://127.0.0.1:3000`.
pub fn address(base: &str) -> &str {
    base.trim_start_matches("http://")
}

/// Sends all of it in the given pieces and reads the answer, of a stream its beginning. `None`: the connection was closed
/// without one.
pub async fn ask<'b>(base: &str, pieces: impl IntoIterator<Item = &'b [u8]>) -> io::Result<Option<Answer>> {
    said(base, pieces, How::default()).await
}

/// What is to be known of a request to read its answer.
#[derive(Clone, Copy, Default)]
pub struct How {
    /// Whoever asks goes away when all of it is sent, though more was to come.
    pub leaves: bool,
    /// It asks for a head alone.
    pub head_only: bool,
}

/// The same, however it is asked.
pub async fn said<'b>(base: &str, pieces: impl IntoIterator<Item = &'b [u8]>, how: How) -> io::Result<Option<Answer>> {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address(base)).await?;
    stream.set_nodelay(true)?;
    let (mut reading, mut writing) = stream.split();
    let write = async {
        for piece in pieces {
            // It may have been answered already, and the rest is not wanted.
            if writing.write_all(piece).await.is_err() {
                break;
            }
        }
        if how.leaves {
            let _ = writing.shutdown().await;
        }
    };
    let read = async {
        let mut heard = Vec::new();
        let mut part = vec![0; 16 * 1_024];
        loop {
            match reading.read(&mut part).await {
                Ok(0) | Err(_) => break,
                Ok(count) => heard.extend_from_slice(&part[..count]),
            }
            if is_whole(&heard, how.head_only) {
                break;
            }
        }
        heard
    };
    let both = async { tokio::join!(write, read).1 };
    let heard = timeout(PATIENCE, both).await.map_err(|_| io::Error::other("no answer within half a minute"))?;
    Ok(answer(&heard, begun.elapsed()))
}

fn is_whole(bytes: &[u8], head_only: bool) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = final_part(&text).split_once("\r\n\r\n") else { return false };
    let head = head.to_ascii_lowercase();
    if head_only || head.contains("content-type: text/event-stream") {
        return true;
    }
    // The connection may stay open for the rest of a body that nobody reads.
    if head.contains("transfer-encoding: chunked") {
        return body.ends_with("\r\n0\r\n\r\n");
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
    let none = head.split_whitespace().nth(1).is_some_and(|status| ["204", "304"].contains(&status));
    none || length.is_some_and(|length| body.len() >= length)
}

/// Without what only says that it goes on.
fn final_part(text: &str) -> &str {
    let mut rest = text;
    while let Some((_, next)) = rest.strip_prefix("HTTP/1.1 100 ").and_then(|rest| rest.split_once("\r\n\r\n")) {
        rest = next;
    }
    rest
}

fn answer(bytes: &[u8], took: Duration) -> Option<Answer> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = final_part(&text).split_once("\r\n\r\n")?;
    let status = head.split_whitespace().nth(1)?.parse().ok()?;
    Some(Answer { status, head: head.to_owned(), body: body.to_owned(), took })
}
