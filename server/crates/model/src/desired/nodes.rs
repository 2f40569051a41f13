//! The Nodes step: which servers make up the cluster, and the number of each.

use super::{Desired, Form, Step, StepAbout};
use crate::{fields::FieldErrors, names};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

pub(super) const ABOUT: StepAbout = StepAbout {
    slug: "nodes",
    title: "Nodes",
    procedure: "Procedure 1 and 1.1",
    why: "The servers that make up the cluster. Each becomes a server object on the NetScaler; its node ID becomes the server ID of its MAM member, so that sessions find their node.",
    is_described: |desired| !desired.nodes.is_empty(),
    part: |desired| Desired { nodes: desired.nodes.clone(), ..Desired::default() },
    left_out: Some(|desired| Desired { nodes: Vec::new(), ..desired }),
    needs: &[],
    until: "",
};

/// One XMS server as a load-balanced back end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Name of the NetScaler `server` object, where none with this address exists yet.
    pub name: String,
    pub address: Ipv4Addr,
    /// Its number, as its members of the MAM group carry it; `None`: not known yet. Text, because what a node calls
    /// itself is compared, not computed with (`xenmobile.md` 5.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// The Nodes step as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NodesForm {
    /// One node a line: address, a name for its server object, its node ID; the last two may be left out.
    pub nodes: String,
}

impl Form for NodesForm {
    const STEP: Step = Step::Nodes;

    fn of(desired: &Desired) -> Option<Self> {
        let line = |node: &Node| match &node.id {
            Some(id) => format!("{} {} {id}", node.address, node.name),
            None => format!("{} {}", node.address, node.name),
        };
        let lines: Vec<String> = desired.nodes.iter().map(line).collect();
        (!lines.is_empty()).then(|| Self { nodes: lines.join("\n") })
    }

    fn apply(&self, latest: &Desired) -> Result<Desired, FieldErrors> {
        let nodes = parse(&self.nodes).map_err(|sentence| FieldErrors::one("nodes", sentence))?;
        Ok(Desired { nodes, ..latest.clone() })
    }
}

/// Nodes, one a line: `10.20.30.11`, `10.20.30.11 xms01` or `10.20.30.11 xms01 169090571`.
fn parse(typed: &str) -> Result<Vec<Node>, String> {
    let mut nodes: Vec<Node> = Vec::new();
    for (index, line) in typed.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        nodes.push(parse_line(line).map_err(|sentence| format!("Line {}: {sentence}", index + 1))?);
    }
    if nodes.is_empty() {
        return Err("Give at least one node, one address a line, for example “192.0.2.11 xms01”.".into());
    }
    Ok(nodes)
}

fn parse_line(line: &str) -> Result<Node, String> {
    let mut words = line.split([' ', '\t', ',', ';']).filter(|word| !word.is_empty());
    let address = names::unicast_v4(words.next().unwrap_or_default(), "a node")?;
    let (mut name, mut id) = (None, None);
    for word in words {
        match (&name, &id) {
            // A name begins with a letter, an ID is a number: which one is meant cannot be mistaken.
            (None, None) if !looks_like_id(word) => name = Some(names::object_name(word)?),
            (_, None) => id = Some(names::node_id(word)?),
            _ => return Err(format!("after address, name and node ID there is “{word}”. One node a line.")),
        }
    }
    let name = name.unwrap_or_else(|| format!("xms-{}", address.to_string().replace('.', "-")));
    Ok(Node { name, address, id })
}

fn looks_like_id(word: &str) -> bool {
    word.strip_prefix('-').unwrap_or(word).starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(typed: &str) -> Result<Vec<Node>, FieldErrors> {
        NodesForm { nodes: typed.into() }.apply(&Desired::default()).map(|desired| desired.nodes)
    }

    #[test]
    fn a_line_has_an_address_and_perhaps_a_name_and_an_id() {
        let read =
            nodes("10.20.30.11 xms01 169090571\n\n10.20.30.12\txms02\n10.20.30.13\n10.20.30.14 -1062731519").unwrap();
        assert_eq!(read[0].id.as_deref(), Some("169090571"));
        assert_eq!((read[1].name.as_str(), read[1].id.as_deref()), ("xms02", None));
        assert_eq!(read[2].name, "xms-10-20-30-13");
        assert_eq!(read[3].id.as_deref(), Some("-1062731519"));
        let desired = Desired { nodes: read.clone(), ..Desired::default() };
        assert_eq!(NodesForm::of(&desired).unwrap().apply(&desired).unwrap().nodes, read);
    }

    #[test]
    fn every_bad_line_has_its_sentence() {
        for (typed, part) in [
            ("", "at least one node"),
            ("10.20.30", "no IPv4 address"),
            ("::1", "IPv6"),
            ("10.20.30.11 a b", "no node ID"),
            ("10.20.30.11 a 1 2", "after address"),
            ("10.20.30.11 a!", "not allowed"),
            ("10.20.30.11 a 12x", "no node ID"),
        ] {
            let errors = nodes(typed).expect_err(typed);
            assert!(errors.get("nodes").is_some_and(|said| said.contains(part)), "{typed}: {errors:?}");
        }
    }
}
