//! The lab: a `NetScaler` that answers NITRO, and stand-ins for the `XenMobile` nodes behind it.
//!
//! Real clients talk to it over real sockets on loopback; nothing in it knows who is asking. Its facts come from the
//! product's NITRO reference, section by section.
//!
//! # What this crate may not depend on
//!
//! On any crate of ours. Clients and lab share no type, so that one mistake cannot pass twice; tests in here speak
//! plain HTTP. It prints nothing (the `lab` sub-command does), binds loopback only, and asks the machine for the time
//! in `clock` alone.
//!
//! # How to add one more resource
//!
//! 1. Write its table in `schema/tables/`: every attribute with type, access, range, default and CLI name.
//!    Requests, GET items, filters, unset and CLI lines follow from it.
//!    What goes before the name in a path (`/stat`) is not part of it; statistics have a list of their own.
//! 2. Write a handler in `resources/` with what is special about it, and add it to `resources::list`.
//! 3. If it has state, add the state to `model::Config` and its rule to `model::settle`.
//! 4. If it came or went with a release, add a row to `schema::versions`. On a pair every write runs on both appliances
//!    by itself; what concerns one of them alone is listed in `ha::propagate`.
//! 5. Add its golden vectors to `tests/it/golden.rs`, and what it does differently from life to the README.
//!
//! # Example
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
//! use lab::{ClockMode, Options, Seed};
//!
//! let options = Options { seed: Seed::SetUp, clock: ClockMode::Manual, ..Options::default() };
//! let lab = lab::start(options).await?;
//! lab.advance(std::time::Duration::from_secs(5)).await;
//! assert_eq!(lab.connections([10, 20, 30, 11].into(), 443), 2);
//! # Ok(()) }
//! ```

mod appliance;
mod audit;
mod caller;
mod certificate;
mod choices;
mod clock;
mod control;
mod description;
mod doors;
mod engine;
mod faults;
mod fleet;
mod ha;
mod journal;
mod json;
mod listen;
mod model;
mod nitro;
mod node;
mod options;
mod orders;
mod papers;
mod random;
mod refusal;
mod resources;
mod schema;
mod script;
mod seed;
mod sessions;
mod shared;
mod site;
mod snapshot;
mod socks;
mod start;
mod tls;
mod traffic;
mod version;
mod xms;

pub use choices::{AuditFormat, Choices, ConcurrentSave, NoPolicy, RecordExists, RecordRows};
pub use clock::ClockMode;
pub use description::{Description, NetscalerDescription, Suggestions, XmsDescription};
pub use faults::FaultSpec;
pub use journal::{CliRecord, RequestRecord};
pub use options::{Immutables, Options, Pair, SecondaryWrites, WritesDuringSync};
pub use orders::OrderError;
pub use seed::Seed;
pub use site::{Site, SiteDescription};
pub use start::start;
use std::{net::Ipv4Addr, sync::Arc, time::Duration};
use tokio::task::JoinHandle;
pub use version::Version;

/// Profiles for [`Options::profile`] that make the nodes into something else.
pub mod fixtures {
    /// A cloned node and one that was given another address.
    pub const CLONED: &str = include_str!("../profiles/fixture-cloned.toml");
    /// Not `XenMobile` 10 at all, but the product before it.
    pub const XENMOBILE_9: &str = include_str!("../profiles/fixture-xenmobile9.toml");
}

use engine::Until;
use shared::Shared;

/// A running lab. Dropping it stops all its tasks and closes all its ports.
pub struct Lab {
    shared: Arc<Shared>,
    description: Description,
    tasks: Vec<JoinHandle<()>>,
}

impl Lab {
    /// Where everything is.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Moves the lab's clock and returns when all that was due, probes included, is done.
    pub async fn advance(&self, by: Duration) {
        engine::run(&self.shared, Until::Advance(by)).await;
    }

    /// The lab's time, in milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.shared.world().clock.now().0
    }

    /// All NITRO requests since the start or the last reset, in the order of their arrival.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.shared.world().journal.requests()
    }

    /// The same from this one on, itself not: for who asks often.
    pub fn requests_after(&self, seq: u64) -> Vec<RequestRecord> {
        self.shared.world().journal.requests_after(seq)
    }

    /// All configuration changes since the start or the last reset, as the CLI spells them.
    pub fn cli(&self) -> Vec<CliRecord> {
        self.shared.world().journal.cli()
    }

    /// What `GET /state` shows.
    pub fn state(&self) -> serde_json::Value {
        snapshot::take(&self.shared)
    }

    /// Back to a seed; see the README for what is forgotten.
    pub async fn reset(&self, seed: Seed) -> Result<(), OrderError> {
        orders::reset(&self.shared, seed).await
    }

    /// Puts a fault in force.
    pub async fn fault(&self, spec: FaultSpec) -> Result<(), OrderError> {
        orders::fault(&self.shared, spec).await.map(|_| ())
    }

    /// Removes all faults and powers on what they powered off.
    pub async fn clear_faults(&self) -> Result<(), OrderError> {
        orders::clear_faults(&self.shared, None, None).await.map(|_| ())
    }

    /// Closes the ports of a node or an appliance; when this returns, connections are refused. [`Lab::clear_faults`] brings it back.
    pub async fn power_off(&self, ip: Ipv4Addr) -> Result<(), OrderError> {
        let spec = FaultSpec { target: ip.to_string(), fault: "power_off".to_owned(), ..FaultSpec::default() };
        self.fault(spec).await
    }

    /// The two appliances of every pair change places.
    pub fn failover(&self) -> Result<(), OrderError> {
        ha::orders::failover(&self.shared, "netscaler")
    }

    /// Starts an appliance anew: what was not saved is lost, and NITRO answers 503 for [`Options::boot`].
    pub fn restart(&self, nsip: Ipv4Addr) -> Result<(), OrderError> {
        ha::orders::restart(&self.shared, &nsip.to_string(), None)
    }

    /// The same with another firmware, as an upgrade does it.
    pub fn upgrade(&self, nsip: Ipv4Addr, to: Version) -> Result<(), OrderError> {
        ha::orders::restart(&self.shared, &nsip.to_string(), Some(to))
    }

    /// Gives the superuser of every appliance another password, as an administrator would. Sessions stay.
    pub fn set_password(&self, password: &str) {
        for appliance in &mut self.shared.world().appliances {
            password.clone_into(&mut appliance.password);
        }
    }

    /// Connections that a node has accepted on a logical port; 0 for what does not exist.
    pub fn connections(&self, ip: Ipv4Addr, port: u16) -> u64 {
        self.shared.nodes.find(ip.into()).map_or(0, |node| node.accepted(port))
    }

    /// All words of faults that nodes know.
    pub fn node_faults() -> Vec<&'static str> {
        [faults::NODE_FAULTS, &xms::words()].concat()
    }

    /// All words of faults that appliances know, alone or in pairs.
    pub fn appliance_faults() -> Vec<&'static str> {
        faults::appliance_words()
    }

    /// Removes one kind of fault at a node or appliance, and undoes what it did.
    pub async fn lift(&self, target: &str, fault: &str) -> Result<(), OrderError> {
        orders::clear_faults(&self.shared, Some(target), Some(fault)).await.map(|_| ())
    }

    /// Adds a machine that was never set up. Its command line runs the first-time-use wizard; the rest opens after it.
    pub fn add_node(&self, ip: Ipv4Addr) -> Result<XmsDescription, OrderError> {
        orders::add_node(&self.shared, ip).map(|node| start::describe(&node))
    }

    /// Free addresses, a name and accounts, for the forms of a demo.
    pub fn suggestions(&self) -> Suggestions {
        start::suggestions(&self.shared)
    }

    /// The further sites, each with its nodes and addresses that are free there.
    pub fn sites(&self) -> Vec<SiteDescription> {
        start::sites(&self.shared)
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        self.shared.nodes.all().iter().for_each(|node| node.abort());
        self.shared.doors.iter().for_each(doors::Doors::abort);
    }
}
