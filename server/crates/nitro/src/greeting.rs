//! The answer to "Test connection".

use crate::{
    Fingerprint, Item,
    resource::{HaNode, HaRole, NsVersion, Version},
};

/// What an appliance says about itself when asked for the first time.
#[derive(Debug, Clone, PartialEq)]
pub struct Greeting {
    /// The version text as written.
    pub text: String,
    /// Release and build; `None` when the text is of another form.
    pub version: Option<Version>,
    /// Its own management address, by which its peer knows it; `None` when this account may not read it.
    pub address: Option<String>,
    /// Its role; `None` when this account may not read it.
    pub role: Option<HaRole>,
    /// The other node of the pair.
    pub peer: Option<Peer>,
    /// The certificate of this connection; `None` with plain HTTP.
    pub fingerprint: Option<Fingerprint>,
}

/// The other node of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Its host name.
    pub name: Option<String>,
    /// Its management address.
    pub address: Option<String>,
    /// Its role.
    pub role: Option<HaRole>,
    /// `UP` when healthy.
    pub status: Option<String>,
}

impl Greeting {
    pub(crate) fn new(version: &NsVersion, nodes: &[Item<HaNode>], fingerprint: Option<Fingerprint>) -> Self {
        let peer = nodes.iter().find(|node| !node.is_self()).map(|node| Peer {
            name: node.name.clone(),
            address: node.ipaddress.clone(),
            role: node.state.clone(),
            status: node.hastatus.clone(),
        });
        let own = nodes.iter().find(|node| node.is_self());
        Self {
            text: version.version.clone(),
            version: version.parse(),
            address: own.and_then(|own| own.ipaddress.clone()),
            role: own.and_then(|own| own.state.clone()),
            peer,
            fingerprint,
        }
    }
}
