//! Where an appliance may be. Testing a connection tells an open port from a closed one, so that it must not be turned
//! towards this machine itself, nor towards what only this machine reaches.

use super::Appliances;
use crate::Failure;
use model::{
    appliance::{ConnectBy, Half, HalfField, Which},
    near::is_near,
};
use std::net::{IpAddr, SocketAddr, UdpSocket};

impl Appliances {
    /// Looks up what is dialled first: the appliance's own address, or what leads there.
    pub(super) async fn is_elsewhere(&self, which: Which, half: &Half) -> Result<(), Failure> {
        if self.may_be_here {
            return Ok(());
        }
        let (field, dialled) = match &half.connect {
            ConnectBy::Direct => {
                (HalfField::Address, format!("{}:{}", model::address::bracketed(&half.host), half.port))
            }
            ConnectBy::Map { real } => (HalfField::Via, real.clone()),
            ConnectBy::Socks5 { proxy } => (HalfField::Via, proxy.clone()),
        };
        // A name that leads nowhere is said by the connection itself.
        let found = tokio::net::lookup_host(&dialled).await.map(Iterator::collect).unwrap_or_default();
        let found: Vec<SocketAddr> = found;
        let here = found.iter().map(SocketAddr::ip).find(|ip| is_near(*ip) || is_ours(*ip));
        // What a proxy dials is reached from there; written as a loopback address it is meant for here all the same.
        let typed = half.host.parse::<IpAddr>().ok().filter(|ip| is_near(*ip));
        let Some(ip) = here.or(typed) else { return Ok(()) };
        let field = if here.is_some() { field } else { HalfField::Address };
        Err(Failure::field(
            which.field(field),
            format!(
                "{ip} is an address of the machine that Gatehouse runs on, or one that only its neighbours have; no NetScaler \
                 is managed there, and nothing was sent. Give the appliance's NSIP. Where a NetScaler is simulated on this \
                 machine, start Gatehouse with `--local-appliances`."
            ),
        ))
    }
}

/// An address of one of this machine's interfaces: nobody else can be asked to listen there.
fn is_ours(ip: IpAddr) -> bool {
    UdpSocket::bind((ip, 0)).is_ok()
}
