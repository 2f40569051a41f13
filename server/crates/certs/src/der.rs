//! What is to be known of DER before anything reads it.

/// What follows the header of a DER or BER sequence.
pub(crate) fn content(bytes: &[u8]) -> Option<&[u8]> {
    let (tag, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    // Long forms say in their low bits how many bytes of length follow; 0x80 is BER's "until the end".
    let skip = if *length > 0x80 { usize::from(length & 0x7f) } else { 0 };
    (*tag == 0x30).then(|| rest.get(skip..)).flatten()
}
