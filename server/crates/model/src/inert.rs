//! Text from outside, made harmless for whatever is not a page: a terminal, a file of lines, a title bar.

/// Neither a letter nor a blank: it moves the cursor, ends a line, or turns the direction of what follows it.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// What cannot be seen is spelled out, as `\u{1b}` or `\n`.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_move_the_cursor_is_spelled_out() {
        assert_eq!(visible("\u{1b}]0;x\u{7}a\nb\tc"), "\\u{1b}]0;x\\u{7}a\\nb\\tc");
        assert_eq!(visible("ada\u{202e}nimda \u{9b}2J \u{2028}"), "ada\\u{202e}nimda \\u{9b}2J \\u{2028}");
        for plain in ["Köln 北京", "a's “b”", "می\u{200c}خواهم", "👩\u{200d}💻"] {
            assert_eq!(visible(plain), plain);
        }
    }
}
