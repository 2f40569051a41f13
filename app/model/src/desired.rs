//! The desired state of a cluster's load balancing: what the set-up steps describe.

use crate::{fields::FieldErrors, names};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, net::Ipv4Addr};

/// One XMS server as a load-balanced back end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Name of the NetScaler `server` object, where none with this address exists yet.
    pub name: String,
    pub address: Ipv4Addr,
}

/// How a device stays on its node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Persistence {
    /// What the vendor asks for on clusters (CTX227406).
    #[default]
    SourceIp,
    SslSession,
}

impl Persistence {
    /// As NITRO spells it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SourceIp => "SOURCEIP",
            Self::SslSession => "SSLSESSION",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::SourceIp, Self::SslSession].into_iter().find(|p| p.word().eq_ignore_ascii_case(word))
    }
}

impl fmt::Display for Persistence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.word().fmt(f)
    }
}

/// One port of the MDM address: a virtual server and the group behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listener {
    pub port: u16,
    pub vserver: String,
    pub group: String,
}

/// MDM load balancing: `SSL_BRIDGE`, devices reach it from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mdm {
    pub vip: Ipv4Addr,
    pub persistence: Persistence,
    /// Minutes, 2 to 1440 (`nitro.md` 3.11).
    pub timeout: u16,
    pub listeners: Vec<Listener>,
}

/// Everything that the steps described so far. Absent steps are `None`: nothing is planned for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desired {
    #[serde(default)]
    pub nodes: Vec<Node>,
    #[serde(default)]
    pub mdm: Option<Mdm>,
}

/// The MDM step as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MdmForm {
    pub vip: String,
    pub port: String,
    pub persistence: String,
    pub timeout: String,
    pub vserver: String,
    pub group: String,
    /// One node a line: address, then a name for its server object if one is wanted.
    pub nodes: String,
}

impl MdmForm {
    /// The form of a step that nobody has filled in: defaults with reasons, addresses left to people.
    pub fn fresh(cluster_title: &str) -> Self {
        let slug = names::slug(cluster_title);
        Self {
            port: "443".into(),
            persistence: Persistence::default().word().into(),
            timeout: "20".into(),
            vserver: format!("xms-{slug}-mdm-443"),
            group: format!("xms-{slug}-mdm-443-sg"),
            ..Self::default()
        }
    }

    /// The form that would make this desired state; `None` when the MDM step was never saved.
    pub fn of(desired: &Desired) -> Option<Self> {
        let mdm = desired.mdm.as_ref()?;
        let listener = mdm.listeners.first()?;
        let lines: Vec<String> = desired.nodes.iter().map(|node| format!("{} {}", node.address, node.name)).collect();
        Some(Self {
            vip: mdm.vip.to_string(),
            port: listener.port.to_string(),
            persistence: mdm.persistence.word().into(),
            timeout: mdm.timeout.to_string(),
            vserver: listener.vserver.clone(),
            group: listener.group.clone(),
            nodes: lines.join("\n"),
        })
    }

    /// Reads the form into the desired state of nodes and MDM.
    pub fn parse(&self) -> Result<Desired, FieldErrors> {
        let mut errors = FieldErrors::default();
        let vip = errors.keep("vip", names::unicast_v4(&self.vip, "the MDM virtual server"));
        let port = errors.keep("port", names::port(&self.port));
        let persistence = errors.keep(
            "persistence",
            Persistence::from_word(self.persistence.trim()).ok_or_else(|| {
                "SSL_BRIDGE knows two ways to keep a device on its node: SOURCEIP and SSLSESSION. Choose one."
                    .to_owned()
            }),
        );
        let timeout = errors.keep("timeout", persistence_minutes(&self.timeout));
        let vserver = errors.keep("vserver", names::object_name(&self.vserver));
        let group = errors.keep("group", names::object_name(&self.group));
        let nodes = errors.keep("nodes", parse_nodes(&self.nodes));
        if let (Some(vip), Some(nodes)) = (vip, &nodes)
            && nodes.iter().any(|node| node.address == vip)
        {
            errors
                .add("vip", format!("{vip} is the address of a node. The virtual server needs an address of its own."));
        }
        match (vip, port, persistence, timeout, vserver, group, nodes) {
            (Some(vip), Some(port), Some(persistence), Some(timeout), Some(vserver), Some(group), Some(nodes))
                if errors.is_empty() =>
            {
                let listeners = vec![Listener { port, vserver, group }];
                Ok(Desired { nodes, mdm: Some(Mdm { vip, persistence, timeout, listeners }) })
            }
            _ => Err(errors),
        }
    }
}

fn persistence_minutes(typed: &str) -> Result<u16, String> {
    match typed.trim().parse::<u16>() {
        Ok(minutes @ 2..=1440) => Ok(minutes),
        Ok(minutes) => Err(format!("{minutes} minutes is out of range: a NetScaler takes 2 to 1440.")),
        Err(_) => Err(format!("“{}” is no number of minutes. Give 2 to 1440; 20 is usual.", typed.trim())),
    }
}

/// Nodes, one a line: `10.20.30.11` or `10.20.30.11 xms01`.
fn parse_nodes(typed: &str) -> Result<Vec<Node>, String> {
    let mut nodes: Vec<Node> = Vec::new();
    let (mut addresses, mut taken) = (BTreeSet::new(), BTreeSet::new());
    for (index, line) in typed.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let at = |sentence: String| format!("Line {}: {sentence}", index + 1);
        let mut words = line.split([' ', '\t', ',', ';']).filter(|word| !word.is_empty());
        let address = names::unicast_v4(words.next().unwrap_or_default(), "a node").map_err(at)?;
        let name = match words.next() {
            Some(word) => names::object_name(word).map_err(at)?,
            None => format!("xms-{}", address.to_string().replace('.', "-")),
        };
        if let Some(more) = words.next() {
            return Err(at(format!("after address and name there is “{more}”. One node a line.")));
        }
        if !addresses.insert(address) {
            return Err(at(format!("{address} stands here twice. A node is a member once.")));
        }
        if !taken.insert(name.to_ascii_lowercase()) {
            return Err(at(format!("the name {name} is already given to another node.")));
        }
        nodes.push(Node { name, address });
    }
    if nodes.is_empty() {
        return Err("Give at least one node, one address a line, for example “10.20.30.11 xms01”.".into());
    }
    Ok(nodes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> MdmForm {
        MdmForm {
            vip: "10.20.40.51".into(),
            nodes: "10.20.30.11 xms01\n\n10.20.30.12\txms02\n10.20.30.13".into(),
            ..MdmForm::fresh("Berlin")
        }
    }

    #[test]
    fn a_filled_form_is_a_desired_state_and_back() {
        let desired = filled().parse().unwrap();
        assert_eq!(desired.nodes.len(), 3);
        assert_eq!(desired.nodes[2].name, "xms-10-20-30-13");
        let mdm = desired.mdm.as_ref().unwrap();
        assert_eq!((mdm.listeners[0].port, mdm.timeout), (443, 20));
        assert_eq!(mdm.listeners[0].vserver, "xms-berlin-mdm-443");
        let again = MdmForm::of(&desired).unwrap().parse().unwrap();
        assert_eq!(again, desired);
    }

    #[test]
    fn every_bad_input_has_a_sentence_beside_its_field() {
        type Edit = fn(&mut MdmForm);
        let cases: &[(&str, Edit)] = &[
            ("vip", |f| f.vip = "vip".into()),
            ("vip", |f| f.vip = "10.20.30.11".into()),
            ("port", |f| f.port = "0".into()),
            ("port", |f| f.port = "70000".into()),
            ("persistence", |f| f.persistence = "COOKIEINSERT".into()),
            ("timeout", |f| f.timeout = "1".into()),
            ("timeout", |f| f.timeout = "soon".into()),
            ("vserver", |f| f.vserver = "bad name!".into()),
            ("group", |f| f.group = "9lives".into()),
            ("nodes", |f| f.nodes = String::new()),
            ("nodes", |f| f.nodes = "10.20.30.11\n10.20.30.11".into()),
            ("nodes", |f| f.nodes = "10.20.30.11 a\n10.20.30.12 A".into()),
            ("nodes", |f| f.nodes = "10.20.30.11 a b".into()),
            ("nodes", |f| f.nodes = "10.20.30.11 a;rm".into()),
        ];
        for (field, edit) in cases {
            let mut form = filled();
            edit(&mut form);
            let errors = form.parse().expect_err(field);
            assert!(errors.get(field).is_some(), "{field}: {errors:?}");
        }
    }
}
