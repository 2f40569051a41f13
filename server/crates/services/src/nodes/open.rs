//! What a node shows and says without an account: ports, certificates, pages, version, clock.

use super::{
    doors::Doors,
    target::{BRIEF, ENROLMENT, MANAGEMENT, Target, at_port, digits},
    trouble::trouble,
};
use futures::future::join_all;
use model::{
    At,
    certkey::CertFacts,
    node::{Door, Keys, NodeFacts, PortFact, Told, Trouble, TroubleKind, Web},
};
use xms::{Error, Leaf, Port, Trust, probes, probes::Product};

/// The ports that devices and this console use, and by which name the client knows them.
const PORTS: [(u16, Port); 3] = [(443, Port::Enrolment), (8443, Port::Enrolment), (MANAGEMENT, Port::Management)];

/// One port, and what only the management port tells.
struct Heard {
    port: PortFact,
    version: Option<String>,
    /// The `Date` of its answer, and when that came.
    date: Option<(String, At)>,
}

impl Doors {
    /// One look without an account: the certificate of each port, then a page behind it. Whose certificate changed is
    /// asked nothing more. The ports are asked at the same time, and one that is silent delays no other.
    pub(super) async fn look_open(&self, target: &Target) -> NodeFacts {
        let leaves = join_all(PORTS.map(|(number, port)| async move {
            let node = at_port(target, number, Trust::SystemRoots);
            (number, port, probes::leaf(&node, port, BRIEF).await)
        }))
        .await;
        let changed = match leaves.iter().find(|(number, ..)| *number == MANAGEMENT) {
            Some((_, _, Ok(leaf))) => {
                let keys = Keys { tls: Some(digits(leaf.fingerprint)), ssh: None };
                self.learn_keys(target, &keys, self.ground.now()).await || target.keys.changed.is_some()
            }
            _ => false,
        };
        let heard = join_all(leaves.into_iter().map(|(number, port, leaf)| async move {
            let heard = match leaf {
                Ok(leaf) if changed => Heard { port: shown(&leaf), version: None, date: None },
                Ok(leaf) => self.ask(target, number, port, &leaf).await,
                Err(error) => Heard { port: silent(&error), version: None, date: None },
            };
            (number, heard)
        }))
        .await;
        let at = self.ground.now();
        let mut facts = NodeFacts::new(target.address);
        let mut trouble = None;
        for (number, heard) in heard {
            if number == MANAGEMENT {
                trouble.clone_from(&heard.port.trouble);
                facts.version = heard.version.map(|version| Told::new(at, version));
                let ahead = heard.date.and_then(|(date, at)| ahead(&date, at));
                facts.clock = ahead.map(|seconds| Told::new(at, seconds));
            }
            facts.ports.insert(number, Told::new(at, heard.port));
        }
        if changed {
            let sentence = format!("{} shows another certificate than was accepted.", target.address);
            trouble = Some(Trouble::new(TroubleKind::KeyChanged, sentence));
        }
        facts.tries.insert(Door::Open, Told::new(at, trouble));
        facts
    }

    /// Nothing secret is sent, so that whoever showed this certificate may answer.
    async fn ask(&self, target: &Target, number: u16, port: Port, leaf: &Leaf) -> Heard {
        let mut heard = Heard { port: shown(leaf), version: None, date: None };
        let prober = match self.pool.prober(target, number, port, leaf.fingerprint).await {
            Ok(prober) => prober,
            Err(trouble) => {
                fail(&mut heard.port, trouble);
                return heard;
            }
        };
        let answer = match number {
            MANAGEMENT => prober.version().await.map(|probed| {
                heard.version = Some(probed.value.as_str().to_owned());
                heard.date = probed.date.map(|date| (date, self.ground.now()));
                Web::Serves { enrolment: None }
            }),
            ENROLMENT => {
                prober.server_info().await.map(|probed| Web::Serves { enrolment: probed.value.enrolment_enabled })
            }
            _ => match prober.login_page().await.map(|probed| probed.value.product) {
                Ok(Product::Nine) => Ok(Web::Foreign),
                // This port may want a client certificate, which only devices have, or may serve devices alone.
                Err(Error::Tls(_) | Error::Transport { .. }) => return heard,
                Ok(Product::Ten | Product::Unknown) | Err(Error::Http { status: 400..500, .. }) => {
                    Ok(Web::Serves { enrolment: None })
                }
                Err(error) => Err(error),
            },
        };
        match answer {
            Ok(web) => heard.port.web = Some(web),
            Err(error) => {
                heard.port.web = served(&error);
                fail(&mut heard.port, trouble(&error));
            }
        }
        heard
    }
}

/// What an error says of the web server; nothing where none was reached.
fn served(error: &Error) -> Option<Web> {
    match error {
        Error::Http { status, .. } => Some(Web::Error { status: *status }),
        Error::Api(answer) => Some(Web::Error { status: answer.http }),
        Error::Timeout { .. } | Error::Transport { .. } => Some(Web::Silent),
        Error::Decode { .. } => Some(Web::Foreign),
        _ => None,
    }
}

fn fail(port: &mut PortFact, trouble: Trouble) {
    port.problem = Some(trouble.sentence.clone());
    port.trouble = Some(trouble);
}

fn silent(error: &Error) -> PortFact {
    let mut port = PortFact::default();
    fail(&mut port, trouble(error));
    port
}

/// What stands in a certificate.
fn shown(leaf: &Leaf) -> PortFact {
    let facts = leaf.facts();
    let second = |second: i64| At::from_second(second).ok();
    PortFact {
        sha256: Some(digits(leaf.fingerprint)),
        subject: leaf.subject(),
        chain: leaf.chain_length,
        rsa_bits: facts.as_ref().and_then(|facts| facts.rsa_bits).and_then(|bits| u32::try_from(bits).ok()),
        certificate: facts.map(|facts| CertFacts {
            subject: Some(facts.subject).filter(|text| !text.is_empty()),
            issuer: Some(facts.issuer).filter(|text| !text.is_empty()),
            names: facts.names,
            not_before: second(facts.not_before),
            not_after: second(facts.not_after),
            days: None,
            status: None,
        }),
        ..PortFact::default()
    }
}

/// Seconds by which the node's clock is ahead of ours, from its `Date` header.
fn ahead(date: &str, now: At) -> Option<i64> {
    let theirs = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
    Some(theirs.as_second() - now.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_header_tells_how_far_a_clock_is_off() {
        let now: At = "2026-01-05T08:00:10Z".parse().unwrap();
        assert_eq!(ahead("Mon, 05 Jan 2026 08:00:40 GMT", now), Some(30));
        assert_eq!(ahead("Mon, 05 Jan 2026 08:00:00 GMT", now), Some(-10));
        assert_eq!(ahead("yesterday", now), None);
    }
}
