//! Members of a service group (3.8) and their monitors (3.9).

use super::{
    super::{Schema, Shape},
    boolean, choice, double, integer, ip, name, text, wide_name,
    words::{ENABLED_DISABLED, YES_NO},
};

pub(crate) const SERVICEGROUP_MEMBER: Schema = Schema {
    name: "servicegroup_servicegroupmember_binding",
    noun: "serviceGroup",
    shape: Shape::Binding,
    attributes: &[
        name("servicegroupname").key().cli("serviceGroupName"),
        ip("ip").add_only().argument().cli("IP"),
        // The port follows the server on the command line, and the address in an item.
        wide_name("servername").add_only().argument().cli("serverName").length(1, 127),
        integer("port").add_only().required().argument().range(1, 65535),
        text("svrstate").read_only(),
        text("statechangetimesec").read_only(),
        double("tickssincelaststatechange").read_only(),
        double("weight").add_only().range(1, 100).default("1"),
        text("customserverid").add_only().default("None").cli("CustomServerID"),
        double("serverid").add_only().range(0, 4_294_967_295).default("0").cli("serverID"),
        choice("state", ENABLED_DISABLED).add_only().default("ENABLED"),
        double("hashid").add_only().range(1, 4_294_967_295).default("0").cli("hashId"),
        choice("graceful", YES_NO).fixed("NO"),
        double("delay").as_number().fixed("0"),
        // From 13.1 on.
        double("order").add_only().range(1, 8192),
        text("orderstr").read_only(),
        integer("dbsttl").add_only().range(0, 2_147_483_647).cli("dbsTTL"),
        ip("nameserver").add_only().cli("nameServer"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["ip", "servername", "port"],
};

/// One row per member and monitor: the resource that explains a DOWN member. Read only.
pub(crate) const SERVICEGROUP_ENTITY_MONITORS: Schema = Schema {
    name: "servicegroup_servicegroupentitymonbindings_binding",
    noun: "serviceGroup",
    shape: Shape::Binding,
    attributes: &[
        name("servicegroupname").key().cli("serviceGroupName"),
        text("servicegroupentname2").read_only(),
        text("monitor_name").read_only(),
        text("monitor_state").read_only(),
        text("lastresponse").read_only(),
        integer("monitortotalprobes").read_only(),
        integer("monitortotalfailedprobes").read_only(),
        integer("monitorcurrentfailedprobes").read_only(),
        double("weight").read_only(),
        boolean("passive").fixed("false"),
        integer("port").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// The virtual servers that use a group. Read only.
pub(crate) const SERVICEGROUPBINDINGS: Schema = Schema {
    name: "servicegroupbindings",
    noun: "serviceGroup",
    shape: Shape::Binding,
    attributes: &[
        name("servicegroupname").key().cli("serviceGroupName"),
        text("vservername").read_only(),
        ip("ipaddress").read_only(),
        integer("port").read_only(),
        text("svrstate").read_only(),
        text("state").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// All bindings of a group in one answer (2.2). Read only.
pub(crate) const SERVICEGROUP_BINDING: Schema = Schema {
    name: "servicegroup_binding",
    noun: "serviceGroup",
    shape: Shape::Binding,
    attributes: &[name("servicegroupname").key().cli("serviceGroupName")],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};
