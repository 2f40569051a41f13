//! Title, icon and what is read out: how things stand, for whoever does not look at the page.

use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

/// What the server said last of how things stand.
#[derive(Clone, Default)]
struct Said {
    tone: String,
    mark: String,
    name: String,
    sentence: String,
}

pub struct Sign {
    document: Document,
    /// As the server wrote it.
    title: String,
    said: RefCell<Option<Said>>,
}

impl Sign {
    pub fn new(document: Document) -> Self {
        let title = document.title();
        Self { document, title, said: RefCell::default() }
    }

    /// A line each: tone, mark, whose it is, the sentence.
    pub fn hear(&self, data: &str) {
        let mut lines = data.split('\n').map(str::to_owned);
        let mut line = || lines.next().unwrap_or_default();
        let said = Said { tone: line(), mark: line(), name: line(), sentence: line() };
        let before = self.said.replace(Some(said.clone()));
        // Only what changed is news.
        if before.is_some_and(|before| before.tone != said.tone || before.mark != said.mark) {
            self.read_out(&said.sentence);
        }
        self.show_said();
    }

    /// Title and icon as they were said last.
    pub fn show_said(&self) {
        let Some(said) = self.said.borrow().clone() else {
            self.document.set_title(&self.title);
            return;
        };
        let title = if said.mark.is_empty() {
            self.title.clone()
        } else if self.title.starts_with(&(said.name.clone() + " · ")) {
            said.mark + " " + &self.title
        } else {
            said.mark + " " + &said.name + " · " + &self.title
        };
        self.document.set_title(&title);
        self.icon(&said.tone);
    }

    /// Nothing was heard since then.
    pub fn show_stale(&self, since: &str) {
        let Some(banner) = self.banner() else { return };
        if let Ok(Some(time)) = banner.query_selector("time") {
            let _ = time.set_attribute("datetime", since);
            super::times::show(&time, 0.0);
        }
        banner.set_hidden(false);
        self.document.set_title(&(banner.get_attribute("data-title").unwrap_or_default() + " · " + &self.title));
        self.icon("stale");
        self.read_out(&banner.text_content().unwrap_or_default());
    }

    /// It is heard again.
    pub fn show_heard(&self) {
        if let Some(banner) = self.banner() {
            banner.set_hidden(true);
            self.read_out(&banner.get_attribute("data-again").unwrap_or_default());
        }
        self.show_said();
    }

    fn banner(&self) -> Option<HtmlElement> {
        self.document.get_element_by_id("no-word")?.dyn_into().ok()
    }

    fn read_out(&self, text: &str) {
        if let Some(region) = self.document.get_element_by_id("live-said") {
            region.set_text_content(Some(text));
        }
    }

    fn icon(&self, tone: &str) {
        let Some(icon) = self.document.get_element_by_id("icon") else { return };
        let Some(file) = attribute(&icon, tone) else { return };
        if icon.get_attribute("href").as_deref() != Some(&file) {
            let _ = icon.set_attribute("href", &file);
        }
    }
}

fn attribute(icon: &Element, tone: &str) -> Option<String> {
    icon.get_attribute(&("data-".to_owned() + tone))
}
