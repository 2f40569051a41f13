//! Bindings of a virtual server (3.12, 2.2).

use super::{
    super::{Schema, Shape},
    double, integer, ip, text, wide_name,
};

pub(crate) const LBVSERVER_SERVICEGROUP: Schema = Schema {
    name: "lbvserver_servicegroup_binding",
    noun: "lb vserver",
    shape: Shape::Binding,
    attributes: &[
        wide_name("name").key(),
        wide_name("servicegroupname").add_only().argument().cli("serviceGroupName").length(1, 127),
        double("stateflag").fixed("536936464"),
        // A known quirk: it repeats the group's name.
        wide_name("servicename").add_only().cli("serviceName").length(1, 127),
        double("weight").add_only().hidden().range(1, 100),
        // From 13.1 on.
        double("order").add_only().range(1, 8192),
        text("orderstr").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["servicegroupname", "servicename"],
};

/// One row per member of the bound groups. Read only.
pub(crate) const LBVSERVER_MEMBER: Schema = Schema {
    name: "lbvserver_servicegroupmember_binding",
    noun: "lb vserver",
    shape: Shape::Binding,
    attributes: &[
        wide_name("name").key(),
        text("servicegroupname").read_only(),
        ip("ipv46").read_only(),
        integer("port").read_only(),
        text("servicetype").read_only(),
        text("curstate").read_only(),
        double("weight").read_only(),
        double("dynamicweight").fixed("0"),
        text("vserverid").read_only(),
        double("cookieipport").fixed("0"),
        text("preferredlocation").fixed(""),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// All bindings of a virtual server in one answer. Read only.
pub(crate) const LBVSERVER_BINDING: Schema = Schema {
    name: "lbvserver_binding",
    noun: "lb vserver",
    shape: Shape::Binding,
    attributes: &[wide_name("name").key()],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};
