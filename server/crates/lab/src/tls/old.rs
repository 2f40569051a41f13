//! A server that speaks nothing newer than TLS 1.0, as far as a modern client lets it.

use std::io;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// TLS 1.0, as records and hellos write it.
const VERSION: [u8; 2] = [3, 1];

/// Larger than any hello.
const RECORD_LIMIT: usize = 16 * 1024;

/// Reads the hello, answers that the protocol is TLS 1.0, and waits for the client to give up.
///
/// A client that would go on gets no certificate: whoever needs more than the refusal needs another lab.
pub(crate) async fn answer_as_tls10(mut stream: TcpStream) -> io::Result<()> {
    let mut head = [0; 5];
    stream.read_exact(&mut head).await?;
    let length = usize::from(u16::from_be_bytes([head[3], head[4]]));
    if head[0] != 22 || length > RECORD_LIMIT {
        return Ok(());
    }
    stream.read_exact(&mut vec![0; length]).await?;
    stream.write_all(&server_hello()?).await?;
    let mut waste = [0; 1024];
    while stream.read(&mut waste).await? > 0 {}
    Ok(())
}

/// One record with one message: version, random, no session, `TLS_RSA_WITH_AES_128_CBC_SHA`, no compression.
fn server_hello() -> io::Result<Vec<u8>> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let mut record = vec![22];
    record.extend(VERSION);
    record.extend([0, 42, 2, 0, 0, 38]);
    record.extend(VERSION);
    record.extend(random);
    record.extend([0, 0, 0x2f, 0]);
    Ok(record)
}
