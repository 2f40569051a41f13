//! What the benchmarks of the console share: the real binary beside a lab that runs in this process, a browser without
//! script, what the kernel says of the binary, a bare client for the baselines, and the lines that are printed.

#[path = "../../tests/it/support.rs"]
mod browser;
#[path = "../../tests/it/form_tokens.rs"]
mod form_tokens;

mod bare;
mod ground;
mod kernel;
mod looks;
mod neighbours;
mod report;
mod times;

pub use bare::Bare;
pub use browser::{Browser, Console, NAME, NODES, PASSWORD, PROGRAM};
pub use ground::{Ground, appliance_fields, gets, options, promptly, writes};
pub use kernel::{cpu, peak, resident};
pub use looks::{Look, kilobytes, looks, most};
pub use neighbours::{services, vservers};
pub use report::Report;
pub use times::{Times, count, ms};

pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
