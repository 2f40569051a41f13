//! `Live`: keeps a page true while it is open, and says so when it cannot.
//!
//! Knows no state words, no sorting and no sentences: what it shows, the server drew.

#[cfg(feature = "hydrate")]
mod follow;
pub mod front;
#[cfg(feature = "hydrate")]
mod morph;
#[cfg(feature = "hydrate")]
mod patch;
#[cfg(feature = "hydrate")]
mod sign;
#[cfg(feature = "hydrate")]
mod times;
#[cfg(any(feature = "hydrate", all(test, feature = "ssr")))]
mod words;

use leptos::prelude::*;

/// Follows the page's event stream, ticks its ages, and shows in title and icon how things stand.
///
/// Sets `html[data-hydrated]` as the sign that the browser's half is awake, `html[data-still]` where nothing of the page
/// itself moves, and `html[data-live]` to `on`, or to `stale` when there was no word for longer than there may be.
#[island]
pub fn Live(
    /// Address of the stream, made by the server for this page; empty where nobody is signed in.
    stream: String,
    /// Nothing on the page moves but title and icon.
    still: bool,
    /// The server's clock when it drew the page, in milliseconds: the reader's own may be wrong.
    now: i64,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    follow::start(stream, still, now);
    #[cfg(not(feature = "hydrate"))]
    let _ = (stream, still, now);
}
