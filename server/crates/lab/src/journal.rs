//! What was asked and what was done: the two lists of the control API.

use serde::Serialize;
use serde_json::Value;

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

#[derive(Default)]
pub(crate) struct Journal {
    seq: u64,
    pub requests: Vec<RequestRecord>,
    pub cli: Vec<CliRecord>,
}

impl Journal {
    /// Notes a request and gives its number.
    pub fn arrived(&mut self, mut record: RequestRecord) -> u64 {
        self.seq += 1;
        record.seq = self.seq;
        self.requests.push(record);
        self.seq
    }

    pub fn answered(&mut self, seq: u64, status: u16, errorcode: Option<u16>) {
        // Newest first: that is where it nearly always is. A reset may have taken it away.
        if let Some(record) = self.requests.iter_mut().rev().find(|record| record.seq == seq) {
            (record.status, record.errorcode) = (Some(status), errorcode);
        }
    }

    pub fn did(&mut self, seq: u64, appliance: &str, lines: Vec<String>) {
        let appliance = appliance.to_owned();
        self.cli.extend(lines.into_iter().map(|line| CliRecord { seq, appliance: appliance.clone(), line }));
    }

    /// Forgets both lists; numbers go on.
    pub fn clear(&mut self) {
        self.requests.clear();
        self.cli.clear();
    }
}
