//! High availability and restarts (3.4, 3.22).

use super::{
    super::{Action, Schema, Shape},
    boolean, choice, double, ip, text, texts,
    words::{ENABLED_DISABLED, ON_OFF, YES_NO},
};

pub(crate) const HANODE: Schema = Schema {
    name: "hanode",
    noun: "HA node",
    shape: Shape::Named,
    attributes: &[
        double("id").key().range(0, 64),
        text("name").read_only(),
        ip("ipaddress").read_only(),
        double("flags").fixed("131104"),
        choice("hastatus", &["ENABLED", "STAYSECONDARY", "DISABLED", "STAYPRIMARY"]).default("UP").cli("haStatus"),
        text("state").read_only(),
        choice("hasync", ENABLED_DISABLED).default("ENABLED").cli("haSync"),
        choice("haprop", ENABLED_DISABLED).default("ENABLED").cli("haProp"),
        text("enaifaces").fixed("0/1 1/1"),
        ip("netmask").fixed("255.255.255.0"),
        text("inc").fixed("DISABLED"),
        text("ssl2").fixed("UP"),
        double("hellointerval").range(200, 1000).default("200").cli("helloInterval"),
        double("deadinterval").range(3, 60).default("3").cli("deadInterval"),
        double("masterstatetime").as_number().read_only(),
        choice("failsafe", ON_OFF).default("OFF").cli("failSafe"),
        double("maxflips").default("0").cli("maxFlips"),
        double("maxfliptime").default("0").cli("maxFlipTime"),
        double("curflips").fixed("0"),
        double("completedfliptime").fixed("0"),
        double("syncvlan").range(1, 4094).cli("syncvlan"),
        choice("syncstatusstrictmode", ENABLED_DISABLED).default("DISABLED").cli("syncStatusStrictMode"),
        text("hasyncfailurereason").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// Nothing but its action; a success means "accepted".
pub(crate) const HAFILES: Schema = Schema {
    name: "hafiles",
    noun: "HA files",
    shape: Shape::Single,
    attributes: &[texts("mode").act_only().argument()],
    actions: &[Action { name: "sync", takes: &["mode"] }],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const HASYNC: Schema = Schema {
    name: "hasync",
    noun: "HA sync",
    shape: Shape::Single,
    attributes: &[boolean("force").act_only(), choice("save", YES_NO).act_only()],
    actions: &[Action { name: "Force", takes: &["force", "save"] }],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const HAFAILOVER: Schema = Schema {
    name: "hafailover",
    noun: "HA failover",
    shape: Shape::Single,
    attributes: &[boolean("force").act_only()],
    actions: &[Action { name: "Force", takes: &["force"] }],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const HASYNCFAILURES: Schema = Schema {
    name: "hasyncfailures",
    noun: "HA syncFailures",
    shape: Shape::Single,
    attributes: &[text("response").read_only()],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const REBOOT: Schema = Schema {
    name: "reboot",
    noun: "ns",
    shape: Shape::Single,
    attributes: &[boolean("warm")],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};
