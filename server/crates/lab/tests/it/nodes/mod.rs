//! The nodes: what they say over HTTPS and SSH. Plain clients; nothing here knows a client crate of ours.

mod cli;
mod cluster;
mod console;
mod data;
mod faults;
mod fixtures;
mod fronts;
mod listeners;
mod rest;
mod shell;
mod support;
mod switches;
mod tools;
mod upkeep;
mod wizard;
