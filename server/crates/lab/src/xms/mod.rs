//! What makes a stand-in a `XenMobile` node: TLS, REST, console pages and the menu program, over one shared store.
//!
//! What no public document says is in `profiles/*.toml`, not here.

mod accounts;
mod answer;
mod cluster;
mod console;
mod database;
mod devices;
mod disk;
mod ills;
mod machine;
mod mam;
mod members;
mod menu;
mod predecessor;
mod profile;
mod rest;
mod serve;
mod ssh;
mod store;
mod times;
mod web;
mod wizard;

pub(crate) use cluster::Cluster;
pub(crate) use database::Database;
use ills::Ills;
pub(crate) use ills::{Ill, ill, words};
pub(crate) use machine::Machine;
use machine::Note;
pub(crate) use profile::Profile;
pub(crate) use serve::{connection, hold};
