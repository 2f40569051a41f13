//! Time stands still here until everybody waits; then it goes on by itself.

#![expect(clippy::disallowed_methods, reason = "time is what these are about, and it is set by hand")]

use super::*;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

const LARGE: usize = 4 * 1024 * 1024;

async fn panics() -> &'static str {
    assert!(std::hint::black_box(false), "on purpose");
    ""
}

fn router() -> Router {
    let slow = || async {
        tokio::time::sleep(Duration::from_secs(200)).await;
        "at last"
    };
    Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/slow", get(slow))
        .route("/large", get(|| async { vec![b'x'; LARGE] }))
        .route("/panics", get(panics))
        .route("/refuses", post(|| async { (StatusCode::PAYLOAD_TOO_LARGE, "too large") }))
}

fn connected() -> (DuplexStream, Arc<Connection>) {
    let (ours, theirs) = duplex(4_096);
    let peer: SocketAddr = ([192, 0, 2, 7], 4711).into();
    let connection = Arc::new(Connection::new(1, peer.ip(), false));
    let held = Arc::clone(&connection);
    tokio::spawn(async move { talk(theirs, peer, router(), &held, Limits::default()).await });
    (ours, connection)
}

async fn asks(stream: &mut DuplexStream, head: &str) {
    stream.write_all(head.as_bytes()).await.unwrap();
}

/// What comes until the answer is whole, or the connection is closed.
async fn until(stream: &mut DuplexStream, end: &str) -> String {
    let mut heard = Vec::new();
    while !heard.ends_with(end.as_bytes()) {
        let mut bytes = [0; 1_024];
        let read = stream.read(&mut bytes).await.unwrap();
        if read == 0 {
            break;
        }
        heard.extend_from_slice(&bytes[..read]);
    }
    String::from_utf8_lossy(&heard).into_owned()
}

/// Seconds until it was closed without a word.
async fn closed_after(mut stream: DuplexStream) -> u64 {
    let begun = Instant::now();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert_eq!(String::from_utf8_lossy(&rest), "");
    begun.elapsed().as_secs()
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_not_waited_for() {
    assert_eq!(closed_after(connected().0).await, 10);
}

#[tokio::test(start_paused = true)]
async fn a_head_has_ten_seconds_however_it_trickles_in() {
    let (mut stream, _connection) = connected();
    let begun = Instant::now();
    for byte in "GET / HTTP/1.1\r\nhost: here\r\nx: ".bytes().chain(std::iter::repeat(b'y')) {
        if stream.write_all(&[byte]).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(900)).await;
    }
    assert_eq!(begun.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn between_requests_a_connection_may_rest_and_half_a_second_one_may_not() {
    let (mut stream, _connection) = connected();
    asks(&mut stream, "GET / HTTP/1.1\r\nhost: here\r\n\r\n").await;
    assert!(until(&mut stream, "hello").await.starts_with("HTTP/1.1 200"));
    tokio::time::sleep(Duration::from_secs(70)).await;
    asks(&mut stream, "GET / HTTP/1.1\r\nhost: here\r\n\r\n").await;
    assert!(until(&mut stream, "hello").await.starts_with("HTTP/1.1 200"), "it is kept");
    tokio::time::sleep(Duration::from_secs(20)).await;
    asks(&mut stream, "GET / HTT").await;
    assert_eq!(closed_after(stream).await, 10);

    let (mut stream, _connection) = connected();
    asks(&mut stream, "GET / HTTP/1.1\r\nhost: here\r\n\r\n").await;
    until(&mut stream, "hello").await;
    assert_eq!(closed_after(stream).await, 75);
}

#[tokio::test(start_paused = true)]
async fn what_we_are_at_work_on_is_waited_for_by_whoever_asked() {
    let (mut stream, _connection) = connected();
    asks(&mut stream, "GET /slow HTTP/1.1\r\nhost: here\r\n\r\n").await;
    assert!(until(&mut stream, "at last").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test(start_paused = true)]
async fn who_takes_nothing_of_an_answer_is_dropped() {
    let (mut stream, _connection) = connected();
    asks(&mut stream, "GET /large HTTP/1.1\r\nhost: here\r\n\r\n").await;
    tokio::time::sleep(Duration::from_secs(31)).await;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert!(rest.len() < LARGE / 2, "{} bytes came all the same", rest.len());
}

#[tokio::test(start_paused = true)]
async fn who_takes_it_slowly_gets_it() {
    let (mut stream, _connection) = connected();
    asks(&mut stream, "GET /large HTTP/1.1\r\nhost: here\r\n\r\n").await;
    let mut seen = 0;
    while seen < LARGE {
        let mut bytes = vec![0; 64 * 1_024];
        let read = stream.read(&mut bytes).await.unwrap();
        assert_ne!(read, 0, "cut off after {seen}");
        seen += read;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_answer_reaches_whoever_still_sends_a_body_that_nobody_reads() {
    let (mut stream, _connection) = connected();
    asks(&mut stream, &format!("POST /refuses HTTP/1.1\r\nhost: here\r\ncontent-length: {LARGE}\r\n\r\n")).await;
    // All of it, before the answer is looked at: as a browser does.
    stream.write_all(&vec![b'x'; LARGE]).await.unwrap();
    assert!(until(&mut stream, "too large").await.starts_with("HTTP/1.1 413"));
    asks(&mut stream, "GET / HTTP/1.1\r\nhost: here\r\n\r\n").await;
    assert!(until(&mut stream, "hello").await.starts_with("HTTP/1.1 200"), "and the connection is as good as new");

    // One that never ends has its bounds: of time here, of bytes below.
    let (mut stream, _connection) = connected();
    asks(&mut stream, "POST /refuses HTTP/1.1\r\nhost: here\r\ncontent-length: 1000\r\n\r\n").await;
    assert!(until(&mut stream, "too large").await.starts_with("HTTP/1.1 413"));
    assert_eq!(closed_after(stream).await, 30);
}

#[tokio::test(start_paused = true)]
async fn a_head_has_a_size() {
    let (mut stream, _connection) = connected();
    let long = format!("GET / HTTP/1.1\r\nhost: here\r\nx: {}", "y".repeat(200_000));
    // It is closed while we still write, as it should be.
    let _ = stream.write_all(long.as_bytes()).await;
    assert!(until(&mut stream, "\r\n\r\n").await.starts_with("HTTP/1.1 431"));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_an_answer() {
    let (mut stream, _connection) = connected();
    asks(&mut stream, "GET /panics HTTP/1.1\r\nhost: here\r\n\r\n").await;
    assert!(until(&mut stream, "what.").await.starts_with("HTTP/1.1 500"));
}

#[tokio::test(start_paused = true)]
async fn whoever_has_to_make_room_is_closed_at_once() {
    let (stream, connection) = connected();
    connection.send_away();
    assert_eq!(closed_after(stream).await, 0);
}
