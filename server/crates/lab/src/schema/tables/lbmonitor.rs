//! `lbmonitor` (3.10) and what hangs on it (3.9).

use super::{
    super::{Action, Schema, Shape},
    boolean, choice, double, integer, ip, name, text, texts, wide_name,
    words::{ENABLED_DISABLED, MONITOR_TYPES, UNITS, YES_NO},
};

/// Request and answer strings may be long: 512 K and 128 K in the documentation.
const SEND: usize = 512 * 1024;
const RECV: usize = 128 * 1024;

pub(crate) const LBMONITOR: Schema = Schema {
    name: "lbmonitor",
    noun: "lb monitor",
    shape: Shape::Named,
    attributes: &[
        wide_name("monitorname").key().cli("monitorName"),
        choice("type", MONITOR_TYPES).identity().argument().cli("type"),
        integer("interval").range(1, 20_940_000).default("5"),
        choice("units3", UNITS).default("SEC"),
        integer("resptimeout").range(1, 20_939_000).default("2").cli("resptimeout"),
        choice("units4", UNITS).default("SEC"),
        double("resptimeoutthresh").range(0, 100).default("0").cli("resptimeoutThresh"),
        integer("retries").range(1, 127).default("3"),
        integer("failureretries").range(0, 32).default("0").cli("failureRetries"),
        integer("alertretries").range(0, 32).default("0").cli("alertRetries"),
        integer("successretries").range(1, 32).default("1").cli("successRetries"),
        integer("downtime").range(1, 20_939_000).default("30").cli("downTime"),
        choice("units2", UNITS).default("SEC"),
        ip("destip").cli("destIP"),
        integer("destport").range(0, 65535).cli("destPort"),
        choice("state", ENABLED_DISABLED).default("ENABLED"),
        choice("reverse", YES_NO).default("NO"),
        choice("transparent", YES_NO).default("NO"),
        choice("iptunnel", YES_NO).default("NO").cli("ipTunnel"),
        choice("tos", YES_NO).default("NO"),
        double("tosid").range(1, 63).cli("tosId"),
        choice("secure", YES_NO).default("NO"),
        double("deviation").range(0, 20_939_000).default("0"),
        choice("units1", UNITS).default("SEC"),
        texts("respcode").length(0, 255).cli("respCode"),
        text("httprequest").length(1, SEND).cli("httpRequest"),
        text("rtsprequest").cli("rtspRequest"),
        text("customheaders").length(1, SEND).cli("customHeaders"),
        double("maxforwards").range(0, 255).cli("maxForwards"),
        choice("sipmethod", &["OPTIONS", "INVITE", "REGISTER"]).cli("sipMethod"),
        text("sipuri").cli("sipURI"),
        text("sipreguri").cli("sipregURI"),
        text("send").length(1, SEND),
        text("recv").length(1, RECV),
        text("query"),
        choice("querytype", &["Address", "Zone", "AAAA"]).cli("queryType"),
        text("scriptname").cli("scriptName"),
        text("scriptargs").length(1, SEND).cli("scriptArgs"),
        text("secureargs").length(1, SEND).secret().cli("secureargs"),
        ip("dispatcherip").cli("dispatcherIP"),
        integer("dispatcherport").range(1, 65535).cli("dispatcherPort"),
        text("username").cli("userName"),
        text("password").secret(),
        text("secondarypassword").secret().cli("secondaryPassword"),
        text("logonpointname").cli("logonpointName"),
        text("lasversion").cli("lasVersion"),
        text("radkey").secret().cli("radKey"),
        text("radnasid").cli("radNASid"),
        ip("radnasip").cli("radNASip"),
        double("radaccounttype").range(0, 15).cli("radAccountType"),
        ip("radframedip").cli("radFramedIP"),
        text("radapn").cli("radAPN"),
        text("radmsisdn").cli("radMSISDN"),
        text("radaccountsession").cli("radAccountSession"),
        choice("lrtm", ENABLED_DISABLED).default("DISABLED").cli("LRTM"),
        integer("lrtmconf").fixed("0"),
        text("lrtmconfstr").fixed("DISABLED"),
        integer("dynamicresponsetimeout").fixed("0"),
        integer("dynamicinterval").fixed("0"),
        choice("action", &["NONE", "LOG", "DOWN"]),
        choice("validatecred", YES_NO).cli("validateCred"),
        text("domain"),
        texts("ipaddress").cli("IPAddress"),
        text("group"),
        text("filename").cli("fileName"),
        text("basedn").cli("baseDN"),
        text("binddn").cli("bindDN"),
        text("filter"),
        text("attribute"),
        text("database"),
        text("oraclesid").cli("oracleSid"),
        text("sqlquery").length(1, SEND).cli("sqlQuery"),
        text("evalrule").length(1, 1499).cli("evalRule"),
        choice("mssqlprotocolversion", &["70", "2000", "2000SP1", "2005", "2008", "2008R2", "2012", "2014"])
            .cli("mssqlProtocolVersion"),
        text("Snmpoid").cli("snmpOID"),
        text("snmpcommunity").cli("snmpCommunity"),
        text("snmpthreshold").cli("snmpThreshold"),
        choice("snmpversion", &["V1", "V2"]).cli("snmpVersion"),
        text("metrictable").length(1, 99).cli("metricTable"),
        text("application"),
        text("sitepath").cli("sitePath"),
        text("storename"),
        choice("storefrontacctservice", YES_NO),
        choice("storefrontcheckbackendservices", YES_NO).cli("storefrontcheckbackendservices"),
        text("hostname").cli("hostName"),
        text("netprofile").length(1, 127).cli("netProfile"),
        text("sslprofile").length(1, 127).cli("sslProfile"),
        text("originhost").cli("originHost"),
        text("originrealm").cli("originRealm"),
        text("hostipaddress").cli("hostIPAddress"),
        double("vendorid").range(0, 4_294_967_295).cli("vendorId"),
        text("productname").cli("productName"),
        double("firmwarerevision").range(0, 4_294_967_295).cli("firmwareRevision"),
        text("kcdaccount").length(1, 32).cli("kcdAccount"),
        choice("storedb", ENABLED_DISABLED).cli("storedb"),
        double("trofscode").range(0, 65535).cli("trofsCode"),
        text("trofsstring").length(1, RECV).cli("trofsString"),
        choice("grpchealthcheck", YES_NO).cli("grpcHealthCheck"),
        texts("multimetrictable").fixed("local"),
        text("dup_state").fixed("ENABLED"),
        double("dup_weight").fixed("1"),
        double("weight").fixed("1"),
        // Where an action switches it.
        name("servicegroupname").act_only().hidden().cli("serviceGroupName").length(1, 127),
        name("servicename").act_only().hidden().cli("serviceName").length(1, 127),
    ],
    actions: &[
        Action { name: "enable", takes: &["monitorname", "servicegroupname", "servicename"] },
        Action { name: "disable", takes: &["monitorname", "servicegroupname", "servicename"] },
    ],
    get_args: &["type"],
    delete_args: &["type", "respcode"],
};

/// A monitor at a service group (3.9).
pub(crate) const SERVICEGROUP_LBMONITOR: Schema = Schema {
    name: "servicegroup_lbmonitor_binding",
    noun: "serviceGroup",
    shape: Shape::Binding,
    attributes: &[
        name("servicegroupname").key().cli("serviceGroupName"),
        integer("port").add_only().range(1, 65535),
        wide_name("monitor_name").add_only().required().cli("monitorName").length(1, 127),
        double("monweight").read_only(),
        choice("monstate", ENABLED_DISABLED).add_only().default("ENABLED").cli("monState"),
        choice("state", ENABLED_DISABLED).add_only().hidden(),
        double("weight").add_only().range(1, 100).default("1"),
        boolean("passive").add_only().default("false"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["monitor_name", "port"],
};

/// A monitor at a single service.
pub(crate) const SERVICE_LBMONITOR: Schema = Schema {
    name: "service_lbmonitor_binding",
    noun: "service",
    shape: Shape::Binding,
    attributes: &[
        name("name").key(),
        wide_name("monitor_name").add_only().required().cli("monitorName").length(1, 127),
        choice("monstate", ENABLED_DISABLED).add_only().default("ENABLED").cli("monState"),
        text("monitor_state").read_only(),
        integer("monstatcode").fixed("0"),
        text("lastresponse").read_only(),
        double("responsetime").fixed("0"),
        integer("totalprobes").read_only(),
        integer("totalfailedprobes").read_only(),
        integer("failedprobes").read_only(),
        integer("monstatparam1").fixed("0"),
        integer("monstatparam2").fixed("0"),
        integer("monstatparam3").fixed("0"),
        double("weight").add_only().range(1, 100).default("1"),
        boolean("passive").add_only().default("false"),
        double("monitortotalprobes").read_only(),
        double("monitortotalfailedprobes").read_only(),
        double("monitorcurrentfailedprobes").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["monitor_name"],
};

/// The second door: the same binding, from the monitor's side. It has no GET.
pub(crate) const LBMONITOR_SERVICEGROUP: Schema = Schema {
    name: "lbmonitor_servicegroup_binding",
    noun: "lb monitor",
    shape: Shape::Binding,
    attributes: &[
        wide_name("monitorname").key().cli("monitorName"),
        name("servicegroupname").add_only().cli("serviceGroupName").length(1, 127),
        name("servicename").add_only().cli("serviceName").length(1, 127),
        choice("dup_state", ENABLED_DISABLED).add_only().hidden(),
        double("dup_weight").add_only().range(1, 100).hidden(),
        choice("state", ENABLED_DISABLED).add_only(),
        double("weight").add_only().range(1, 100),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["servicegroupname", "servicename"],
};

pub(crate) const LBMONITOR_SERVICE: Schema = Schema { name: "lbmonitor_service_binding", ..LBMONITOR_SERVICEGROUP };

/// A certificate key that a secure monitor shows (3.27).
pub(crate) const LBMONITOR_SSLCERTKEY: Schema = Schema {
    name: "lbmonitor_sslcertkey_binding",
    noun: "lb monitor",
    shape: Shape::Binding,
    attributes: &[
        wide_name("monitorname").key().cli("monitorName"),
        wide_name("certkeyname").add_only().required().cli("certkeyName").length(1, 127),
        boolean("ca").add_only().default("false").cli("CA"),
        choice("crlcheck", &["Mandatory", "Optional"]).add_only().default("Optional").cli("crlCheck"),
        choice("ocspcheck", &["Mandatory", "Optional"]).add_only().default("Optional").cli("ocspCheck"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["certkeyname", "ca", "crlcheck", "ocspcheck"],
};

/// All bindings of a monitor in one answer. Read only.
pub(crate) const LBMONITOR_BINDING: Schema = Schema {
    name: "lbmonitor_binding",
    noun: "lb monitor",
    shape: Shape::Binding,
    attributes: &[wide_name("monitorname").key().cli("monitorName")],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// Where a monitor is used. Read only.
pub(crate) const LBMONBINDINGS: Schema = Schema {
    name: "lbmonbindings",
    noun: "lb monbindings",
    shape: Shape::Named,
    attributes: &[
        wide_name("monitorname").key().cli("monitorName"),
        text("type").read_only(),
        text("state").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const LBMONBINDINGS_SERVICEGROUP: Schema = Schema {
    name: "lbmonbindings_servicegroup_binding",
    noun: "lb monbindings",
    shape: Shape::Binding,
    attributes: &[
        wide_name("monitorname").key().cli("monitorName"),
        text("servicegroupname").read_only(),
        text("servicetype").read_only(),
        text("boundservicegroupsvrstate").read_only(),
        text("monstate").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const LBMONBINDINGS_SERVICE: Schema = Schema {
    name: "lbmonbindings_service_binding",
    noun: "lb monbindings",
    shape: Shape::Binding,
    attributes: &[
        wide_name("monitorname").key().cli("monitorName"),
        text("servicename").read_only(),
        text("servicetype").read_only(),
        text("ipaddress").read_only(),
        integer("port").read_only(),
        text("svrstate").read_only(),
        text("monsvcstate").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// Both of them in one answer. Read only.
pub(crate) const LBMONBINDINGS_BINDING: Schema = Schema {
    name: "lbmonbindings_binding",
    noun: "lb monbindings",
    shape: Shape::Binding,
    attributes: &[wide_name("monitorname").key().cli("monitorName")],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};
