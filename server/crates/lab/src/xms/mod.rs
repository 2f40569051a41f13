//! What makes a stand-in a `XenMobile` node: TLS, REST, console pages and the menu program, over one shared store.
//!
//! What no public document says is in `profiles/*.toml`, not here.

mod answer;
mod cluster;
mod console;
mod devices;
mod ills;
mod machine;
mod mam;
mod members;
mod menu;
mod profile;
mod rest;
mod serve;
mod ssh;
mod store;
mod times;
mod web;

pub(crate) use cluster::Cluster;
use ills::Ills;
pub(crate) use ills::WORDS as FAULTS;
pub(crate) use machine::Machine;
pub(crate) use profile::Profile;
pub(crate) use serve::{connection, hold};
