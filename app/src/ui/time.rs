//! The one style of time: the instant for machines, words for people. As it is drawn it is right and names its zone; in
//! the browser `islands::live::times` ticks ages and shows the reader's own time, with UTC on hovering.

use leptos::prelude::*;
use model::{At, clock, since};

/// `2026-01-05T08:00:03Z`: what ages are counted from, in whole seconds like everything that is shown.
fn stamp(at: At) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `2026-01-05 08:00:03 UTC`.
#[component]
pub fn Time(at: At) -> impl IntoView {
    view! { <time datetime=stamp(at) data-at="">{clock::time_text(at)}</time> }
}

/// What stands behind an age, here and whenever the browser counts it again.
const AGO: &str = " ago";

/// `12 s ago`, with the instant on hovering.
#[component]
pub fn Ago(at: At, now: At) -> impl IntoView {
    let words = format!("{}{AGO}", clock::age_text(at, now));
    view! { <time datetime=stamp(at) data-ago=AGO title=clock::time_text(at)>{words}</time> }
}

/// `14 min`, and it goes on, with the instant on hovering.
#[component]
pub fn For(at: At, now: At) -> impl IntoView {
    view! {
        <time datetime=stamp(at) data-ago="" title=clock::time_text(at)>
            {clock::age_text(at, now)}
        </time>
    }
}

/// `since 2026-01-05 06:10:04 UTC (for 14 min)`; where nobody watched before, `or earlier`, and `at least`.
#[component]
pub fn Since(since: since::Since, now: At) -> impl IntoView {
    let since::Since { at, or_earlier } = since;
    // No text at all where there is none: an empty one is drawn as a blank.
    let (before, least) = (or_earlier.then_some(" or earlier"), or_earlier.then_some("at least "));
    view! { <span class="sub since">"since " <Time at /> {before} " (for " {least} <For at now /> ")"</span> }
}

/// What an appliance wrote by its own clock, which names no zone: in our style where it can be read, else as it came.
pub fn by_its_clock(text: &str) -> String {
    clock::appliance_text(text).unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_drawn_for_machines_and_for_people() {
        let (at, now) = (clock::from_millis(1_000), clock::from_millis(13_000));
        let html = view! { <Ago at now /> }.to_html();
        let (stamp, text) = ("1970-01-01T00:00:01Z", "1970-01-01 00:00:01 UTC");
        assert_eq!(html, format!("<time datetime=\"{stamp}\" data-ago=\" ago\" title=\"{text}\">12 s ago</time>"));
        assert_eq!(view! { <Time at /> }.to_html(), format!("<time datetime=\"{stamp}\" data-at=\"\">{text}</time>"));
        let text = |since| {
            let html = view! { <Since since now /> }.to_html();
            html.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect::<String>()
        };
        let since = since::Since { at, or_earlier: false };
        assert_eq!(text(since), "since 1970-01-01 00:00:01 UTC (for 12 s)");
        let since = since::Since { or_earlier: true, ..since };
        assert_eq!(text(since), "since 1970-01-01 00:00:01 UTC or earlier (for at least 12 s)");
        assert_eq!(by_its_clock("Mon Nov 30 04:11:13 2026"), "2026-11-30 04:11:13");
        assert_eq!(by_its_clock("soon"), "soon");
    }
}
