//! The event stream of a page: the present state at once, then what differs whenever something changed, and a heartbeat
//! by which the browser knows that there is nothing to say and nobody is gone.
//!
//! | event | data |
//! |---|---|
//! | `beat` | the console's clock in milliseconds; see [`HEARTBEAT`] |
//! | `sign` | title and icon, see `app::live::Sign` |
//! | `replace` | an element's id, a line break, its HTML |
//! | `patch` | what differs in an element, see `app::live::Patch` |
//! | `reload` | the page itself says what is wrong, or asks to sign in |
//!
//! A page is drawn once for all who may see the same of it (`rooms`), so that a hundred readers cost as much as one; each
//! stream (`follower`) sends what its browser does not have, and there are so many for each person (`places`). Who takes
//! nothing of what is sent is dropped by `connections`; who takes it slowly misses what came between.

mod follower;
mod places;
mod rooms;
mod stream;

use places::Places;
use rooms::Rooms;
use std::{sync::Arc, time::Duration};
pub use stream::stream;

/// After two of these and a little the browser says that it hears nothing (`app::islands::live::follow`): within half a
/// minute.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// All open streams.
#[derive(Default)]
pub struct Live {
    rooms: Arc<Rooms>,
    places: Arc<Places>,
}
