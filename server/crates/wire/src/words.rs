//! Words of the wire as enums. Unknown words are kept, never guessed: "unknown is never green".

/// Makes enums of words, each with `Other(String)` for a word that we do not know, as written. Reading ignores case and
/// blanks around; of several spellings the other side writes the first one, and so do we.
#[macro_export]
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident {
        $($(#[$word_doc:meta])* $variant:ident = $word:literal $(| $also:literal)*,)*
    })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Hash)]
            pub enum $name {
                $($(#[$word_doc])* #[doc = concat!("`", $word, "`")] $variant,)*
                /// A word that we do not know, as written.
                Other(String),
            }

            impl $name {
                /// The other side's word.
                pub fn as_str(&self) -> &str {
                    match self {
                        $(Self::$variant => $word,)*
                        Self::Other(word) => word,
                    }
                }

                /// Whether we know the word.
                pub fn is_known(&self) -> bool {
                    !matches!(self, Self::Other(_))
                }
            }

            impl From<String> for $name {
                fn from(word: String) -> Self {
                    let trimmed = word.trim();
                    $(if [$word $(, $also)*].iter().any(|known| trimmed.eq_ignore_ascii_case(known)) {
                        return Self::$variant;
                    })*
                    Self::Other(word)
                }
            }

            impl From<&str> for $name {
                fn from(word: &str) -> Self {
                    Self::from(word.to_owned())
                }
            }

            impl ::std::fmt::Display for $name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str(self.as_str())
                }
            }

            impl ::serde::Serialize for $name {
                fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }

            impl<'de> ::serde::Deserialize<'de> for $name {
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    <String as ::serde::Deserialize>::deserialize(deserializer).map(Self::from)
                }
            }
        )*
    };
}
