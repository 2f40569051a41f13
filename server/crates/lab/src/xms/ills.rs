//! What can be wrong with the services of one node.

use std::time::Duration;

use super::profile::Ids;

/// The words of the control API.
pub(crate) const WORDS: &[&str] = &[
    "web_dead_tcp_up",
    "slow_ms",
    "db_down",
    "html_errors",
    "token_early_expiry",
    "legacy_node_id",
    "signed_node_id",
    "clock_skew",
    "checkin_401",
    "checkin_412",
    "new_certificate",
    "new_host_key",
];

/// All of it at once; the default is a healthy node.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ills {
    /// Connections are accepted and counted, and nothing is ever said on them.
    pub web_dead: bool,
    pub html_errors: bool,
    /// Real time before each answer.
    pub slow: Duration,
    /// Real time that a call hangs before it fails; zero: the profile's.
    pub db_down: Option<Duration>,
    /// Lab time after which a token is no longer good.
    pub token_life: Option<Duration>,
    pub id_form: IdForm,
    /// How far the node's clock is ahead.
    pub skew: Duration,
    /// The status of iOS check-ins.
    pub checkin: Option<u16>,
    pub keys: OtherKeys,
}

/// What the node shows instead of the keys that it had.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OtherKeys {
    /// As after a renewal; or somebody else answers.
    pub certificate: bool,
    /// As after an installation.
    pub host: bool,
}

/// How a node writes its ID.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum IdForm {
    #[default]
    Unsigned,
    Signed,
    Legacy,
}

impl Ills {
    /// Makes one thing wrong.
    pub fn set(&mut self, word: &str, ms: u64) {
        let time = Duration::from_millis(ms);
        match word {
            "web_dead_tcp_up" => self.web_dead = true,
            "html_errors" => self.html_errors = true,
            "slow_ms" => self.slow = time,
            "db_down" => self.db_down = Some(time),
            "token_early_expiry" => self.token_life = Some(time),
            "legacy_node_id" => self.id_form = IdForm::Legacy,
            "signed_node_id" => self.id_form = IdForm::Signed,
            "clock_skew" => self.skew = time,
            "checkin_401" => self.checkin = Some(401),
            "checkin_412" => self.checkin = Some(412),
            "new_certificate" => self.keys.certificate = true,
            "new_host_key" => self.keys.host = true,
            _ => {}
        }
    }

    /// Makes it right again.
    pub fn cure(&mut self, word: &str) {
        let well = Self::default();
        match word {
            "web_dead_tcp_up" => self.web_dead = false,
            "html_errors" => self.html_errors = false,
            "slow_ms" => self.slow = well.slow,
            "db_down" => self.db_down = None,
            "token_early_expiry" => self.token_life = None,
            "legacy_node_id" | "signed_node_id" => self.id_form = well.id_form,
            "clock_skew" => self.skew = well.skew,
            "checkin_401" | "checkin_412" => self.checkin = None,
            "new_certificate" => self.keys.certificate = false,
            "new_host_key" => self.keys.host = false,
            _ => {}
        }
    }

    /// The node ID of an address as this node would write it.
    pub fn node_id(&self, address: u32, ids: &Ids) -> String {
        match self.id_form {
            IdForm::Unsigned => address.to_string(),
            IdForm::Signed => address.cast_signed().to_string(),
            IdForm::Legacy => ids.legacy_base.saturating_add(u64::from(address)).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_ids_come_in_three_forms() {
        let ids = Ids { legacy_base: 8_226_125_270_000_000_000 };
        let mut ills = Ills::default();
        assert_eq!(ills.node_id(181_360_459, &ids), "181360459");
        ills.set("signed_node_id", 0);
        assert_eq!(ills.node_id(0xC0A8_0001, &ids), "-1062731775");
        ills.set("legacy_node_id", 0);
        assert_eq!(ills.node_id(181_360_459, &ids).len(), 19);
        for word in WORDS {
            ills.set(word, 7);
        }
        for word in WORDS {
            ills.cure(word);
        }
        assert_eq!(format!("{ills:?}"), format!("{:?}", Ills::default()));
    }
}
