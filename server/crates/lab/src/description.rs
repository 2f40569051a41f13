//! The one line that tells a test where everything is (`DESIGN.md` section 5).

use serde::Serialize;
use std::net::Ipv4Addr;

/// Addresses and accounts of a running lab; serialises to the JSON object of `cargo xtask lab --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Description {
    /// The appliances: one, or the two of a pair, the primary first.
    pub netscaler: Vec<NetscalerDescription>,
    /// The nodes, in the order of [`Options::nodes`](crate::Options::nodes); those of further sites are in [`Lab::sites`](crate::Lab::sites).
    pub xms: Vec<XmsDescription>,
    /// `127.0.0.1:port` of the SOCKS5 proxy.
    pub socks: String,
    /// Base address of the control API.
    pub control: String,
}

/// One appliance.
#[derive(Clone, Debug, Serialize)]
pub struct NetscalerDescription {
    /// `primary` or, in a pair, `secondary`: at the start, for roles can change.
    pub role: String,
    /// Base address of NITRO in the clear.
    pub http: String,
    /// Base address of NITRO over TLS.
    pub https: String,
    /// The superuser.
    pub user: String,
    /// As given, or made at start.
    pub password: String,
    /// The logical address, as targets of faults and the SOCKS proxy know it.
    pub nsip: Ipv4Addr,
    /// SHA-256 of the HTTPS certificate, in lower-case hexadecimal digits.
    pub fingerprint: String,
}

/// One stand-in for a XenMobile node.
#[derive(Clone, Debug, Serialize)]
pub struct XmsDescription {
    /// The logical address.
    pub ip: Ipv4Addr,
    /// The IPv4 address as one number, most significant byte first.
    pub node_id: String,
    /// The console and the REST API, port 4443.
    pub management: String,
    /// Enrolment and app management, port 8443.
    pub enrolment: String,
    /// `127.0.0.1:port` of the command line.
    pub ssh: Option<String>,
    /// The console's and the REST API's account, the same on all nodes.
    pub user: String,
    /// Made at start.
    pub password: String,
    /// The command line's account, of another store.
    pub cli_user: String,
    /// Made at start, the same on all nodes.
    pub cli_password: String,
    /// SHA-256 of the certificate on 443, 8443 and 4443, in lower-case hexadecimal digits; the same on all nodes.
    pub fingerprint: String,
    /// Of this node's SSH host key, as OpenSSH writes it.
    pub ssh_fingerprint: String,
}

/// Values that are free in this lab, for the forms of a demo.
#[derive(Clone, Debug, Serialize)]
pub struct Suggestions {
    /// Two addresses without a virtual server.
    pub vips: Vec<Ipv4Addr>,
    /// A name for a new cluster.
    pub fqdn: String,
    /// The appliance's logical address, reached through the SOCKS proxy.
    pub nsip: Ipv4Addr,
    /// The appliance's account.
    pub user: String,
    /// Its password.
    pub password: String,
    /// Addresses of the nodes.
    pub nodes: Vec<Ipv4Addr>,
    /// The account of every node; passwords are in the description.
    pub node_user: String,
}
