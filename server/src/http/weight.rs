//! Documents go compressed. What an attacker could learn from a length that he makes longer by guessing right is nothing that
//! lasts: each drawing has one-time tokens and a nonce of its own, and a session's key is in no document.

use tower_http::{CompressionLevel, compression::CompressionLayer};

/// Not of event streams, whose parts must not wait for each other, nor of what is compressed already. The fastest level: the
/// next ones save a tenth and cost twice as much.
pub fn compression() -> CompressionLayer {
    CompressionLayer::new().quality(CompressionLevel::Fastest)
}
