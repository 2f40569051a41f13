//! The state engine: an event queue keyed by lab time, and the probes that it sends.
//!
//! A step takes what is due, lets go of the lock, really opens the connections, and applies the results if they are
//! still wanted. So NITRO requests never wait for a probe, and no state changes without one.

mod errand;
mod probe;
mod queue;
mod step;

pub(crate) use queue::{Event, Queue};
pub(crate) use step::{Until, run};
