//! The console's looks, as the lab hears them: what it asks without a longer pause.

use super::{Ground, Result, count, gets};
use lab::RequestRecord;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// Two looks are further apart, and the requests of one are nearer together.
const PAUSE: Duration = Duration::from_millis(1_200);

/// One look at an appliance.
pub struct Look(pub Vec<RequestRecord>);

impl Look {
    /// Only a look at all of it reads the certificates.
    pub fn is_whole(&self) -> bool {
        self.0.iter().any(|request| request.path.ends_with("/sslcertkey"))
    }

    pub fn gets(&self) -> usize {
        gets(&self.0).len()
    }

    /// Of all answers. Of the saved configuration the first line alone is read, and the connection ends there.
    pub fn kilobytes(&self) -> f64 {
        let read = self.0.iter().filter(|request| !request.path.ends_with("/nssavedconfig"));
        read.map(kilobytes).sum()
    }

    /// What was asked and answered at the greatest length.
    pub fn told(&self) -> String {
        let mut all: Vec<&RequestRecord> = self.0.iter().collect();
        all.sort_by_key(|request| std::cmp::Reverse(request.bytes));
        let line =
            |request: &&RequestRecord| format!("{:>9.1} KB {}?{}", kilobytes(request), request.path, request.query);
        all.iter().take(5).map(line).collect::<Vec<_>>().join("\n")
    }
}

/// Of an answer.
pub fn kilobytes(request: &RequestRecord) -> f64 {
    count(request.bytes.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or_default()) / 1_000.0
}

/// Of looks of one kind, the one that read the most.
pub fn most(looks: &[Look], whole: bool) -> Result<&Look> {
    let these = looks.iter().filter(|look| look.is_whole() == whole);
    these.max_by(|a, b| a.kilobytes().total_cmp(&b.kilobytes())).ok_or_else(|| "no look of this kind".into())
}

/// The next so many looks at the one appliance. The console's interval must be longer than the pause by a look.
pub async fn looks(ground: &Ground, count: usize) -> Result<Vec<Look>> {
    let mut look = interval(Duration::from_millis(20));
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Not from the middle of one.
    ground.quiet_for(PAUSE).await;
    let (mut seen, mut now, mut last) = (Vec::new(), Vec::new(), (ground.asked(), Instant::now()));
    let deadline = Instant::now() + Duration::from_mins(5);
    while seen.len() < count {
        if Instant::now() > deadline {
            return Err(format!("only {} looks in five minutes", seen.len()).into());
        }
        look.tick().await;
        let heard = ground.lab.requests_after(last.0);
        if let Some(newest) = heard.last() {
            last = (newest.seq, Instant::now());
            now.extend(heard);
        } else if !now.is_empty() && last.1.elapsed() > PAUSE {
            // Again, for by now all of them have been answered.
            let first = now.first().map_or(0, |request: &RequestRecord| request.seq);
            seen.push(Look(ground.lab.requests_after(first - 1)));
            now.clear();
        }
    }
    Ok(seen)
}
