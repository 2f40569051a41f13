//! Settings of the whole appliance: load balancing (3.18), gateways (3.26), its name, modes and capacity (3.2).

use super::super::{Action, Schema, Shape};
use super::words::{ENABLED_DISABLED, ON_OFF, YES_NO};
use super::{boolean, choice, double, integer, text, texts};

pub(crate) const LBPARAMETER: Schema = Schema {
    name: "lbparameter",
    noun: "lb parameter",
    shape: Shape::Single,
    attributes: &[
        choice("httponlycookieflag", ENABLED_DISABLED).default("ENABLED").cli("httpOnlyCookieFlag"),
        choice("usesecuredpersistencecookie", ENABLED_DISABLED).default("DISABLED").cli("useSecuredPersistenceCookie"),
        choice("useencryptedpersistencecookie", ENABLED_DISABLED)
            .default("DISABLED")
            .cli("useEncryptedPersistenceCookie"),
        text("cookiepassphrase").length(1, 31).hidden().secret().cli("cookiePassphrase"),
        choice("consolidatedlconn", YES_NO).default("YES").cli("consolidatedLConn"),
        choice("useportforhashlb", YES_NO).default("YES").cli("usePortForHashLb"),
        choice("preferdirectroute", YES_NO).default("YES").cli("preferDirectRoute"),
        double("startuprrfactor").range(0, 4_294_967_295).default("0").cli("startupRRFactor"),
        choice("monitorskipmaxclient", ENABLED_DISABLED).default("DISABLED").cli("monitorSkipMaxClient"),
        choice("monitorconnectionclose", &["RESET", "FIN"]).default("FIN").cli("monitorConnectionClose"),
        choice("vserverspecificmac", ENABLED_DISABLED).default("DISABLED").cli("vServerSpecificMac"),
        choice("allowboundsvcremoval", ENABLED_DISABLED).default("ENABLED").cli("allowBoundSvcRemoval"),
        choice("retainservicestate", ON_OFF).default("OFF").cli("retainServiceState"),
        double("sessionsthreshold").fixed("250000"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// What a session action takes that does not say otherwise.
pub(crate) const VPNPARAMETER: Schema = Schema {
    name: "vpnparameter",
    noun: "vpn parameter",
    shape: Shape::Single,
    attributes: &[
        text("name").fixed("SETVPNPARAMS_ACT"),
        choice("splitdns", &["LOCAL", "REMOTE", "BOTH"]).default("BOTH").cli("splitDns"),
        double("sesstimeout").range(1, 65535).default("30").cli("sessTimeout"),
        choice("clientsecurity", ON_OFF).cli("clientSecurity"),
        choice("splittunnel", &["ON", "OFF", "REVERSE"]).default("OFF").cli("splitTunnel"),
        choice("transparentinterception", ON_OFF).default("ON").cli("transparentInterception"),
        choice("defaultauthorizationaction", &["ALLOW", "DENY"]).default("DENY").cli("defaultAuthorizationAction"),
        text("authorizationgroup").length(1, 31).cli("authorizationGroup"),
        double("clientidletimeout").range(1, 9999).cli("clientIdleTimeout"),
        double("forcedtimeout").range(1, 65535).cli("forcedTimeout"),
        choice("sso", ON_OFF).default("OFF").cli("SSO"),
        choice("ssocredential", &["PRIMARY", "SECONDARY"]).default("PRIMARY").cli("ssoCredential"),
        choice("windowsautologon", ON_OFF).default("OFF").cli("windowsAutoLogon"),
        choice("usemip", &["NS", "OFF"]).default("NS").cli("useMIP"),
        choice("useiip", &["NOSPILLOVER", "SPILLOVER", "OFF"]).default("NOSPILLOVER").cli("useIIP"),
        text("homepage"),
        choice("icaproxy", ON_OFF).default("OFF").cli("icaProxy"),
        text("wihome"),
        choice("wihomeaddresstype", &["IPV4", "IPV6"]).cli("wihomeAddressType"),
        text("citrixreceiverhome"),
        choice("wiportalmode", &["NORMAL", "COMPACT"]).cli("wiPortalMode"),
        choice("clientchoices", ON_OFF).default("OFF").cli("ClientChoices"),
        choice("epaclienttype", &["AGENT", "PLUGIN"]).cli("epaClientType"),
        text("ntdomain").length(1, 32),
        choice("clientlessvpnmode", &["ON", "OFF", "DISABLED"]).default("OFF").cli("clientlessVpnMode"),
        choice("clientlessmodeurlencoding", &["TRANSPARENT", "OPAQUE", "ENCRYPT"])
            .default("OPAQUE")
            .cli("clientlessModeUrlEncoding"),
        choice("clientlesspersistentcookie", &["ALLOW", "DENY", "PROMPT"])
            .default("DENY")
            .cli("clientlessPersistentCookie"),
        text("emailhome").cli("emailHome"),
        choice("securebrowse", ENABLED_DISABLED).default("ENABLED").cli("SecureBrowse"),
        text("storefronturl"),
        choice("sfgatewayauthtype", &["domain", "RSA", "domainAndRSA", "SMS", "smartCard", "smartCardFallback"])
            .cli("sfGatewayAuthType"),
        text("autoproxyurl").cli("autoProxyUrl"),
        choice("uitheme", &["DEFAULT", "GREENBUBBLE", "CUSTOM"]).default("DEFAULT").cli("UITHEME"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const NSHOSTNAME: Schema = Schema {
    name: "nshostname",
    noun: "ns hostName",
    shape: Shape::Named,
    attributes: &[
        text("hostname").length(1, 255).argument().cli("hostName"),
        double("ownernode").range(0, 255).default("255").cli("ownerNode"),
    ],
    actions: &[],
    get_args: &["ownernode"],
    delete_args: &[],
};

pub(crate) const NSCAPACITY: Schema = Schema {
    name: "nscapacity",
    noun: "ns capacity",
    shape: Shape::Single,
    attributes: &[
        double("bandwidth").fixed("3000"),
        text("platform").read_only(),
        boolean("vcpu").fixed("false"),
        text("edition").fixed("Platinum"),
        text("unit").fixed("Mbps"),
        double("actualbandwidth").fixed("3000"),
        double("vcpucount").fixed("0"),
        double("maxvcpucount").fixed("0"),
        double("maxbandwidth").fixed("3000"),
        double("minbandwidth").fixed("10"),
        double("instancecount").fixed("0"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// The modes, as `(token, long token, name of the boolean, on from the factory)`.
pub(crate) const MODES: &[(&str, &str, &str, bool)] = &[
    ("FR", "FastRamp", "fr", true),
    ("L2", "L2mode", "l2", false),
    ("USIP", "UseSourceIP", "usip", false),
    ("CKA", "ClientKeepAlive", "cka", false),
    ("TCPB", "TCPBuffering", "tcpb", false),
    ("MBF", "MACbasedforwarding", "mbf", false),
    ("Edge", "Edge", "edge", true),
    ("USNIP", "USNIP", "usnip", true),
    ("L3", "L3mode", "l3", true),
    ("PMTUD", "PMTUD", "pmtud", true),
    ("MediaClassification", "Mediaclassification", "mediaclassification", false),
    ("SRADV", "SRADV", "sradv", false),
    ("DRADV", "DRADV", "dradv", false),
    ("IRADV", "IRADV", "iradv", false),
    ("SRADV6", "SRADV6", "sradv6", false),
    ("DRADV6", "DRADV6", "dradv6", false),
    ("BridgeBPDUs", "BridgeBPDUs", "bridgebpdus", false),
    ("ULFD", "ULFD", "ulfd", false),
];

pub(crate) const NSMODE: Schema = Schema {
    name: "nsmode",
    noun: "ns mode",
    shape: Shape::Single,
    attributes: &[
        texts("mode").act_only().argument(),
        boolean("fr").fixed("false"),
        boolean("l2").fixed("false"),
        boolean("usip").fixed("false"),
        boolean("cka").fixed("false"),
        boolean("tcpb").fixed("false"),
        boolean("mbf").fixed("false"),
        boolean("edge").fixed("false"),
        boolean("usnip").fixed("false"),
        boolean("l3").fixed("false"),
        boolean("pmtud").fixed("false"),
        boolean("mediaclassification").fixed("false"),
        boolean("sradv").fixed("false"),
        boolean("dradv").fixed("false"),
        boolean("iradv").fixed("false"),
        boolean("sradv6").fixed("false"),
        boolean("dradv6").fixed("false"),
        boolean("bridgebpdus").fixed("false"),
        boolean("ulfd").fixed("false"),
    ],
    actions: &[Action { name: "enable", takes: &["mode"] }, Action { name: "disable", takes: &["mode"] }],
    get_args: &[],
    delete_args: &[],
};

/// Network interfaces, as a reader sees them. The answer's key has a capital I.
pub(crate) const INTERFACE: Schema = Schema {
    name: "Interface",
    noun: "interface",
    shape: Shape::Named,
    attributes: &[
        text("id").key().cli("id"),
        text("devicename").read_only(),
        double("unit").read_only(),
        text("description").fixed("NetScaler Virtual Interface"),
        double("flags").fixed("57440"),
        double("actualmtu").fixed("1500"),
        integer("vlan").fixed("1"),
        text("mac").read_only(),
        double("uptime").read_only(),
        double("downtime").fixed("0"),
        text("reqmedia").fixed("AUTO"),
        text("reqspeed").fixed("AUTO"),
        text("reqduplex").fixed("AUTO"),
        text("reqflowcontrol").fixed("OFF"),
        text("actmedia").fixed("UTP"),
        text("actspeed").fixed("1000"),
        text("actduplex").fixed("FULL"),
        text("actflowcontrol").fixed("OFF"),
        text("mode").fixed("STANDALONE"),
        text("state").fixed("ENABLED"),
        text("autoneg").fixed("ENABLED"),
        double("autonegresult").fixed("0"),
        text("hamonitor").fixed("ON"),
        text("haheartbeat").fixed("ON"),
        text("tagall").fixed("OFF"),
        text("trunk").fixed("OFF"),
        text("lldpmode").fixed("NONE"),
        double("mtu").fixed("1500"),
        double("throughput").fixed("0"),
        double("bandwidthhigh").fixed("0"),
        double("bandwidthnormal").fixed("0"),
        text("intftype").fixed("KVM Virtio"),
        text("intfstate").fixed("1"),
        double("linkstate").fixed("1"),
        double("rxbytes").fixed("0"),
        double("txbytes").fixed("0"),
        double("rxerrors").fixed("0"),
        double("txerrors").fixed("0"),
        double("rxpackets").fixed("0"),
        double("txpackets").fixed("0"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// A box that is not part of a cluster has none (3.18). Read only.
pub(crate) const CLUSTERINSTANCE: Schema = Schema {
    name: "clusterinstance",
    noun: "cluster instance",
    shape: Shape::Named,
    attributes: &[
        double("clid").key().range(1, 16).cli("clId"),
        text("adminstate").read_only(),
        text("operationalstate").read_only(),
        text("status").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};
