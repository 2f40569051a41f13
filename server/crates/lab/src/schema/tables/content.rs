//! What a reader meets beside load balancing: content-switching virtual servers, name servers, pattern sets.

use super::{
    super::{Action, Schema, Shape},
    boolean, choice, double, integer, ip, text, texts, wide_name,
    words::{ENABLED_DISABLED, ON_OFF, VSERVER_TYPES, YES_NO},
};

pub(crate) const CSVSERVER: Schema = Schema {
    name: "csvserver",
    noun: "cs vserver",
    shape: Shape::Named,
    attributes: &[
        wide_name("name").key(),
        double("td").add_only().range(0, 4094).default("0"),
        choice("servicetype", VSERVER_TYPES).add_only().required().argument_on_add().cli("serviceType"),
        ip("ipv46").argument_on_add().default("0.0.0.0").cli("IPAddress"),
        integer("port").add_only().argument_on_add().range(0, 65535).default("0"),
        double("range").add_only().range(1, 254).default("1"),
        ip("ip").read_only(),
        text("value").read_only(),
        text("type").fixed("CONTENT"),
        text("curstate").read_only(),
        integer("status").fixed("1"),
        choice("stateupdate", &["ENABLED", "DISABLED", "UPDATEONBACKENDUPDATE"]).default("DISABLED").cli("stateUpdate"),
        choice("cacheable", YES_NO).default("NO"),
        text("redirecturl").cli("redirectURL"),
        double("clttimeout").range(0, 31_536_000).default("180").cli("cltTimeout"),
        choice("precedence", &["RULE", "URL"]).default("RULE"),
        choice("casesensitive", ON_OFF).default("ON").cli("caseSensitive"),
        choice("redirectportrewrite", ENABLED_DISABLED).default("DISABLED").cli("redirectPortRewrite"),
        choice("downstateflush", ENABLED_DISABLED).default("ENABLED").cli("downStateFlush"),
        choice("disableprimaryondown", ENABLED_DISABLED).default("DISABLED").cli("disablePrimaryOnDown"),
        choice("insertvserveripport", &["OFF", "VIPADDR", "V6TOV4MAPPING"]).default("OFF").cli("insertVserverIPPort"),
        choice("authentication", ON_OFF).default("OFF").cli("Authentication"),
        choice("authn401", ON_OFF).default("OFF"),
        text("listenpolicy").default("NONE").cli("Listenpolicy"),
        integer("listenpriority").range(0, 101).cli("Listenpriority"),
        choice("push", ENABLED_DISABLED).default("DISABLED"),
        choice("l2conn", ON_OFF).default("OFF").cli("l2Conn"),
        choice("appflowlog", ENABLED_DISABLED).default("ENABLED").cli("appflowLog"),
        choice("icmpvsrresponse", &["PASSIVE", "ACTIVE"]).default("PASSIVE").cli("icmpVsrResponse"),
        choice("rhistate", &["PASSIVE", "ACTIVE"]).default("PASSIVE").cli("RHIstate"),
        text("statechangetimesec").read_only(),
        double("statechangetimemsec").read_only(),
        double("tickssincelaststatechange").read_only(),
        double("hits").fixed("0"),
        wide_name("lbvserver").read_only(),
        wide_name("backupvserver").length(1, 127).cli("backupVServer"),
        text("tcpprofilename").length(1, 127).cli("tcpProfileName"),
        text("httpprofilename").length(1, 127).cli("httpProfileName"),
        text("netprofile").length(1, 127).cli("netProfile"),
        text("comment"),
        choice("state", ENABLED_DISABLED).add_only().hidden(),
        wide_name("newname").act_only().hidden().cli("newName").length(1, 127).argument(),
    ],
    actions: &[
        Action { name: "enable", takes: &["name"] },
        Action { name: "disable", takes: &["name"] },
        Action { name: "rename", takes: &["name", "newname"] },
    ],
    get_args: &[],
    delete_args: &[],
};

/// The virtual server that takes what no policy takes.
pub(crate) const CSVSERVER_LBVSERVER: Schema = Schema {
    name: "csvserver_lbvserver_binding",
    noun: "cs vserver",
    shape: Shape::Binding,
    attributes: &[
        wide_name("name").key(),
        wide_name("lbvserver").add_only().required().length(1, 127),
        double("hits").fixed("0"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["lbvserver"],
};

/// The policies of a content-switching virtual server: there are none, and clients ask.
pub(crate) const CSVSERVER_CSPOLICY: Schema = Schema {
    name: "csvserver_cspolicy_binding",
    noun: "cs vserver",
    shape: Shape::Binding,
    attributes: &[wide_name("name").key(), text("policyname").read_only(), double("priority").read_only()],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// All bindings of a content-switching virtual server in one answer. Read only.
pub(crate) const CSVSERVER_BINDING: Schema = Schema {
    name: "csvserver_binding",
    noun: "cs vserver",
    shape: Shape::Binding,
    attributes: &[wide_name("name").key()],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const DNSNAMESERVER: Schema = Schema {
    name: "dnsnameserver",
    noun: "dns nameServer",
    shape: Shape::Named,
    attributes: &[
        ip("ip").key().cli("IP"),
        wide_name("dnsvservername").read_only(),
        text("servicename").read_only(),
        integer("port").fixed("53"),
        text("nameserverstate").read_only(),
        choice("state", ENABLED_DISABLED).add_only().default("ENABLED"),
        choice("type", &["UDP", "TCP", "UDP_TCP"]).add_only().default("UDP"),
        boolean("local").add_only().default("false"),
        text("dnsprofilename").length(1, 127).cli("dnsProfileName"),
        double("clmonowner").fixed("0"),
        double("clmonview").fixed("0"),
    ],
    actions: &[Action { name: "enable", takes: &["ip", "type"] }, Action { name: "disable", takes: &["ip", "type"] }],
    get_args: &["type"],
    delete_args: &["dnsvservername", "type"],
};

pub(crate) const POLICYPATSET: Schema = Schema {
    name: "policypatset",
    noun: "policy patset",
    shape: Shape::Named,
    attributes: &[
        wide_name("name").key(),
        choice("indextype", &["Auto-generated", "User-defined"]).add_only().default("Auto-generated").cli("indexType"),
        text("description").read_only(),
        text("comment").add_only(),
        texts("builtin").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// The attribute has a capital S.
pub(crate) const POLICYPATSET_PATTERN: Schema = Schema {
    name: "policypatset_pattern_binding",
    noun: "policy patset",
    shape: Shape::Binding,
    attributes: &[
        wide_name("name").key(),
        text("String").add_only().required().argument().cli("string"),
        double("index").add_only().range(1, 4_294_967_290),
        choice("charset", &["ASCII", "UTF_8"]).add_only().default("ASCII").cli("charset"),
        text("comment").add_only(),
        texts("builtin").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["String"],
};

/// All patterns of a set in one answer. Read only.
pub(crate) const POLICYPATSET_BINDING: Schema = Schema {
    name: "policypatset_binding",
    noun: "policy patset",
    shape: Shape::Binding,
    attributes: &[wide_name("name").key()],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};
