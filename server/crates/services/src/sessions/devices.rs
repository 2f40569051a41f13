//! Browsers that have signed in before: a cookie of our own making, which nobody else can make, tells them apart from
//! strangers. It opens nothing; it only keeps strangers from delaying whom they guess at.

use crate::{Failure, vault::Vault};
use model::PersonId;

/// People on one browser; of more, the last ones.
const MOST_PEOPLE: usize = 4;

/// `id.mark.mark`: the browser's number and a mark for each person who signed in there.
pub(crate) fn known(vault: &Vault, cookie: &str, person: PersonId) -> Option<String> {
    let mut parts = cookie.split('.');
    let id = parts.next().filter(|id| is_hex(id))?;
    let mark = mark(vault, id, person);
    // Whoever can make the cookie has the key; equal or not tells nothing about it.
    parts.take(MOST_PEOPLE).any(|part| part == mark).then(|| id.to_owned())
}

/// The cookie with one more person in it.
pub(crate) fn with(vault: &Vault, cookie: &str, person: PersonId) -> Result<String, Failure> {
    let (id, marks) = cookie.split_once('.').unwrap_or_default();
    if !is_hex(id) {
        let fresh: String = crate::random::token()?.chars().take(32).collect();
        let mark = mark(vault, &fresh, person);
        return Ok(format!("{fresh}.{mark}"));
    }
    let mark = mark(vault, id, person);
    let others = marks.split('.').filter(|other| is_hex(other) && *other != mark);
    let marks: Vec<&str> = std::iter::once(mark.as_str()).chain(others).take(MOST_PEOPLE).collect();
    Ok(format!("{id}.{}", marks.join(".")))
}

fn mark(vault: &Vault, id: &str, person: PersonId) -> String {
    vault.short_mark("device", &[id, &person.to_string()])
}

fn is_hex(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_known_for_whoever_signed_in_there() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open(&folder.path().join("key")).unwrap();
        let (ada, bob) = (PersonId(1), PersonId(2));
        let first = with(&vault, "", ada).unwrap();
        let id = known(&vault, &first, ada).unwrap();
        assert_eq!(known(&vault, &first, bob), None);
        let both = with(&vault, &first, bob).unwrap();
        assert_eq!((known(&vault, &both, ada), known(&vault, &both, bob)), (Some(id.clone()), Some(id)));
        assert_eq!(with(&vault, &both, bob).unwrap(), both, "nobody twice");
        let many = (3..20).fold(both, |cookie, n| with(&vault, &cookie, PersonId(n)).unwrap());
        assert_eq!(known(&vault, &many, ada), None, "the first ones go");
        assert!(many.len() < 200 && known(&vault, &many, PersonId(19)).is_some(), "{many}");
        for forged in ["", ".", "x.y", &format!("{}.{}", "0".repeat(32), "0".repeat(32)), &"0".repeat(4_000)] {
            assert_eq!(known(&vault, forged, ada), None, "{forged}");
        }
        let other = Vault::open(&folder.path().join("other")).unwrap();
        assert_eq!(known(&other, &first, ada), None, "another installation's");
    }
}
