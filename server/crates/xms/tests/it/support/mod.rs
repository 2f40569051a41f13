//! A small web server on the loopback that answers what the test says, byte by byte, and remembers what it was asked;
//! a SOCKS5 proxy; certificates.

use rcgen::{CertificateParams, KeyPair};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use std::{
    collections::HashMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, LazyLock, Mutex},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};
use xms::{Client, ConnectBy, Credentials, Fingerprint, Limits, Node, Ports, Profile};

#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Asked {
    pub fn is_login(&self) -> bool {
        self.path.ends_with("/authentication/login")
    }
}

type Handler = Arc<dyn Fn(&Asked) -> Vec<u8> + Send + Sync>;

pub struct Server {
    pub addr: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Plain HTTP; the closure says what to answer. An empty answer closes the connection.
    pub async fn start(handler: impl Fn(&Asked) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::listen(None, Arc::new(handler)).await
    }

    /// HTTPS with this identity.
    pub async fn tls(config: ServerConfig, handler: impl Fn(&Asked) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::listen(Some(tokio_rustls::TlsAcceptor::from(Arc::new(config))), Arc::new(handler)).await
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

    /// "GET /ldap" lines, in order, without the root of the REST interface.
    pub fn lines(&self) -> Vec<String> {
        let short = |path: &str| path.strip_prefix("/xenmobile/api/v1").unwrap_or(path).to_owned();
        self.asked().iter().map(|asked| format!("{} {}", asked.method, short(&asked.path))).collect()
    }

    pub fn logins(&self) -> usize {
        self.asked().iter().filter(|asked| asked.is_login()).count()
    }

    /// A node whose doors are all this server, without TLS.
    pub fn node(&self) -> Node {
        Node { plain: true, ..node(self.addr) }
    }

    pub fn client(&self) -> Client {
        client(&self.node())
    }
}

async fn converse(mut stream: impl AsyncRead + AsyncWrite + Unpin, handler: Handler, log: Arc<Mutex<Vec<Asked>>>) {
    while let Some(asked) = read(&mut stream).await {
        log.lock().unwrap().push(asked.clone());
        let answer = handler(&asked);
        if answer.is_empty() || stream.write_all(&answer).await.is_err() {
            let _ = stream.shutdown().await;
            return;
        }
        let _ = stream.flush().await;
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

pub fn raw(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

pub fn json(status: &str, body: &str) -> Vec<u8> {
    raw(status, "Content-Type: application/json\r\n", body.as_bytes())
}

pub fn fixture(name: &str) -> Vec<u8> {
    raw("200 OK", "Content-Type: application/json\r\n", &crate::fixtures::file(name))
}

pub fn node(addr: SocketAddr) -> Node {
    let ports = Ports { management: addr.port(), enrolment: addr.port(), ssh: addr.port() };
    Node { ports, ..Node::at(addr.ip().to_string()) }
}

pub fn client(node: &Node) -> Client {
    Client::new(node, credentials(), profile(), Limits::default()).unwrap()
}

pub fn credentials() -> Credentials {
    Credentials { user: "console-svc".to_owned(), secret: "geheim".to_owned().into() }
}

/// Read once: it holds many regular expressions.
pub fn profile() -> Profile {
    static PROFILE: LazyLock<Profile> = LazyLock::new(|| Profile::embedded().unwrap());
    PROFILE.clone()
}

/// What a server shows.
pub struct Identity {
    pub certificate: CertificateDer<'static>,
    pub key: PrivateKeyDer<'static>,
    pub pem: String,
}

impl Identity {
    pub fn self_signed(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().self_signed(&key).unwrap();
        Self {
            pem: certificate.pem(),
            certificate: certificate.der().clone(),
            key: PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        }
    }

    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.certificate)
    }

    pub fn config(&self) -> ServerConfig {
        let key = ring::sign::any_supported_type(&self.key).unwrap();
        let shown = CertifiedKey::new(vec![self.certificate.clone()], key);
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Show(Arc::new(shown))))
    }
}

/// Shows whatever it is given, also a certificate with somebody else's key.
#[derive(Debug)]
struct Show(Arc<CertifiedKey>);

impl ResolvesServerCert for Show {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// A SOCKS5 proxy that sends everybody to one address, or refuses; notes whom they asked for.
pub async fn socks(target: Option<SocketAddr>) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let log = Arc::clone(&log);
            tokio::spawn(async move {
                let mut hello = [0; 2];
                stream.read_exact(&mut hello).await?;
                let mut methods = vec![0; hello[1].into()];
                stream.read_exact(&mut methods).await?;
                stream.write_all(&[5, 0]).await?;
                let mut head = [0; 4];
                stream.read_exact(&mut head).await?;
                let host = if head[3] == 3 {
                    let mut name = vec![0; stream.read_u8().await?.into()];
                    stream.read_exact(&mut name).await?;
                    String::from_utf8_lossy(&name).into_owned()
                } else {
                    let mut ip = [0; 4];
                    stream.read_exact(&mut ip).await?;
                    Ipv4Addr::from(ip).to_string()
                };
                let port = stream.read_u16().await?;
                log.lock().unwrap().push(format!("{host}:{port}"));
                let code = if target.is_some() { 0 } else { 5 };
                stream.write_all(&[5, code, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
                if let Some(target) = target {
                    let mut real = TcpStream::connect(target).await?;
                    copy_bidirectional(&mut stream, &mut real).await?;
                }
                Ok::<_, std::io::Error>(())
            });
        }
    });
    (addr, asked)
}

pub fn mapped(logical: &str, real: SocketAddr) -> ConnectBy {
    ConnectBy::Map(vec![(logical.to_owned(), real.to_string())])
}
