//! `gatehouse`: the console, and beside it the lab and the demo.

mod log_fields;

use clap::{Parser, Subcommand};
use server::commands::{
    console::{Cluster, Plan},
    copies::{Backup, Restore},
    demo::Demo,
    lab::Lab,
    serve::Serve,
    user::UserAdd,
};
use std::{io::IsTerminal, process::ExitCode};
use tracing_subscriber::EnvFilter;

/// The system's own keeps what threads give back, in an arena for each of them. This one hands it on after a second
/// (`.cargo/config.toml`), SQLite's too.
#[cfg(unix)]
#[global_allocator]
static MEMORY: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[derive(Parser)]
#[command(version, about = "The console for XenMobile Server clusters behind a NetScaler")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the console.
    Serve(Serve),
    /// The console beside a simulated NetScaler, with something to see. Loopback only.
    Demo(Demo),
    /// The simulated appliances alone. Loopback only.
    Lab(Lab),
    /// Copy all that is kept into one file, while the console runs.
    Backup(Backup),
    /// Put a copy into a data folder.
    Restore(Restore),
    /// Clusters of the running console.
    #[command(subcommand)]
    Cluster(Cluster),
    /// Plans of the running console: make, look at, apply.
    #[command(subcommand)]
    Plan(Plan),
    /// People, from the server's own command line.
    #[command(subcommand)]
    User(User),
}

#[derive(Subcommand)]
enum User {
    /// Add a person; the password is read from standard input.
    Add(UserAdd),
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("GATEHOUSE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // Standard output belongs to the lines that others read: READY, the lab's JSON.
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .fmt_fields(log_fields::inert())
        .init();
    nobody_looks_inside();
    #[cfg(unix)]
    if let Err(error) = outlive_file_limits() {
        tracing::warn!("A limit on the size of files would end this program without a word ({error}).");
    }
    let result = match Arguments::parse().command {
        Command::Serve(serve) => serve.run().await,
        Command::Demo(demo) => Box::pin(demo.run()).await,
        Command::Lab(lab) => lab.run().await,
        Command::Backup(backup) => backup.run().await,
        Command::Restore(restore) => restore.run().await,
        Command::Cluster(cluster) => return cluster.run().await,
        Command::Plan(plan) => return plan.run().await,
        Command::User(User::Add(add)) => add.run().await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whoever writes beyond a limit on the size of files gets an error that can be told, once the signal for it is not left
/// to the system, which ends the process.
#[cfg(unix)]
fn outlive_file_limits() -> std::io::Result<()> {
    // The handler stays for the life of the process, whoever listens.
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::from_raw(libc::SIGXFSZ)).map(drop)
}

/// Keys and passwords stand in memory: no core file is written of it, and no other process of the same account reads it
/// (`ptrace`, `/proc/…/mem`).
#[cfg(target_os = "linux")]
fn nobody_looks_inside() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let no_core = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    let no_trace = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    if let Err(error) = no_core.and(no_trace) {
        tracing::warn!("This process could not be closed against core files and tracing ({error}).");
    }
}

#[cfg(not(target_os = "linux"))]
fn nobody_looks_inside() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    #[test]
    fn nobody_else_looks_into_the_memory() {
        nobody_looks_inside();
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
        assert_eq!(getrlimit(Resource::Core).maximum, Some(0));
    }
}
