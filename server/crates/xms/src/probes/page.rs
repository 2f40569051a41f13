//! The login page: is this `XenMobile` Server 10?

use crate::{Error, profile::Probes, response::Answer};
use wire::excerpt;

/// What a page looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// `XenMobile` Server 10.
    Ten,
    /// Its predecessor, `XenMobile` 9: not for us.
    Nine,
    /// Something else.
    Unknown,
}

/// The login page, as far as it matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginPage {
    /// What it looks like.
    pub product: Product,
    /// Its beginning, for people.
    pub excerpt: String,
}

/// Reads the answer: a page that answers at all is no error, whatever it is.
///
/// # Errors
/// [`Error::Http`] for an error status, unless the page shows the predecessor.
pub fn read(answer: Answer<'_>, probes: &Probes) -> Result<LoginPage, Error> {
    let text = String::from_utf8_lossy(answer.body);
    let has = |marker: &String| !marker.is_empty() && text.contains(marker.as_str());
    let excerpt = excerpt(answer.body);
    let product = if probes.old_markers.iter().any(has) {
        Product::Nine
    } else if !answer.success() {
        return Err(Error::Http { status: answer.status, what: "the login page".to_owned(), excerpt });
    } else if !probes.page_markers.is_empty() && probes.page_markers.iter().all(has) {
        Product::Ten
    } else {
        Product::Unknown
    };
    Ok(LoginPage { product, excerpt })
}
