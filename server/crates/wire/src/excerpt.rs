//! A short, printable look at bytes that could not be read.

/// Longest excerpt, in characters: enough to recognise a proxy's error page, too short to flood a log.
const MAX: usize = 200;

/// The first 200 printable characters, runs of blanks folded into one.
pub fn excerpt(bytes: &[u8]) -> String {
    // Four bytes make one character at most; blanks may fold, so look at some more than needed.
    let head = bytes.get(..MAX * 8).unwrap_or(bytes);
    let text = String::from_utf8_lossy(head);
    let mut out = String::new();
    let mut length = 0;
    let mut blank = false;
    for c in text.chars() {
        if length >= MAX {
            break;
        }
        if c.is_whitespace() || c.is_control() {
            blank = length > 0;
            continue;
        }
        // Invisible characters (direction marks, zero-width joiners) could make a log line lie.
        let c = if matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
        {
            '\u{FFFD}'
        } else {
            c
        };
        if blank && length + 1 < MAX {
            out.push(' ');
            length += 1;
        }
        blank = false;
        out.push(c);
        length += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_blanks_and_cuts() {
        assert_eq!(excerpt(b"\n<html>\r\n  <h1>It  works</h1>"), "<html> <h1>It works</h1>");
        assert_eq!(excerpt(&[b'a'; 5000]).len(), MAX);
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_short_printable_text(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
            let text = excerpt(&bytes);
            prop_assert!(text.chars().count() <= MAX);
            prop_assert!(!text.chars().any(char::is_control));
        }
    }
}
