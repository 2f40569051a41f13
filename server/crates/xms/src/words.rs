//! Words of the wire as enums that keep what they do not know.

/// Makes an enum of words with `Other(String)`; reading ignores case.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $($text:literal)|+;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$word_doc])* $variant,)*
            /// A word that we do not know, as written.
            Other(String),
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                let word = text.trim();
                $(if [$($text),+].iter().any(|known| word.eq_ignore_ascii_case(known)) {
                    return Self::$variant;
                })*
                Self::Other(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                text.to_owned().into()
            }
        }

        impl $name {
            /// The word as the server writes it first.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => [$($text),+][0],)*
                    Self::Other(text) => text,
                }
            }

            /// Whether we know the word.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Other(_))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use words;
