//! `gatehouse serve`.

use super::tell;
use crate::{
    connections::Limits,
    http::reach::{Public, Reach},
    serving::Console,
};
use anyhow::anyhow;
use app::{routes, visitor::Hints};
use services::{Rules, SystemClock};
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

#[derive(clap::Args)]
pub struct Serve {
    /// Where everything is kept. Made when it is not there.
    #[arg(long, default_value = "gatehouse-data")]
    data: PathBuf,
    /// Address and port. Put a proxy with TLS before it when it is not loopback.
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// People reach it over https, through a proxy: cookies are then for TLS only.
    #[arg(long)]
    secure: bool,
    /// Where people open it, as `https://gatehouse.example.com`: no other host name is served then.
    #[arg(long)]
    public: Option<Public>,
    /// Address of a proxy before it, once for each: whom it names in `X-Forwarded-For` is taken for the browser's address.
    #[arg(long)]
    proxy: Vec<IpAddr>,
    /// Connections at once; a quarter of them is kept for people who are signed in.
    #[arg(long, default_value_t = 2_048, value_parser = clap::value_parser!(u16).range(64..))]
    connections: u16,
    /// Seconds between two looks at an appliance.
    #[arg(long, default_value_t = 10)]
    interval: u32,
    /// Part of the data is missing, or an older copy of it was restored, and that is known: what is left is put aside or
    /// made anew, and said. Where nothing is missing this changes nothing.
    #[arg(long)]
    begin_anew: bool,
    /// Hours without a request after which somebody has to sign in again.
    #[arg(long, value_name = "HOURS", default_value_t = 12, value_parser = clap::value_parser!(u64).range(1..=720))]
    session_idle: u64,
    /// Days after which somebody has to sign in again, however often they were here.
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u64).range(1..=90))]
    session_most: u64,
    /// Appliances may be at addresses of this machine (loopback and link-local). For a lab; otherwise an admin could feel
    /// for what else runs here.
    #[arg(long)]
    local_appliances: bool,
}

impl Serve {
    pub async fn run(self) -> anyhow::Result<()> {
        if self.begin_anew {
            for sentence in services::begin_anew(&self.data, None).map_err(|failure| anyhow!("{failure}"))? {
                tracing::warn!("{sentence}");
            }
        }
        let console = Console {
            data: self.data,
            listen: self.listen,
            reach: Reach {
                secure: self.secure || self.public.as_ref().is_some_and(Public::is_secure),
                public: self.public,
                proxies: self.proxy,
            },
            limits: Limits {
                all: usize::from(self.connections),
                reserve: usize::from(self.connections / 4),
                ..Limits::default()
            },
            interval: self.interval,
            hints: Hints::default(),
            clock: Arc::<SystemClock>::default(),
            rules: Rules {
                session_idle: Duration::from_hours(self.session_idle),
                session_most: Duration::from_hours(24 * self.session_most),
                local_appliances: self.local_appliances,
            },
        };
        let listening = console.open().await?;
        let first = listening.services.people().first_use_token().await.map_err(|failure| anyhow!("{failure}"))?;
        let token = first.as_ref().map_or_else(String::new, |token| format!(" one-time-token={token}"));
        tell(&format!("READY http://{}{token}", listening.address));
        if first.is_some() {
            tell(&format!(
                "Nobody can sign in yet. Open http://{}{} and use the one-time token above.",
                listening.address,
                routes::FIRST_USE
            ));
        }
        listening.serve().await
    }
}
