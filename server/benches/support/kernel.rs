//! What the kernel says of a process.

use super::Result;
use std::{fs, time::Duration};

/// The kernel's unit of a process's time, the same on all machines that Linux shows to programs.
const TICKS_A_SECOND: u64 = 100;

/// Megabytes that it has in memory.
pub fn resident(pid: u32) -> Result<f64> {
    status(pid, "VmRSS:")
}

/// The most that it ever had.
pub fn peak(pid: u32) -> Result<f64> {
    status(pid, "VmHWM:")
}

fn status(pid: u32, name: &str) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)).ok_or_else(|| format!("no {name} of {pid}"))?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kilobytes / 1_024.0)
}

/// Time that processors spent on it so far, all its threads together, those that ended as well.
pub fn cpu(pid: u32) -> Result<Duration> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name before may have blanks and brackets of its own. User and system are the 14th and 15th of all.
    let rest = text.rsplit_once(')').ok_or("no name in stat")?.1;
    let ticks: u64 =
        rest.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<std::result::Result<_, _>>()?;
    Ok(Duration::from_millis(ticks * 1_000 / TICKS_A_SECOND))
}
