//! What a person uploads for a NetScaler certificate key, and what is wrong with it, before anything goes to an
//! appliance. Pure: bytes in, facts and sentences out; the time comes from the caller.
//!
//! [`Bundle::read`] takes what cannot be used at all apart from what can ([`Problem`]); [`judge`] says of the rest what
//! phones and appliance will make of it ([`Remark`]).

mod bundle;
mod certificate;
mod der;
mod files;
mod input;
mod judge;
mod key;
mod names;
mod pem_file;
mod pfx;
mod problem;
mod public_key;

pub use bundle::Bundle;
pub use certificate::Certificate;
pub use files::MAX_BYTES;
pub use judge::{Check, Remark, RemarkSeverity, judge};
pub use problem::{Part, Problem};
pub use public_key::{Algorithm, PublicKey};
