//! Percent-encoding as NITRO wants it (`nitro.md` 1.10).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but `A-Z a-z 0-9 _ . -`: the names that vendor clients send bare are made of these.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-');

/// Encodes once: values of `args` and `filter`.
pub(crate) fn once(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Encodes twice: names in the path, which the appliance decodes twice. Plain names stay as they are.
pub(crate) fn twice(text: &str) -> String {
    // A URL library folds "." and ".." away, and `DELETE server/..` would then address something else.
    if text == "." || text == ".." {
        return text.replace('.', "%252E");
    }
    once(&once(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;

    fn decode(text: &str) -> String {
        percent_decode_str(text).decode_utf8().unwrap().into_owned()
    }

    #[test]
    fn plain_names_stay_plain() {
        assert_eq!(twice("_XM_LB_MDM_xms.example.com_10.0.10.51_443"), "_XM_LB_MDM_xms.example.com_10.0.10.51_443");
    }

    #[test]
    fn reserved_characters_are_encoded_twice_in_a_path_and_once_in_a_value() {
        assert_eq!(twice("a b/c"), "a%2520b%252Fc");
        assert_eq!(once("https://xms.example.com:8443"), "https%3A%2F%2Fxms.example.com%3A8443");
    }

    #[test]
    fn dots_alone_cannot_climb_the_path() {
        assert_eq!(twice(".."), "%252E%252E");
        assert_eq!(decode(&decode(&twice(".."))), "..");
    }

    proptest! {
        #[test]
        fn what_is_encoded_can_be_decoded(name in ".*") {
            prop_assert_eq!(decode(&once(&name)), name.clone());
            prop_assert_eq!(decode(&decode(&twice(&name))), name.clone());
            prop_assert!(twice(&name).bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-%".contains(&b)));
        }
    }
}
