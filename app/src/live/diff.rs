//! What must be told to somebody who has the one drawing so that they have the other: the smallest elements that differ.
//!
//! An element is named by its place: the numbers of the elements on the way to it, from the fragment's root. The four
//! things that can be told are carried out by `islands::live::patch`. A form's one-time token (`data-once`) is new in
//! each drawing, and an age is ticked by the browser; neither is a difference.

use super::tree::{Element, Node, Tree};
use crate::islands::live::front::shortened;
use std::{collections::BTreeMap, fmt::Write as _};

/// Between two things to do, and between the parts of one. No text that we draw has them: see [`clean`].
const NEXT: char = '\u{1e}';
const PART: char = '\u{1f}';

/// What differs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Patch {
    /// In the order in which they must be done, each with [`NEXT`] before it.
    acts: String,
    /// Places of `<time>` elements by their new instants.
    times: BTreeMap<String, Vec<String>>,
}

impl Patch {
    pub fn is_empty(&self) -> bool {
        self.acts.is_empty() && self.times.is_empty()
    }

    /// The same was read again, later.
    pub fn is_times_only(&self) -> bool {
        self.acts.is_empty()
    }

    /// For the element with this id.
    pub fn message(&self, id: &str) -> String {
        let mut message = format!("{id}{}", self.acts);
        let (mut place, mut instant) = ("", "");
        for (next, places) in &self.times {
            message.extend([NEXT, 't']);
            for next in places {
                message += &shortened(place, next);
                place = next;
            }
            message.push(PART);
            message += &shortened(instant, next);
            instant = next;
        }
        message
    }

    fn act(&mut self, code: char, place: &[usize], parts: &[&str]) {
        let _ = write!(self.acts, "{NEXT}{code}{}", named(place));
        for part in parts {
            let _ = write!(self.acts, "{PART}{part}");
        }
    }
}

/// Without the characters that separate.
pub fn clean(html: String) -> String {
    if html.contains([NEXT, PART]) { html.replace([NEXT, PART], " ") } else { html }
}

pub fn diff(old: &Tree, new: &Tree) -> Patch {
    let mut walk = Walk { old, new, patch: Patch::default(), instants: 0 };
    let same = old.tag(old.root()) == new.tag(new.root());
    if same {
        walk.element(old.root(), new.root(), &mut Vec::new());
    } else {
        walk.whole(new.root(), &[]);
    }
    walk.patch
}

fn named(place: &[usize]) -> String {
    place.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
}

struct Walk<'a> {
    old: &'a Tree,
    new: &'a Tree,
    patch: Patch,
    /// How many are told so far.
    instants: usize,
}

impl Walk<'_> {
    fn whole(&mut self, element: &Element, place: &[usize]) {
        self.patch.act('m', place, &[self.new.outer(element)]);
    }

    fn element(&mut self, old: &Element, new: &Element, place: &mut Vec<usize>) {
        if self.old.outer(old) == self.new.outer(new) {
            return;
        }
        if is_time(self.old, old) && is_time(self.new, new) {
            return self.time(old, new, place);
        }
        let same_shape = self.same_shape(&old.children, &new.children);
        if !same_shape && (has_text(old) || has_text(new)) {
            return self.whole(new, place);
        }
        let (acts, times) = (self.patch.acts.len(), self.instants);
        if said(self.old, old) != said(self.new, new) {
            let (tag, open) = (self.new.tag(new), self.new.open(new));
            let end = if open.ends_with("/>") { String::new() } else { format!("</{tag}>") };
            self.patch.act('a', place, &[&format!("{open}{end}")]);
        }
        if same_shape {
            let pairs = elements(&old.children).zip(elements(&new.children)).enumerate();
            for (index, (old, new)) in pairs {
                self.child(old, new, index, place);
            }
        } else {
            self.list(old, new, place);
        }
        // A word, an icon and a colour that change together are told in less as the whole that they are.
        let told = self.patch.acts.split_off(acts);
        if self.instants == times && !told.is_empty() {
            self.whole(new, place);
            if self.patch.acts.len() - acts < told.len() {
                return;
            }
            self.patch.acts.truncate(acts);
        }
        self.patch.acts += &told;
    }

    fn child(&mut self, old: &Element, new: &Element, index: usize, place: &mut Vec<usize>) {
        place.push(index);
        self.element(old, new, place);
        place.pop();
    }

    /// Its words follow from its instant, here and in the browser.
    fn time(&mut self, old: &Element, new: &Element, place: &[usize]) {
        let besides = |tree: &Tree, element: &Element| {
            let names = tree.attributes(element).filter(|(name, _)| !["datetime", "title"].contains(name));
            names.map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>()
        };
        let instant = self.new.attribute(new, "datetime").unwrap_or_default();
        if besides(self.old, old) != besides(self.new, new) {
            self.whole(new, place);
        } else if self.old.attribute(old, "datetime") != Some(instant) {
            self.patch.times.entry(instant.to_owned()).or_default().push(named(place));
            self.instants += 1;
        }
    }

    fn alike(&self, old: &Element, new: &Element) -> bool {
        self.old.tag(old) == self.new.tag(new) && self.old.key(old) == self.new.key(new)
    }

    /// Where something came or went, a notice above a table is not that table.
    fn twins(&self, old: &Element, new: &Element) -> bool {
        self.alike(old, new) && self.old.attribute(old, "class") == self.new.attribute(new, "class")
    }

    fn same_shape(&self, old: &[Node], new: &[Node]) -> bool {
        old.len() == new.len()
            && old.iter().zip(new).all(|pair| match pair {
                (Node::Text(old), Node::Text(new)) => self.old.text(old) == self.new.text(new),
                (Node::Element(old), Node::Element(new)) => self.alike(old, new),
                _ => false,
            })
    }

    /// Elements alone, some of them new or gone: what stays is left where it is; what is between is taken out and put in.
    /// What stays in another order only the browser can move without losing it.
    fn list(&mut self, old: &Element, new: &Element, place: &mut Vec<usize>) {
        let olds: Vec<&Element> = elements(&old.children).collect();
        let news: Vec<&Element> = elements(&new.children).collect();
        let shorter = olds.len().min(news.len());
        let head = olds.iter().zip(&news).take_while(|(old, new)| self.twins(old, new)).count();
        let tail = olds.iter().rev().zip(news.iter().rev()).take(shorter - head);
        let tail = tail.take_while(|(old, new)| self.twins(old, new)).count();
        let (old_end, new_end) = (olds.len() - tail, news.len() - tail);
        let Some(between) = self.stay(&olds[head..old_end], &news[head..new_end]) else {
            return self.whole(new, place);
        };
        let between = between.into_iter().map(|(from, to)| (head + from, head + to));
        let stay: Vec<(usize, usize)> = (0..head)
            .map(|index| (index, index))
            .chain(between)
            .chain((0..tail).map(|index| (old_end + index, new_end + index)))
            .collect();
        let (mut from, mut to) = (0, 0);
        // From the left, so that what stands before is new already.
        for (old_next, new_next) in stay.iter().copied().chain([(olds.len(), news.len())]) {
            let html: String = news[to..new_next].iter().map(|element| self.new.outer(element)).collect();
            if old_next > from || !html.is_empty() {
                self.patch.act('s', place, &[&to.to_string(), &(old_next - from).to_string(), &html]);
            }
            (from, to) = (old_next + 1, new_next + 1);
        }
        for (from, to) in stay {
            self.child(olds[from], news[to], to, place);
        }
    }

    /// Places of what is known by the same key before and after; `None`: not in the same order, or not known apart.
    fn stay(&self, olds: &[&Element], news: &[&Element]) -> Option<Vec<(usize, usize)>> {
        let keys = |tree: &'_ Tree, all: &[&Element]| -> Vec<Option<String>> {
            all.iter().map(|element| tree.key(element).map(str::to_owned)).collect()
        };
        let (before, after) = (keys(self.old, olds), keys(self.new, news));
        let place = |all: &[Option<String>], key: &str| all.iter().position(|other| other.as_deref() == Some(key));
        let mut stay: Vec<(usize, usize)> = Vec::new();
        for (from, key) in before.iter().enumerate() {
            let Some((key, to)) = key.as_deref().and_then(|key| Some((key, place(&after, key)?))) else { continue };
            let known_apart = place(&before, key) == Some(from) && self.alike(olds[from], news[to]);
            if !known_apart || stay.last().is_some_and(|(_, last)| *last >= to) {
                return None;
            }
            stay.push((from, to));
        }
        Some(stay)
    }
}

/// Attributes that count.
fn said<'t>(tree: &'t Tree, element: &'t Element) -> Vec<(&'t str, &'t str)> {
    let once = tree.attribute(element, "data-once").is_some();
    tree.attributes(element).filter(|(name, _)| !(once && *name == "value")).collect()
}

/// One that the browser ticks.
fn is_time(tree: &Tree, element: &Element) -> bool {
    tree.tag(element) == "time" && tree.attributes(element).any(|(name, _)| name == "data-ago" || name == "data-at")
}

fn elements(nodes: &[Node]) -> impl DoubleEndedIterator<Item = &Element> {
    nodes.iter().filter_map(|node| match node {
        Node::Text(_) => None,
        Node::Element(element) => Some(element),
    })
}

/// A blank is text as well: one that came with an element has to go with it.
fn has_text(element: &Element) -> bool {
    element.children.iter().any(|node| matches!(node, Node::Text(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(old: &str, new: &str) -> String {
        let tree = |html: &str| Tree::parse(html.into()).unwrap();
        let patch = diff(&tree(old), &tree(new));
        if patch.is_empty() {
            return String::new();
        }
        patch.message("x").replace(NEXT, " | ").replace(PART, " ")
    }

    #[test]
    fn only_what_differs_is_told() {
        let row = |state: &str| format!("<ul><li><b>a</b></li><li><b>b</b><i>{state}</i></li></ul>");
        assert_eq!(told(&row("UP"), &row("UP")), "");
        assert_eq!(told(&row("UP"), &row("DOWN")), "x | m1.1 <i>DOWN</i>");
        let long = |class: &str| format!("<p class=\"{class}\"><b>What does not change is long enough</b></p>");
        assert_eq!(told(&long("a"), &long("b")), "x | a <p class=\"b\"></p>");
        let badge = |tone: &str, icon: &str, word: &str| {
            format!("<p><i>What stays beside it, as before</i><b class=\"{tone}\"><i>{icon}</i><i>{word}</i></b></p>")
        };
        let whole = "x | m1 <b class=\"bad\"><i>-</i><i>DOWN</i></b>";
        assert_eq!(told(&badge("good", "+", "UP"), &badge("bad", "-", "DOWN")), whole, "all of it is less than each");
        assert_eq!(told("<p>1 <b>c</b></p>", "<p>2 <b>c</b></p>"), "x | m <p>2 <b>c</b></p>");
        assert_eq!(told("<p></p>", "<div></div>"), "x | m <div></div>");
    }

    #[test]
    fn an_age_and_a_new_token_are_no_difference() {
        let age = |at: &str, words: &str| {
            format!("<p>seen <time datetime=\"{at}\" data-ago=\" ago\" title=\"{at}\">{words}</time></p>")
        };
        assert_eq!(told(&age("T1", "1 s ago"), &age("T1", "9 s ago")), "");
        assert_eq!(told(&age("T1", "1 s ago"), &age("T2", "1 s ago")), "x | tA0 AT2");
        let two = |at: &str| format!("<div>{}{}</div>", age(at, ""), age(at, ""));
        assert_eq!(told(&two("T1"), &two("T2")), "x | tA0.0A1.0 AT2", "read together, told together");
        let token = |token: &str| format!("<form><input data-once value=\"{token}\"><button>Go on 12</button></form>");
        assert_eq!(told(&token("0a"), &token("f3")), "");
        let field = |value: &str| format!("<form><input value=\"{value}\"></form>");
        assert_eq!(told(&field("1"), &field("2")), "x | m0 <input value=\"2\">");
    }

    #[test]
    fn rows_come_and_go_by_themselves() {
        let list = |keys: &[&str]| {
            let row = |key: &&str| format!("<li data-key=\"{key}\">{key}</li>");
            format!("<div><ul>{}</ul></div>", keys.iter().map(row).collect::<Vec<_>>().concat())
        };
        assert_eq!(told(&list(&["a", "b"]), &list(&["c", "a", "b"])), "x | s0 0 0 <li data-key=\"c\">c</li>");
        assert_eq!(told(&list(&["a", "b", "c"]), &list(&["a", "c"])), "x | s0 1 1 ");
        assert_eq!(told(&list(&["a", "b"]), &list(&["a", "d", "b"])), "x | s0 1 0 <li data-key=\"d\">d</li>");
        let here_and_there = told(&list(&["a", "b", "c", "d"]), &list(&["b", "n", "c", "e", "d"]));
        let come = |key: &str| format!("<li data-key=\"{key}\">{key}</li>");
        assert_eq!(here_and_there, format!("x | s0 0 1  | s0 1 0 {} | s0 3 0 {}", come("n"), come("e")));
        let moved = told(&list(&["a", "b"]), &list(&["b", "a"]));
        assert!(moved.starts_with("x | m0 <ul>"), "what stays is moved by the browser: {moved}");
        // What stays beside what comes is told under its new place.
        let old = "<ul><li data-key=\"a\"><b>1</b></li></ul>";
        let new = "<ul><li data-key=\"n\"></li><li data-key=\"a\"><b>2</b></li></ul>";
        assert_eq!(told(old, new), "x | s 0 0 <li data-key=\"n\"></li> | m1.0 <b>2</b>");
    }

    #[test]
    fn what_has_no_key_stays_beside_what_comes() {
        let table = "<div class=\"scroll\"><table><td>1</td></table></div>";
        let notice = "<div class=\"notice\">The clock was set.</div>";
        let (without, with) = (format!("<main>{table}</main>"), format!("<main>{notice}{table}</main>"));
        assert_eq!(told(&without, &with), format!("x | s 0 0 {notice}"));
        assert_eq!(told(&with, &without), "x | s 0 1 ");
    }

    #[test]
    fn a_blank_comes_and_goes_with_its_element() {
        let whole = "<p><b>1</b></p>";
        assert_eq!(told("<p><b>1</b> <i data-key=\"k\">2</i></p>", whole), format!("x | m {whole}"));
    }

    #[test]
    fn what_separates_is_in_no_text() {
        assert_eq!(clean("a\u{1e}b\u{1f}c".into()), "a b c");
    }
}
