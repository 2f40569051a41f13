//! Makes an element as another one without taking anything out of somebody's hands: what stays is never taken out and
//! put in again, so that focus, selection, caret and scrolling stay with it, and what a person opened stays open.

use super::times;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Node};

const ELEMENT: u16 = 1;

/// Same name, same key: `from` becomes like `to`, with all that is in it. `to` is used up.
pub fn morph(from: &Element, to: &Element, now: f64) {
    if from.is_equal_node(Some(to)) {
        return;
    }
    attributes(from, to);
    if from.local_name() == "time" && from.has_attribute("datetime") {
        times::show(from, now);
    } else {
        children(from, to, now);
    }
}

/// Attributes alone.
pub fn attributes(from: &Element, to: &Element) {
    let name = from.local_name();
    let theirs = |attribute: &str| match attribute {
        // Whether it is open is its reader's business.
        "open" => name == "details",
        "title" => name == "time",
        "value" => is_focused(from),
        _ => false,
    };
    let names = |element: &Element| -> Vec<String> {
        element.get_attribute_names().iter().filter_map(|name| name.as_string()).collect()
    };
    for attribute in names(to).into_iter().filter(|name| !theirs(name)) {
        let value = to.get_attribute(&attribute).unwrap_or_default();
        if from.get_attribute(&attribute).as_deref() != Some(&value) {
            let _ = from.set_attribute(&attribute, &value);
        }
    }
    for attribute in names(from).into_iter().filter(|name| !theirs(name)) {
        if !to.has_attribute(&attribute) {
            let _ = from.remove_attribute(&attribute);
        }
    }
}

fn is_focused(element: &Element) -> bool {
    let active = element.owner_document().and_then(|document| document.active_element());
    active.is_some_and(|active| active.is_same_node(Some(element)))
}

/// Alike at both ends first; between them by key, and what has none by its name.
fn children(from: &Element, to: &Element, now: f64) {
    let (olds, news) = (list(from), list(to));
    let shorter = olds.len().min(news.len());
    // Where something came or went, a notice above a table is not that table.
    let same = if olds.len() == news.len() { alike } else { twins };
    let head = olds.iter().zip(&news).take_while(|(old, new)| same(old, new)).count();
    let tail = olds.iter().rev().zip(news.iter().rev()).take(shorter - head);
    let tail = tail.take_while(|(old, new)| same(old, new)).count();
    let (olds_end, news_end) = (olds.len() - tail, news.len() - tail);
    for (old, new) in olds.iter().zip(&news).take(head).chain(olds[olds_end..].iter().zip(&news[news_end..])) {
        become_like(old, new, now);
    }
    let mut left: Vec<Option<&Node>> = olds[head..olds_end].iter().map(Some).collect();
    let mut pairs = Vec::new();
    for new in &news[head..news_end] {
        let which = |same: fn(&Node, &Node) -> bool| left.iter().position(|old| old.is_some_and(|old| same(old, new)));
        let place = which(twins).or_else(|| which(alike));
        pairs.push((place.and_then(|place| left.get_mut(place).and_then(Option::take)), new));
    }
    for gone in left.into_iter().flatten() {
        let _ = from.remove_child(gone);
    }
    let start = first_left(&olds[head..olds_end], &pairs).or_else(|| olds.get(olds_end).cloned());
    let in_hand = in_hand(from);
    let anchor = pairs
        .iter()
        .position(|(old, _)| old.is_some_and(|old| in_hand.as_ref().is_some_and(|node| old.contains(Some(node)))));
    // What is in somebody's hands stays where it is, and the others move around it.
    let (before, rest) = pairs.split_at(anchor.unwrap_or(0));
    in_order(from, before, start.clone());
    match rest.split_first() {
        Some(((Some(fixed), _), rest)) if anchor.is_some() => in_order(from, rest, fixed.next_sibling()),
        _ => in_order(from, rest, start),
    }
    for (old, new) in pairs {
        if let Some(old) = old {
            become_like(old, new, now);
        }
    }
}

/// Puts them before `next`, one after the other; those that stay in their order are stepped over, not moved.
fn in_order(parent: &Element, pairs: &[(Option<&Node>, &Node)], mut next: Option<Node>) {
    for (old, new) in pairs {
        match old {
            Some(old) if next.as_ref().is_some_and(|next| next.is_same_node(Some(old))) => next = old.next_sibling(),
            _ => {
                let _ = parent.insert_before(old.unwrap_or(new), next.as_ref());
            }
        }
    }
}

/// What has the focus, else where the selection begins.
fn in_hand(element: &Element) -> Option<Node> {
    let document = element.owner_document()?;
    let focused = document.active_element().filter(|focused| focused.local_name() != "body");
    let selected = || document.get_selection().ok().flatten().and_then(|selection| selection.anchor_node());
    focused.map(Node::from).or_else(selected)
}

/// The first of the old ones that stays.
fn first_left(olds: &[Node], pairs: &[(Option<&Node>, &Node)]) -> Option<Node> {
    let stays = |old: &&Node| pairs.iter().any(|(kept, _)| kept.is_some_and(|kept| kept.is_same_node(Some(old))));
    olds.iter().find(stays).cloned()
}

fn become_like(old: &Node, new: &Node, now: f64) {
    match (old.dyn_ref::<Element>(), new.dyn_ref::<Element>()) {
        (Some(old), Some(new)) => morph(old, new, now),
        _ if old.node_value() != new.node_value() => old.set_node_value(new.node_value().as_deref()),
        _ => {}
    }
}

fn alike(old: &Node, new: &Node) -> bool {
    if old.node_type() != new.node_type() || old.node_name() != new.node_name() {
        return false;
    }
    old.node_type() != ELEMENT || key(old) == key(new)
}

fn twins(old: &Node, new: &Node) -> bool {
    let class = |node: &Node| node.dyn_ref::<Element>().and_then(|element| element.get_attribute("class"));
    alike(old, new) && class(old) == class(new)
}

fn key(node: &Node) -> Option<String> {
    let element: &Element = node.dyn_ref()?;
    element.get_attribute("id").or_else(|| element.get_attribute("data-key"))
}

fn list(parent: &Element) -> Vec<Node> {
    let nodes = parent.child_nodes();
    (0..nodes.length()).filter_map(|index| nodes.get(index)).collect()
}

/// What had the focus keeps it, even if it had to be moved.
pub fn keeping_focus(document: &Document, act: impl FnOnce()) {
    let before = document.active_element();
    act();
    let Some(before) = before.filter(|element| element.is_connected()) else { return };
    let now = document.active_element();
    if now.is_none_or(|now| !now.is_same_node(Some(&before)))
        && let Some(element) = before.dyn_ref::<web_sys::HtmlElement>()
    {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}
