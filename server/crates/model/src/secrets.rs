//! What looks like a secret and stands where none belongs: it is neither kept nor repeated.

/// Of what somebody typed: credentials in addresses, private keys, and whatever calls itself a password.
pub fn taken_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut next_is_one = false;
    for piece in unsaid(text).split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let blank = &piece[word.len()..];
        if word.is_empty() {
            out.push_str(blank);
            continue;
        }
        if std::mem::take(&mut next_is_one) {
            out.push_str(blank);
            continue;
        }
        match value_begins(word) {
            Some(at) => {
                next_is_one = at == word.len();
                out.push_str(&word[..at]);
            }
            None => out.push_str(word),
        }
        out.push_str(blank);
    }
    out
}

/// Of a sentence that repeats what was typed: credentials in addresses, and private keys.
pub fn unsaid(text: &str) -> String {
    let text = without_keys(text);
    text.split_inclusive(char::is_whitespace).map(without_credentials).collect()
}

/// Where in `password=…`, `"secret":"…"` or `-password` the secret begins; at the end: it is the next word.
fn value_begins(word: &str) -> Option<usize> {
    const NAMES: [&str; 7] = ["password", "passwd", "passphrase", "pwd", "secret", "token", "apikey"];
    let lower = word.to_ascii_lowercase();
    if lower.starts_with('-') && NAMES.iter().any(|name| lower.ends_with(name)) {
        return Some(word.len());
    }
    let ends = NAMES.iter().filter_map(|name| lower.find(name).map(|at| at + name.len()));
    ends.filter_map(|end| {
        let rest = lower[end..].trim_start_matches(['"', '\'']);
        let value = rest.strip_prefix(['=', ':'])?;
        Some(word.len() - value.len())
    })
    .min()
}

/// A word of text, its account and password taken out where it is an address that has them.
fn without_credentials(word: &str) -> String {
    let Some(at) = word.rfind('@') else { return word.to_owned() };
    let begins = match word.find("://") {
        Some(scheme) if scheme + 3 <= at => scheme + 3,
        Some(_) => return word.to_owned(),
        None => word.len() - word.trim_start_matches(['“', '"', '\'', '(', '<', '`']).len(),
    };
    if begins > at {
        return word.to_owned();
    }
    let before = &word[begins..at];
    let authority = before.split(['/', '?', '#']).next().unwrap_or_default();
    let whole = authority.len() == before.len();
    // `host:8443/…@…` has its `@` in a path; `user:pw/w@host` has no number for a port.
    let credentials = match authority.split_once(':') {
        Some((_, port)) => whole || port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()),
        None => whole && word.contains("://"),
    };
    if credentials { format!("{}{}", &word[..begins], &word[at + 1..]) } else { word.to_owned() }
}

fn without_keys(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find("-----BEGIN ") {
        let (before, block) = rest.split_at(begin);
        out.push_str(before);
        let head = block["-----BEGIN ".len()..].split("-----").next().unwrap_or_default();
        let end = block.find("-----END ").and_then(|at| {
            let tail = &block[at + "-----END ".len()..];
            tail.find("-----").map(|more| at + "-----END ".len() + more + "-----".len())
        });
        let end = end.unwrap_or(block.len());
        if !head.contains("PRIVATE KEY") {
            out.push_str(&block[..end]);
        }
        rest = &block[end..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_an_address_are_neither_kept_nor_repeated() {
        for (typed, kept) in [
            ("https://nsroot:geheim@10.0.0.10/menu", "https://10.0.0.10/menu"),
            ("https://nsroot:ge/h@im@10.0.0.10", "https://10.0.0.10"),
            ("https://geheim@10.0.0.10", "https://10.0.0.10"),
            ("nsroot:geheim@10.0.0.10", "10.0.0.10"),
            ("socks5://u:geheim@10.9.9.9:1080", "socks5://10.9.9.9:1080"),
            ("“nsroot:geheim@10.0.0.10” is no address.", "“10.0.0.10” is no address."),
            ("10.20.30.11 xms01 7\nu:geheim@10.20.30.12 xms02", "10.20.30.11 xms01 7\n10.20.30.12 xms02"),
        ] {
            assert_eq!(taken_out(typed), kept);
            assert_eq!(unsaid(typed), kept);
        }
        for plain in
            ["https://10.0.0.10:8443/a@b", "ada@example.com", "[2001:db8::1]:443", "a: b@c", "", "@", "://@", "x://"]
        {
            assert_eq!(unsaid(plain), if plain == "://@" { "://" } else { plain });
        }
    }

    #[test]
    fn whatever_calls_itself_a_password_goes() {
        for (typed, kept) in [
            ("user=a password=geheim x", "user=a password= x"),
            ("set system user nsroot -password geheim -timeout 3", "set system user nsroot -password  -timeout 3"),
            ("{\"password\":\"geheim\"}", "{\"password\":"),
            ("Password: geheim", "Password: "),
            ("api_token=geheim", "api_token="),
        ] {
            assert_eq!(taken_out(typed), kept, "{typed}");
        }
        for plain in ["the password was changed", "xms-password-policy", "10.20.30.11 xms01\r\n10.20.30.12"] {
            assert_eq!(taken_out(plain), plain);
        }
    }

    #[test]
    fn a_private_key_goes_and_a_certificate_stays() {
        let (cert, key) = (
            "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n",
            "-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----",
        );
        assert_eq!(taken_out(&format!("{cert}{key} x")), format!("{cert} x"));
        assert_eq!(taken_out(&format!("{cert}{}", &key[..40])), cert, "also one that was cut off");
    }
}
