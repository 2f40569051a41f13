//! `lbgroup` (3.20): persistency groups.

use super::{
    super::{Schema, Shape},
    choice, double, ip, text, wide_name,
    words::ENABLED_DISABLED,
};
use crate::schema::Action;

pub(crate) const LBGROUP: Schema = Schema {
    name: "lbgroup",
    noun: "lb group",
    shape: Shape::Named,
    attributes: &[
        wide_name("name").key(),
        choice("persistencetype", &["SOURCEIP", "COOKIEINSERT", "RULE", "NONE"]).default("NONE").cli("persistenceType"),
        choice("persistencebackup", &["SOURCEIP", "NONE"]).default("NONE").cli("persistenceBackup"),
        double("backuppersistencetimeout").as_number().range(2, 1440).default("2").cli("backupPersistenceTimeout"),
        ip("persistmask").default("255.255.255.255").cli("persistMask"),
        text("cookiename").length(1, 32).cli("cookieName"),
        text("cookiedomain").cli("cookieDomain"),
        double("v6persistmasklen").range(1, 128).default("128").cli("v6persistmasklen"),
        double("timeout").as_number().range(0, 1440).default("2"),
        text("rule").length(0, 1499).default("None"),
        double("td").fixed("0"),
        choice("usevserverpersistency", ENABLED_DISABLED).default("DISABLED").cli("useVserverPersistency"),
        wide_name("mastervserver").length(1, 127).cli("masterVserver"),
        wide_name("newname").act_only().hidden().cli("newName").length(1, 127).argument(),
    ],
    actions: &[Action { name: "rename", takes: &["name", "newname"] }],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const LBGROUP_LBVSERVER: Schema = Schema {
    name: "lbgroup_lbvserver_binding",
    noun: "lb group",
    shape: Shape::Binding,
    attributes: &[
        wide_name("name").key(),
        wide_name("vservername").add_only().required().argument().cli("vServerName").length(1, 127),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["vservername"],
};

/// The members in one answer. Read only.
pub(crate) const LBGROUP_BINDING: Schema = Schema {
    name: "lbgroup_binding",
    noun: "lb group",
    shape: Shape::Binding,
    attributes: &[wide_name("name").key()],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};
