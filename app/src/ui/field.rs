//! One field of a form: label, hint, input, and the sentence about what cannot stay.

use super::prose::prose;
use leptos::{either::Either, prelude::*};
use model::{
    appliance::Which,
    fields::{FormAnswer, Typed},
};

/// Values and sentences for a form's fields: the draft where there is one, what is stored otherwise.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    pub kept: Typed,
    pub stored: Typed,
}

impl Filled {
    pub fn new(kept: Option<Typed>, stored: Typed) -> Self {
        Self { kept: kept.unwrap_or_default(), stored }
    }

    pub fn value(&self, field: &str) -> String {
        self.kept.value(field).or_else(|| self.stored.value(field)).unwrap_or_default().to_owned()
    }

    pub fn error(&self, field: &str) -> Option<String> {
        self.kept.errors.get(field).map(str::to_owned)
    }

    /// A certificate (SHA-256) that the form's work found at this half, to be compared and accepted.
    pub fn certificate(&self, which: Which) -> Option<String> {
        match (which, &self.kept.answer) {
            (Which::First, Some(FormAnswer::Certificate(sha256)))
            | (Which::Second, Some(FormAnswer::SecondCertificate(sha256))) => Some(sha256.clone()),
            _ => None,
        }
    }

    /// The sentence about the form as a whole.
    pub fn problem(&self) -> Option<String> {
        self.error("")
    }
}

/// Names of the elements that describe an input, for `aria-describedby`.
fn described(name: &str, hint: bool, error: bool) -> Option<String> {
    let mut ids = Vec::new();
    if hint {
        ids.push(format!("{name}-hint"));
    }
    if error {
        ids.push(format!("{name}-error"));
    }
    (!ids.is_empty()).then(|| ids.join(" "))
}

#[component]
fn Surround(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    error: Option<String>,
    children: Children,
) -> impl IntoView {
    let invalid = error.is_some().then_some("true");
    view! {
        <div class="field" data-invalid=invalid>
            <label for=name>{label}</label>
            {children()}
            {error.map(|sentence| view! { <p class="field-error" id=format!("{name}-error")>{prose(&sentence)}</p> })}
            {(!hint.is_empty()).then(|| view! { <p class="field-hint" id=format!("{name}-hint")>{hint}</p> })}
        </div>
    }
}

/// One line of text. `kind` is the input's type; a password is never filled in.
#[component]
pub fn Text(
    filled: Filled,
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] complete: &'static str,
    /// Where the reader begins to type.
    #[prop(optional)]
    focus: bool,
    #[prop(optional)] suggestions: Vec<String>,
) -> impl IntoView {
    let error = filled.error(name);
    let value = if kind == "password" { String::new() } else { filled.value(name) };
    let list = (!suggestions.is_empty()).then(|| format!("{name}-list"));
    view! {
        <Surround name label hint error=error.clone()>
            <input
                id=name
                name=name
                type=kind
                value=value
                spellcheck="false"
                autocomplete=if complete.is_empty() { "off" } else { complete }
                list=list.clone()
                autofocus=focus
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=described(name, !hint.is_empty(), error.is_some())
            />
            {list
                .map(|id| {
                    let options = suggestions.iter().map(|text| view! { <option value=text.clone()></option> });
                    view! { <datalist id=id>{options.collect_view()}</datalist> }
                })}
        </Surround>
    }
}

/// Several lines.
#[component]
pub fn Area(
    filled: Filled,
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(default = 4)] rows: u32,
) -> impl IntoView {
    let error = filled.error(name);
    view! {
        <Surround name label hint error=error.clone()>
            <textarea
                id=name
                name=name
                rows=rows
                spellcheck="false"
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=described(name, !hint.is_empty(), error.is_some())
            >
                {filled.value(name)}
            </textarea>
        </Surround>
    }
}

/// One of several: value and text of each.
#[component]
pub fn Choice(
    filled: Filled,
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    options: Vec<(String, String)>,
) -> impl IntoView {
    let error = filled.error(name);
    let chosen = filled.value(name);
    let options = options.into_iter().map(move |(value, text)| {
        let selected = value == chosen;
        if selected {
            Either::Left(view! { <option value=value selected="selected">{text}</option> })
        } else {
            Either::Right(view! { <option value=value>{text}</option> })
        }
    });
    view! {
        <Surround name label hint error=error.clone()>
            <select
                id=name
                name=name
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=described(name, !hint.is_empty(), error.is_some())
            >
                {options.collect_view()}
            </select>
        </Surround>
    }
}

/// A file. Its name is never filled in: a browser would not let us.
#[component]
pub fn File(
    filled: Filled,
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    let error = filled.error(name);
    view! {
        <Surround name label hint error=error.clone()>
            <input
                id=name
                name=name
                type="file"
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=described(name, !hint.is_empty(), error.is_some())
            />
        </Surround>
    }
}

/// Several of several: name, text, ticked. They come in as `name[]`.
#[component]
pub fn Ticks(
    filled: Filled,
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    options: Vec<(String, String, bool)>,
) -> impl IntoView {
    let error = filled.error(name);
    let invalid = error.is_some().then_some("true");
    let options = options.into_iter().map(move |(value, text, on)| {
        view! {
            <label class="tick">
                <input type="checkbox" name=format!("{name}[]") value=value checked=on />
                <span>{text}</span>
            </label>
        }
    });
    view! {
        <fieldset class="field" data-invalid=invalid>
            <legend>{label}</legend>
            {options.collect_view()}
            {error.map(|sentence| view! { <p class="field-error">{prose(&sentence)}</p> })}
            {(!hint.is_empty()).then(|| view! { <p class="field-hint">{hint}</p> })}
        </fieldset>
    }
}
