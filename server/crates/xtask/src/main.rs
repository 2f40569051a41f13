//! The project's only runner. Two commands matter: `cargo xtask demo` and `cargo xtask test`.
//!
//! Each installs what it needs and says so; what it cannot get, it names, with what a person can do about it. To add a
//! command: a module with `run`, a variant here.

mod bench;
mod circles;
mod demo;
mod format;
mod guards;
mod names;
mod needs;
mod pictures;
mod process;
mod proofs;
mod reasons;
mod site;
mod soak;
mod tests;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Builds, shows and tests Gatehouse")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and start the console beside a simulated NetScaler.
    Demo(demo::Demo),
    /// Build everything and start the simulated appliances alone.
    Lab(demo::Lab),
    /// Format, lints, guards, all tests, browser tests.
    Test(tests::Test),
    /// All Rust files laid out as `test` wants them.
    Format,
    /// The architecture's rules alone.
    Guards,
    /// The budgets, measured: one JSON object a line.
    Bench(bench::Bench),
    /// The long proofs: one JSON object a line, and server/docs/proofs.md.
    Soak(soak::Soak),
    /// Every page in three layouts, and one contact sheet.
    Pictures(pictures::Pictures),
    /// Build the browser's half and the style sheet into target/site-….
    Site {
        /// Small and slow to build: what a release embeds.
        #[arg(long)]
        release: bool,
    },
    /// The release binary, at target/release/gatehouse.
    Build,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Demo(demo) => demo.run(),
        Command::Lab(lab) => lab.run(),
        Command::Test(test) => test.run(),
        Command::Format => format::write(),
        Command::Guards => guards::run(),
        Command::Bench(bench) => bench.run(),
        Command::Soak(soak) => soak.run(),
        Command::Pictures(pictures) => pictures.run(),
        Command::Site { release } => site::build(site::Profile::of(release)),
        Command::Build => {
            site::build(site::Profile::Release)?;
            process::cargo(["build", "--release", "-p", "server"])
        }
    }
}
