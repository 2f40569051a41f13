//! Ages that go on by themselves, and times in the reader's own zone.

use super::words;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, js_sys::Date};

/// All ages of the page, counted to `now` in milliseconds by the server's clock.
pub fn tick(document: &Document, now: f64) {
    each(document, "time[data-ago]", |element| show(element, now));
}

/// From when the page is, for whoever prints it.
pub fn date(document: &Document, now: f64) {
    let Ok(Some(drawn)) = document.query_selector("#drawn time") else { return };
    if let Some(instant) = Date::new(&JsValue::from_f64(now)).to_iso_string().as_string() {
        let _ = drawn.set_attribute("datetime", &instant);
        show(&drawn, now);
    }
}

/// All times of the page: after it was drawn, and wherever something of it was.
pub fn show_all(document: &Document, now: f64) {
    each(document, "time[datetime]", |element| show(element, now));
}

fn each(document: &Document, selector: &str, act: impl Fn(&Element)) {
    let Ok(found) = document.query_selector_all(selector) else { return };
    for index in 0..found.length() {
        if let Some(element) = found.get(index).and_then(|node| node.dyn_into::<Element>().ok()) {
            act(&element);
        }
    }
}

/// One of them. What reads the same already is left alone: somebody may have marked it.
pub fn show(element: &Element, now: f64) {
    let Some(instant) = element.get_attribute("datetime") else { return };
    let at = Date::parse(&instant);
    if at.is_nan() {
        return;
    }
    let (text, hover) = match element.get_attribute("data-ago") {
        #[expect(clippy::cast_possible_truncation, reason = "an age in seconds")]
        Some(after) => (words::age(((now - at) / 1000.0).floor() as i64) + &after, local(at)),
        None if element.has_attribute("data-at") => (local(at), utc(at)),
        None => return,
    };
    if element.text_content().as_deref() != Some(&text) {
        match element.first_child().filter(|child| child.next_sibling().is_none() && child.node_type() == 3) {
            Some(child) => child.set_node_value(Some(&text)),
            None => element.set_text_content(Some(&text)),
        }
    }
    if element.get_attribute("title").as_deref() != Some(&hover) {
        let _ = element.set_attribute("title", &hover);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "minutes east of Greenwich")]
fn local(at: f64) -> String {
    let date = Date::new(&JsValue::from_f64(at));
    let parts = [
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes(),
        date.get_seconds(),
    ];
    words::moment(parts) + " " + &words::zone(-date.get_timezone_offset() as i32)
}

fn utc(at: f64) -> String {
    let date = Date::new(&JsValue::from_f64(at));
    let parts = [
        date.get_utc_full_year(),
        date.get_utc_month() + 1,
        date.get_utc_date(),
        date.get_utc_hours(),
        date.get_utc_minutes(),
        date.get_utc_seconds(),
    ];
    words::moment(parts) + " UTC"
}
