//! The configuration as text, the audit log, and partitions (3.3, 3.23, 3.28).

use super::{
    super::{Action, Schema, Shape},
    boolean, choice, double, integer, text, wide_name,
};

pub(crate) const NSRUNNINGCONFIG: Schema = Schema {
    name: "nsrunningconfig",
    noun: "ns runningConfig",
    shape: Shape::Single,
    attributes: &[text("response").read_only(), boolean("withdefaults").read_only().hidden().cli("withDefaults")],
    actions: &[],
    get_args: &["withdefaults"],
    delete_args: &[],
};

pub(crate) const NSSAVEDCONFIG: Schema = Schema {
    name: "nssavedconfig",
    noun: "ns savedConfig",
    shape: Shape::Single,
    attributes: &[text("textblob").read_only()],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// `loglevel` takes one word of these.
pub(crate) const LEVELS: &[&str] =
    &["ALL", "EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFORMATIONAL", "DEBUG"];

pub(crate) const AUDITMESSAGES: Schema = Schema {
    name: "auditmessages",
    noun: "audit messages",
    shape: Shape::Named,
    attributes: &[
        text("value").read_only(),
        choice("loglevel", LEVELS).read_only().hidden().cli("logLevel"),
        integer("numofmesgs").read_only().hidden().range(1, 256).cli("numOfMesgs"),
    ],
    actions: &[],
    get_args: &["loglevel", "numofmesgs"],
    delete_args: &[],
};

pub(crate) const NSPARTITION: Schema = Schema {
    name: "nspartition",
    noun: "ns partition",
    shape: Shape::Named,
    attributes: &[
        wide_name("partitionname").key().cli("partitionName"),
        double("maxbandwidth").default("10240").range(0, 4_294_967_295).cli("maxBandwidth"),
        double("minbandwidth").default("10240").range(0, 4_294_967_295).cli("minBandwidth"),
        double("maxconn").default("1024").range(0, 4_294_967_295).cli("maxConn"),
        double("maxmemlimit").as_number().default("10").range(0, 1_048_576).cli("maxMemLimit"),
        integer("partitionid").read_only(),
        text("partitiontype").read_only(),
        boolean("force").act_only().hidden(),
        boolean("save").act_only().hidden(),
    ],
    actions: &[Action { name: "Switch", takes: &["partitionname", "force", "save"] }],
    get_args: &[],
    delete_args: &[],
};
