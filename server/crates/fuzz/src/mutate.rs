//! Inputs made from known ones: what is near to a real answer gets further into a decoder than noise does.

/// Numbers that look random and come again with the same seed (`SplitMix64`).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// With a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// 0 to `limit` - 1; 0 where the limit is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % limit).unwrap_or_default()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}

/// What decoders stumble over.
const TOKENS: &[&[u8]] = &[
    b"null",
    b"true",
    b"false",
    b"0",
    b"-1",
    b"1.0",
    b"\"1.0\"",
    b"1e999",
    b"65536",
    b"4294967296",
    b"-2147483649",
    b"9223372036854775808",
    b"18446744073709551616",
    b"\"\"",
    b"{}",
    b"[]",
    b"[[[[[[[[",
    b"{\"a\":{\"a\":{\"a\":",
    b"]",
    b"}",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\0",
    b"\r",
    b"\n",
    b"\r\n",
    b"\t",
    b"\x08",
    b"\x1B[2J",
    b"\x1B]0;",
    b"\x7F",
    b"\xEF\xBB\xBF",
    b"\xFC",
    b"\xC3",
    b"\xE2\x80\xAE",
    b"\xF0\x9F\x98\x80",
    "İ".as_bytes(),
    b"<html>",
    b"<?xml?>",
    b"</",
    b"/>",
    b"&amp;",
    b"&#0;",
    b"<![CDATA[",
    b"%00",
    b"%2523",
    b"://",
    b"[::1]",
    b"@",
    b"..",
    b"=",
    b";",
    b"?",
    b"*",
    b"[0]",
    b"[99999999999]",
    b"Choice: ",
    b"y/n",
    b"-----BEGIN CERTIFICATE-----\n",
    b"-----END CERTIFICATE-----\n",
    b"\x30\x80",
    b"\x30\x84\xFF\xFF\xFF\xFF",
    b"\x02\x01\x03",
    b"\"errorcode\":0,",
    b"\"errorcode\":\"x\",",
    b"\"message\":null,",
    b"\"response\":[{}],",
    b"Node ID: ",
    b"UP",
    b"None",
];

/// The longest input that is made.
pub const MAX: usize = 16 * 1024;

/// One input: a file of the corpus, or two joined, changed in some places.
pub fn input(corpus: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let pick = |dice: &mut Dice| corpus.get(dice.below(corpus.len())).map(Vec::as_slice).unwrap_or_default();
    let mut bytes = pick(dice).to_vec();
    if dice.below(8) == 0 {
        let other = pick(dice);
        let cut = dice.below(bytes.len() + 1);
        let from = dice.below(other.len() + 1);
        bytes.truncate(cut);
        bytes.extend(other.iter().skip(from));
    }
    // Mostly few changes: many of them make noise.
    let changes = 1 + dice.below(3) * dice.below(4);
    for _ in 0..changes {
        change(&mut bytes, dice);
    }
    bytes.truncate(MAX);
    bytes
}

fn change(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    let longest = [1, 4, 16, 64][dice.below(4)];
    let length = 1 + dice.below(longest);
    let range = at..at.saturating_add(length).min(bytes.len());
    let token = TOKENS[dice.below(TOKENS.len())];
    match dice.below(9) {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
        1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = dice.byte();
            }
        }
        2 => bytes.insert(at, dice.byte()),
        3 => drop(bytes.drain(range)),
        4 => {
            let copy = bytes[range].to_vec();
            let to = dice.below(bytes.len() + 1);
            bytes.splice(to..to, copy);
        }
        5 => bytes.truncate(at),
        6 => drop(bytes.splice(at..at, token.iter().copied())),
        7 => drop(bytes.splice(range, token.iter().copied())),
        _ => {
            // A whole word or text in place of another.
            let range = word(bytes, at);
            drop(bytes.splice(range, token.iter().copied()));
        }
    }
}

/// The word, number or quoted text that a place is in.
fn word(bytes: &[u8], at: usize) -> std::ops::Range<usize> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'"' | b'_' | b'.' | b'-');
    let start = bytes.iter().take(at).rposition(|byte| !part(byte)).map_or(0, |place| place + 1);
    let end = bytes.iter().skip(at).position(|byte| !part(byte)).map_or(bytes.len(), |place| at + place);
    start.min(end)..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_inputs_and_another_seed_makes_others() {
        let corpus = vec![b"{\"errorcode\":0}".to_vec(), b"<html>".to_vec()];
        let some = |seed| {
            let mut dice = Dice::new(seed);
            (0..50).map(|_| input(&corpus, &mut dice)).collect::<Vec<_>>()
        };
        assert_eq!(some(1), some(1));
        assert_ne!(some(1), some(2));
        assert!(some(1).iter().all(|input| input.len() <= MAX));
    }

    #[test]
    fn an_empty_corpus_still_makes_inputs() {
        let mut dice = Dice::new(3);
        let made: Vec<_> = (0..200).map(|_| input(&[], &mut dice)).collect();
        assert!(made.iter().any(|input| !input.is_empty()));
    }
}
