//! What an installation may have otherwise.

use std::time::Duration;

#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// A session ends after this long without a request.
    pub session_idle: Duration,
    /// A session ends after this long, however often it is used.
    pub session_most: Duration,
    /// Appliances may be at addresses of this machine, as those of a lab are.
    pub local_appliances: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            session_idle: Duration::from_hours(12),
            session_most: Duration::from_hours(7 * 24),
            local_appliances: false,
        }
    }
}
