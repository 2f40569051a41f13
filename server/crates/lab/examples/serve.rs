//! Runs the lab alone and prints where everything is: for trying clients that are no part of the tests.
//!
//! `cargo run -p lab --example serve [set-up [PASSWORD]]`, until standard input ends.

use std::io::{Read, Write};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut words = std::env::args().skip(1);
    let seed = if words.next().as_deref() == Some("set-up") { lab::Seed::SetUp } else { lab::Seed::Empty };
    let options = lab::Options { seed, password: words.next(), ..lab::Options::default() };
    let lab = lab::start(options).await?;
    writeln!(std::io::stdout(), "{}", serde_json::to_string(lab.description())?)?;
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(())
}
