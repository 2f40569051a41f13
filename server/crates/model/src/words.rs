//! What is typed into a search: words, in any order, and phrases between quotation marks as they are.

/// All of them must occur. Each once, in the order typed; none where nothing is looked for.
pub fn words(typed: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut add = |word: &str| {
        if !word.trim().is_empty() && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    };
    let plain: String = typed.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut rest = plain.as_str();
    while let Some(open) = rest.find(QUOTES) {
        let quote = &rest[open..];
        let inside = &quote[quote.chars().next().map_or(1, char::len_utf8)..];
        // A mark that nothing closes is an ordinary character, and so is one within a word: `ns"1`.
        let begins_a_word = rest[..open].chars().next_back().is_none_or(char::is_whitespace);
        let Some(close) = inside.find(QUOTES).filter(|_| begins_a_word) else { break };
        rest[..open].split_whitespace().for_each(&mut add);
        add(&inside[..close]);
        rest = &inside[close + inside[close..].chars().next().map_or(1, char::len_utf8)..];
    }
    rest.split_whitespace().for_each(&mut add);
    words
}

/// Those of keyboards, and those that telephones put in their place.
const QUOTES: [char; 4] = ['"', '“', '”', '„'];

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_stand_in_any_order_and_phrases_as_they_are() {
        for (typed, expected) in [
            ("", vec![]),
            ("  \t ", vec![]),
            ("mam 8443", vec!["mam", "8443"]),
            ("mam\n8443\u{0}mam", vec!["mam", "8443"]),
            ("\"add server\" xms01", vec!["add server", "xms01"]),
            ("xms01 “add  server” ", vec!["xms01", "add  server"]),
            ("\"\" \"  \" x", vec!["x"]),
            ("\"open ended", vec!["\"open", "ended"]),
            ("5\" disk \"a b\"", vec!["5\"", "disk", "\"a", "b\""]),
            ("\"a\"\"b c\"", vec!["a", "b c"]),
            ("OR NOT NEAR(x) a* ^b text:c", vec!["OR", "NOT", "NEAR(x)", "a*", "^b", "text:c"]),
        ] {
            assert_eq!(words(typed), expected, "{typed}");
        }
    }
}
