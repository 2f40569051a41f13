//! Runs the lab alone and prints where everything is: for trying clients that are no part of the tests.
//!
//! `cargo run -p lab --example serve [set-up]`, until standard input ends.

use std::io::Read;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let seed = if std::env::args().nth(1).as_deref() == Some("set-up") { lab::Seed::SetUp } else { lab::Seed::Empty };
    let options = lab::Options { seed, password: std::env::var("LAB_PASSWORD").ok(), ..lab::Options::default() };
    let lab = lab::start(options).await?;
    println!("{}", serde_json::to_string(lab.description())?);
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(())
}
