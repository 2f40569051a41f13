//! The tables themselves. Names and defaults are those of `nitro.md` 3.5 to 3.16; which may be changed is 5.2.
//!
//! An attribute is managed when the set-up depends on it: a load-balancing method is, a comment is not, because
//! comments are for people.

use super::rules::{Attribute, Changeable, KeyPart, KindRules, ON, Preset, STATE, ValueForm};

const fn key(name: &'static str) -> KeyPart {
    KeyPart { name, form: ValueForm::Text, option: None }
}

const fn attribute(name: &'static str, option: &'static str, form: ValueForm, preset: Preset) -> Attribute {
    Attribute { name, option, positional: false, form, preset, change: Changeable::Put }
}

impl Attribute {
    const fn positional(self) -> Self {
        Self { positional: true, ..self }
    }

    const fn fixed(self) -> Self {
        Self { change: Changeable::Never, ..self }
    }

    const fn switch(self) -> Self {
        Self { change: Changeable::Switch, ..self }
    }

    const fn write_only(self) -> Self {
        Self { change: Changeable::WriteOnly, ..self }
    }
}

const PORT: KeyPart = KeyPart { form: ValueForm::Number, ..key("port") };

/// What most kinds have in common.
const fn rules(resource: &'static str, noun: &'static str, cli: &'static str, key: &'static [KeyPart]) -> KindRules {
    KindRules { resource, noun, cli, key, bound: false, changed_through: resource, actions: None, attributes: &[] }
}

/// Traffic domain. We work in the default one; an object of another one is not the one that we look for.
const TD: Attribute = attribute("td", "td", ValueForm::Number, Preset::Number(0)).fixed();

/// In service or not. Without it everything else about an object is of no use to anybody.
const SWITCH: Attribute = attribute(STATE, "state", ValueForm::Word, Preset::Text(ON)).switch();

/// 3.2
pub const FEATURE: KindRules = rules("nsfeature", "feature", "ns feature", &[key("feature")]);

/// 3.6
pub const SERVER: KindRules = KindRules {
    attributes: &[
        attribute("ipaddress", "IPAddress", ValueForm::Address, Preset::None).positional(),
        attribute("domain", "domain", ValueForm::Text, Preset::None).fixed(),
        TD,
        SWITCH,
    ],
    ..rules("server", "server", "server", &[key("name")])
};

/// 3.7
pub const SERVICE_GROUP: KindRules = KindRules {
    attributes: &[
        attribute("servicetype", "serviceType", ValueForm::Word, Preset::None).positional().fixed(),
        TD,
        // With NO every member counts as UP, whatever has happened to it.
        attribute("healthmonitor", "healthMonitor", ValueForm::Word, Preset::Text("YES")),
        // With anything else its members come from elsewhere.
        attribute("autoscale", "autoScale", ValueForm::Word, Preset::Text("DISABLED")).fixed(),
        SWITCH,
    ],
    ..rules("servicegroup", "service group", "serviceGroup", &[key("servicegroupname")])
};

/// 3.8
pub const MEMBER: KindRules = KindRules {
    bound: true,
    changed_through: "servicegroup",
    attributes: &[
        attribute("weight", "weight", ValueForm::Number, Preset::Number(1)),
        attribute("customserverid", "CustomServerID", ValueForm::Text, Preset::Text("None")),
        attribute("hashid", "hashId", ValueForm::Number, Preset::Number(0)),
        SWITCH,
    ],
    ..rules(
        "servicegroup_servicegroupmember_binding",
        "member",
        "serviceGroup",
        &[key("servicegroupname"), key("servername"), PORT],
    )
};

/// 3.11
pub const LB_VSERVER: KindRules = KindRules {
    attributes: &[
        attribute("servicetype", "serviceType", ValueForm::Word, Preset::None).positional().fixed(),
        attribute("ipv46", "IPAddress", ValueForm::Address, Preset::Text("0.0.0.0")).positional(),
        attribute("port", "port", ValueForm::Number, Preset::Number(0)).positional().fixed(),
        TD,
        attribute("persistencetype", "persistenceType", ValueForm::Word, Preset::Text("NONE")),
        attribute("timeout", "timeout", ValueForm::Number, Preset::Number(2)),
        attribute("persistencebackup", "persistenceBackup", ValueForm::Word, Preset::Text("NONE")),
        attribute("persistmask", "persistMask", ValueForm::Address, Preset::Text("255.255.255.255")),
        attribute("rule", "rule", ValueForm::Text, Preset::Text("none")),
        attribute("lbmethod", "lbMethod", ValueForm::Word, Preset::Text("LEASTCONNECTION")),
        // Never returned; reading derives it from the state word.
        SWITCH,
    ],
    ..rules("lbvserver", "virtual server", "lb vserver", &[key("name")])
};

/// 3.12
pub const LB_VSERVER_GROUP: KindRules = KindRules {
    bound: true,
    ..rules("lbvserver_servicegroup_binding", "binding", "lb vserver", &[key("name"), key("servicegroupname")])
};

/// 3.3
pub const CONFIG: KindRules = rules("nsconfig", "saved configuration", "ns config", &[]);

/// 3.13: a file's contents are sent once and never read back. A plan names the place in Gatehouse's vault, not the contents.
pub const CERT_FILE: KindRules = KindRules {
    attributes: &[attribute("filecontent", "fileContent", ValueForm::Text, Preset::None).write_only()],
    ..rules(
        "systemfile",
        "file",
        "system file",
        &[key("filename"), KeyPart { option: Some("fileLocation"), ..key("filelocation") }],
    )
};

/// 3.13. Files are replaced by `update`, which is not planned: a new certificate gets a new name.
pub const CERT_KEY: KindRules = KindRules {
    attributes: &[
        attribute("cert", "cert", ValueForm::File, Preset::None).fixed(),
        attribute("key", "key", ValueForm::File, Preset::None).fixed(),
    ],
    ..rules("sslcertkey", "certificate key", "ssl certKey", &[key("certkey")])
};

/// 3.13: an attribute of the certificate key, made and taken back by actions of its own.
pub const CERT_LINK: KindRules = KindRules {
    bound: true,
    actions: Some(("link", "unlink")),
    attributes: &[attribute("linkcertkeyname", "linkcertkeyname", ValueForm::Text, Preset::None).positional().fixed()],
    ..rules("sslcertkey", "chain", "ssl certKey", &[key("certkey")])
};

/// 3.14. The key is the virtual server alone, because binding a second server certificate replaces the first: a change
/// is one `PUT`.
pub const VSERVER_CERT: KindRules = KindRules {
    bound: true,
    attributes: &[attribute("certkeyname", "certkeyName", ValueForm::Text, Preset::None)],
    ..rules("sslvserver_sslcertkey_binding", "certificate binding", "ssl vserver", &[key("vservername")])
};

/// 3.16: nothing of it can be changed. The time to live is the zone's affair.
pub const ADDRESS_RECORD: KindRules = rules(
    "dnsaddrec",
    "address record",
    "dns addRec",
    &[KeyPart { form: ValueForm::Host, ..key("hostname") }, KeyPart { form: ValueForm::Address, ..key("ipaddress") }],
);

/// 3.15: nothing of it can be changed; another URL is another binding.
pub const APP_CONTROLLER: KindRules = KindRules {
    bound: true,
    ..rules(
        "vpnvserver_appcontroller_binding",
        "App Controller",
        "vpn vserver",
        &[key("name"), KeyPart { option: Some("appController"), ..key("appcontroller") }],
    )
};

/// 3.15, 3.26: of a session action, the store's address and nothing else (5.2).
pub const SESSION_ACTION: KindRules = KindRules {
    attributes: &[attribute("storefronturl", "storefronturl", ValueForm::Text, Preset::None)],
    ..rules("vpnsessionaction", "session action", "vpn sessionAction", &[key("name")])
};

/// 3.15
pub const GATEWAY: KindRules = KindRules {
    attributes: &[
        attribute("ipv46", "IPAddress", ValueForm::Address, Preset::Text("0.0.0.0")).fixed(),
        attribute("port", "port", ValueForm::Number, Preset::Number(0)).fixed(),
    ],
    ..rules("vpnvserver", "Gateway", "vpn vserver", &[key("name")])
};

/// 3.15
pub const GATEWAY_POLICY: KindRules = KindRules {
    bound: true,
    ..rules("vpnvserver_vpnsessionpolicy_binding", "session policy", "vpn vserver", &[key("name"), key("policy")])
};

/// 3.26
pub const SESSION_POLICY: KindRules = KindRules {
    attributes: &[attribute("action", "action", ValueForm::Text, Preset::None).fixed()],
    ..rules("vpnsessionpolicy", "session policy", "vpn sessionPolicy", &[key("name")])
};

/// 3.5
pub const ADDRESS: KindRules = KindRules {
    attributes: &[attribute("type", "type", ValueForm::Text, Preset::None).fixed()],
    ..rules("nsip", "address", "ns ip", &[KeyPart { form: ValueForm::Address, ..key("ipaddress") }])
};
