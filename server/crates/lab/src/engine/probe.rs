//! One probe: a connection to the stand-in of a node, and what is said on it.

use super::errand::{Errand, Pattern, Question, SEARCHED, Wanted, unescaped};
use crate::{
    model::Judgement,
    node::{Nodes, Reach},
    tls::trusting,
};
use http_body_util::{BodyExt, Empty};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use std::{io, net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A guard in real time against a broken machine; on loopback nothing takes this long.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a probe ends that gets no answer.
const CONNECTING: &str = "Failure - Time out during TCP connection establishment stage";
const SHAKING_HANDS: &str = "Failure - Time out during SSL handshake stage";
const WAITING: &str = "Failure - Time out while waiting for the response";

/// Why a conversation came to nothing.
enum Failure {
    Silence(&'static str),
    Words(&'static str),
}

impl From<io::Error> for Failure {
    fn from(_: io::Error) -> Self {
        Self::Words("Failure - Connection closed before a response was received.")
    }
}

/// Sends a probe and says what its monitor thinks of what it found.
pub(super) async fn probe(nodes: &Nodes, errand: &Errand) -> Judgement {
    let found = match look(nodes, errand).await {
        Ok(judgement) => judgement,
        Err(Failure::Words(words)) => failed(Duration::ZERO, words),
        Err(Failure::Silence(words)) => failed(errand.timeout, words),
    };
    errand.weigh(found)
}

fn failed(took: Duration, words: &'static str) -> Judgement {
    Judgement { passed: false, leaving: false, took, words: words.into() }
}

fn passed(took: Duration, words: &'static str) -> Judgement {
    Judgement { passed: true, leaving: false, took, words: words.into() }
}

async fn look(nodes: &Nodes, errand: &Errand) -> Result<Judgement, Failure> {
    let (ip, port) = errand.to.ok_or(Failure::Silence(CONNECTING))?;
    if matches!(errand.question, Question::Ping) {
        let is_there = nodes.at(ip).is_some_and(|node| node.is_on());
        let answer = passed(Duration::ZERO, "Success - ICMP echo reply received.");
        return if is_there { Ok(answer) } else { Err(Failure::Silence("Failure - Probe timed out.")) };
    }
    if matches!(errand.question, Question::Foreign { over_tcp: false }) {
        return Err(Failure::Silence("Failure - Probe timed out."));
    }
    let (address, slow, paused) = match nodes.reach(ip, port) {
        Reach::Nowhere => return Err(Failure::Silence(CONNECTING)),
        Reach::Closed => return Err(Failure::Words("Failure - TCP connection reset by peer.")),
        Reach::Port { address, slow, paused } => (address, slow, paused),
    };
    let stream = match timeout(PATIENCE, TcpStream::connect(address)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(_)) => return Err(Failure::Words("Failure - TCP connection reset by peer.")),
        Err(_) => return Err(Failure::Silence(CONNECTING)),
    };
    if slow > errand.timeout {
        return leave(stream, paused, Err(Failure::Silence(CONNECTING))).await;
    }
    if matches!(errand.question, Question::Connect) && !errand.secure {
        return leave(stream, paused, Ok(passed(slow, "Success - TCP syn+ack received."))).await;
    }
    // Known beforehand, so that nobody waits in real time for what will not come.
    let reply = nodes.reply_time(ip, port).filter(|reply| !paused && *reply <= errand.timeout);
    let Some(reply) = reply else {
        let dead = paused || nodes.reply_time(ip, port).is_none();
        let stage = if dead && errand.secure { SHAKING_HANDS } else { WAITING };
        return leave(stream, paused, Err(Failure::Silence(stage))).await;
    };
    let limit = PATIENCE + reply;
    let judgement = if errand.secure {
        let hands = timeout(limit, shake_hands(stream, address));
        let stream = hands.await.map_err(|_| Failure::Silence(SHAKING_HANDS))??;
        timeout(limit, talk(stream, ip, &errand.question)).await
    } else {
        timeout(limit, talk(stream, ip, &errand.question)).await
    };
    let judgement = judgement.map_err(|_| Failure::Silence(WAITING))??;
    Ok(Judgement { took: slow, ..judgement })
}

/// Ends a conversation that is not to be had; a node that accepts nothing does not say goodbye either.
async fn leave(stream: TcpStream, paused: bool, found: Result<Judgement, Failure>) -> Result<Judgement, Failure> {
    if !paused {
        hang_up(stream).await;
    }
    found
}

/// Says goodbye and waits until the node has said so too: then the node has counted the connection.
async fn hang_up(mut stream: TcpStream) {
    let goodbye = async {
        stream.shutdown().await?;
        stream.read(&mut [0; 1]).await
    };
    if !matches!(timeout(PATIENCE, goodbye).await, Ok(Ok(_))) {
        tracing::debug!("a node did not close its side of a probe");
    }
}

async fn shake_hands(stream: TcpStream, address: SocketAddr) -> Result<impl AsyncRead + AsyncWrite + Unpin, Failure> {
    let broken = Failure::Words("Failure - SSL handshake failed.");
    let Ok(connector) = trusting() else { return Err(broken) };
    connector.connect(ServerName::IpAddress(address.ip().into()), stream).await.map_err(|_| broken)
}

async fn talk<S>(mut stream: S, ip: std::net::IpAddr, question: &Question) -> Result<Judgement, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    match question {
        Question::Http { request, headers, wanted } => ask(stream, ip, request, headers, wanted).await,
        Question::Talk { send, wanted } => {
            stream.write_all(send.as_bytes()).await?;
            let heard = listen(&mut stream, wanted).await?;
            Ok(wanted.judge(&heard, Duration::ZERO))
        }
        Question::Connect | Question::Ping => Ok(passed(Duration::ZERO, "Success - SSL handshake done.")),
        Question::Foreign { .. } => {
            Err(Failure::Words("Failure - Invalid response: the lab does not speak this protocol."))
        }
    }
}

/// Reads until the pattern has shown up, the other side has closed, or enough was read.
async fn listen(stream: &mut (impl AsyncRead + Unpin), wanted: &Pattern) -> io::Result<Vec<u8>> {
    let mut heard = Vec::new();
    while !wanted.is_settled(&heard) {
        let mut part = [0; 4096];
        let read = stream.read(&mut part).await?;
        if read == 0 {
            break;
        }
        heard.extend_from_slice(&part[..read]);
    }
    Ok(heard)
}

async fn ask<S>(
    stream: S,
    ip: std::net::IpAddr,
    request: &str,
    headers: &str,
    wanted: &Wanted,
) -> Result<Judgement, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let request = compose(ip, request, headers).ok_or(Failure::Words("Failure - The request could not be sent."))?;
    let unread = |_| Failure::Words("Failure - Connection closed before a response was received.");
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(unread)?;
    let exchange = async {
        let mut response = sender.send_request(request).await.map_err(unread)?;
        let mut body = Vec::new();
        while wanted.needs_body() && body.len() < SEARCHED {
            let Some(frame) = response.body_mut().frame().await else { break };
            body.extend_from_slice(frame.map_err(unread)?.data_ref().map_or(&[][..], Bytes::as_ref));
        }
        Ok(wanted.judge(response.status().as_u16(), &body, Duration::ZERO))
    };
    tokio::pin!(exchange);
    tokio::select! {
        judgement = &mut exchange => judgement,
        // The connection may end with the answer, which is then waiting to be read.
        _ended = connection => exchange.await,
    }
}

/// `GET /path` and lines of further headers, as a request.
fn compose(ip: std::net::IpAddr, line: &str, headers: &str) -> Option<hyper::Request<Empty<Bytes>>> {
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?, words.next().unwrap_or("/"));
    let mut request = hyper::Request::builder().method(method).uri(target);
    let headers = unescaped(headers);
    let mut named = false;
    for (name, value) in headers.lines().filter_map(|line| line.split_once(':')) {
        named |= name.trim().eq_ignore_ascii_case("host");
        request = request.header(name.trim(), value.trim());
    }
    if !named {
        request = request.header("Host", ip.to_string());
    }
    request.header("Connection", "close").body(Empty::new()).ok()
}
