//! `gatehouse lab`: the simulated appliances alone.

use super::{knobs::Knobs, tell};
use crate::stopping::Stop;
use lab::Seed;

#[derive(clap::Args)]
pub struct Lab {
    /// First line: one JSON object with all addresses and accounts.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    knobs: Knobs,
    /// Start with an MDM virtual server already there.
    #[arg(long)]
    set_up: bool,
}

impl Lab {
    pub async fn run(self) -> anyhow::Result<()> {
        let stop = Stop::listen()?;
        let lab = self.knobs.start(if self.set_up { Seed::SetUp } else { Seed::Empty }, Vec::new()).await?;
        if self.json {
            tell(&serde_json::to_string(lab.description())?);
        } else {
            describe(&lab);
        }
        stop.asked().await;
        Ok(())
    }
}

/// The lab for people.
pub fn describe(lab: &lab::Lab) {
    let (description, suggestions) = (lab.description(), lab.suggestions());
    for netscaler in &description.netscaler {
        tell(&format!(
            "NetScaler {} ({}): account {} password {} at {} or {}",
            netscaler.nsip, netscaler.role, netscaler.user, netscaler.password, netscaler.https, netscaler.http
        ));
        tell(&format!("  its certificate's SHA-256: {}", netscaler.fingerprint));
    }
    let sites = lab.sites();
    for node in description.xms.iter().chain(sites.iter().flat_map(|site| &site.nodes)) {
        tell(&format!(
            "XMS node {}, node ID {}: console {} password {}, CLI {} password {}",
            node.ip, node.node_id, node.user, node.password, node.cli_user, node.cli_password
        ));
    }
    tell(&format!("Logical addresses are reached through the SOCKS5 proxy {}", description.socks));
    let first = (suggestions.fqdn, suggestions.vips);
    for (fqdn, vips) in std::iter::once(first).chain(sites.into_iter().map(|site| (site.fqdn, site.vips))) {
        let vips: Vec<String> = vips.iter().map(ToString::to_string).collect();
        tell(&format!("Free for virtual servers: {}; a name for a cluster: {fqdn}", vips.join(", ")));
    }
    tell(&format!("Control API: {}", description.control));
}
