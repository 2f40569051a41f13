//! Which passwords are taken: long ones that nobody would guess soon. No rules about digits and signs (NIST 800-63B): they
//! make passwords worse.

/// Shortest password taken; longer is better than stranger.
pub const PASSWORD_LEAST: usize = 12;
const PASSWORD_MOST: usize = 200;

/// Whoever guesses has to try so many, as a power of ten: a year of what sign-in lets through from a thousand addresses.
const GUESSES_LOG10: f64 = 8.0;

/// Words that anybody would try here first.
const OURS: [&str; 8] =
    ["gatehouse", "xenmobile", "netscaler", "citrix", "nsroot", "admin", "administrator", "console"];

/// A password to be set for whoever is called so: a sentence where it is too short, too long, or guessed too soon.
pub fn check_password(password: &str, name: &str) -> Result<(), String> {
    let length = password.chars().count();
    if length < PASSWORD_LEAST {
        return Err(format!("The password has {length} characters; at least {PASSWORD_LEAST} are needed."));
    }
    if length > PASSWORD_MOST {
        return Err(format!("The password is longer than {PASSWORD_MOST} characters."));
    }
    let known: Vec<&str> = OURS.iter().copied().chain((!name.is_empty()).then_some(name)).collect();
    let lower = password.to_lowercase();
    // The estimate knows words as they are written: a capital letter must not make our own name a stranger's.
    let guesses = [password, lower.as_str()].map(|typed| zxcvbn::zxcvbn(typed, &known).guesses_log10());
    if guesses.into_iter().fold(f64::INFINITY, f64::min) >= GUESSES_LOG10 {
        return Ok(());
    }
    let name = name.to_lowercase();
    Err(if repeats(&lower) {
        "This password repeats itself, and would be among the first that anybody tries. Take four or five words that have \
         nothing to do with each other."
    } else if (!name.is_empty() && lower.contains(&name)) || OURS.iter().any(|word| lower.contains(word)) {
        "There is a name in this password that anybody would try first: yours, or this product's. Take four or five words \
         that have nothing to do with each other."
    } else {
        "This password would be guessed soon: it is made of what many people take. Take four or five words that have \
         nothing to do with each other."
    }
    .into())
}

/// One piece again and again, the last time perhaps cut off.
fn repeats(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=chars.len() / 2).any(|size| {
        chars.iter().zip(chars.iter().cycle().skip(size)).take(chars.len() - size).all(|(one, next)| one == next)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_have_a_length() {
        assert!(check_password("twelve chars", "ada").is_ok());
        assert!(check_password("eleven char", "ada").is_err());
        assert!(check_password(&"correct horse ".repeat(15), "ada").unwrap_err().contains("longer than"));
    }

    #[test]
    fn what_anybody_tries_first_is_not_taken() {
        for (password, part) in [
            ("aaaaaaaaaaaa", "repeats"),
            ("            ", "repeats"),
            ("passwordpassword", "repeats"),
            ("abcabcabcabca", "repeats"),
            ("adaadaadaada", "repeats"),
            ("ada.lovelace", "name"),
            ("ADA.LOVELACE1", "name"),
            ("gatehouse2026", "name"),
            ("Gatehouse!123", "name"),
            ("XenMobile2026", "name"),
            ("123456789012", "guessed"),
            ("qwertyuiop123", "guessed"),
            ("Password1234", "guessed"),
            ("P@ssw0rd1234", "guessed"),
            ("iloveyou12345", "guessed"),
        ] {
            let sentence = check_password(password, "ada.lovelace").expect_err(password);
            assert!(sentence.contains(part), "{password}: {sentence}");
            assert!(!sentence.contains(password), "it is not repeated");
        }
    }

    #[test]
    fn any_signs_will_do_and_none_are_asked_for() {
        for password in [
            "correct horse battery",
            "пароль из четырёх слов",
            "nur kleine buchstaben hier",
            "7f3c19ab20de66f1",
            "ëmöjï 🦀 krabbe",
        ] {
            assert_eq!(check_password(password, "ada"), Ok(()), "{password}");
        }
    }
}
