//! Whether a name in a certificate covers a host.

/// By the rules for DNS names (RFC 9525): case does not matter, `*` stands for exactly one whole label on the left.
pub(crate) fn covers(pattern: &str, host: &str) -> bool {
    let pattern = pattern.strip_suffix('.').unwrap_or(pattern);
    let host = host.strip_suffix('.').unwrap_or(host);
    match pattern.strip_prefix("*.") {
        Some(parent) => host.split_once('.').is_some_and(|(label, rest)| {
            !label.is_empty() && parent.contains('.') && rest.eq_ignore_ascii_case(parent)
        }),
        None => !host.is_empty() && pattern.eq_ignore_ascii_case(host),
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_star_is_one_label() {
        for (pattern, host, expected) in [
            ("xm.example.com", "xm.example.com", true),
            ("XM.Example.com", "xm.example.COM.", true),
            ("*.example.com", "xm.example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com", "a.xm.example.com", false),
            ("*.example.com", ".example.com", false),
            ("x*.example.com", "xm.example.com", false),
            ("xm.*.com", "xm.example.com", false),
            ("*.com", "example.com", false),
            ("*", "xm", false),
            ("", "", false),
            ("example.com", "xm.example.com", false),
        ] {
            assert_eq!(covers(pattern, host), expected, "{pattern} and {host}");
        }
    }
}
