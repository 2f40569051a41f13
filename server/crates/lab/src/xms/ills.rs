//! What can be wrong with the services of one node.

use super::profile::Ids;
use crate::tls::Guise;
use std::{collections::BTreeMap, net::Ipv4Addr, time::Duration};

/// One thing that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ill {
    /// Connections are accepted and counted, and nothing is ever said on them.
    WebDead,
    /// Each answer waits so long, in real time.
    Slow,
    /// Calls hang so long, in real time, and fail; zero: the profile's time.
    DbDown,
    /// The SQL account may not alter the schema: the next start ends in recovery mode.
    DbRights,
    HtmlErrors,
    /// Lab time after which a token is no longer good.
    TokenLife,
    LegacyId,
    SignedId,
    /// Reports another node's address and ID, as a cloned machine does.
    CloneIp,
    /// Reports an address and ID that nobody else knows yet.
    MovedIp,
    ClockAhead,
    ClockBehind,
    Checkin401,
    Checkin412,
    Port80Block,
    /// Port 80 closes and opens again, each for so long in lab time.
    Port80Flap,
    ClusterFlagOff,
    WrongVersion,
    ApnsExpired,
    LicenceOut,
    LdapDown,
    Recovery,
    NewHostKey,
    CloneHostKey,
    SshRsaOnly,
    OldKex,
    Banner,
    EarlyBanner,
    Front(Guise),
}

/// The words of the control API; those of `tls::GUISES` besides.
const WORDS: &[(&str, Ill)] = &[
    ("web_dead_tcp_up", Ill::WebDead),
    ("slow_ms", Ill::Slow),
    ("db_down", Ill::DbDown),
    ("db_rights", Ill::DbRights),
    ("html_errors", Ill::HtmlErrors),
    ("token_early_expiry", Ill::TokenLife),
    ("legacy_node_id", Ill::LegacyId),
    ("signed_node_id", Ill::SignedId),
    ("clone_ip", Ill::CloneIp),
    ("moved_ip", Ill::MovedIp),
    ("clock_skew", Ill::ClockAhead),
    ("clock_behind", Ill::ClockBehind),
    ("checkin_401", Ill::Checkin401),
    ("checkin_412", Ill::Checkin412),
    ("port80_block", Ill::Port80Block),
    ("port80_flap", Ill::Port80Flap),
    ("cluster_flag_off", Ill::ClusterFlagOff),
    ("wrong_version", Ill::WrongVersion),
    ("apns_expired", Ill::ApnsExpired),
    ("licence_out", Ill::LicenceOut),
    ("ldap_down", Ill::LdapDown),
    ("recovery_mode", Ill::Recovery),
    ("new_certificate", Ill::Front(Guise::Other)),
    ("cert_old", Ill::Front(Guise::Old)),
    ("cert_chain_missing", Ill::Front(Guise::Incomplete)),
    ("new_host_key", Ill::NewHostKey),
    ("clone_host_key", Ill::CloneHostKey),
    ("ssh_rsa_only", Ill::SshRsaOnly),
    ("old_kex", Ill::OldKex),
    ("banner", Ill::Banner),
    ("early_banner", Ill::EarlyBanner),
];

/// All words that nodes know.
pub(crate) fn words() -> Vec<&'static str> {
    let fronts = crate::tls::GUISES.iter().map(|(word, _)| *word);
    WORDS.iter().map(|(word, _)| *word).chain(fronts).collect()
}

pub(crate) fn ill(word: &str) -> Option<Ill> {
    let front = || crate::tls::GUISES.iter().find(|(known, _)| *known == word).map(|(_, guise)| Ill::Front(*guise));
    WORDS.iter().find(|(known, _)| *known == word).map(|(_, ill)| *ill).or_else(front)
}

/// All of it at once; the default is a healthy node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ills {
    pub wrong: BTreeMap<Ill, Duration>,
    /// What the node takes for its address, when that is not where the lab put it.
    pub address: Option<Ipv4Addr>,
    /// Half of the time of [`Ill::Port80Flap`].
    pub flapped: bool,
}

impl Ills {
    /// Makes one thing wrong. Of what cannot be at once, the last one counts.
    pub fn set(&mut self, ill: Ill, time: Duration) {
        self.wrong.retain(|other, _| !excludes(ill, *other));
        self.wrong.insert(ill, time);
        self.flapped |= ill == Ill::Port80Flap;
    }

    /// Makes it right again.
    pub fn cure(&mut self, ill: Ill) {
        self.wrong.remove(&ill);
        self.flapped &= ill != Ill::Port80Flap;
    }

    pub fn has(&self, ill: Ill) -> bool {
        self.wrong.contains_key(&ill)
    }

    pub fn time(&self, ill: Ill) -> Option<Duration> {
        self.wrong.get(&ill).copied()
    }

    /// How far the clock is ahead, in milliseconds; behind is negative.
    pub fn skew(&self) -> i64 {
        let ms = |ill| self.time(ill).map_or(0, |time| i64::try_from(time.as_millis()).unwrap_or(i64::MAX));
        ms(Ill::ClockAhead).saturating_sub(ms(Ill::ClockBehind))
    }

    /// The status of iOS check-ins, when they are refused.
    pub fn checkin(&self) -> Option<u16> {
        let refusal = |ill, status| self.has(ill).then_some(status);
        refusal(Ill::Checkin401, 401).or_else(|| refusal(Ill::Checkin412, 412))
    }

    pub fn guise(&self) -> Option<Guise> {
        self.wrong.keys().find_map(|ill| if let Ill::Front(guise) = ill { Some(*guise) } else { None })
    }

    pub fn port80_closed(&self) -> bool {
        self.has(Ill::Port80Block) || self.flapped
    }

    /// The node ID of an address as this node would write it; its own, when it believes in another one.
    pub fn node_id(&self, address: u32, ids: &Ids) -> String {
        let address = self.address.map_or(address, Ipv4Addr::to_bits);
        if self.has(Ill::LegacyId) {
            ids.legacy_base.saturating_add(u64::from(address)).to_string()
        } else if self.has(Ill::SignedId) {
            address.cast_signed().to_string()
        } else {
            address.to_string()
        }
    }
}

fn excludes(one: Ill, other: Ill) -> bool {
    let one_of = |ills: &[Ill]| ills.contains(&one) && ills.contains(&other);
    one_of(&[Ill::Checkin401, Ill::Checkin412])
        || one_of(&[Ill::LegacyId, Ill::SignedId])
        || one_of(&[Ill::CloneIp, Ill::MovedIp])
        || matches!((one, other), (Ill::Front(_), Ill::Front(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_ids_come_in_three_forms() {
        let ids = Ids { legacy_base: 8_226_125_270_000_000_000, moved_by: 100 };
        let mut ills = Ills::default();
        assert_eq!(ills.node_id(181_360_459, &ids), "181360459");
        ills.set(Ill::SignedId, Duration::ZERO);
        assert_eq!(ills.node_id(0xC0A8_0001, &ids), "-1062731775");
        ills.set(Ill::LegacyId, Duration::ZERO);
        assert_eq!(ills.node_id(181_360_459, &ids).len(), 19);
    }

    #[test]
    fn every_word_is_something_that_can_be_cured() {
        let mut ills = Ills::default();
        for word in words() {
            ills.set(ill(word).unwrap(), Duration::from_millis(7));
        }
        assert_ne!(ills, Ills::default());
        for word in words() {
            ills.cure(ill(word).unwrap());
        }
        assert_eq!(ills, Ills::default());
    }
}
