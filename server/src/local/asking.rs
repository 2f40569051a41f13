//! The sub-commands' end.

use super::{
    MOST_ANSWERED, PATIENCE,
    socket::Socket,
    words::{Reply, Request},
};
use anyhow::{Context, anyhow, bail};
use axum::body::{Body, to_bytes};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::{io::ErrorKind, path::Path, time::Duration};
use tokio::{net::UnixStream, time::timeout};

/// Asks the console that runs on a data folder. Fails with a sentence where there is none.
pub async fn ask(data: &Path, request: &Request) -> anyhow::Result<Reply> {
    let path = Socket::path(data);
    let stream = UnixStream::connect(&path).await.map_err(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::ConnectionRefused => anyhow!(
            "No Gatehouse runs on {}. Start it with `gatehouse serve --data {}`, or name its folder with --data.",
            data.display(),
            data.display()
        ),
        ErrorKind::PermissionDenied => anyhow!(
            "{} is closed to this account. Use the account that Gatehouse runs as: whoever owns its data folder may.",
            path.display()
        ),
        _ => anyhow!("{} cannot be spoken to ({error}).", path.display()),
    })?;
    // The console's own patience ends first, and says so.
    let Ok(reply) = timeout(PATIENCE + Duration::from_secs(10), spoken(stream, request)).await else {
        bail!("Gatehouse did not answer in time. What was asked for goes on; the log tells how it ended.");
    };
    reply.context("Gatehouse went away before it answered. What was begun stands in its log.")
}

async fn spoken(stream: UnixStream, request: &Request) -> anyhow::Result<Reply> {
    let (mut sender, connection) = http1::handshake::<_, Body>(TokioIo::new(stream)).await?;
    let body = Body::from(serde_json::to_vec(request)?);
    let request = http::Request::post("/").header(http::header::HOST, "localhost").body(body)?;
    let answered = async {
        let response = sender.send_request(request).await?;
        let bytes = to_bytes(Body::new(response.into_body()), MOST_ANSWERED).await?;
        Ok::<_, anyhow::Error>(serde_json::from_slice(&bytes)?)
    };
    let driven = async {
        // It ends with the answer; why it ended otherwise is told by whoever waits for that.
        let _ = connection.await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        reply = answered => reply,
        () = driven => Err(anyhow!("the connection ended")),
    }
}
