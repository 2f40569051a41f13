//! The nodes: what they say over HTTPS and SSH. Plain clients; nothing here knows a client crate of ours.

mod cli;
mod console;
mod data;
mod faults;
mod listeners;
mod rest;
mod shell;
mod support;
