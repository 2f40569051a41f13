//! Reasons are values: a sentence is for people, and nobody in the product decides by what one says.

use crate::{
    circles::{CRATES, modules},
    process::root,
};
use anyhow::{Result, bail};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use std::path::Path;

/// What sentences are called.
const SENTENCES: &[&str] = &["sentence", "sentences", "note", "summary", "reason", "why", "problem", "trouble"];

/// What looks into a text.
const LOOKS: &[&str] = &["contains", "starts_with", "ends_with", "find", "strip_prefix", "strip_suffix", "split_once"];

/// What hands the text on as it is, or nearly.
const SAME: &[&str] =
    &["as_str", "as_ref", "as_deref", "clone", "to_string", "to_lowercase", "to_ascii_lowercase", "trim"];

/// Files that may, and why.
const KNOWN: &[(&str, &str)] = &[
    ("server/crates/wire/src/connection.rs", "the resolver's failures have no kind of their own"),
    ("server/crates/wire/src/problem.rs", "the type of the verifier's own errors is not public"),
];

pub fn check() -> Result<()> {
    let mut wrong = Vec::new();
    let mut met = Vec::new();
    for name in CRATES {
        let src = Path::new(name).join("src");
        for module in modules::read(&root().join(&src))?.values() {
            let file = src.join(&module.file).display().to_string();
            let looks = module.items.iter().flat_map(|item| looks(item.to_token_stream()));
            let known = KNOWN.iter().any(|(known, _)| *known == file);
            for look in looks {
                if known {
                    met.push(file.clone());
                } else {
                    wrong.push(format!("{file}: {look}"));
                }
            }
        }
    }
    for (file, _) in KNOWN.iter().filter(|(file, _)| !met.iter().any(|met| met == file)) {
        wrong.push(format!("{file} looks into no sentence any more; take it from the list in xtask/src/reasons.rs"));
    }
    if !wrong.is_empty() {
        bail!(
            "Somebody decides by the text of a sentence. Give the reason a value of its own, and ask that:\n{}",
            wrong.join("\n")
        );
    }
    Ok(())
}

/// Each place in the text of a program that decides by a sentence.
fn looks(tokens: TokenStream) -> Vec<String> {
    let flat = flat(tokens);
    let words: Vec<&str> = flat.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    for at in 0..words.len() {
        let rest = &words[at..];
        let shown = |rest: &[&str]| rest.iter().take(8).copied().collect::<String>();
        if SENTENCES.contains(&words[at]) || rest.starts_with(&["to_string", "(", ")"]) {
            let after = same(called(&rest[1..]));
            if after.first() == Some(&".") && after.get(1).is_some_and(|method| LOOKS.contains(method)) {
                found.push(shown(rest));
            }
            let is_text = |words: &[&str]| words.first().is_some_and(|word| word.starts_with('"') && *word != "\"\"");
            if let [sign, "=", text @ ..] = after
                && ["=", "!"].contains(sign)
                && is_text(text)
            {
                found.push(shown(rest));
            }
        }
    }
    found
}

/// Behind the parentheses of a call without arguments.
fn called<'a, 'b>(words: &'a [&'b str]) -> &'a [&'b str] {
    words.strip_prefix(&["(", ")"]).unwrap_or(words)
}

/// Behind calls that give the same text.
fn same<'a, 'b>(words: &'a [&'b str]) -> &'a [&'b str] {
    match words {
        [".", method, "(", ")", rest @ ..] if SAME.contains(method) => same(rest),
        _ => words,
    }
}

/// Bodies of macros are tokens as well.
fn flat(tokens: TokenStream) -> Vec<String> {
    let mut all = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                all.push(open.to_owned());
                all.extend(flat(group.stream()));
                all.push(close.to_owned());
            }
            other => all.push(other.to_string()),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        looks(text.parse().unwrap()).len()
    }

    #[test]
    fn whoever_looks_into_a_sentence_is_found() {
        for text in [
            "if error.sentence.starts_with(\"The NetScaler\") {}",
            "error.sentence().contains(x)",
            "matches!(e, E(sentence) if sentence.ends_with('.'))",
            "finding.sentence.as_str() == \"No.\"",
            "if note != \"gone\" {}",
            "error.to_string().to_lowercase().contains(\"lookup\")",
        ] {
            assert_eq!(count(text), 1, "{text}");
        }
    }

    #[test]
    fn saying_one_is_no_look() {
        for text in [
            "format!(\"{}\", error.sentence())",
            "sentence.is_empty()",
            "sentence == other",
            "summary != \"\"",
            "words.contains(&sentence)",
            "error.kind == ReadErrorKind::Silent",
            "sentence.trim_end_matches('.')",
        ] {
            assert_eq!(count(text), 0, "{text}");
        }
    }
}
