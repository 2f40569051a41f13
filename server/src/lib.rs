//! The only place that knows everything: routes, sub-commands, start and stop.

pub mod commands;
pub mod connections;
pub mod http;
pub mod local;
pub mod serving;
pub mod stopping;
