//! `service`: one server and one port on their own.

use super::super::{Action, Schema, Shape};
use super::words::{ENABLED_DISABLED, GROUP_TYPES, ON_OFF, YES_NO};
use super::{boolean, choice, double, integer, ip, name, text, wide_name};

pub(crate) const SERVICE: Schema = Schema {
    name: "service",
    noun: "service",
    shape: Shape::Named,
    attributes: &[
        name("name").key(),
        integer("numofconnections").read_only(),
        wide_name("servername").add_only().argument_on_add().cli("serverName").length(1, 127),
        text("policyname").fixed("No"),
        choice("servicetype", GROUP_TYPES).add_only().required().argument_on_add().cli("serviceType"),
        boolean("serviceconftype").fixed("true"),
        text("serviceconftype2").fixed("Configured"),
        integer("port").add_only().required().argument_on_add().range(1, 65535),
        text("value").read_only(),
        text("gslb").fixed("NONE"),
        choice("cachetype", &["TRANSPARENT", "REVERSE", "FORWARD", "SERVER"])
            .add_only()
            .default("SERVER")
            .cli("cacheType"),
        double("maxclient").range(0, 4_294_967_294).default("0").cli("maxClient"),
        double("maxreq").range(0, 65535).default("0").cli("maxReq"),
        choice("cacheable", YES_NO).default("NO"),
        choice("cip", ENABLED_DISABLED).default("DISABLED"),
        text("cipheader").cli("cipHeader"),
        choice("usip", YES_NO).default("NO"),
        choice("pathmonitor", YES_NO).default("NO").cli("pathMonitor"),
        choice("pathmonitorindv", YES_NO).default("NO").cli("pathMonitorIndv"),
        choice("useproxyport", YES_NO).default("YES"),
        text("dup_state").fixed("ENABLED"),
        choice("sp", ON_OFF).default("OFF"),
        choice("rtspsessionidremap", ON_OFF).default("OFF").cli("rtspSessionidRemap"),
        double("clttimeout").as_number().range(0, 31_536_000).cli("cltTimeout"),
        double("svrtimeout").as_number().range(0, 31_536_000).cli("svrTimeout"),
        text("publicip").fixed("0.0.0.0"),
        integer("publicport").fixed("0"),
        text("customserverid").default("None").cli("CustomServerID"),
        double("serverid").range(0, 4_294_967_295).default("0").cli("serverID"),
        choice("cka", YES_NO).default("NO").cli("CKA"),
        choice("tcpb", YES_NO).default("NO").cli("TCPB"),
        choice("cmp", YES_NO).default("NO").cli("CMP"),
        double("maxbandwidth").range(0, 4_294_967_287).default("0").cli("maxBandwidth"),
        choice("accessdown", YES_NO).default("NO").cli("accessDown"),
        text("svrstate").read_only(),
        double("delay").as_number().act_only().range(0, 2_147_483_647).default("0"),
        // By address: the appliance makes a server of it.
        ip("ip").add_only().argument_on_add().cli("IP"),
        ip("ipaddress").set_only().cli("IPAddress"),
        double("monthreshold").range(0, 65535).default("0").cli("monThreshold"),
        choice("state", ENABLED_DISABLED).add_only().hidden(),
        text("monitor_state").read_only(),
        integer("monstatcode").fixed("0"),
        text("lastresponse").read_only(),
        double("responsetime").fixed("0"),
        integer("monstatparam1").fixed("0"),
        integer("monstatparam2").fixed("0"),
        integer("monstatparam3").fixed("0"),
        choice("downstateflush", ENABLED_DISABLED).default("ENABLED").cli("downStateFlush"),
        text("statechangetimesec").read_only(),
        double("statechangetimemsec").read_only(),
        double("tickssincelaststatechange").read_only(),
        double("stateupdatereason").fixed("0"),
        double("clmonowner").fixed("0"),
        double("clmonview").fixed("0"),
        text("serviceipstr").fixed("0.0.0.0"),
        double("td").add_only().range(0, 4094).default("0"),
        double("hashid").range(1, 4_294_967_295).default("0").cli("hashId"),
        choice("graceful", YES_NO).act_only().default("NO").cli("graceFul"),
        choice("healthmonitor", YES_NO).default("YES").cli("healthMonitor"),
        choice("appflowlog", ENABLED_DISABLED).default("ENABLED").cli("appflowLog"),
        choice("processlocal", ENABLED_DISABLED).default("DISABLED").cli("processLocal"),
        text("nodefaultbindings").fixed("NO"),
        choice("monconnectionclose", &["RESET", "FIN", "NONE"]).default("NONE").cli("monConnectionClose"),
        boolean("passive").fixed("false"),
        integer("cleartextport").add_only().range(1, 65535).cli("clearTextPort"),
        text("tcpprofilename").length(1, 127).cli("tcpProfileName"),
        text("httpprofilename").length(1, 127).cli("httpProfileName"),
        text("dnsprofilename").length(1, 127).cli("dnsProfileName"),
        text("contentinspectionprofilename").length(1, 127).cli("contentInspectionProfileName"),
        text("netprofile").length(1, 127).cli("netProfile"),
        text("comment"),
        // The weight of a bound monitor.
        wide_name("monitor_name_svc").set_only().hidden().cli("monitorName").length(1, 127),
        double("weight").set_only().hidden().range(1, 100),
        wide_name("newname").act_only().hidden().cli("newName").length(1, 127).argument(),
    ],
    actions: &[
        Action { name: "enable", takes: &["name"] },
        Action { name: "disable", takes: &["name", "delay", "graceful"] },
        Action { name: "rename", takes: &["name", "newname"] },
    ],
    get_args: &["all", "internal", "Internal"],
    delete_args: &[],
};

/// A single service at a virtual server (3.12).
pub(crate) const LBVSERVER_SERVICE: Schema = Schema {
    name: "lbvserver_service_binding",
    noun: "lb vserver",
    shape: Shape::Binding,
    attributes: &[
        wide_name("name").key(),
        wide_name("servicename").add_only().argument().cli("serviceName").length(1, 127),
        wide_name("servicegroupname").add_only().hidden().cli("serviceGroupName").length(1, 127),
        ip("ipv46").read_only(),
        integer("port").read_only(),
        text("servicetype").read_only(),
        text("curstate").read_only(),
        double("weight").add_only().range(1, 100).default("1"),
        double("dynamicweight").fixed("0"),
        text("vserverid").read_only(),
        double("cookieipport").fixed("0"),
        text("vsvrbindsvcip").read_only(),
        integer("vsvrbindsvcport").read_only(),
        text("preferredlocation").fixed(""),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["servicename", "servicegroupname"],
};

/// The virtual servers that use a service. Read only.
pub(crate) const SVCBINDINGS: Schema = Schema {
    name: "svcbindings",
    noun: "service",
    shape: Shape::Binding,
    attributes: &[
        name("servicename").key().cli("serviceName"),
        ip("ipaddress").read_only(),
        integer("port").read_only(),
        text("svrstate").read_only(),
        text("vservername").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// The services of a server. Read only.
pub(crate) const SERVER_SERVICE: Schema = Schema {
    name: "server_service_binding",
    noun: "server",
    shape: Shape::Binding,
    attributes: &[
        name("name").key(),
        text("servicename").read_only(),
        ip("serviceipaddress").read_only(),
        text("serviceipstr").read_only(),
        integer("port").read_only(),
        text("svctype").read_only(),
        text("svrstate").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// All bindings of a service in one answer (2.2). Read only.
pub(crate) const SERVICE_BINDING: Schema = Schema {
    name: "service_binding",
    noun: "service",
    shape: Shape::Binding,
    attributes: &[name("name").key()],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// All bindings of a server in one answer (2.2). Read only.
pub(crate) const SERVER_BINDING: Schema = Schema {
    name: "server_binding",
    noun: "server",
    shape: Shape::Binding,
    attributes: &[name("name").key()],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};
