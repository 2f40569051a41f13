//! `gatehouse`: the console, and beside it the lab and the demo.

use clap::{Parser, Subcommand};
use server::commands::{demo::Demo, lab::Lab, serve::Serve, user::UserAdd};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

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
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    #[cfg(unix)]
    if let Err(error) = outlive_file_limits() {
        tracing::warn!("A limit on the size of files would end this program without a word ({error}).");
    }
    let result = match Arguments::parse().command {
        Command::Serve(serve) => serve.run().await,
        Command::Demo(demo) => demo.run().await,
        Command::Lab(lab) => lab.run().await,
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
