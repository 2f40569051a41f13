//! The tables themselves. Names and defaults are those of `nitro.md` 3.6 to 3.12; which may be changed is 5.2.
//!
//! An attribute is managed when the set-up depends on it: a load-balancing method is, a comment is not, because
//! comments are for people.

use super::{Attribute, Form, KeyPart, Preset, Rules};

const fn key(name: &'static str) -> KeyPart {
    KeyPart { name, form: Form::Text }
}

const fn attribute(name: &'static str, option: &'static str, form: Form, preset: Preset) -> Attribute {
    Attribute { name, option, positional: false, form, preset, settable: true }
}

impl Attribute {
    const fn positional(self) -> Self {
        Self { positional: true, ..self }
    }

    const fn fixed(self) -> Self {
        Self { settable: false, ..self }
    }
}

const PORT: KeyPart = KeyPart { name: "port", form: Form::Number };
/// Traffic domain. We work in the default one; an object of another one is not the one that we look for.
const TD: Attribute = attribute("td", "td", Form::Number, Preset::Number(0)).fixed();

/// 3.2
pub const FEATURE: Rules = Rules {
    resource: "nsfeature",
    noun: "feature",
    cli: "ns feature",
    key: &[key("feature")],
    bound: false,
    changed_through: "nsfeature",
    attributes: &[],
};

/// 3.6
pub const SERVER: Rules = Rules {
    resource: "server",
    noun: "server",
    cli: "server",
    key: &[key("name")],
    bound: false,
    changed_through: "server",
    attributes: &[
        attribute("ipaddress", "IPAddress", Form::Address, Preset::None).positional(),
        attribute("domain", "domain", Form::Text, Preset::None).fixed(),
        TD,
    ],
};

/// 3.7
pub const SERVICE_GROUP: Rules = Rules {
    resource: "servicegroup",
    noun: "service group",
    cli: "serviceGroup",
    key: &[key("servicegroupname")],
    bound: false,
    changed_through: "servicegroup",
    attributes: &[
        attribute("servicetype", "serviceType", Form::Word, Preset::None).positional().fixed(),
        TD,
        // With NO every member counts as UP, whatever has happened to it.
        attribute("healthmonitor", "healthMonitor", Form::Word, Preset::Text("YES")),
    ],
};

/// 3.8
pub const MEMBER: Rules = Rules {
    resource: "servicegroup_servicegroupmember_binding",
    noun: "member",
    cli: "serviceGroup",
    key: &[key("servicegroupname"), key("servername"), PORT],
    bound: true,
    changed_through: "servicegroup",
    attributes: &[
        attribute("weight", "weight", Form::Number, Preset::Number(1)),
        attribute("customserverid", "CustomServerID", Form::Text, Preset::Text("None")),
        attribute("hashid", "hashId", Form::Number, Preset::Number(0)),
    ],
};

/// 3.11
pub const LB_VSERVER: Rules = Rules {
    resource: "lbvserver",
    noun: "virtual server",
    cli: "lb vserver",
    key: &[key("name")],
    bound: false,
    changed_through: "lbvserver",
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
    ],
};

/// 3.12
pub const LB_VSERVER_GROUP: Rules = Rules {
    resource: "lbvserver_servicegroup_binding",
    noun: "binding",
    cli: "lb vserver",
    key: &[key("name"), key("servicegroupname")],
    bound: true,
    changed_through: "lbvserver_servicegroup_binding",
    attributes: &[],
};

/// 3.3
pub const CONFIG: Rules = Rules {
    resource: "nsconfig",
    noun: "saved configuration",
    cli: "ns config",
    key: &[],
    bound: false,
    changed_through: "nsconfig",
    attributes: &[],
};
