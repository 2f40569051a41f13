//! `server` (3.6).

use super::{
    super::{Action, Schema, Shape},
    choice, double, integer, ip, name, text, wide_name,
    words::{ENABLED_DISABLED, YES_NO},
};

pub(crate) const SERVER: Schema = Schema {
    name: "server",
    noun: "server",
    shape: Shape::Named,
    attributes: &[
        name("name").key(),
        ip("ipaddress").cli("IPAddress").argument_on_add(),
        text("domain").add_only().argument_on_add(),
        choice("state", ENABLED_DISABLED).add_only().default("ENABLED"),
        integer("domainresolveretry").range(5, 20939).default("5").cli("domainResolveRetry"),
        ip("translationip").default("0.0.0.0").cli("translationIp"),
        ip("translationmask").default("0.0.0.0").cli("translationMask"),
        choice("ipv6address", YES_NO).add_only().default("NO").cli("ipv6Address"),
        choice("querytype", &["A", "AAAA", "SRV"]).add_only().cli("queryType"),
        text("statechangetimesec").read_only(),
        double("tickssincelaststatechange").read_only(),
        double("td").add_only().range(0, 4094).default("0"),
        text("comment"),
        integer("delay").act_only().hidden().range(0, 2_147_483_647),
        choice("graceful", YES_NO).act_only().hidden().cli("graceFul"),
        // Last, so that the line reads `rename server old new`.
        wide_name("newname").act_only().hidden().cli("newName").length(1, 127).argument(),
    ],
    actions: &[
        Action { name: "enable", takes: &["name"] },
        Action { name: "disable", takes: &["name", "delay", "graceful"] },
        Action { name: "rename", takes: &["name", "newname"] },
    ],
    get_args: &["domain", "ipaddress", "internal", "Internal"],
    delete_args: &[],
};

/// `server_servicegroup_binding` (3.6): where a server is a member. Read only.
pub(crate) const SERVER_SERVICEGROUP_BINDING: Schema = Schema {
    name: "server_servicegroup_binding",
    noun: "server",
    shape: Shape::Binding,
    attributes: &[
        name("name").key(),
        text("servicegroupname").read_only(),
        ip("serviceipaddress").read_only(),
        integer("port").read_only(),
        text("svctype").read_only(),
        text("svrstate").read_only(),
        text("customserverid").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};
