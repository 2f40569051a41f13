//! Being asked to stop: Ctrl-C, or SIGTERM from a service manager.

use std::io;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// From when this exists, a signal ends nothing by itself: it is remembered until somebody waits for it.
pub struct Stop {
    #[cfg(unix)]
    signals: [Signal; 2],
}

impl Stop {
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            signals: [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?],
        })
    }

    #[cfg(unix)]
    pub async fn asked(mut self) {
        let [interrupt, terminate] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    pub async fn asked(self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
