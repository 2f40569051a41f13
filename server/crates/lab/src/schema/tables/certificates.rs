//! Files, certificate keys and what virtual servers do with them (3.13, 3.14).

use super::{
    super::{Action, Schema, Shape},
    boolean, choice, double, integer, text, texts, wide_name,
    words::{ENABLED_DISABLED, YES_NO},
};

pub(crate) const SYSTEMFILE: Schema = Schema {
    name: "systemfile",
    noun: "system file",
    shape: Shape::Named,
    attributes: &[
        text("filename").key().cli("fileName").length(1, 63),
        text("filelocation").add_only().required().cli("fileLocation").length(1, 127),
        // The longest that a request can carry.
        text("filecontent").add_only().required().cli("fileContent").length(0, 8_000_000).unspoken(),
        choice("fileencoding", &["BASE64"]).add_only().cli("fileEncoding").default("BASE64"),
        text("fileaccesstime").read_only(),
        text("filemodifiedtime").read_only(),
        texts("filemode").fixed("FILE"),
        double("filesize").read_only(),
    ],
    actions: &[],
    get_args: &["filelocation"],
    delete_args: &["filelocation"],
};

pub(crate) const SSLCERTKEY: Schema = Schema {
    name: "sslcertkey",
    noun: "ssl certKey",
    shape: Shape::Named,
    attributes: &[
        wide_name("certkey").key().cli("certkeyName"),
        text("cert").add_only().required(),
        text("key").add_only(),
        choice("inform", &["DER", "PEM", "PFX"]).add_only().default("PEM"),
        boolean("password").add_only().hidden(),
        text("passplain").add_only().secret().hidden(),
        text("signaturealg").read_only(),
        texts("certificatetype").read_only(),
        text("serial").read_only(),
        text("issuer").read_only(),
        text("clientcertnotbefore").read_only(),
        text("clientcertnotafter").read_only(),
        integer("daystoexpiration").read_only(),
        text("subject").read_only(),
        text("publickey").read_only(),
        integer("publickeysize").read_only(),
        integer("version").read_only(),
        double("priority").fixed("0"),
        text("status").read_only(),
        text("passcrypt").fixed(""),
        double("data").fixed("0"),
        text("sandns").read_only(),
        text("sanipadd").read_only(),
        choice("expirymonitor", ENABLED_DISABLED).default("ENABLED").cli("expiryMonitor"),
        double("notificationperiod").range(10, 100).default("30").cli("notificationPeriod"),
        wide_name("linkcertkeyname").act_only().argument().cli("linkCertKeyName").length(1, 127),
        choice("bundle", YES_NO).add_only().default("NO"),
        boolean("nodomaincheck").act_only().hidden().cli("noDomainCheck"),
        boolean("deletefromdevice").act_only().hidden().cli("deleteFromDevice"),
        choice("deletecertkeyfilesonremoval", YES_NO).act_only().hidden().cli("deleteCertKeyFilesOnRemoval"),
    ],
    actions: &[
        Action { name: "link", takes: &["certkey", "linkcertkeyname"] },
        Action { name: "unlink", takes: &["certkey"] },
        Action {
            name: "update",
            takes: &["certkey", "cert", "key", "inform", "password", "passplain", "nodomaincheck"],
        },
    ],
    get_args: &[],
    delete_args: &["deletefromdevice", "deletecertkeyfilesonremoval"],
};

/// Exists by itself for every virtual server that terminates SSL.
pub(crate) const SSLVSERVER: Schema = Schema {
    name: "sslvserver",
    noun: "ssl vserver",
    shape: Shape::Named,
    attributes: &[
        wide_name("vservername").key().cli("vServerName"),
        integer("cleartextport").range(0, 65535).default("0").cli("clearTextPort"),
        choice("dh", ENABLED_DISABLED).default("DISABLED"),
        choice("ersa", ENABLED_DISABLED).default("ENABLED").cli("eRSA"),
        double("ersacount").range(0, 65534).default("0").cli("eRSACount"),
        choice("sessreuse", ENABLED_DISABLED).default("ENABLED").cli("sessReuse"),
        double("sesstimeout").range(0, 4_294_967_294).default("120").cli("sessTimeout"),
        choice("cipherredirect", ENABLED_DISABLED).default("DISABLED").cli("cipherRedirect"),
        choice("sslv2redirect", ENABLED_DISABLED).default("DISABLED").cli("sslv2Redirect"),
        choice("clientauth", ENABLED_DISABLED).default("DISABLED").cli("clientAuth"),
        choice("clientcert", &["Mandatory", "Optional"]).cli("clientCert"),
        choice("sslredirect", ENABLED_DISABLED).default("DISABLED").cli("sslRedirect"),
        choice("ssl2", ENABLED_DISABLED).default("DISABLED"),
        choice("ssl3", ENABLED_DISABLED).default("DISABLED"),
        choice("tls1", ENABLED_DISABLED).default("ENABLED"),
        choice("tls11", ENABLED_DISABLED).default("ENABLED"),
        choice("tls12", ENABLED_DISABLED).default("ENABLED"),
        choice("tls13", ENABLED_DISABLED).default("DISABLED"),
        choice("snienable", ENABLED_DISABLED).default("DISABLED").cli("SNIEnable"),
        choice("hsts", ENABLED_DISABLED).default("DISABLED").cli("HSTS"),
        double("maxage").range(0, 4_294_967_294).default("0"),
        choice("includesubdomains", YES_NO).default("NO").cli("IncludeSubdomains"),
        choice("preload", YES_NO).default("NO"),
        choice("ocspstapling", ENABLED_DISABLED).default("DISABLED").cli("ocspStapling"),
        choice("sendclosenotify", YES_NO).default("YES").cli("sendCloseNotify"),
        choice("pushenctrigger", &["Always", "Merge", "Ignore", "Timer"]).default("Always").cli("pushEncTrigger"),
        choice("redirectportrewrite", ENABLED_DISABLED).default("DISABLED").cli("redirectPortRewrite"),
        choice("dhkeyexpsizelimit", ENABLED_DISABLED).default("DISABLED").cli("dhKeyExpSizeLimit"),
        text("dhfile").cli("dhFile"),
        double("dhcount").range(0, 65534).default("0").cli("dhCount"),
        choice("strictsigdigestcheck", ENABLED_DISABLED).default("DISABLED").cli("strictSigDigestCheck"),
        choice("zerorttearlydata", ENABLED_DISABLED).default("DISABLED").cli("zeroRttEarlyData"),
        double("tls13sessionticketsperauthcontext").range(1, 10).default("1").cli("tls13SessionTicketsPerAuthContext"),
        choice("dhekeyexchangewithpsk", YES_NO).default("NO").cli("dheKeyExchangeWithPsk"),
        choice("dtls1", ENABLED_DISABLED).default("DISABLED"),
        choice("dtls12", ENABLED_DISABLED).default("DISABLED"),
        text("cipherurl").cli("cipherURL"),
        text("sslv2url").cli("sslv2URL"),
        text("sslprofile").length(1, 127).cli("sslProfile"),
        text("dtlsprofilename").length(1, 127).cli("dtlsProfileName"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const SSLVSERVER_SSLCERTKEY: Schema = Schema {
    name: "sslvserver_sslcertkey_binding",
    noun: "ssl vserver",
    shape: Shape::Binding,
    attributes: &[
        wide_name("vservername").key().cli("vServerName"),
        wide_name("certkeyname").add_only().required().cli("certkeyName").length(1, 127),
        choice("crlcheck", &["Mandatory", "Optional"]).add_only().default("Optional").cli("crlCheck"),
        choice("ocspcheck", &["Mandatory", "Optional"]).add_only().default("Optional").cli("ocspCheck"),
        integer("cleartextport").fixed("0"),
        boolean("ca").add_only().default("false").cli("CA"),
        boolean("snicert").add_only().default("false").cli("SNICert"),
        boolean("skipcaname").add_only().default("false").cli("skipCAName"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &["certkeyname", "ca", "snicert", "crlcheck", "ocspcheck"],
};

/// The other way round. Read only.
pub(crate) const SSLCERTKEY_SSLVSERVER: Schema = Schema {
    name: "sslcertkey_sslvserver_binding",
    noun: "ssl certKey",
    shape: Shape::Binding,
    attributes: &[
        wide_name("certkey").key().cli("certkeyName"),
        text("servername").read_only(),
        double("data").fixed("0"),
        double("version").fixed("0"),
        boolean("ca").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// All bindings of an SSL virtual server in one answer. Read only.
pub(crate) const SSLVSERVER_BINDING: Schema = Schema {
    name: "sslvserver_binding",
    noun: "ssl vserver",
    shape: Shape::Binding,
    attributes: &[wide_name("vservername").key().cli("vServerName")],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

/// All bindings of a certificate key in one answer. Read only.
pub(crate) const SSLCERTKEY_BINDING: Schema = Schema {
    name: "sslcertkey_binding",
    noun: "ssl certKey",
    shape: Shape::Binding,
    attributes: &[wide_name("certkey").key().cli("certkeyName")],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};
