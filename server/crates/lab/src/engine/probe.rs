//! One probe: a TCP connection to the stand-in of a node.

use std::{net::IpAddr, time::Duration};

use tokio::{io::AsyncReadExt, io::AsyncWriteExt, net::TcpStream, time::timeout};

use crate::{
    model::{Judgement, TCP_DEFAULT},
    node::{Nodes, Reach},
};

/// A guard in real time against a broken machine; on loopback nothing takes this long.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens a connection to a logical address and says what a monitor would think of it.
pub(crate) async fn probe(nodes: &Nodes, to: Option<(IpAddr, u16)>) -> Judgement {
    let Some(reach) = to.map(|(ip, port)| nodes.reach(ip, port)) else {
        return silence();
    };
    match reach {
        Reach::Nowhere => silence(),
        Reach::Closed => refusal(),
        Reach::Port { address, slow, paused } => match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                if !paused {
                    hang_up(stream).await;
                }
                if slow > TCP_DEFAULT.resptimeout {
                    silence()
                } else {
                    Judgement { passed: true, took: slow, words: "Success - TCP syn+ack received." }
                }
            }
            Ok(Err(_)) => refusal(),
            Err(_) => silence(),
        },
    }
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

fn refusal() -> Judgement {
    Judgement { passed: false, took: Duration::ZERO, words: "Failure - TCP connection reset by peer." }
}

fn silence() -> Judgement {
    Judgement {
        passed: false,
        took: TCP_DEFAULT.resptimeout,
        words: "Failure - Time out during TCP connection establishment stage",
    }
}
