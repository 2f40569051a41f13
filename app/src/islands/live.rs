//! `Live`: keeps a page true while somebody looks at it.

use leptos::prelude::*;

/// Opens the page's event stream and replaces elements by id with what the server sends.
///
/// A hidden tab closes its stream and opens it again when it is shown; the server then sends the present state, so
/// nothing has to be remembered here. Sets `html[data-hydrated]` as the sign that the browser's half is awake, and
/// `html[data-live]` to `on` or `off`.
#[island]
pub fn Live(
    /// Address of the stream, made by the server for this page; empty where the page has nothing that moves.
    stream: String,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::start(stream);
    #[cfg(not(feature = "hydrate"))]
    let _ = stream;
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::{cell::RefCell, rc::Rc};
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{Document, EventSource, MessageEvent, VisibilityState};

    pub fn start(stream: String) {
        let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
        mark(&document, "data-hydrated", "true");
        if stream.is_empty() {
            return;
        }
        let open: Rc<RefCell<Option<EventSource>>> = Rc::default();
        follow(&document, &stream, &open);
        let for_change = document.clone();
        let on_change = Closure::<dyn Fn()>::new(move || {
            if for_change.visibility_state() == VisibilityState::Hidden {
                if let Some(source) = open.take() {
                    source.close();
                    mark(&for_change, "data-live", "off");
                }
            } else if open.borrow().is_none() {
                follow(&for_change, &stream, &open);
            }
        });
        let _ = document.add_event_listener_with_callback("visibilitychange", on_change.as_ref().unchecked_ref());
        // It lives as long as the document does.
        on_change.forget();
    }

    fn follow(document: &Document, stream: &str, open: &Rc<RefCell<Option<EventSource>>>) {
        let Ok(source) = EventSource::new(stream) else { return };
        listen(&source, "open", {
            let document = document.clone();
            move |_| mark(&document, "data-live", "on")
        });
        listen(&source, "error", {
            let (document, source) = (document.clone(), source.clone());
            move |_| {
                let was_open = document.document_element().is_some_and(|root| root.has_attribute("data-live"));
                if !was_open {
                    return;
                }
                mark(&document, "data-live", "off");
                // Not to be had any more, as after signing out elsewhere: the page itself says why. One that never
                // was to be had is left alone, or it would load again and again.
                if source.ready_state() == EventSource::CLOSED {
                    reload();
                }
            }
        });
        listen(&source, "replace", {
            let document = document.clone();
            move |event| replace(&document, &event)
        });
        // The session ended, or the page's object is gone: the server's own page says which.
        listen(&source, "reload", |_| reload());
        *open.borrow_mut() = Some(source);
    }

    fn reload() {
        if let Some(window) = web_sys::window() {
            let _ = window.location().reload();
        }
    }

    fn listen(source: &EventSource, name: &str, act: impl Fn(MessageEvent) + 'static) {
        let closure = Closure::<dyn Fn(MessageEvent)>::new(act);
        let _ = source.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        closure.forget();
    }

    /// First line: the element's id; the rest: its new outer HTML, made by the component that drew the page.
    fn replace(document: &Document, event: &MessageEvent) {
        let Some(data) = event.data().as_string() else { return };
        let Some((id, html)) = data.split_once('\n') else { return };
        if let Some(element) = document.get_element_by_id(id) {
            element.set_outer_html(html);
        }
    }

    fn mark(document: &Document, name: &str, value: &str) {
        if let Some(root) = document.document_element() {
            let _ = root.set_attribute(name, value);
        }
    }
}
