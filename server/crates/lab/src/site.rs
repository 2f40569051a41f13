//! One more cluster behind the same appliances, with what the procedure presupposes for it.

use crate::description::XmsDescription;
use serde::Serialize;
use std::net::Ipv4Addr;

/// A cluster besides the one that every lab has: nodes, name, certificate key and Gateway of its own.
#[derive(Clone, Debug)]
pub struct Site {
    /// On its nodes' certificate; what follows the first label is the site's domain.
    pub fqdn: String,
    /// Logical addresses of its nodes.
    pub nodes: Vec<Ipv4Addr>,
    /// Address of its Gateway. Virtual servers find free addresses beside it.
    pub gateway: Ipv4Addr,
}

impl Site {
    pub(crate) fn domain(&self) -> &str {
        self.fqdn.split_once('.').map_or(&self.fqdn, |(_, domain)| domain)
    }

    /// Name of the certificate key for every name of its domain.
    pub(crate) fn certificate(&self) -> String {
        format!("wildcard-{}", self.domain().replace('.', "-"))
    }

    /// What is laid over the nodes' profile: another name, another network, another database on the same server.
    pub(crate) fn profile(&self) -> String {
        let network = self.nodes.first().copied().unwrap_or(self.gateway).octets();
        let router = Ipv4Addr::new(network[0], network[1], network[2], 1);
        let database = format!("xmsdb_{}", self.domain().replace(['.', '-'], "_"));
        format!("[site]\nfqdn = \"{}\"\ngateway = \"{router}\"\n\n[site.database]\nname = \"{database}\"\n", self.fqdn)
    }
}

/// A further site as it runs.
#[derive(Clone, Debug, Serialize)]
pub struct SiteDescription {
    /// Its name.
    pub fqdn: String,
    /// Two addresses without a virtual server.
    pub vips: Vec<Ipv4Addr>,
    /// Its nodes.
    pub nodes: Vec<XmsDescription>,
}
