//! NITRO's words as enums. Unknown words are kept, never guessed: "unknown is never green".

wire::words! {
    /// What the appliance says about a virtual server, member or monitor; the long words of `config`, the short ones
    /// of `stat` (`nitro.md` 3.0).
    StateWord {
        Up = "UP",
        Down = "DOWN",
        Unknown = "UNKNOWN",
        Busy = "BUSY",
        /// Disabled by an administrator.
        OutOfService = "OUT OF SERVICE",
        /// Draining.
        GoingOutOfService = "GOING OUT OF SERVICE",
        /// Its probes failed while it drained.
        DownWhenGoingOutOfService = "DOWN WHEN GOING OUT OF SERVICE",
        Disabled = "DISABLED",
        /// Short for out of service.
        Ofs = "OFS",
        /// Short for going out of service.
        Trofs = "TROFS",
        /// Short for down when going out of service.
        TrofsDown = "TROFS_DOWN",
    }

    /// What an administrator wants.
    AdminState {
        Enabled = "ENABLED",
        Disabled = "DISABLED",
    }

    /// The sum of a service group's members (`nitro.md` 3.7).
    GroupState {
        Up = "UP",
        Down = "DOWN",
        OutOfService = "OUT OF SERVICE",
        /// At least one is up, the rest is not.
        PartialUp = "PARTIAL-UP",
        /// None is up, at least one down, the rest out of service.
        PartialDown = "PARTIAL-DOWN",
    }

    /// The protocol of a virtual server or service group.
    ServiceType {
        SslBridge = "SSL_BRIDGE",
        Ssl = "SSL",
        SslTcp = "SSL_TCP",
        Http = "HTTP",
        Tcp = "TCP",
        Any = "ANY",
    }

    /// How a virtual server keeps a client on one member.
    Persistence {
        None = "NONE",
        SourceIp = "SOURCEIP",
        CookieInsert = "COOKIEINSERT",
        SslSession = "SSLSESSION",
        Rule = "RULE",
        UrlPassive = "URLPASSIVE",
        CustomServerId = "CUSTOMSERVERID",
        DestIp = "DESTIP",
        SrcIpDestIp = "SRCIPDESTIP",
    }

    /// The role of a node of a pair.
    HaRole {
        Primary = "Primary",
        Secondary = "Secondary",
        Unknown = "UNKNOWN",
        Claiming = "CLAIMING",
    }

    /// What kind of installation it is.
    SystemType {
        StandAlone = "Stand-alone",
        Ha = "HA",
        Cluster = "Cluster",
    }

    /// What an address of the appliance is for.
    IpType {
        Nsip = "NSIP",
        Snip = "SNIP",
        Vip = "VIP",
        Mip = "MIP",
        Clip = "CLIP",
    }
}

impl StateWord {
    /// Serves clients. Every other word, known or not, is not up.
    pub fn is_up(&self) -> bool {
        *self == Self::Up
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_as_they_were() {
        for word in [
            "UP",
            "DOWN",
            "UNKNOWN",
            "BUSY",
            "OUT OF SERVICE",
            "GOING OUT OF SERVICE",
            "DOWN WHEN GOING OUT OF SERVICE",
            "DISABLED",
            "OFS",
            "TROFS",
            "TROFS_DOWN",
            "NS_EMPTY_STR",
        ] {
            assert_eq!(StateWord::from(word).to_string(), word);
        }
        assert_eq!(StateWord::from("Unknown"), StateWord::Unknown);
    }

    #[test]
    fn an_unknown_word_is_kept_and_is_not_up() {
        let word = StateWord::from("UP-ISH");
        assert_eq!(word, StateWord::Other("UP-ISH".to_owned()));
        assert!(!word.is_up());
        assert_eq!(serde_json::to_string(&word).unwrap(), "\"UP-ISH\"");
    }

    #[test]
    fn roles_are_compared_without_case() {
        assert_eq!(HaRole::from("PRIMARY"), HaRole::Primary);
    }
}
