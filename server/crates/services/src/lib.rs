//! Everything that the browser may do, one method each. A server function, a route and a sub-command are thin doors to
//! these, with what is their own (a form's token, a draft, a socket's words) and nothing else; only this crate opens the
//! store and holds the appliances' clients.
//!
//! No method takes a bare id without a context: [`ReadCx`] says who asks, [`WriteCx`] that they may operate,
//! [`AdminCx`] that they may administer. What a person may see is decided in `scope` alone. What changes something appends
//! its record in the same transaction.
//! To add a use case: a method in the noun's file, its record kind in `model::record`, a test over the lab.

mod account;
mod acting;
mod adapters;
mod appliance_edit;
mod appliances;
mod bus;
mod clock;
mod cluster_edit;
mod cluster_view;
mod clusters;
mod cx;
mod delays;
mod devices;
mod drafts;
mod export;
mod failure;
mod fleet;
mod folder;
mod foreign;
mod gate;
mod health;
mod history;
mod judged;
mod lapsed;
mod long_act;
mod newest;
mod nodes;
mod observe;
mod pairs;
mod passwords;
mod people;
mod plans;
mod pool;
mod random;
mod reach;
mod readings;
mod records;
mod refusal;
mod refusals;
mod rounds;
mod runs;
mod scope;
mod sessions;
mod setup;
mod sign_in;
mod standings;
mod start;
mod strangers;
mod switches;
mod team;
mod timetable;
mod trial;
mod under_way;
mod uploads;
mod vault;
mod watch;

pub use appliances::{ApplianceView, Tested};
pub use bus::Topic;
pub use clock::{Step as ClockStep, SystemClock};
pub use cluster_edit::RemovalView;
pub use cluster_view::{ClusterView, Sighting};
pub use cx::{AdminCx, ExportCx, Origin, ReadCx, WriteCx};
pub use delays::DelayView;
pub use engine::switches::{Standing, Switch};
pub use export::Export;
pub use failure::Failure;
pub use folder::{begin_anew, private_folder};
pub use history::HistoryView;
pub use lapsed::Lapsed;
use model::Reckoning;
pub use model::log::LogQuery;
pub use nodes::{AccessView, NodeView, NodesView};
pub use plans::{OperationView, PlanView, TakeBack};
pub use records::{About, ActView, ActsPage, LogChoices, RecordView};
pub use refusal::Refusal;
pub use refusals::{Network, Refused};
pub use runs::RunView;
pub use sessions::SignedIn;
pub use setup::{Certificate, Prerequisite, SetupView, StepForm, VersionLine};
pub use start::{Options, Rules};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use store::Store;
pub use store::{
    removed::Name,
    sessions::{Ended, SessionLine, SessionRow},
};
pub use switches::SwitchesView;
pub use team::MemberView;
pub use uploads::{CertificateFiles, UploadView};

/// The console without its web half. Clones share everything.
#[derive(Clone)]
pub struct Services {
    store: Store,
    time: Arc<clock::Timekeeper>,
    vault: Arc<vault::Vault>,
    pool: Arc<pool::Pool>,
    node_pool: Arc<nodes::NodePool>,
    bus: Arc<bus::Bus>,
    locks: Arc<runs::WriteLocks>,
    looks: Arc<observe::Looks>,
    standings: Arc<standings::Standings>,
    judges: Arc<watch::Judges>,
    /// Set once, at the orderly stop: nothing new is begun, no session is opened any more.
    stopping: Arc<AtomicBool>,
    /// Checking passwords one at a time: a count of failures that many could pass at once would be none.
    sign_in: Arc<tokio::sync::Mutex<()>>,
    refusals: Arc<refusals::Refusals>,
    readings: Arc<readings::Readings>,
    /// What was asked for with a key has come to something: whoever asked twice may hear it too.
    told_once: Arc<tokio::sync::Notify>,
    interval: u32,
    /// How long appliances are waited for.
    patience: nitro::Limits,
    health: Arc<health::Health>,
    newest: Arc<newest::Newest>,
    lives: store::sessions::Lives,
    /// Tries that delays kept out.
    kept_out: Arc<delays::KeptOut>,
    /// Appliances may be on this machine, as those of a demo are.
    local_appliances: bool,
    /// Held for as long as anybody holds the services.
    _lock: Arc<std::fs::File>,
}

impl Services {
    /// By the console's clock.
    pub fn now(&self) -> model::At {
        self.reckoning().now
    }

    /// The present, and what times that were noted earlier are by it.
    fn reckoning(&self) -> Reckoning {
        self.time.reckoning()
    }

    fn not_stopping(&self) -> Result<(), Failure> {
        if self.stopping.load(Ordering::Relaxed) {
            return Err(Refusal::Stopping.into());
        }
        Ok(())
    }

    /// Seconds between two looks at an appliance.
    pub fn interval(&self) -> u32 {
        self.interval
    }

    /// Waits no longer than this for appliances. Before the first of them was asked anything.
    #[must_use]
    pub fn with_patience(self, patience: nitro::Limits) -> Self {
        Self { patience, ..self }
    }
}
