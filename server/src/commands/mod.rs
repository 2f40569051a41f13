//! The sub-commands, one file each.

pub mod console;
pub mod copies;
pub mod demo;
mod demo_clock;
pub mod knobs;
pub mod lab;
pub mod serve;
pub mod user;

/// A line for whoever started us: a person or a test.
#[expect(clippy::print_stdout, reason = "standard output is for the lines that others read")]
pub fn tell(line: &str) {
    println!("{line}");
}
