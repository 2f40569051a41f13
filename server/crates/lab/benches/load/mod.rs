//! Clients that cost next to nothing: requests written as they are, answers read by their length.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    task::JoinSet,
};

/// What was answered, and how long it took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measured {
    pub answers: usize,
    /// Of all bodies.
    pub bytes: usize,
    pub took: Duration,
}

impl Measured {
    /// Answers a second.
    #[expect(clippy::cast_precision_loss, reason = "counts of a benchmark are far below 2^52")]
    pub fn rate(&self) -> f64 {
        self.answers as f64 / self.took.as_secs_f64()
    }
}

/// Sends the requests in turn over so many connections until there are so many answers. Anything but 200 fails.
pub async fn run(to: SocketAddr, requests: &[String], connections: usize, total: usize) -> io::Result<Measured> {
    let next = Arc::new(AtomicUsize::new(0));
    let requests: Arc<[String]> = requests.into();
    let started = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..connections {
        clients.spawn(client(to, Arc::clone(&requests), Arc::clone(&next), total));
    }
    let mut measured = Measured::default();
    while let Some(ended) = clients.join_next().await {
        let (answers, bytes) = ended.map_err(io::Error::other)??;
        (measured.answers, measured.bytes) = (measured.answers + answers, measured.bytes + bytes);
    }
    measured.took = started.elapsed();
    Ok(measured)
}

async fn client(
    to: SocketAddr,
    requests: Arc<[String]>,
    next: Arc<AtomicUsize>,
    total: usize,
) -> io::Result<(usize, usize)> {
    let mut stream = connect(to).await?;
    let (mut answers, mut bytes) = (0, 0);
    loop {
        let turn = next.fetch_add(1, SeqCst);
        if turn >= total {
            return Ok((answers, bytes));
        }
        let request = &requests[turn % requests.len()];
        stream.write_all(request.as_bytes()).await?;
        let (status, body) = answer(&mut stream).await?;
        if status != 200 {
            return Err(io::Error::other(format!("{request} answered {status}: {}", String::from_utf8_lossy(&body))));
        }
        (answers, bytes) = (answers + 1, bytes + body.len());
    }
}

/// A session's token.
pub async fn login(to: SocketAddr, password: &str) -> io::Result<String> {
    let body = serde_json::json!({ "login": { "username": "nsroot", "password": password } }).to_string();
    let mut stream = connect(to).await?;
    let head = format!("POST /nitro/v1/config/login HTTP/1.1\r\nHost: {to}\r\nContent-Type: application/json\r\n");
    stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await?;
    let (_, body) = answer(&mut stream).await?;
    let body: serde_json::Value = serde_json::from_slice(&body)?;
    let token = body["sessionid"].as_str().ok_or_else(|| io::Error::other("no session was given"))?;
    Ok(token.replace('#', "%23"))
}

async fn connect(to: SocketAddr) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(BufReader::with_capacity(64 * 1024, stream))
}

/// Status and body of an answer that says how long it is.
async fn answer(stream: &mut BufReader<TcpStream>) -> io::Result<(u16, Vec<u8>)> {
    let (mut status, mut length) = (0, 0);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
            status = rest.get(..3).and_then(|digits| digits.parse().ok()).unwrap_or(0);
        } else if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok((status, body))
}
