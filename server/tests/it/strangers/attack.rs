//! What strangers may do at once, and what it costs. The same code in full size for `cargo xtask bench strangers` and
//! small for the tests.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::Child,
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, timeout},
};

/// How much of it.
#[derive(Clone, Copy)]
pub struct Size {
    /// Connections over which nothing is said, and as many over which a head begins and never ends.
    pub silent: usize,
    pub half_open: usize,
    /// With names and passwords that nobody has.
    pub sign_ins: usize,
    /// Bytes of each body.
    pub body: usize,
}

/// What it cost.
#[derive(Debug)]
pub struct Cost {
    /// How long `/health` took, each time it was asked meanwhile.
    pub health: Vec<Duration>,
    /// Resident bytes more than before, at most.
    pub memory: u64,
    /// Bytes of the database more than before, when the console was stopped.
    pub database: u64,
    /// Of each body: how it was sent, and its status; 0 where the connection was closed first.
    pub bodies: Vec<(&'static str, u16)>,
    /// Statuses of the sign-ins.
    pub sign_ins: Vec<u16>,
}

/// Starts the console on a new folder, with one person; attacks it; stops it.
pub async fn attack(program: &str, folder: &Path, size: Size) -> io::Result<Cost> {
    let data = folder.join("data");
    // The file as it is when nothing is under way.
    start(program, &data).await?.stop().await?;
    let before = std::fs::metadata(data.join("gatehouse.db"))?.len();
    let console = start(program, &data).await?;
    // Whatever is made once is made.
    ask(&console.address, &sign_in(0)).await?;
    let memory_before = console.memory()?;

    let mut idle = Vec::new();
    for n in 0..size.silent + size.half_open {
        let mut stream = TcpStream::connect(&console.address).await?;
        if n >= size.silent {
            stream.write_all(b"POST /rpc/sign_in HTTP/1.1\r\nhost: here\r\nx-half: ").await?;
        }
        idle.push(stream);
    }
    let mut work = JoinSet::new();
    for n in 0..size.sign_ins {
        let address = console.address.clone();
        work.spawn(async move { ("sign-in", ask(&address, &sign_in(n)).await.unwrap_or(0)) });
    }
    for (name, head) in BODIES {
        let address = console.address.clone();
        work.spawn(async move { (name, send_body(&address, head, size.body).await.unwrap_or(0)) });
    }
    let (mut health, mut memory, mut bodies, mut sign_ins) = (Vec::new(), memory_before, Vec::new(), Vec::new());
    let mut look = interval(Duration::from_millis(20));
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            done = work.join_next() => match done {
                None => break,
                Some(Ok(("sign-in", status))) => sign_ins.push(status),
                Some(Ok((name, status))) => bodies.push((name, status)),
                Some(Err(error)) => return Err(io::Error::other(error)),
            },
            _ = look.tick() => {
                let begun = Instant::now();
                let status = ask(&console.address, b"GET /health HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n").await?;
                if status != 200 {
                    return Err(io::Error::other(format!("/health answered {status}")));
                }
                health.push(begun.elapsed());
                memory = memory.max(console.memory()?);
            }
        }
    }
    drop(idle);
    console.stop().await?;
    let database = std::fs::metadata(data.join("gatehouse.db"))?.len().saturating_sub(before);
    Ok(Cost { health, memory: memory - memory_before, database, bodies, sign_ins })
}

/// Ways to send a body; what is sent is never part of any form.
const BODIES: [(&str, &str); 5] = [
    ("a form", "POST /rpc/sign_in HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\n"),
    ("a file", "POST /rpc/upload_certificate HTTP/1.1\r\ncontent-type: multipart/form-data; boundary=zzz\r\n"),
    (
        "in chunks",
        "POST /rpc/first_use HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\n",
    ),
    ("to no door", "PUT /nowhere HTTP/1.1\r\n"),
    ("with a page's request", "GET /sign-in HTTP/1.1\r\n"),
];

async fn send_body(address: &str, begin: &str, size: usize) -> io::Result<u16> {
    let chunked = begin.contains("chunked");
    let length = if chunked { String::new() } else { format!("content-length: {size}\r\n") };
    let mut stream = TcpStream::connect(address).await?;
    let whole = format!(
        "{begin}host: here\r\nsec-fetch-site: same-origin\r\naccept: text/html\r\nconnection: close\r\n{length}\r\n"
    );
    stream.write_all(whole.as_bytes()).await?;
    let (mut reading, mut writing) = stream.split();
    let part = if chunked {
        [format!("{:x}\r\n", 65_536).as_bytes(), &b"x".repeat(65_536), b"\r\n"].concat()
    } else {
        vec![b'x'; 65_536]
    };
    let write = async {
        for _ in 0..size / 65_536 {
            if writing.write_all(&part).await.is_err() {
                break;
            }
        }
    };
    let read = async {
        let mut heard = Vec::new();
        let mut bytes = [0; 4_096];
        while !heard.windows(4).any(|end| end == b"\r\n\r\n") {
            match reading.read(&mut bytes).await {
                Ok(0) | Err(_) => break,
                Ok(count) => heard.extend_from_slice(&bytes[..count]),
            }
        }
        status(&heard)
    };
    Ok(timeout(Duration::from_mins(2), async { tokio::join!(write, read).1 }).await.unwrap_or(0))
}

fn sign_in(n: usize) -> Vec<u8> {
    // Every other name is longer than any, so that it shows what is kept of it.
    let name = if n.is_multiple_of(2) { format!("nobody-{n}") } else { "x".repeat(12_000) };
    let body = format!("token={n:064x}&name={name}&password=not-this-one");
    let head = format!(
        "POST /rpc/sign_in HTTP/1.1\r\nhost: here\r\naccept: text/html\r\nsec-fetch-site: same-origin\r\n\
         cookie: gatehouse-browser={n:064x}\r\ncontent-type: application/x-www-form-urlencoded\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    head.into_bytes()
}

/// The status; 0 where the connection was closed without one.
async fn ask(address: &str, request: &[u8]) -> io::Result<u16> {
    let whole = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(request).await?;
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).await?;
        Ok(status(&heard))
    };
    timeout(Duration::from_mins(2), whole).await.map_err(io::Error::other)?
}

fn status(heard: &[u8]) -> u16 {
    let text = String::from_utf8_lossy(heard);
    text.split_whitespace().nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

/// The real binary, and its number among the machine's processes.
struct Console {
    child: Child,
    address: String,
    pid: u32,
}

async fn start(program: &str, data: &PathBuf) -> io::Result<Console> {
    let log = std::fs::File::create(data.with_extension("log"))?;
    let mut command = Command::new(program);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).stdout(Stdio::piped()).stderr(log);
    let mut child = tokio::process::Command::from(command).kill_on_drop(true).spawn()?;
    let mut lines = BufReader::new(child.stdout.take().ok_or_else(|| io::Error::other("no output"))?).lines();
    let ready = lines.next_line().await?.unwrap_or_default();
    let base = ready.strip_prefix("READY http://").and_then(|rest| rest.split_whitespace().next());
    let address = base.ok_or_else(|| io::Error::other("the console did not get ready"))?.to_owned();
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    let pid = child.id().ok_or_else(|| io::Error::other("the console ended"))?;
    Ok(Console { child, address, pid })
}

impl Console {
    /// Resident bytes.
    fn memory(&self) -> io::Result<u64> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
        Ok(kilobytes.ok_or_else(|| io::Error::other("the system does not say how much memory it uses"))? * 1_024)
    }

    /// In order: all that waits is written, and the database is one file again.
    async fn stop(mut self) -> io::Result<()> {
        Command::new("kill").arg(self.pid.to_string()).status()?;
        timeout(Duration::from_mins(1), self.child.wait()).await.map_err(io::Error::other)??;
        Ok(())
    }
}
