//! What surrounds a long list: counts that filter, a field to look for text, the way to the other pages. All of it is
//! links and a plain form, so that a view can be passed on and works without script.

use crate::ui::{
    badge::{tone_icon, tone_name},
    notice::Note,
};
use http::request::Parts;
use leptos::prelude::*;
use leptos_router::location::Url;
use model::{
    listing::{ListForm, Sheet, WantedState},
    state::Tone,
};

/// Fields of an address by their names.
pub type Fields = Vec<(&'static str, String)>;

/// An address with those fields that say something.
pub fn address(path: &str, fields: &[(&'static str, String)]) -> String {
    let said = fields.iter().map(|(name, value)| (name, value.trim())).filter(|(_, value)| !value.is_empty());
    let parts: Vec<String> = said.map(|(name, value)| format!("{name}={}", Url::escape(value))).collect();
    if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
}

/// Reads a field of an address: path and query, as a browser asked for it. Not by the router, which decodes twice.
pub fn field(address: &str) -> impl Fn(&str) -> Option<String> + use<> {
    let query = address.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    move |name| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
}

/// Reads a field of the address of the page that is being drawn.
pub fn asked_field() -> impl Fn(&str) -> Option<String> {
    let uri = use_context::<Parts>().map(|parts| parts.uri).unwrap_or_default();
    field(&uri.to_string())
}

/// The list's own fields, for an address.
pub fn fields(form: &ListForm) -> Fields {
    form.fields().into_iter().map(|(name, value)| (name, value.to_owned())).collect()
}

/// The same with another value in one of them, from the first page on.
fn with(fields: &[(&'static str, String)], name: &'static str, value: &str) -> Fields {
    let kept = fields.iter().filter(|(known, _)| *known != name && *known != "page").cloned();
    kept.chain([(name, value.to_owned())]).collect()
}

/// Where a list stands: its path, what stands in its address, and the words for what is in it.
#[derive(Clone)]
pub struct Place {
    pub path: String,
    pub fields: Fields,
    /// `cluster`, `clusters`.
    pub one: &'static str,
    pub many: &'static str,
    /// What many are in one state, for a link that shows those.
    pub word: fn(Tone) -> &'static str,
}

impl Place {
    fn at(&self, name: &'static str, value: &str) -> String {
        address(&self.path, &with(&self.fields, name, value))
    }

    /// Where `name` says which page of the list it is: a page of the console may have several lists.
    fn page(&self, name: &'static str, page: usize) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let others = self.fields.iter().filter(|(known, _)| *known != name).cloned();
        address(&self.path, &others.chain([(name, page)]).collect::<Fields>())
    }

    pub fn value(&self, name: &str) -> String {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

/// How many there are in each state, each a link that shows those alone.
pub fn counts<T>(place: &Place, sheet: &Sheet<T>, form: &ListForm) -> impl IntoView + use<T> {
    let which = form.which();
    let link = |code: &'static str, wanted: WantedState, count: usize, mark: Option<Tone>, text: String| {
        let href = place.at("state", code);
        view! {
            <li>
                <a href=href aria-current=(which == wanted).then_some("true") data-tone=mark.map(tone_name)>
                    {mark
                        .map(|tone| {
                            view! {
                                <span class="badge-icon" aria-hidden="true">
                                    {tone_icon(tone)}
                                </span>
                            }
                        })} <b>{count}</b> " " {text}
                </a>
            </li>
        }
    };
    let troubled = sheet.troubled();
    let of_several = sheet.counts.iter().filter(|(tone, _)| tone.is_trouble()).count() > 1;
    let trouble = (of_several || which == WantedState::Trouble)
        .then(|| link(WantedState::TROUBLE, WantedState::Trouble, troubled, None, "to look at".to_owned()));
    let mut shown: Vec<(Tone, usize)> = sheet.counts.clone();
    if let WantedState::Only(tone) = which
        && !shown.iter().any(|(known, _)| *known == tone)
    {
        // What is shown is named, even when nothing of it is left.
        shown.push((tone, 0));
    }
    let tones: Vec<_> = shown
        .into_iter()
        .map(|(tone, count)| {
            link(tone.code(), WantedState::Only(tone), count, Some(tone), (place.word)(tone).to_owned())
        })
        .collect();
    let all = link("", WantedState::All, sheet.found(), None, "in all".to_owned());
    let label = format!("{}, by state", capital(place.many));
    view! {
        <nav class="by-state" aria-label=label>
            <ul>{trouble} {tones} {all}</ul>
        </nav>
    }
}

/// A field for text, and whatever else is chosen beside it.
pub fn search(place: &Place, label: &'static str, beside: Option<AnyView>) -> impl IntoView + use<> {
    let (text, state) = (place.value("text"), place.value("state"));
    let clear = (!text.trim().is_empty()).then(|| {
        let href = place.at("text", "");
        view! { <a href=href>"Without this text"</a> }
    });
    view! {
        <form method="get" action=place.path.clone() class="filters" role="search">
            <label>
                <span>{label}</span>
                <input type="search" name="text" value=text />
            </label>
            {beside}
            {(!state.is_empty()).then(|| view! { <input type="hidden" name="state" value=state /> })}
            <button type="submit" class="button">
                "Show"
            </button>
            {clear}
        </form>
    }
}

/// What of the address could not be meant.
pub fn remarks<T>(sheet: &Sheet<T>) -> impl IntoView + use<T> {
    sheet.remarks.iter().map(|sentence| view! { <Note sentence=sentence.clone() tone="warn" /> }).collect_view()
}

/// Which part is shown, and the way to the others; nothing where there are no others.
pub fn pager<T>(place: &Place, sheet: &Sheet<T>) -> Option<impl IntoView + use<T>> {
    pager_of(place, "page", sheet)
}

/// The same for one of several lists of a page, by the field that says which page of it is shown.
pub fn pager_of<T>(place: &Place, name: &'static str, sheet: &Sheet<T>) -> Option<impl IntoView + use<T>> {
    let (page, pages) = (sheet.page, sheet.pages);
    let link = |to: usize, rel: &'static str, text: &'static str| {
        view! {
            <a class="button" href=place.page(name, to) rel=rel>
                {text}
            </a>
        }
    };
    (pages > 1).then(|| {
        let label = format!("Pages of the {}", place.many);
        view! {
            <nav class="pager" aria-label=label>
                {(page > 1).then(|| link(page - 1, "prev", "Previous"))} <span>{sheet.span()}</span>
                {(page < pages).then(|| link(page + 1, "next", "Next"))}
            </nav>
        }
    })
}

/// Nothing fits what is looked for: said, with the way back to all.
pub fn nothing<T>(place: &Place, sheet: &Sheet<T>) -> Option<impl IntoView + use<T>> {
    (sheet.fit == 0 && sheet.all > 0).then(|| {
        let sentence = match sheet.all {
            1 => format!("The only {} does not fit what is looked for.", place.one),
            all => format!("None of {all} {} fits what is looked for.", place.many),
        };
        view! {
            <div class="empty">
                <p>{sentence}</p>
                <a class="button" href=place.path.clone()>
                    "Show all"
                </a>
            </div>
        }
    })
}

pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_an_address_comes_out_as_it_was() {
        for text in ["mam 8443", "a&state=bad", "50 % + more", "Köln “Süd”", "x=y?z#w", "</title>", "a%26b", "100%25"]
        {
            let form = ListForm { text: text.into(), state: "bad".into(), page: "2".into() };
            let there = address("/clusters/7/members", &fields(&form));
            assert_eq!(ListForm::read(field(&there)), form, "{there}");
            assert!(!there.contains(['"', '<', ' ']), "{there}");
        }
        assert_eq!(address("/", &fields(&ListForm::default())), "/");
        assert_eq!(ListForm::read(field("/?text=a+b")).text, "a b", "as a browser's form writes it");
    }

    #[test]
    fn another_filter_begins_with_the_first_page() {
        let form = ListForm { text: "berlin".into(), state: String::new(), page: "3".into() };
        let word = |tone: Tone| tone.word();
        let place = Place { path: "/".into(), fields: fields(&form), one: "cluster", many: "clusters", word };
        assert_eq!(place.at("state", "bad"), "/?text=berlin&state=bad");
        let page = |name, page| place.page(name, page);
        assert_eq!((page("page", 4), page("page", 1)), ("/?text=berlin&page=4".into(), "/?text=berlin".into()));
        assert_eq!(page("kept", 2), "/?text=berlin&page=3&kept=2", "a second list on it");
    }
}
