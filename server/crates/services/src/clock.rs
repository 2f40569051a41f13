//! The one place that asks the system for the time.

use model::{At, Clock};

/// Wall time.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where time comes from; everybody else is handed a Clock")]
    fn now(&self) -> At {
        At::now()
    }
}
