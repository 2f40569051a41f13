//! What people see: pages drawn by their own components, read as a person reads them.

use crate::{
    bench::Bench,
    judged::{not_green, told},
};
use app::live::{Blank, Element, LivePage, Node, Sign, Tree};
use model::{
    finding::{CheckCode, Finding},
    fleet::FleetForm,
    state::Tone,
};
use services::ClusterView;

/// The moving parts of a page.
struct Page(Vec<Tree>);

/// An element of it.
struct Part {
    /// Its words, in one line.
    text: String,
    /// Every tone in it, in the order of the page.
    tones: Vec<String>,
}

impl Page {
    async fn drawn(bench: &Bench, page: LivePage) -> Self {
        let drawn = page.draw(&bench.world.services, &bench.world.cx, &Blank::default()).await.unwrap();
        Self(drawn.fragments.into_iter().map(|part| Tree::parse(part.html).unwrap()).collect())
    }

    /// The elements whose attribute has this value.
    fn parts(&self, name: &str, value: &str) -> Vec<Part> {
        let mut found = Vec::new();
        for tree in &self.0 {
            each(tree.root(), &mut |element| {
                if tree.attribute(element, name) == Some(value) {
                    found.push(Part::of(tree, element));
                }
            });
        }
        found
    }

    fn all(&self) -> Vec<Part> {
        self.0.iter().map(|tree| Part::of(tree, tree.root())).collect()
    }
}

impl Part {
    fn of(tree: &Tree, element: &Element) -> Self {
        let (mut text, mut tones) = (String::new(), Vec::new());
        each(element, &mut |inner| {
            tones.extend(tree.attribute(inner, "data-tone").map(str::to_owned));
        });
        words(tree, element, &mut text);
        Self { text: text.split_whitespace().collect::<Vec<_>>().join(" "), tones }
    }

    fn is_green(&self) -> bool {
        self.tones.first().is_some_and(|tone| tone == "good")
    }
}

fn each<'t>(element: &'t Element, act: &mut impl FnMut(&'t Element)) {
    act(element);
    for child in &element.children {
        if let Node::Element(child) = child {
            each(child, act);
        }
    }
}

fn words(tree: &Tree, element: &Element, into: &mut String) {
    for child in &element.children {
        match child {
            Node::Text(place) => {
                let text = tree.text(place);
                let text =
                    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'");
                into.push_str(&text.replace("&amp;", "&"));
            }
            Node::Element(child) => {
                // Code and times stand in the middle of sentences; what else begins is read apart.
                let apart = !matches!(tree.tag(child), "code" | "time");
                into.push_str(if apart { " " } else { "" });
                words(tree, child, into);
                into.push_str(if apart { " " } else { "" });
            }
        }
    }
}

/// As it is drawn: what is to be typed stands in code, without its quotes.
fn drawn(text: &str) -> String {
    text.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn holds(what: &str, parts: &[Part], says: &str, green: bool) -> Result<(), String> {
    let says = drawn(says);
    match parts.iter().find(|part| part.text.contains(&says)) {
        Some(part) if part.is_green() == green => Ok(()),
        Some(part) => Err(format!("{what} is {}green: {}", if green { "not " } else { "" }, part.text)),
        None => {
            let all: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
            Err(format!("{what} does not say “{says}”, but: {}", all.join(" | ")))
        }
    }
}

/// The verdict's words on the cluster's page and on the home page, green or not; title and icon.
async fn verdict(bench: &Bench, view: &ClusterView) -> Result<Page, String> {
    let (tone, words) = view.verdict();
    let (green, id) = (tone == Tone::Good, bench.id);
    let cluster = Page::drawn(bench, LivePage::Cluster(id)).await;
    holds("the cluster's page", &cluster.parts("class", "verdict"), &words, green)?;
    let home = Page::drawn(bench, LivePage::Home(FleetForm::default())).await;
    holds("the home page", &home.parts("data-key", &id.to_string()), &words, green)?;
    let sign = Sign::of(&bench.world.services.clusters().standings(&bench.world.cx).await.unwrap());
    if sign.tone != tone || sign.mark.is_empty() != green {
        return Err(format!("title and icon say {:?} “{}” where the page says {tone:?}", sign.tone, sign.mark));
    }
    Ok(cluster)
}

/// Whether the pages say what the rules found: in the verdict, and in a finding with these words, its title and its cause.
pub async fn name(bench: &Bench, view: &ClusterView, code: CheckCode, says: &str) -> Result<(), String> {
    let page = verdict(bench, view).await?;
    let named = |finding: &&Finding| finding.code == code && told(finding).contains(says);
    let finding = view.findings.iter().find(named).ok_or("no rule names it")?;
    let parts = page.parts("data-check", code.word());
    for words in [says, &finding.title, &finding.cause] {
        holds("the findings", &parts, words, false)?;
    }
    match finding.node {
        Some(node) => marked(&page, &node.to_string()),
        None => Ok(()),
    }
}

/// Whether the node that it is about is not drawn as well in the cluster's table and picture.
fn marked(page: &Page, node: &str) -> Result<(), String> {
    for (what, attribute) in [("table", "data-key"), ("picture", "data-node")] {
        let parts = page.parts(attribute, node);
        let ill = |part: &Part| part.tones.iter().any(|tone| ["bad", "warn"].contains(&tone.as_str()));
        if !parts.iter().any(ill) {
            let all: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
            return Err(format!("in the {what} the node looks well: {}", all.join(" | ")));
        }
    }
    Ok(())
}

/// Whether no page shows anything but that all is well.
pub async fn are_well(bench: &Bench) -> Result<(), String> {
    let view = bench.view().await;
    if let Some(why) = not_green(&view) {
        return Err(why);
    }
    let page = verdict(bench, &view).await?;
    let ill = |part: &Part| part.tones.iter().any(|tone| ["bad", "warn"].contains(&tone.as_str()));
    match page.all().into_iter().find(ill) {
        Some(part) => Err(format!("something on the page is not well: {}", part.text)),
        None => Ok(()),
    }
}

/// Whether the page says in these words that something is not known, and nowhere that it is well.
pub async fn call_unknown(bench: &Bench, code: CheckCode, says: &str) -> Result<(), String> {
    let page = Page::drawn(bench, LivePage::Cluster(bench.id)).await;
    let parts = page.parts("data-check", code.word());
    holds("the findings", &parts, says, false)?;
    if parts.iter().any(Part::is_green) { Err(format!("{} is called well", code.word())) } else { Ok(()) }
}
