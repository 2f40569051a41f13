//! From terminal output to lines of text, wherever it was cut: escape sequences, backspaces and returns are resolved.

/// Most text kept between two prompts. A menu program that writes more is not one.
pub(crate) const MAX: usize = 256 * 1024;

/// What has been written since the last [`clear`](Self::clear).
#[derive(Debug, Clone, Default)]
pub struct Screen {
    bytes: Vec<u8>,
    /// Where the last line begins.
    line: usize,
    state: State,
    overflown: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    /// A return whose line feed may follow.
    Return,
    /// After ESC.
    Escape,
    /// After ESC and a byte that takes one more, such as `(`.
    Charset,
    /// Within `ESC [ …`.
    Control,
    /// Within `ESC ] …`, which ends with BEL or ESC \.
    Title,
    /// After ESC within a title.
    TitleEscape,
}

impl Screen {
    /// Takes what came.
    pub fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.put(byte);
        }
    }

    fn put(&mut self, byte: u8) {
        self.state = match (self.state, byte) {
            (State::Control, 0x40..=0x7E) => {
                // Moving the cursor or wiping the screen starts a line; colours and the rest change nothing.
                if matches!(byte, b'H' | b'f' | b'J' | b'd' | b'E') && self.bytes.len() > self.line {
                    self.feed();
                }
                State::Text
            }
            (State::Title, 0x07) | (State::TitleEscape, b'\\') | (State::Charset, _) => State::Text,
            (State::Title | State::TitleEscape, 0x1B) => State::TitleEscape,
            (State::Title | State::TitleEscape, _) | (State::Escape, b']') => State::Title,
            (_, 0x1B) => {
                self.settle(byte);
                State::Escape
            }
            (State::Control, _) | (State::Escape, b'[') => State::Control,
            (State::Escape, b'(' | b')' | b'#' | b'*' | b'+') => State::Charset,
            (State::Escape, _) => State::Text,
            (_, b'\r') => State::Return,
            (_, b'\n') => {
                self.feed();
                State::Text
            }
            (_, byte) => {
                self.settle(byte);
                match byte {
                    0x08 | 0x7F => self.back(),
                    b'\t' | b' '..=0x7E | 0x80.. => self.push(byte),
                    _ => {}
                }
                State::Text
            }
        };
    }

    /// A return that no line feed followed: the line is written anew. Not before something is: prompts end with one.
    fn settle(&mut self, next: u8) {
        if self.state == State::Return && next != 0x1B {
            self.bytes.truncate(self.line);
        }
    }

    fn feed(&mut self) {
        self.push(b'\n');
        self.line = self.bytes.len();
    }

    fn back(&mut self) {
        if self.bytes.len() > self.line {
            // A character of several bytes goes as one.
            while self.bytes.len() > self.line && self.bytes.pop().is_some_and(|byte| byte & 0xC0 == 0x80) {}
        }
    }

    fn push(&mut self, byte: u8) {
        if self.bytes.len() < MAX {
            self.bytes.push(byte);
        } else {
            self.overflown = true;
        }
    }

    /// Whether more was written than a menu program writes.
    pub fn overflown(&self) -> bool {
        self.overflown
    }

    /// The last line, which no line feed has ended.
    pub fn last_line(&self) -> String {
        String::from_utf8_lossy(self.bytes.get(self.line..).unwrap_or_default()).into_owned()
    }

    /// All of it.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Forgets the text; a sequence that has begun goes on.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.line = 0;
        self.overflown = false;
        if self.state == State::Return {
            self.state = State::Text;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(bytes: &[u8]) -> String {
        let mut screen = Screen::default();
        screen.write(bytes);
        screen.text()
    }

    #[test]
    fn what_a_person_would_see() {
        for (bytes, text) in [
            (&b"a\r\nb"[..], "a\nb"),
            (b"a\r\r\nb", "a\nb"),
            (b"wait 1\rwait 2\r\nok", "wait 2\nok"),
            (b"\x1B[1;32mMain\x1B[0m Menu", "Main Menu"),
            (b"\x1B]0;a title\x07x\x1B]0;b\x1B\\y", "xy"),
            (b"abc\x08\x08d", "ad"),
            ("é\u{8}x".as_bytes(), "x"),
            (b"one\x1B[2J\x1B[Htwo", "one\ntwo"),
            (b"\x1B(Bx\x00\x07y", "xy"),
            (b"Choice: [0 - 5] \r\x1B[K", "Choice: [0 - 5] "),
        ] {
            assert_eq!(shown(bytes), text, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    proptest! {
        #[test]
        fn where_it_was_cut_does_not_matter(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0_usize..200) {
            let at = at.min(bytes.len());
            let mut screen = Screen::default();
            screen.write(&bytes[..at]);
            screen.write(&bytes[at..]);
            prop_assert_eq!(screen.text(), shown(&bytes));
            prop_assert!(screen.text().ends_with(&screen.last_line()));
        }
    }
}
