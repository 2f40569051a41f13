//! The HTTP half: routes, sessions, streams, what every answer carries.

pub mod assets;
pub mod bodies;
pub mod doors;
pub mod export;
pub mod hosts;
pub mod live;
pub mod reach;
pub mod refusals;
pub mod requests;
pub mod router;
pub mod said;
pub mod security;
pub mod sessions;
pub mod site;
pub mod weight;
