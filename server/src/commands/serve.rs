//! `gatehouse serve`.

use super::tell;
use crate::serving::Console;
use anyhow::anyhow;
use app::{routes, visitor::Hints};
use services::SystemClock;
use std::{net::SocketAddr, path::PathBuf, sync::Arc};

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
    /// Seconds between two looks at an appliance.
    #[arg(long, default_value_t = 10)]
    interval: u32,
    /// Part of the data is missing, or an older copy of it was restored, and that is known: what is left is put aside or
    /// made anew, and said. Where nothing is missing this changes nothing.
    #[arg(long)]
    begin_anew: bool,
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
            secure: self.secure,
            interval: self.interval,
            hints: Hints::default(),
            clock: Arc::<SystemClock>::default(),
        };
        let listening = console.open().await?;
        let first = listening.services.first_use_token().await.map_err(|failure| anyhow!("{failure}"))?;
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
