//! Everything that somebody may do, by whatever door: a server function, a route and a sub-command are thin doors to this, with
//! what is their own (a form's token, a draft, a socket's words) and nothing else; only this crate opens the store and holds
//! the appliances' clients.
//!
//! Each noun has its room: `services.plans().make(..)` stands in `plans`. A room is a small type that says in its fields what it
//! stands on: the ground (`ground.rs`: store, clock, bus, vault), what has a state of its own (clients, locks), and rooms
//! below it; `house.rs` builds them in that order. Nothing below [`Services`] knows it.
//!
//! No method takes a bare id without a context: [`ReadCx`] says who asks, [`WriteCx`] that they may operate,
//! [`AdminCx`] that they may administer. What a person may see is decided in `scope` alone. What changes something appends
//! its record in the same transaction.
//! To add a use case: a method of the noun's room, its record kind in `model::record`, a test over the lab.

mod account;
mod acting;
mod adapters;
mod appliances;
mod bus;
mod clock;
mod cluster_view;
mod clusters;
mod confirmed;
mod contact;
mod copies;
mod cx;
mod delays;
mod failure;
mod folder;
mod foreign;
mod forms;
mod gate;
mod ground;
mod health;
mod house;
mod judged;
mod judging;
mod lapsed;
mod log;
mod long_act;
mod made;
mod newest;
mod nodes;
mod observer;
mod pairs;
mod passwords;
mod people;
mod plans;
mod pool;
mod purpose;
mod random;
mod refusal;
mod refusals;
mod rounds;
mod rules;
mod runs;
mod scope;
mod sessions;
mod setup;
mod standings;
mod start;
mod sweep;
mod switches;
mod team;
mod timetable;
mod under_way;
mod uploads;
mod vault;
mod watch;

pub use account::OwnAccount;
pub use acting::Acting;
pub use appliances::{ApplianceView, Appliances, Tested};
pub use bus::Topic;
pub use clock::{ClockStep, SystemClock};
pub use cluster_view::{ClusterView, Sighting};
pub use clusters::{Clusters, HistoryView, RemovalView};
pub use copies::{back_up, restore};
pub use cx::{AdminCx, ExportCx, Origin, ReadCx, WriteCx};
pub use delays::{DelayView, Delays};
pub use engine::switches::{Switch, SwitchStanding};
pub use failure::Failure;
pub use folder::{begin_anew, private_folder};
pub use foreign::Foreign;
pub use forms::Forms;
pub use health::Health;
use house::House;
pub use lapsed::Lapsed;
pub use log::{ActView, ActsPage, Export, Log, LogChoices, RecordAbout, RecordView};
pub use model::log::LogQuery;
pub use nodes::{AccessView, NodeView, Nodes, NodesView};
pub use observer::Observer;
pub use pairs::Pairs;
pub use people::People;
pub use plans::{OperationView, PlanView, Plans, TakeBack};
pub use refusal::Refusal;
pub use refusals::{Network, Refusals, Refused};
pub use rules::Rules;
pub use runs::{RunView, Runs};
pub use sessions::{Sessions, SignedIn};
pub use setup::{CertificateChoice, Prerequisite, Setup, SetupView, StepForm, VersionLine};
pub use start::Options;
use std::sync::Arc;
pub use store::{
    removed::FormerName,
    sessions::{Ended, SessionLine, SessionRow},
};
pub use switches::{Switches, SwitchesView};
pub use team::{MemberView, Team};
use tokio::sync::broadcast;
pub use uploads::{CertificateFiles, UploadView, Uploads};

/// The console without its web half. Clones share everything.
#[derive(Clone)]
pub struct Services {
    house: Arc<House>,
}

/// What is of no room: the time, and that something changed.
impl Services {
    /// By the console's clock.
    pub fn now(&self) -> model::At {
        self.house.ground.now()
    }

    /// The last step of this machine's clock, for a day.
    pub fn clock_step(&self) -> Option<ClockStep> {
        self.house.ground.clock_step()
    }

    /// Seconds between two looks at an appliance.
    pub fn interval(&self) -> u32 {
        self.house.ground.interval
    }

    /// From now on. A slow listener misses topics and is told so; it then reads everything again.
    pub fn listen(&self) -> broadcast::Receiver<Topic> {
        self.house.ground.bus.listen()
    }

    /// How often anything was told so far: what was read before it grew may be old.
    pub fn told(&self) -> u64 {
        self.house.ground.bus.told()
    }

    /// Waits no longer than this for appliances. Before the first of them was asked anything.
    pub fn be_patient(&self, patience: nitro::Limits) {
        self.house.pool.be_patient(patience);
    }
}

/// The rooms.
impl Services {
    /// One's own account.
    pub fn account(&self) -> &OwnAccount {
        &self.house.account
    }

    /// To their end, and once: how doors do things.
    pub fn acting(&self) -> &Acting {
        &self.house.acting
    }

    pub fn appliances(&self) -> &Appliances {
        &self.house.appliances
    }

    pub fn clusters(&self) -> &Clusters {
        &self.house.clusters
    }

    /// Sign-ins that wait.
    pub fn delays(&self) -> &Delays {
        &self.house.delays
    }

    /// What others did on an appliance.
    pub fn foreign(&self) -> &Foreign {
        &self.house.foreign
    }

    /// What was typed, and tokens of forms.
    pub fn forms(&self) -> &Forms {
        &self.house.forms
    }

    /// Whether Gatehouse's own data is in order.
    pub fn health(&self) -> &Health {
        &self.house.health
    }

    pub fn log(&self) -> &Log {
        &self.house.log
    }

    pub fn nodes(&self) -> &Nodes {
        &self.house.nodes
    }

    /// Looks at appliances.
    pub fn observer(&self) -> &Observer {
        &self.house.observer
    }

    /// The other half of a pair.
    pub fn pairs(&self) -> &Pairs {
        &self.house.pairs
    }

    /// Those whom the machine's own command line adds, and the first one.
    pub fn people(&self) -> &People {
        &self.house.people
    }

    pub fn plans(&self) -> &Plans {
        &self.house.plans
    }

    /// Who was not let do what.
    pub fn refusals(&self) -> &Refusals {
        &self.house.refusals
    }

    pub fn runs(&self) -> &Runs {
        &self.house.runs
    }

    /// Ways in and out.
    pub fn sessions(&self) -> &Sessions {
        &self.house.sessions
    }

    pub fn setup(&self) -> &Setup {
        &self.house.setup
    }

    pub fn switches(&self) -> &Switches {
        &self.house.switches
    }

    pub fn team(&self) -> &Team {
        &self.house.team
    }

    /// Certificates on their way to an appliance.
    pub fn uploads(&self) -> &Uploads {
        &self.house.uploads
    }
}
