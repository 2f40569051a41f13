//! Words in a row that begin alike: of each only what differs from the one before. A look at twelve nodes is a hundred
//! places on the page and a dozen instants, and all of them begin alike.
//!
//! A capital says how much is taken over (`A` nothing, `B` one character …), and the rest stands as it is. Places, which have
//! no capitals, need nothing between them. All is ASCII.

/// How much one letter can say.
const MOST: usize = 25;

/// `now`, after `before`.
#[cfg(feature = "ssr")]
pub fn shortened(before: &str, now: &str) -> String {
    let alike = before.bytes().zip(now.bytes()).take(MOST).take_while(|(one, other)| one == other).count();
    let letter = u8::try_from(alike).map_or('A', |alike| char::from(b'A' + alike));
    format!("{letter}{}", now.get(alike..).unwrap_or_default())
}

/// What was shortened, whole again; `None`: it was not.
#[cfg(any(feature = "hydrate", test))]
pub fn whole(before: &str, short: &str) -> Option<String> {
    let (letter, rest) = (*short.as_bytes().first()?, short.get(1..)?);
    let alike = usize::from(letter.checked_sub(b'A')?);
    (alike <= MOST).then(|| before.get(..alike).map(|start| start.to_owned() + rest))?
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn what_was_shortened_is_whole_again() {
        let words =
            ["0.1.2", "0.1.3", "0.10.3", "1", "1", "", "2026-11-30T16:22:45.123456Z", "2026-11-30T16:22:45.123457Z"];
        let mut before = String::new();
        for word in words {
            assert_eq!(whole(&before, &shortened(&before, word)).as_deref(), Some(word));
            word.clone_into(&mut before);
        }
        assert_eq!(shortened("0.1.2", "0.1.3"), "E3");
        assert_eq!((whole("ab", "Zx"), whole("ab", "1x"), whole("ab", "")), (None, None, None));
    }
}
