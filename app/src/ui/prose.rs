//! Sentences with something to type in them: what stands in back quotes is drawn as code.

use leptos::prelude::*;

/// The pieces in turn: words, then code, then words again. Without a closing quote all of it is words.
fn pieces(text: &str) -> Vec<(bool, &str)> {
    if text.matches('`').count() % 2 == 1 {
        return vec![(false, text)];
    }
    let numbered = text.split('`').enumerate();
    numbered.map(|(at, piece)| (at % 2 == 1, piece)).filter(|(_, piece)| !piece.is_empty()).collect()
}

/// Whatever is shown of findings, errors and advice goes through here.
pub fn prose(text: &str) -> impl IntoView + use<> {
    let drawn = pieces(text).into_iter().map(|(code, piece)| {
        let piece = piece.to_owned();
        if code { view! { <code>{piece}</code> }.into_any() } else { piece.into_any() }
    });
    drawn.collect::<Vec<_>>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_typed_is_code() {
        assert_eq!(
            pieces("Type `rm server xms01`, then `save ns config`."),
            [(false, "Type "), (true, "rm server xms01"), (false, ", then "), (true, "save ns config"), (false, ".")]
        );
        assert_eq!(pieces("`a` b"), [(true, "a"), (false, " b")]);
        assert_eq!(pieces("It’s 5 o`clock."), [(false, "It’s 5 o`clock.")], "no pair");
        assert_eq!(pieces(""), []);
        let html = view! { <p>{prose("Type `a < b`.")}</p> }.to_html();
        assert!(html.contains("<code>a &lt; b</code>") && !html.contains('`'), "{html}");
    }
}
