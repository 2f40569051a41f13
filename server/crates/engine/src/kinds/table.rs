//! The tables themselves. Names and defaults are those of `nitro.md` 3.5 to 3.16; which may be changed is 5.2.
//!
//! An attribute is managed when the set-up depends on it: a load-balancing method is, a comment is not, because
//! comments are for people.

use super::rules::{Attribute, Change, Form, KeyPart, ON, Preset, Rules, STATE};

const fn key(name: &'static str) -> KeyPart {
    KeyPart { name, form: Form::Text, option: None }
}

const fn attribute(name: &'static str, option: &'static str, form: Form, preset: Preset) -> Attribute {
    Attribute { name, option, positional: false, form, preset, change: Change::Put }
}

impl Attribute {
    const fn positional(self) -> Self {
        Self { positional: true, ..self }
    }

    const fn fixed(self) -> Self {
        Self { change: Change::Never, ..self }
    }

    const fn switch(self) -> Self {
        Self { change: Change::Switch, ..self }
    }

    const fn write_only(self) -> Self {
        Self { change: Change::WriteOnly, ..self }
    }
}

const PORT: KeyPart = KeyPart { form: Form::Number, ..key("port") };

/// What most kinds have in common.
const fn rules(resource: &'static str, noun: &'static str, cli: &'static str, key: &'static [KeyPart]) -> Rules {
    Rules { resource, noun, cli, key, bound: false, changed_through: resource, actions: None, attributes: &[] }
}

/// Traffic domain. We work in the default one; an object of another one is not the one that we look for.
const TD: Attribute = attribute("td", "td", Form::Number, Preset::Number(0)).fixed();

/// In service or not. Without it everything else about an object is of no use to anybody.
const SWITCH: Attribute = attribute(STATE, "state", Form::Word, Preset::Text(ON)).switch();

/// 3.2
pub const FEATURE: Rules = rules("nsfeature", "feature", "ns feature", &[key("feature")]);

/// 3.6
pub const SERVER: Rules = Rules {
    attributes: &[
        attribute("ipaddress", "IPAddress", Form::Address, Preset::None).positional(),
        attribute("domain", "domain", Form::Text, Preset::None).fixed(),
        TD,
        SWITCH,
    ],
    ..rules("server", "server", "server", &[key("name")])
};

/// 3.7
pub const SERVICE_GROUP: Rules = Rules {
    attributes: &[
        attribute("servicetype", "serviceType", Form::Word, Preset::None).positional().fixed(),
        TD,
        // With NO every member counts as UP, whatever has happened to it.
        attribute("healthmonitor", "healthMonitor", Form::Word, Preset::Text("YES")),
        // With anything else its members come from elsewhere.
        attribute("autoscale", "autoScale", Form::Word, Preset::Text("DISABLED")).fixed(),
        SWITCH,
    ],
    ..rules("servicegroup", "service group", "serviceGroup", &[key("servicegroupname")])
};

/// 3.8
pub const MEMBER: Rules = Rules {
    bound: true,
    changed_through: "servicegroup",
    attributes: &[
        attribute("weight", "weight", Form::Number, Preset::Number(1)),
        attribute("customserverid", "CustomServerID", Form::Text, Preset::Text("None")),
        attribute("hashid", "hashId", Form::Number, Preset::Number(0)),
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
pub const LB_VSERVER: Rules = Rules {
    attributes: &[
        attribute("servicetype", "serviceType", Form::Word, Preset::None).positional().fixed(),
        attribute("ipv46", "IPAddress", Form::Address, Preset::Text("0.0.0.0")).positional(),
        attribute("port", "port", Form::Number, Preset::Number(0)).positional().fixed(),
        TD,
        attribute("persistencetype", "persistenceType", Form::Word, Preset::Text("NONE")),
        attribute("timeout", "timeout", Form::Number, Preset::Number(2)),
        attribute("persistencebackup", "persistenceBackup", Form::Word, Preset::Text("NONE")),
        attribute("persistmask", "persistMask", Form::Address, Preset::Text("255.255.255.255")),
        attribute("rule", "rule", Form::Text, Preset::Text("none")),
        attribute("lbmethod", "lbMethod", Form::Word, Preset::Text("LEASTCONNECTION")),
        // Never returned; reading derives it from the state word.
        SWITCH,
    ],
    ..rules("lbvserver", "virtual server", "lb vserver", &[key("name")])
};

/// 3.12
pub const LB_VSERVER_GROUP: Rules = Rules {
    bound: true,
    ..rules("lbvserver_servicegroup_binding", "binding", "lb vserver", &[key("name"), key("servicegroupname")])
};

/// 3.3
pub const CONFIG: Rules = rules("nsconfig", "saved configuration", "ns config", &[]);

/// 3.13: a file's contents are sent once and never read back. A plan names the place in Gatehouse's vault, not the contents.
pub const CERT_FILE: Rules = Rules {
    attributes: &[attribute("filecontent", "fileContent", Form::Text, Preset::None).write_only()],
    ..rules(
        "systemfile",
        "file",
        "system file",
        &[key("filename"), KeyPart { option: Some("fileLocation"), ..key("filelocation") }],
    )
};

/// 3.13. Files are replaced by `update`, which is not planned: a new certificate gets a new name.
pub const CERT_KEY: Rules = Rules {
    attributes: &[
        attribute("cert", "cert", Form::File, Preset::None).fixed(),
        attribute("key", "key", Form::File, Preset::None).fixed(),
    ],
    ..rules("sslcertkey", "certificate key", "ssl certKey", &[key("certkey")])
};

/// 3.13: an attribute of the certificate key, made and taken back by actions of its own.
pub const CERT_LINK: Rules = Rules {
    bound: true,
    actions: Some(("link", "unlink")),
    attributes: &[attribute("linkcertkeyname", "linkcertkeyname", Form::Text, Preset::None).positional().fixed()],
    ..rules("sslcertkey", "chain", "ssl certKey", &[key("certkey")])
};

/// 3.14. The key is the virtual server alone, because binding a second server certificate replaces the first: a change
/// is one `PUT`.
pub const VSERVER_CERT: Rules = Rules {
    bound: true,
    attributes: &[attribute("certkeyname", "certkeyName", Form::Text, Preset::None)],
    ..rules("sslvserver_sslcertkey_binding", "certificate binding", "ssl vserver", &[key("vservername")])
};

/// 3.16: nothing of it can be changed. The time to live is the zone's affair.
pub const ADDRESS_RECORD: Rules = rules(
    "dnsaddrec",
    "address record",
    "dns addRec",
    &[KeyPart { form: Form::Host, ..key("hostname") }, KeyPart { form: Form::Address, ..key("ipaddress") }],
);

/// 3.15: nothing of it can be changed; another URL is another binding.
pub const APP_CONTROLLER: Rules = Rules {
    bound: true,
    ..rules(
        "vpnvserver_appcontroller_binding",
        "App Controller",
        "vpn vserver",
        &[key("name"), KeyPart { option: Some("appController"), ..key("appcontroller") }],
    )
};

/// 3.15, 3.26: of a session action, the store's address and nothing else (5.2).
pub const SESSION_ACTION: Rules = Rules {
    attributes: &[attribute("storefronturl", "storefronturl", Form::Text, Preset::None)],
    ..rules("vpnsessionaction", "session action", "vpn sessionAction", &[key("name")])
};

/// 3.15
pub const GATEWAY: Rules = Rules {
    attributes: &[
        attribute("ipv46", "IPAddress", Form::Address, Preset::Text("0.0.0.0")).fixed(),
        attribute("port", "port", Form::Number, Preset::Number(0)).fixed(),
    ],
    ..rules("vpnvserver", "Gateway", "vpn vserver", &[key("name")])
};

/// 3.15
pub const GATEWAY_POLICY: Rules = Rules {
    bound: true,
    ..rules("vpnvserver_vpnsessionpolicy_binding", "session policy", "vpn vserver", &[key("name"), key("policy")])
};

/// 3.26
pub const SESSION_POLICY: Rules = Rules {
    attributes: &[attribute("action", "action", Form::Text, Preset::None).fixed()],
    ..rules("vpnsessionpolicy", "session policy", "vpn sessionPolicy", &[key("name")])
};

/// 3.5
pub const ADDRESS: Rules = Rules {
    attributes: &[attribute("type", "type", Form::Text, Preset::None).fixed()],
    ..rules("nsip", "address", "ns ip", &[KeyPart { form: Form::Address, ..key("ipaddress") }])
};
