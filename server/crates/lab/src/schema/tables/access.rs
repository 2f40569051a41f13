//! Accounts, their command policies, and sessions (3.1, 3.24).

use super::{
    super::{Action, Schema, Shape},
    boolean, choice, double, integer, text, texts, wide_name,
    words::ENABLED_DISABLED,
};

const INTERFACES: &str = "CLI API";

pub(crate) const SYSTEMUSER: Schema = Schema {
    name: "systemuser",
    noun: "system user",
    shape: Shape::Named,
    attributes: &[
        wide_name("username").key().cli("userName"),
        text("password").required().secret().hidden().argument_on_add(),
        boolean("encrypted").fixed("true"),
        text("hashmethod").fixed("SHA512").cli("hashmethod"),
        choice("externalauth", ENABLED_DISABLED).default("ENABLED").cli("externalAuth"),
        text("promptstring").length(1, 63).cli("promptString"),
        text("promptinheritedfrom").fixed("Default"),
        double("timeout").range(0, 100_000_000).default("900"),
        text("timeoutkind").fixed("Default"),
        choice("logging", ENABLED_DISABLED).default("DISABLED"),
        double("maxsession").range(1, 40).default("20").cli("maxsession"),
        texts("allowedmanagementinterface").default(INTERFACES).cli("allowedManagementInterface"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const SYSTEMGROUP: Schema = Schema {
    name: "systemgroup",
    noun: "system group",
    shape: Shape::Named,
    attributes: &[
        wide_name("groupname").key().cli("groupName"),
        text("promptstring").length(1, 63).cli("promptString"),
        double("timeout").range(0, 100_000_000),
        texts("allowedmanagementinterface").default(INTERFACES).cli("allowedManagementInterface"),
        double("daystoexpire").range(30, 255).cli("daysToExpire"),
        double("warnpriorndays").range(5, 40).cli("warnPriorNdays"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const SYSTEMCMDPOLICY: Schema = Schema {
    name: "systemcmdpolicy",
    noun: "system cmdPolicy",
    shape: Shape::Named,
    attributes: &[
        wide_name("policyname").key().cli("policyName").length(1, 31),
        choice("action", &["ALLOW", "DENY"]).required().argument(),
        text("cmdspec").required().argument().length(1, 16_000),
        texts("builtin").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const USER_POLICY: Schema = Schema {
    name: "systemuser_systemcmdpolicy_binding",
    noun: "system user",
    shape: Shape::Binding,
    attributes: &[
        wide_name("username").key().cli("userName"),
        wide_name("policyname").add_only().required().argument().cli("policyName").length(1, 31),
        double("priority").add_only().required().argument().range(0, 4_294_967_295),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["policyname"],
};

pub(crate) const GROUP_POLICY: Schema = Schema {
    name: "systemgroup_systemcmdpolicy_binding",
    noun: "system group",
    shape: Shape::Binding,
    attributes: &[
        wide_name("groupname").key().cli("groupName"),
        wide_name("policyname").add_only().required().cli("policyName").length(1, 31),
        double("priority").add_only().required().argument().range(0, 4_294_967_295),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["policyname"],
};

pub(crate) const GROUP_USER: Schema = Schema {
    name: "systemgroup_systemuser_binding",
    noun: "system group",
    shape: Shape::Binding,
    attributes: &[
        wide_name("groupname").key().cli("groupName"),
        wide_name("username").add_only().required().cli("userName").length(1, 127),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["username"],
};

/// The other way round. Read only.
pub(crate) const USER_GROUP: Schema = Schema {
    name: "systemuser_systemgroup_binding",
    noun: "system user",
    shape: Shape::Binding,
    attributes: &[wide_name("username").key().cli("userName"), text("groupname").read_only()],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const USER_PARTITION: Schema = Schema {
    name: "systemuser_nspartition_binding",
    noun: "system user",
    shape: Shape::Binding,
    attributes: &[
        wide_name("username").key().cli("userName"),
        wide_name("partitionname").add_only().required().cli("partitionName").length(1, 127),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["partitionname"],
};

pub(crate) const GROUP_PARTITION: Schema = Schema {
    name: "systemgroup_nspartition_binding",
    noun: "system group",
    shape: Shape::Binding,
    attributes: &[
        wide_name("groupname").key().cli("groupName"),
        wide_name("partitionname").add_only().required().cli("partitionName").length(1, 127),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["partitionname"],
};

/// All bindings of a user in one answer. Read only.
pub(crate) const USER_BINDING: Schema = Schema {
    name: "systemuser_binding",
    noun: "system user",
    shape: Shape::Binding,
    attributes: &[wide_name("username").key().cli("userName")],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// All bindings of a group in one answer. Read only.
pub(crate) const GROUP_BINDING: Schema = Schema {
    name: "systemgroup_binding",
    noun: "system group",
    shape: Shape::Binding,
    attributes: &[wide_name("groupname").key().cli("groupName")],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const SYSTEMSESSION: Schema = Schema {
    name: "systemsession",
    noun: "system session",
    shape: Shape::Named,
    attributes: &[
        double("sid").key().range(1, 4_294_967_295),
        boolean("all").act_only().hidden(),
        text("username").read_only(),
        text("logintime").read_only(),
        text("logintimelocal").read_only(),
        text("lastactivitytime").read_only(),
        text("lastactivitytimelocal").read_only(),
        integer("expirytime").read_only(),
        integer("numofconnections").read_only(),
        boolean("currentconn").read_only(),
        text("clienttype").fixed("API"),
        text("partitionname").read_only(),
    ],
    actions: &[Action { name: "kill", takes: &["sid", "all"] }],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const SYSTEMPARAMETER: Schema = Schema {
    name: "systemparameter",
    noun: "system parameter",
    shape: Shape::Single,
    attributes: &[
        choice("rbaonresponse", ENABLED_DISABLED).default("ENABLED").cli("rbaOnResponse"),
        text("promptstring").length(1, 63).cli("promptString"),
        double("natpcbforceflushlimit").range(1000, 2_147_483_647).default("2147483647").cli("natPcbForceFlushLimit"),
        choice("natpcbrstontimeout", ENABLED_DISABLED).default("DISABLED").cli("natPcbRstOnTimeout"),
        double("timeout").range(300, 86400).default("900"),
        choice("localauth", ENABLED_DISABLED).default("ENABLED").cli("localAuth"),
        double("minpasswordlen").range(1, 127).cli("minPasswordLen"),
        choice("strongpassword", &["enableall", "enablelocal", "disabled"]).default("disabled").cli("strongPassword"),
        choice("restrictedtimeout", ENABLED_DISABLED).default("DISABLED").cli("restrictedTimeout"),
        choice("fipsusermode", ENABLED_DISABLED).default("DISABLED").cli("fipsUserMode"),
        choice("doppler", ENABLED_DISABLED).default("ENABLED"),
        choice("googleanalytics", ENABLED_DISABLED).default("DISABLED").cli("googleAnalytics"),
        choice(
            "cliloglevel",
            &["EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFORMATIONAL", "DEBUG"],
        )
        .default("INFORMATIONAL")
        .cli("cliLogLevel"),
        choice("forcepasswordchange", ENABLED_DISABLED).default("DISABLED").cli("forcePasswordChange"),
        choice("basicauth", ENABLED_DISABLED).default("ENABLED").cli("basicAuth"),
        choice("reauthonauthparamchange", ENABLED_DISABLED).default("DISABLED").cli("reauthOnAuthParamChange"),
        choice("removesensitivefiles", ENABLED_DISABLED).default("DISABLED").cli("removeSensitiveFiles"),
        double("maxclient").range(20, 40).default("40").cli("maxClient"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};
