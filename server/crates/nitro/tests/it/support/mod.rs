//! A small server on the loopback that answers what the test says, byte by byte, and remembers what it was asked.

use futures::future::BoxFuture;
use nitro::{ConnectBy, Credentials, Endpoint, Limits, Trust};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};

#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Asked {
    pub fn is_login(&self) -> bool {
        self.path.ends_with("/login")
    }
}

pub enum Answer {
    /// These bytes, then the next request.
    Bytes(Vec<u8>),
    /// These bytes, then the connection is closed.
    Cut(Vec<u8>),
    /// These bytes, then silence.
    Stall(Vec<u8>),
    /// These bytes, then one more now and then, and never the last.
    Trickle(Vec<u8>),
}

type Handler = Arc<dyn Fn(Asked) -> BoxFuture<'static, Answer> + Send + Sync>;

pub struct Server {
    pub addr: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Plain HTTP; the closure says what to answer.
    pub async fn start(handler: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let handler = Arc::new(handler);
        Self::start_async(move |asked| {
            let handler = Arc::clone(&handler);
            Box::pin(async move { handler(&asked) })
        })
        .await
    }

    pub async fn start_async(handler: impl Fn(Asked) -> BoxFuture<'static, Answer> + Send + Sync + 'static) -> Self {
        Self::listen(None, Arc::new(handler)).await
    }

    /// HTTPS with this identity.
    pub async fn tls(config: rustls::ServerConfig, handler: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let handler = Arc::new(handler);
        let handler: Handler = Arc::new(move |asked| {
            let handler = Arc::clone(&handler);
            Box::pin(async move { handler(&asked) })
        });
        Self::listen(Some(tokio_rustls::TlsAcceptor::from(Arc::new(config))), handler).await
    }

    async fn listen(tls: Option<tokio_rustls::TlsAcceptor>, handler: Handler) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, handler, log) = (tls.clone(), Arc::clone(&handler), Arc::clone(&log));
                tokio::spawn(async move {
                    match tls {
                        None => converse(stream, handler, log).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                converse(stream, handler, log).await;
                            }
                        }
                    }
                });
            }
        });
        Self { addr, asked }
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// "GET /nitro/v1/config/x" lines, in order.
    pub fn lines(&self) -> Vec<String> {
        self.asked().iter().map(|asked| format!("{} {}", asked.method, asked.path)).collect()
    }

    pub fn logins(&self) -> usize {
        self.asked().iter().filter(|asked| asked.is_login()).count()
    }

    pub fn endpoint(&self) -> Endpoint {
        endpoint(&format!("http://{}", self.addr), Trust::SystemRoots)
    }
}

async fn converse(mut stream: impl AsyncRead + AsyncWrite + Unpin, handler: Handler, log: Arc<Mutex<Vec<Asked>>>) {
    while let Some(asked) = read(&mut stream).await {
        log.lock().unwrap().push(asked.clone());
        match handler(asked).await {
            Answer::Bytes(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
                let _ = stream.flush().await;
            }
            Answer::Cut(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
                return;
            }
            Answer::Trickle(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let mut tick = tokio::time::interval(Duration::from_millis(20));
                loop {
                    tick.tick().await;
                    if stream.write_all(b" ").await.is_err() || stream.flush().await.is_err() {
                        return;
                    }
                }
            }
            Answer::Stall(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.flush().await;
                std::future::pending::<()>().await;
            }
        }
    }
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Asked> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        bytes.push(stream.read_u8().await.ok()?);
    };
    let text = String::from_utf8(bytes[..head].to_vec()).ok()?;
    let mut lines = text.lines();
    let mut first = lines.next()?.split(' ').map(str::to_owned);
    let (method, path) = (first.next()?, first.next()?);
    let headers: HashMap<_, _> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(key, value)| (key.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Asked { method, path, headers, body: String::from_utf8(body).ok()? })
}

/// An answer as the appliance frames it.
pub fn json(status: &str, body: &str) -> Answer {
    Answer::Bytes(raw(status, "Content-Type: application/json; charset=utf-8\r\n", body))
}

pub fn raw(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
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
