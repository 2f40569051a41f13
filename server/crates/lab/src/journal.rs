//! What was asked and what was done: the two lists of the control API.

use serde::Serialize;
use serde_json::Value;
use std::collections::VecDeque;

/// One NITRO request, as it arrived and as it was answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RequestRecord {
    /// Counts all requests since the start of the lab, over resets.
    pub seq: u64,
    /// NSIP of the appliance that was asked.
    pub appliance: String,
    /// Number of the session, when a live one was used.
    pub session: Option<String>,
    /// Upper case.
    pub method: String,
    /// As sent, still percent-encoded.
    pub path: String,
    /// As sent, without the question mark; empty when there was none.
    pub query: String,
    /// The body as JSON, or as text when it is none; passwords are replaced.
    pub body: Value,
    /// Null until the answer has been written, and for ever when none was.
    pub status: Option<u16>,
    /// 0 for a success; null also when the answer was a web page.
    pub errorcode: Option<u16>,
    /// Length of the answer's body, as long as it is said to be; null like the status.
    pub bytes: Option<u64>,
}

/// One configuration change, as the CLI spells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CliRecord {
    /// The number of the request that did it.
    pub seq: u64,
    /// NSIP of the appliance.
    pub appliance: String,
    /// For example `add server xms01 10.0.20.11`.
    pub line: String,
}

/// Entries that each list keeps; the oldest go first. More than any test asks for, and some twenty megabytes.
const LIMIT: usize = 50_000;

#[derive(Default)]
pub(crate) struct Journal {
    seq: u64,
    requests: VecDeque<RequestRecord>,
    cli: VecDeque<CliRecord>,
}

impl Journal {
    /// Notes a request and gives its number.
    pub fn arrived(&mut self, mut record: RequestRecord) -> u64 {
        self.seq += 1;
        record.seq = self.seq;
        put(&mut self.requests, record);
        self.seq
    }

    pub fn answered(&mut self, seq: u64, status: u16, errorcode: Option<u16>, bytes: u64) {
        // A reset may have taken the record away.
        let at = seq.checked_sub(self.first()).and_then(|at| usize::try_from(at).ok());
        if let Some(record) = at.and_then(|at| self.requests.get_mut(at)) {
            (record.status, record.errorcode, record.bytes) = (Some(status), errorcode, Some(bytes));
        }
    }

    /// The number of the oldest request that is kept; numbers have no gaps.
    fn first(&self) -> u64 {
        self.requests.front().map_or(0, |record| record.seq)
    }

    pub fn did(&mut self, seq: u64, appliance: &str, lines: Vec<String>) {
        for line in lines {
            put(&mut self.cli, CliRecord { seq, appliance: appliance.to_owned(), line });
        }
    }

    pub fn requests(&self) -> Vec<RequestRecord> {
        self.requests.iter().cloned().collect()
    }

    /// Those with a higher number than this one.
    pub fn requests_after(&self, seq: u64) -> Vec<RequestRecord> {
        let known = usize::try_from((seq + 1).saturating_sub(self.first())).unwrap_or(usize::MAX);
        self.requests.iter().skip(known).cloned().collect()
    }

    pub fn cli(&self) -> Vec<CliRecord> {
        self.cli.iter().cloned().collect()
    }

    /// Forgets both lists; numbers go on.
    pub fn clear(&mut self) {
        self.requests.clear();
        self.cli.clear();
    }
}

fn put<T>(list: &mut VecDeque<T>, entry: T) {
    if list.len() == LIMIT {
        list.pop_front();
    }
    list.push_back(entry);
}
