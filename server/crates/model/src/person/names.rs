//! Names to sign in with: none looks like another.

use crate::{fields::FieldErrors, names, passwords::check_password};
use unicode_normalization::UnicodeNormalization;
use unicode_security::{GeneralSecurityProfile, MixedScript, skeleton};

/// A name as it is kept: what looks the same is written the same (NFKC).
pub fn spelled(typed: &str) -> String {
    typed.trim().nfkc().collect()
}

/// What a name looks like to somebody who reads it quickly (UTS 39): `аdа` with Cyrillic letters looks like `ada`.
fn looks(name: &str) -> String {
    let lower: String = spelled(name).to_lowercase();
    // `0` looks like a capital O, and `O` like what people mean by it.
    skeleton(&lower).collect::<String>().to_lowercase()
}

/// A name to sign in with, which nobody takes for one of `others`.
pub fn sign_in_name(typed: &str, others: &[String]) -> Result<String, String> {
    let name = names::title(&spelled(typed), "the person")?;
    let fits = |c: char| "._-@".contains(c) || (c.is_alphanumeric() && c.identifier_allowed());
    if !name.chars().all(fits) {
        return Err("A sign-in name has letters, digits, dot, hyphen, underscore and @, and no blanks.".into());
    }
    if !name.chars().any(char::is_alphanumeric) {
        return Err("A sign-in name has at least one letter or digit.".into());
    }
    if !name.as_str().is_single_script() {
        return Err("This name mixes letters of several scripts, so that it may look like another one. \
             Write it with the letters of one."
            .into());
    }
    let looks_like = looks(&name);
    let twin = others.iter().find(|other| looks(other) == looks_like);
    match twin {
        Some(twin) if twin.to_lowercase() == name.to_lowercase() => {
            Err(format!("There is already a person called {twin}. Choose another name."))
        }
        Some(twin) => Err(format!("This name looks like {twin}, who is there already. Choose another name.")),
        None => Ok(name),
    }
}

/// A new person's name and password.
pub fn check_new(name: &str, password: &str, others: &[String]) -> Result<String, FieldErrors> {
    let mut errors = FieldErrors::default();
    let known = spelled(name);
    let name = errors.keep("name", sign_in_name(name, others));
    errors.keep("password", check_password(password, &known));
    match name {
        Some(name) if errors.is_empty() => Ok(name),
        _ => Err(errors),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_names_look_alike() {
        let there = ["ada".to_owned(), "olga".to_owned(), "Jürgen".to_owned()];
        let name = |typed: &str| sign_in_name(typed, &there);
        for (typed, part) in [
            ("\u{430}d\u{430}", "several scripts"),
            ("\u{430}da", "several scripts"),
            ("ADA", "already a person called ada"),
            ("\u{ff41}\u{ff44}\u{ff41}", "already a person called ada"),
            ("0lga", "looks like olga"),
            ("Ju\u{308}rgen", "already a person called Jürgen"),
            ("two words", "no blanks"),
            ("ada\u{200b}", "invisible"),
            ("ada\u{202e}nimda", "invisible"),
            ("a<b>", "letters, digits"),
            ("\u{1f980}", "letters, digits"),
            ("...", "at least one"),
        ] {
            let sentence = name(typed).expect_err(typed);
            assert!(sentence.contains(part), "{typed}: {sentence}");
        }
        for (typed, kept) in [
            ("vera", "vera"),
            (" b.o_b-2@example.com ", "b.o_b-2@example.com"),
            ("Жанна", "Жанна"),
            ("北京", "北京"),
            ("e\u{301}va", "éva"),
        ] {
            assert_eq!(name(typed).as_deref(), Ok(kept), "{typed}");
        }
        // Letters of one script that look like another's: taken only while nobody is called so.
        assert!(sign_in_name("\u{430}\u{441}\u{430}", &["aca".to_owned()]).unwrap_err().contains("looks like aca"));
        assert!(name("\u{430}\u{441}\u{430}").is_ok());
    }
}
