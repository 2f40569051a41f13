//! A console in this process, by a clock that is set by hand. Everything else is as `gatehouse serve` has it.

use crate::{
    form_tokens,
    lab_clock::LabClock,
    support::{Browser, lab},
};
use app::visitor::Hints;
use lab::Lab;
use model::person::Role;
use server::{connections::Limits, http::reach::Reach, serving};
use services::{Rules, Services};
use std::{sync::Arc, time::Duration};
use tempfile::TempDir;

/// Seconds between two looks: so many that none comes by itself while a test runs.
pub const INTERVAL: u32 = 3_600;

pub struct Here {
    pub lab: Arc<Lab>,
    pub clock: Arc<LabClock>,
    pub services: Services,
    pub base: String,
    serving: tokio::task::JoinHandle<()>,
    _folder: TempDir,
}

impl Here {
    /// With one person, an admin.
    pub async fn new(name: &str, password: &str) -> Self {
        let (lab, folder) = (Arc::new(lab().await), tempfile::tempdir().unwrap());
        let (clock, data) = (Arc::new(LabClock::new(lab.clone())), folder.path().join("data"));
        let console = serving::Console {
            data: data.clone(),
            listen: ([127, 0, 0, 1], 0).into(),
            reach: Reach::default(),
            limits: Limits::default(),
            interval: INTERVAL,
            hints: Hints::default(),
            clock: clock.clone(),
            rules: Rules { local_appliances: true, ..Rules::default() },
        };
        let listening = console.open().await.unwrap();
        let (services, base) = (listening.services.clone(), format!("http://{}", listening.address));
        services.people().add(name, Role::Admin, password).await.unwrap();
        form_tokens::know(&base, &data);
        form_tokens::goes_by(&base, clock.clone());
        let serving = tokio::spawn(async move { listening.serve().await.unwrap() });
        Self { lab, clock, services, base, serving, _folder: folder }
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.base)
    }

    pub async fn seconds(&self, seconds: u64) {
        self.lab.advance(Duration::from_secs(seconds)).await;
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
