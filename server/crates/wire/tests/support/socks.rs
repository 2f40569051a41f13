//! A SOCKS5 proxy (RFC 1928).

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

/// A SOCKS5 proxy that sends everybody to one address, or refuses, and notes whom they asked for.
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
