//! What a component drew, as a tree: enough of HTML to tell two drawings apart. It reads our own components' output and
//! nothing else; what it does not understand is sent whole.

use std::ops::Range;

/// One element with all that is in it, and the text it was read from.
#[derive(Clone, Debug)]
pub struct Tree {
    html: String,
    root: Element,
}

/// Everything is a place in the tree's text.
#[derive(Clone, Debug)]
pub struct Element {
    tag: Range<usize>,
    attributes: Vec<(Range<usize>, Range<usize>)>,
    /// From `<` to the `>` of its opening tag.
    open: Range<usize>,
    whole: Range<usize>,
    pub children: Vec<Node>,
}

#[derive(Clone, Debug)]
pub enum Node {
    Text(Range<usize>),
    Element(Element),
}

/// Elements without an end.
const VOID: [&str; 10] = ["area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"];
/// Elements whose contents are text, whatever it looks like.
const RAW: [&str; 5] = ["noscript", "script", "style", "textarea", "title"];

impl Tree {
    /// `None`: not one whole element, or not well formed.
    pub fn parse(html: String) -> Option<Self> {
        let mut reader = Reader { html: &html, at: 0 };
        let root = reader.element()?;
        let whole = reader.at == html.len();
        whole.then_some(Self { html, root })
    }

    pub fn root(&self) -> &Element {
        &self.root
    }

    pub fn text(&self, place: &Range<usize>) -> &str {
        self.html.get(place.clone()).unwrap_or_default()
    }

    pub fn tag(&self, element: &Element) -> &str {
        self.text(&element.tag)
    }

    pub fn outer(&self, element: &Element) -> &str {
        self.text(&element.whole)
    }

    /// Its opening tag, as it was written.
    pub fn open(&self, element: &Element) -> &str {
        self.text(&element.open)
    }

    pub fn attributes<'a>(&'a self, element: &'a Element) -> impl Iterator<Item = (&'a str, &'a str)> {
        element.attributes.iter().map(|(name, value)| (self.text(name), self.text(value)))
    }

    pub fn attribute<'a>(&'a self, element: &'a Element, name: &str) -> Option<&'a str> {
        self.attributes(element).find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// What an element is known by among its siblings, where it says so.
    pub fn key<'a>(&'a self, element: &'a Element) -> Option<&'a str> {
        self.attribute(element, "id").or_else(|| self.attribute(element, "data-key"))
    }
}

struct Reader<'a> {
    html: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.html.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, text: &str) -> Option<()> {
        self.rest().starts_with(text).then(|| self.at += text.len())
    }

    fn until(&mut self, ends: impl Fn(char) -> bool) -> Option<Range<usize>> {
        let length = self.rest().find(ends)?;
        self.at += length;
        Some(self.at - length..self.at)
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn element(&mut self) -> Option<Element> {
        let start = self.at;
        self.take("<")?;
        let tag = self.until(|c| c.is_whitespace() || c == '>' || c == '/')?;
        let name = self.html.get(tag.clone())?.to_owned();
        if name.is_empty() {
            return None;
        }
        let attributes = self.attributes()?;
        let closed = self.take("/>").is_some();
        if !closed {
            self.take(">")?;
        }
        let open = start..self.at;
        let children = if closed || VOID.contains(&name.as_str()) {
            Vec::new()
        } else if RAW.contains(&name.as_str()) {
            let length = self.rest().find(&format!("</{name}>"))?;
            let text = self.at..self.at + length;
            self.at += length + name.len() + 3;
            if text.is_empty() { Vec::new() } else { vec![Node::Text(text)] }
        } else {
            self.children(&name)?
        };
        Some(Element { tag, attributes, open, whole: start..self.at, children })
    }

    fn attributes(&mut self) -> Option<Vec<(Range<usize>, Range<usize>)>> {
        let mut attributes = Vec::new();
        loop {
            self.blanks();
            if self.rest().starts_with(['>', '/']) {
                return Some(attributes);
            }
            let name = self.until(|c| c.is_whitespace() || matches!(c, '=' | '>' | '/'))?;
            let value = if self.take("=").is_some() {
                self.take("\"")?;
                let value = self.until(|c| c == '"')?;
                self.take("\"")?;
                value
            } else {
                self.at..self.at
            };
            if name.is_empty() {
                return None;
            }
            attributes.push((name, value));
        }
    }

    /// Up to and with the end of `parent`. Comments are marks of the one who drew, and no part of it.
    fn children(&mut self, parent: &str) -> Option<Vec<Node>> {
        let end = format!("</{parent}>");
        let mut children = Vec::new();
        loop {
            if self.take(&end).is_some() {
                return Some(children);
            }
            let rest = self.rest();
            if rest.starts_with("<!--") {
                self.at += rest.find("-->")? + 3;
            } else if rest.starts_with("<!") {
                self.at += rest.find('>')? + 1;
            } else if rest.starts_with('<') {
                children.push(Node::Element(self.element()?));
            } else {
                children.push(Node::Text(self.until(|c| c == '<')?));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_component_draws_is_read() {
        let html = "<div id=\"x\" hidden><!><b class=\"a b\">1 &lt; 2</b><!----><br><path d=\"M1\"/>end\
                    <textarea><b></textarea></div>";
        let tree = Tree::parse(html.into()).unwrap();
        let root = tree.root();
        assert_eq!((tree.tag(root), tree.key(root), tree.attribute(root, "hidden")), ("div", Some("x"), Some("")));
        assert_eq!((tree.outer(root), tree.open(root)), (html, "<div id=\"x\" hidden>"));
        let drawn: Vec<&str> = root
            .children
            .iter()
            .map(|node| match node {
                Node::Text(place) => tree.text(place),
                Node::Element(element) => tree.outer(element),
            })
            .collect();
        let bold = "<b class=\"a b\">1 &lt; 2</b>";
        assert_eq!(drawn, [bold, "<br>", "<path d=\"M1\"/>", "end", "<textarea><b></textarea>"]);
    }

    #[test]
    fn what_is_not_one_whole_element_is_nothing() {
        for html in ["", "text", "<a>", "<a></b>", "<a></a><b></b>", "<a x=1></a>", "<a x=\"1></a>", "<a><!-- </a>"] {
            assert!(Tree::parse(html.into()).is_none(), "{html}");
        }
    }
}
