//! How quick the lab is: it must never be what a benchmark of the console measures. `cargo xtask bench lab` runs this.
//!
//! The lab runs on one thread, the clients on another. The baseline is a bare hyper server that answers with the same
//! number of bytes, asked by the same clients in the same run.

#![expect(clippy::print_stdout, reason = "JSON lines are what a benchmark is for")]

mod load;

use http_body_util::Full;
use hyper::{Response, body::Bytes, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use lab::{Options, Seed};
use serde_json::{Value, json};
use std::{convert::Infallible, error::Error, net::SocketAddr, thread, time::Duration};
use tokio::{net::TcpListener, runtime, sync::oneshot};

/// What a console asks for at each look, as paths under `/nitro/v1/`.
const LOOK: &[&str] = &[
    "config/nsconfig",
    "config/hanode",
    "config/lbvserver?attrs=name,curstate,effectivestate,health",
    "config/servicegroup",
    "config/servicegroup_servicegroupmember_binding?bulkbindings=yes",
    "config/lbvserver_servicegroup_binding?bulkbindings=yes",
    "config/lbvserver/_XM_LB_MDM_mdm.example.com_10.20.40.41_443",
    "stat/servicegroup?statbindings=yes",
];

/// GETs a second on one core.
const BUDGET: f64 = 2_000.0;
const GETS: usize = 20_000;
const CONNECTIONS: usize = 4;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let clients = runtime::Builder::new_current_thread().enable_all().build()?;
    let (address, token, stop) = one_lab()?;
    let host = address.to_string();
    let requests: Vec<String> = LOOK
        .iter()
        .map(|path| {
            format!("GET /nitro/v1/{path} HTTP/1.1\r\nHost: {host}\r\nCookie: NITRO_AUTH_TOKEN={token}\r\n\r\n")
        })
        .collect();
    // Once for the caches, and for the size of an answer.
    let warm = clients.block_on(load::run(address, &requests, 1, LOOK.len() * 100))?;
    let measured = clients.block_on(load::run(address, &requests, CONNECTIONS, GETS))?;
    stop.send(()).map_err(|()| "the lab ended by itself")?;

    let (plain, stop) = one_plain_server(warm.bytes / warm.answers)?;
    let bare = vec![format!("GET / HTTP/1.1\r\nHost: {plain}\r\n\r\n")];
    let baseline = clients.block_on(load::run(plain, &bare, CONNECTIONS, GETS))?;
    stop.send(()).map_err(|()| "the bare server ended by itself")?;

    let value = measured.rate();
    tell(json!({
        "name": "lab_gets", "value": value.round(), "unit": "GET/s on one core", "budget": BUDGET,
        "ok": value >= BUDGET, "n": measured.answers, "baseline": baseline.rate().round(),
    }));
    if value < BUDGET { Err("the lab is slower than its budget".into()) } else { Ok(()) }
}

fn tell(line: Value) {
    println!("{line}");
}

/// A lab on a thread of its own: where it is, a session, and what ends it.
fn one_lab() -> Result<(SocketAddr, String, oneshot::Sender<()>), Failure> {
    let (told, tell) = std::sync::mpsc::channel();
    let (stop, stopped) = oneshot::channel::<()>();
    thread::spawn(move || -> Result<(), Failure> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let lab = lab::start(Options { seed: Seed::SetUp, ..Options::default() }).await?;
            lab.advance(Duration::from_secs(30)).await;
            let netscaler = &lab.description().netscaler[0];
            told.send((netscaler.http.clone(), netscaler.password.clone()))?;
            let _dropped = stopped.await;
            Ok(())
        })
    });
    let (http, password) = tell.recv_timeout(Duration::from_secs(30))?;
    let address: SocketAddr = http.trim_start_matches("http://").parse()?;
    let clients = runtime::Builder::new_current_thread().enable_all().build()?;
    let token = clients.block_on(load::login(address, &password))?;
    Ok((address, token, stop))
}

/// The same framework with nothing behind it.
fn one_plain_server(bytes: usize) -> Result<(SocketAddr, oneshot::Sender<()>), Failure> {
    let (told, tell) = std::sync::mpsc::channel();
    let (stop, mut stopped) = oneshot::channel::<()>();
    let body = Bytes::from(vec![b' '; bytes]);
    thread::spawn(move || -> Result<(), Failure> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            told.send(listener.local_addr()?)?;
            loop {
                let stream = tokio::select! {
                    accepted = listener.accept() => accepted?.0,
                    _ = &mut stopped => return Ok(()),
                };
                let body = body.clone();
                let answer = service_fn(move |_| {
                    let body = body.clone();
                    async move { Ok::<_, Infallible>(Response::new(Full::new(body))) }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
            }
        })
    });
    Ok((tell.recv_timeout(Duration::from_secs(30))?, stop))
}
