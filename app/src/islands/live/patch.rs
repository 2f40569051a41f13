//! Carries out what the server tells of an element: the other half of `live::diff`.

use super::{
    front,
    morph::{attributes, keeping_focus, morph},
    times,
};
use wasm_bindgen::JsCast;
use web_sys::{Document, DocumentFragment, Element, HtmlTemplateElement};

const NEXT: char = '\u{1e}';
const PART: char = '\u{1f}';

/// First line: the element's id; the rest: how it is now, whole.
pub fn replace(document: &Document, data: &str, now: f64) {
    let Some((id, html)) = data.split_once('\n') else { return };
    // A page without that part has nothing to keep true.
    let Some(element) = document.get_element_by_id(id) else { return };
    keeping_focus(document, || {
        whole(document, &element, html, now);
    });
}

/// What differs; `None`: the page is not what the server takes it for, and wants to be sent whole again.
pub fn patch(document: &Document, data: &str, now: f64) -> Option<()> {
    let mut acts = data.split(NEXT);
    let Some(root) = document.get_element_by_id(acts.next()?) else { return Some(()) };
    let mut done = Some(());
    keeping_focus(document, || {
        let mut last = Last::default();
        done = acts.try_for_each(|act| carry_out(document, &root, act, &mut last, now));
    });
    done
}

/// What the next place and the next instant are told by.
#[derive(Default)]
struct Last {
    place: String,
    instant: String,
}

fn carry_out(document: &Document, root: &Element, act: &str, last: &mut Last, now: f64) -> Option<()> {
    let mut parts = act.get(1..)?.split(PART);
    let place = parts.next()?;
    if act.starts_with('t') {
        last.instant = front::whole(&last.instant, parts.next()?)?;
        let mut places = place;
        while !places.is_empty() {
            let end = places.get(1..)?.find(|c: char| c.is_ascii_uppercase()).map_or(places.len(), |end| end + 1);
            let (short, rest) = places.split_at_checked(end)?;
            last.place = front::whole(&last.place, short)?;
            places = rest;
            let element = find(root, &last.place).filter(|element| element.local_name() == "time")?;
            element.set_attribute("datetime", &last.instant).ok()?;
            times::show(&element, now);
        }
        return Some(());
    }
    let element = find(root, place)?;
    match act.chars().next()? {
        'm' => whole(document, &element, parts.next()?, now),
        'a' => {
            let new = first(&read(document, &element, parts.next()?)?)?;
            (new.local_name() == element.local_name()).then(|| attributes(&element, &new))
        }
        's' => {
            let (start, gone): (u32, u32) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            let html = parts.next()?;
            let inside = element.children();
            for _ in 0..gone {
                inside.item(start)?.remove();
            }
            if html.is_empty() {
                return Some(());
            }
            // What goes in is read as what stands there: rows in a table, lines in a drawing.
            let new = read_inside(document, &element, html)?;
            element.insert_before(&new, inside.item(start).as_deref()).ok()?;
            Some(())
        }
        _ => None,
    }
}

/// By the numbers of the elements on the way.
fn find(root: &Element, place: &str) -> Option<Element> {
    let mut numbers = place.split('.').filter(|number| !number.is_empty());
    numbers.try_fold(root.clone(), |element, number| element.children().item(number.parse().ok()?))
}

fn whole(document: &Document, element: &Element, html: &str, now: f64) -> Option<()> {
    let new = first(&read(document, element, html)?)?;
    if new.local_name() == element.local_name() {
        morph(element, &new, now);
    } else {
        element.replace_with_with_node_1(&new).ok()?;
    }
    Some(())
}

fn first(fragment: &DocumentFragment) -> Option<Element> {
    fragment.first_element_child()
}

/// As something that could stand in the place of `like`.
fn read(document: &Document, like: &Element, html: &str) -> Option<DocumentFragment> {
    match like.parent_element().filter(|_| like.local_name() != "svg") {
        Some(parent) => read_inside(document, &parent, html),
        None => template(document, html),
    }
}

/// As something that stands inside of `parent`.
fn read_inside(document: &Document, parent: &Element, html: &str) -> Option<DocumentFragment> {
    if parent.namespace_uri().is_none_or(|space| !space.ends_with("svg")) {
        return template(document, html);
    }
    let drawing = first(&template(document, &("<svg>".to_owned() + html + "</svg>"))?)?;
    let fragment = document.create_document_fragment();
    while let Some(child) = drawing.first_child() {
        fragment.append_child(&child).ok()?;
    }
    Some(fragment)
}

/// Not shown, and read without regard to where it will stand.
fn template(document: &Document, html: &str) -> Option<DocumentFragment> {
    let template: HtmlTemplateElement = document.create_element("template").ok()?.dyn_into().ok()?;
    template.set_inner_html(html);
    Some(template.content())
}
