//! Gateway virtual servers, their bindings and their session objects (3.15, 3.26).

use super::{
    super::{Action, Schema, Shape},
    boolean, choice, double, integer, ip, name, text, wide_name,
    words::{ENABLED_DISABLED, ON_OFF},
};

pub(crate) const VPNVSERVER: Schema = Schema {
    name: "vpnvserver",
    noun: "vpn vserver",
    shape: Shape::Named,
    attributes: &[
        name("name").key(),
        choice("servicetype", &["SSL", "DTLS", "HTTP_QUIC"]).add_only().required().argument_on_add().cli("serviceType"),
        ip("ipv46").argument_on_add().default("0.0.0.0").cli("IPAddress"),
        integer("port").add_only().argument_on_add().range(1, 65535).default("0"),
        double("range").add_only().range(1, 254).default("1"),
        ip("ip").read_only(),
        text("type").fixed("CONTENT"),
        text("curstate").read_only(),
        integer("status").fixed("1"),
        text("value").read_only(),
        choice("authentication", ON_OFF).default("ON"),
        choice("icaonly", ON_OFF).default("OFF").cli("icaOnly"),
        choice("dtls", ON_OFF).default("ON"),
        choice("doublehop", ENABLED_DISABLED).default("DISABLED").cli("doubleHop"),
        choice("loginonce", ON_OFF).default("OFF").cli("loginOnce"),
        double("maxaaausers").range(0, 65535).default("0").cli("maxAAAUsers"),
        double("curaaausers").fixed("0"),
        double("curtotalusers").fixed("0"),
        choice("downstateflush", ENABLED_DISABLED).default("ENABLED").cli("downStateFlush"),
        text("listenpolicy").default("NONE").cli("Listenpolicy"),
        choice("appflowlog", ENABLED_DISABLED).default("DISABLED").cli("appflowLog"),
        choice("deploymenttype", &["NONE", "ICA_WEBINTERFACE", "ICA_STOREFRONT", "MOBILITY", "WIONNS"])
            .add_only()
            .default("NONE")
            .cli("deploymentType"),
        text("vserverfqdn").cli("vserverFqdn"),
        text("tcpprofilename").length(1, 127).cli("tcpProfileName"),
        text("httpprofilename").length(1, 127).cli("httpProfileName"),
        text("comment"),
        choice("state", ENABLED_DISABLED).add_only().hidden(),
        name("newname").act_only().hidden().cli("newName").length(1, 127).argument(),
    ],
    actions: &[
        Action { name: "enable", takes: &["name"] },
        Action { name: "disable", takes: &["name"] },
        Action { name: "rename", takes: &["name", "newname"] },
        Action { name: "check", takes: &["name"] },
    ],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const VPNVSERVER_APPCONTROLLER: Schema = Schema {
    name: "vpnvserver_appcontroller_binding",
    noun: "vpn vserver",
    shape: Shape::Binding,
    attributes: &[
        name("name").key(),
        double("acttype").fixed("0"),
        text("appcontroller").add_only().required().cli("appController"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["appcontroller"],
};

pub(crate) const VPNVSERVER_SESSIONPOLICY: Schema = Schema {
    name: "vpnvserver_vpnsessionpolicy_binding",
    noun: "vpn vserver",
    shape: Shape::Binding,
    attributes: &[
        name("name").key(),
        wide_name("policy").add_only().required().length(1, 127),
        double("priority").add_only().range(0, 2_147_483_647).default("0"),
        text("gotopriorityexpression").add_only().cli("gotoPriorityExpression"),
        double("acttype").fixed("0"),
        boolean("secondary").add_only().default("false"),
        boolean("groupextraction").add_only().default("false").cli("groupExtraction"),
        choice("bindpoint", BIND_POINTS).add_only().cli("type"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["policy", "secondary", "groupextraction", "bindpoint"],
};

/// The same for all gateways at once: a binding without a parent.
pub(crate) const VPNGLOBAL_APPCONTROLLER: Schema = Schema {
    name: "vpnglobal_appcontroller_binding",
    noun: "vpn global",
    shape: Shape::Binding,
    attributes: &[text("appcontroller").add_only().required().cli("appController")],
    actions: &[],
    get_args: &[],
    delete_args: &["appcontroller"],
};

pub(crate) const VPNGLOBAL_STASERVER: Schema = Schema {
    name: "vpnglobal_staserver_binding",
    noun: "vpn global",
    shape: Shape::Binding,
    attributes: &[
        text("staserver").add_only().required().cli("staServer"),
        choice("staaddresstype", &["IPV4", "IPV6"]).add_only().cli("staAddressType"),
        text("staauthid").fixed(""),
        text("stastate").fixed("DOWN"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["staserver"],
};

pub(crate) const VPNVSERVER_STASERVER: Schema = Schema {
    name: "vpnvserver_staserver_binding",
    noun: "vpn vserver",
    shape: Shape::Binding,
    attributes: &[
        name("name").key(),
        double("acttype").fixed("0"),
        text("staserver").add_only().required().cli("staServer"),
        choice("staaddresstype", &["IPV4", "IPV6"]).add_only().cli("staAddressType"),
        // Empty: nobody answered there.
        text("staauthid").fixed(""),
        text("stastate").fixed("DOWN"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["staserver"],
};

pub(crate) const VPNVSERVER_CLIENTLESSACCESSPOLICY: Schema = Schema {
    name: "vpnvserver_vpnclientlessaccesspolicy_binding",
    noun: "vpn vserver",
    shape: Shape::Binding,
    attributes: &[
        name("name").key(),
        wide_name("policy").add_only().required().length(1, 127),
        double("priority").add_only().range(0, 2_147_483_647).default("0"),
        text("gotopriorityexpression").add_only().cli("gotoPriorityExpression"),
        double("acttype").fixed("0"),
        boolean("secondary").add_only().default("false"),
        boolean("groupextraction").add_only().default("false").cli("groupExtraction"),
        choice("bindpoint", BIND_POINTS).add_only().cli("type"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["policy", "secondary", "groupextraction", "bindpoint"],
};

pub(crate) const VPNVSERVER_PORTALTHEME: Schema = Schema {
    name: "vpnvserver_vpnportaltheme_binding",
    noun: "vpn vserver",
    shape: Shape::Binding,
    attributes: &[
        name("name").key(),
        wide_name("portaltheme").add_only().required().length(1, 127),
        double("acttype").fixed("0"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["portaltheme"],
};

/// Those of the factory. Read only.
pub(crate) const VPNCLIENTLESSACCESSPOLICY: Schema = Schema {
    name: "vpnclientlessaccesspolicy",
    noun: "vpn clientlessAccessPolicy",
    shape: Shape::Named,
    attributes: &[
        wide_name("name").key(),
        text("rule").fixed("true"),
        text("profilename").fixed("ns_cvpn_default_profile"),
        double("hits").fixed("0"),
        double("undefhits").fixed("0"),
        boolean("isdefault").fixed("true"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// Those of the factory. Read only.
pub(crate) const VPNPORTALTHEME: Schema = Schema {
    name: "vpnportaltheme",
    noun: "vpn portaltheme",
    shape: Shape::Named,
    attributes: &[wide_name("name").key(), text("basetheme").fixed("Default")],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// All bindings of a gateway in one answer. Read only.
pub(crate) const VPNVSERVER_BINDING: Schema = Schema {
    name: "vpnvserver_binding",
    noun: "vpn vserver",
    shape: Shape::Binding,
    attributes: &[name("name").key()],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const VPNSESSIONPOLICY: Schema = Schema {
    name: "vpnsessionpolicy",
    noun: "vpn sessionPolicy",
    shape: Shape::Named,
    attributes: &[
        wide_name("name").key(),
        text("rule").required().argument_on_add().length(1, 1499),
        wide_name("action").required().argument_on_add().length(1, 127),
        text("expressiontype").read_only(),
        double("hits").fixed("0"),
        double("undefhits").fixed("0"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// The last two came with 14.1.
const BIND_POINTS: &[&str] = &["REQUEST", "RESPONSE", "ICA_REQUEST", "OTHERTCP_REQUEST", "AAA_REQUEST", "AAA_RESPONSE"];

pub(crate) const VPNSESSIONACTION: Schema = Schema {
    name: "vpnsessionaction",
    noun: "vpn sessionAction",
    shape: Shape::Named,
    attributes: &[
        wide_name("name").key(),
        choice("advancedclientlessvpnmode", &["ENABLED", "DISABLED", "STRICT"]).cli("advancedClientlessVpnMode"),
        ip("fqdnspoofedip").cli("fqdnSpoofedIP"),
        choice("splitdns", &["LOCAL", "REMOTE", "BOTH"]).cli("splitDns"),
        double("sesstimeout").range(1, 65535).cli("sessTimeout"),
        choice("clientsecurity", ON_OFF).cli("clientSecurity"),
        choice("splittunnel", &["ON", "OFF", "REVERSE"]).cli("splitTunnel"),
        choice("transparentinterception", ON_OFF).cli("transparentInterception"),
        choice("defaultauthorizationaction", &["ALLOW", "DENY"]).cli("defaultAuthorizationAction"),
        text("authorizationgroup").length(1, 31).cli("authorizationGroup"),
        double("clientidletimeout").range(1, 9999).cli("clientIdleTimeout"),
        double("forcedtimeout").range(1, 65535).cli("forcedTimeout"),
        choice("sso", ON_OFF).cli("SSO"),
        choice("ssocredential", &["PRIMARY", "SECONDARY"]).cli("ssoCredential"),
        choice("windowsautologon", ON_OFF).cli("windowsAutoLogon"),
        text("homepage"),
        choice("icaproxy", ON_OFF).cli("icaProxy"),
        text("wihome"),
        choice("wihomeaddresstype", &["IPV4", "IPV6"]).cli("wihomeAddressType"),
        text("citrixreceiverhome"),
        choice("wiportalmode", &["NORMAL", "COMPACT"]).cli("wiPortalMode"),
        choice("clientchoices", ON_OFF).cli("ClientChoices"),
        text("ntdomain").length(1, 32),
        choice("clientlessvpnmode", &["ON", "OFF", "DISABLED"]).cli("clientlessVpnMode"),
        choice("clientlessmodeurlencoding", &["TRANSPARENT", "OPAQUE", "ENCRYPT"]).cli("clientlessModeUrlEncoding"),
        choice("clientlesspersistentcookie", &["ALLOW", "DENY", "PROMPT"]).cli("clientlessPersistentCookie"),
        text("emailhome").cli("emailHome"),
        choice("securebrowse", ENABLED_DISABLED).cli("SecureBrowse"),
        text("storefronturl"),
        choice("sfgatewayauthtype", &["domain", "RSA", "domainAndRSA", "SMS", "smartCard", "smartCardFallback"])
            .cli("sfGatewayAuthType"),
        text("autoproxyurl").cli("autoProxyUrl"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};
