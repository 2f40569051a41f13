//! Passwords and session tokens.

/// `bytes` random bytes as upper-case hexadecimal digits.
pub(crate) fn hex(bytes: usize) -> std::io::Result<String> {
    let mut buffer = vec![0_u8; bytes];
    getrandom::fill(&mut buffer).map_err(std::io::Error::other)?;
    Ok(hex::encode_upper(buffer))
}
