//! From a data folder to a listening console, and back.

use crate::{
    connections::{self, Crowd, Limits},
    http::{assets, reach::Reach, router::router, site::Site},
    local,
    stopping::Stop,
};
use anyhow::{Context, anyhow, bail};
use app::visitor::Hints;
use model::Clock;
use services::{Options, Rules, Services};
use std::{net::SocketAddr, path::PathBuf, sync::Arc};
use tokio::net::TcpListener;

/// How a console is to be run.
pub struct Console {
    pub data: PathBuf,
    pub listen: SocketAddr,
    /// By which name, over which proxies.
    pub reach: Reach,
    /// How many connections, and how long.
    pub limits: Limits,
    /// Seconds between two looks at an appliance.
    pub interval: u32,
    pub hints: Hints,
    pub clock: Arc<dyn Clock>,
    pub rules: Rules,
}

/// A console that listens and has not begun to answer.
pub struct Listening {
    pub services: Services,
    pub address: SocketAddr,
    listener: TcpListener,
    #[cfg(unix)]
    socket: Option<local::Socket>,
    site: Site,
    limits: Limits,
    stop: Stop,
}

impl Console {
    /// Opens the data, binds the address. Fails with a sentence.
    pub async fn open(self) -> anyhow::Result<Listening> {
        // Whoever starts it may ask it to stop as soon as it says that it is ready.
        let stop = Stop::listen().context("The signals to stop could not be listened for.")?;
        let Some(names) = assets::names() else {
            bail!("This binary was built without its site. Build it with `cargo xtask build`.");
        };
        // Two TLS libraries' providers could be linked in; ours is named once, here.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let data = self.data;
        let started = format!("{:x}", self.clock.now().as_second());
        let options =
            Options { data: data.clone(), key: None, clock: self.clock, interval: self.interval, rules: self.rules };
        let services = Services::open(options).await.map_err(|failure| anyhow!("{failure}"))?;
        #[cfg(unix)]
        let socket = local::Socket::open(&data)
            .inspect_err(|error| tracing::warn!("Sub-commands cannot reach this console: {error:#}"))
            .ok();
        let listener = TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("{} cannot be listened on. Choose another with --listen.", self.listen))?;
        let address = listener.local_addr()?;
        let site = Site::new(services.clone(), names, self.reach, self.hints, started);
        Ok(Listening {
            services,
            address,
            listener,
            #[cfg(unix)]
            socket,
            site,
            limits: self.limits.raised(),
            stop,
        })
    }
}

impl Listening {
    /// Answers until Ctrl-C or SIGTERM, then lets runs end, logs out of the appliances and closes the files.
    pub async fn serve(self) -> anyhow::Result<()> {
        let crowd = Arc::new(Crowd::new(self.limits, self.site.reach.proxies.clone()));
        self.services.start_observing();
        #[cfg(unix)]
        let sub_commands = local::served(self.socket.as_ref(), self.services.clone());
        #[cfg(not(unix))]
        let sub_commands = std::future::pending::<()>();
        // Streams of open pages never end by themselves, so the stop does not wait for connections.
        tokio::select! {
            () = connections::serve(self.listener, router(self.site), crowd) => {}
            () = sub_commands => {}
            () = self.stop.asked() => tracing::info!("Asked to stop."),
        }
        // From here on nobody is answered any more, so nobody finds the socket.
        #[cfg(unix)]
        drop(self.socket);
        self.services.stop().await;
        Ok(())
    }
}
