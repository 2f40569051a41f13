//! A small web server that answers what the test says, byte by byte, and remembers what it was asked.

use futures::future::BoxFuture;
use std::{
    collections::HashMap,
    future::ready,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

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

/// An empty answer closes the connection.
impl From<Vec<u8>> for Answer {
    fn from(bytes: Vec<u8>) -> Self {
        if bytes.is_empty() { Self::Cut(bytes) } else { Self::Bytes(bytes) }
    }
}

type Handler = Arc<dyn Fn(Asked) -> BoxFuture<'static, Answer> + Send + Sync>;

pub struct Server {
    pub addr: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Plain HTTP; the closure says what to answer.
    pub async fn start<A: Into<Answer>>(handler: impl Fn(&Asked) -> A + Send + Sync + 'static) -> Self {
        Self::start_async(move |asked| Box::pin(ready(handler(&asked).into()))).await
    }

    pub async fn start_async(handler: impl Fn(Asked) -> BoxFuture<'static, Answer> + Send + Sync + 'static) -> Self {
        Self::listen(None, Arc::new(handler)).await
    }

    /// HTTPS with this identity.
    pub async fn tls<A: Into<Answer>>(
        config: rustls::ServerConfig,
        handler: impl Fn(&Asked) -> A + Send + Sync + 'static,
    ) -> Self {
        let handler: Handler = Arc::new(move |asked| Box::pin(ready(handler(&asked).into())));
        Self::listen(Some(TlsAcceptor::from(Arc::new(config))), handler).await
    }

    async fn listen(tls: Option<TlsAcceptor>, handler: Handler) -> Self {
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

    pub fn logins(&self) -> usize {
        self.asked().iter().filter(|asked| asked.is_login()).count()
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
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.ok()?);
    }
    let text = String::from_utf8(bytes).ok()?;
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

/// A whole answer; each of `headers` ends with a line break.
pub fn raw(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}
