//! `lbpersistentsessions` (3.21): which client belongs to which member now.

use super::{
    super::{Action, Schema, Shape},
    boolean, double, integer, ip, text, wide_name,
};

pub(crate) const LBPERSISTENTSESSIONS: Schema = Schema {
    name: "lbpersistentsessions",
    noun: "lb persistentSessions",
    shape: Shape::Named,
    attributes: &[
        double("type").read_only(),
        text("typestring").read_only(),
        ip("srcip").fixed("0.0.0.0"),
        ip("srcipv6").fixed("::"),
        ip("destip").fixed("0.0.0.0"),
        ip("destipv6").fixed("::"),
        boolean("flags").fixed("false"),
        integer("destport").read_only(),
        text("vservername").read_only(),
        double("timeout").read_only(),
        double("referencecount").read_only(),
        text("persistenceparam").fixed(""),
        wide_name("vserver").act_only().hidden().cli("vServer").argument(),
        text("persistenceparameter").act_only().hidden().cli("persistenceParameter"),
    ],
    actions: &[Action { name: "clear", takes: &["vserver", "persistenceparameter"] }],
    get_args: &["vserver", "nodeid"],
    delete_args: &[],
};
