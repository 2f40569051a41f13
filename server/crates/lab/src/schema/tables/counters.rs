//! Counters that exporters and plug-ins read as a matter of course (3.17). What the lab has no traffic for stays zero.

use super::{
    super::{Attribute, Schema, Shape},
    double, integer, text,
};

/// Counters print as strings, rates as numbers.
const fn zeros<const N: usize>(names: [&'static str; N]) -> [Attribute; N] {
    let mut all = [double("").fixed("0"); N];
    let mut at = 0;
    while at < N {
        all[at] = if is_rate(names[at]) { integer(names[at]).fixed("0") } else { double(names[at]).fixed("0") };
        at += 1;
    }
    all
}

const fn is_rate(name: &str) -> bool {
    matches!(name.as_bytes(), [.., b'r', b'a', b't', b'e'])
}

const fn table(name: &'static str, shape: Shape, attributes: &'static [Attribute]) -> Schema {
    Schema { name, noun: name, shape, attributes, actions: &[], get_args: &[], delete_args: &[] }
}

/// One row without a key: nothing but zeros.
const fn zero(name: &'static str, attributes: &'static [Attribute]) -> Schema {
    table(name, Shape::Single, attributes)
}

pub(crate) const STAT_SSL: Schema = zero(
    "ssl",
    &zeros([
        "ssltottlsv11sessions",
        "ssltottlsv12sessions",
        "ssltotsslv2sessions",
        "ssltotsessions",
        "ssltotsslv2handshakes",
        "ssltotenc",
        "sslcryptoutilizationstat",
        "ssltotnewsessions",
        "sslsessionsrate",
        "ssldecrate",
        "sslencrate",
        "sslsslv2handshakesrate",
        "sslnewsessionsrate",
    ]),
);

pub(crate) const STAT_HTTP: Schema = zero(
    "protocolhttp",
    &zeros([
        "httptotrequests",
        "httptotresponses",
        "httptotposts",
        "httptotgets",
        "httptotothers",
        "spdytotstreams",
        "spdyv2totstreams",
        "spdyv3totstreams",
        "httptotrxrequestbytes",
        "httptotrxresponsebytes",
        "httptottxrequestbytes",
        "httptot10requests",
        "httptot11requests",
        "httptot10responses",
        "httptot11responses",
        "httptotchunkedrequests",
        "httptotchunkedresponses",
        "httperrnoreusemultipart",
        "httperrincompleteheaders",
        "httperrincompleterequests",
        "httperrincompleteresponses",
        "httperrserverbusy",
        "httperrlargecontent",
        "httperrlargechunk",
        "httperrlargectlen",
        "httprequestsrate",
        "spdystreamsrate",
        "spdyv2streamsrate",
        "spdyv3streamsrate",
        "httprxrequestbytesrate",
        "httprxresponsebytesrate",
        "httptxrequestbytesrate",
        "httpresponsesrate",
        "httppostsrate",
        "httpgetsrate",
        "httpothersrate",
        "httpchunkedresponsesrate",
        "httpchunkedrequestsrate",
        "http10requestsrate",
        "http11requestsrate",
        "http10responsesrate",
        "http11responsesrate",
        "httperrnoreusemultipartrate",
        "httperrincompleterequestsrate",
        "httperrincompleteresponsesrate",
        "httperrserverbusyrate",
    ]),
);

pub(crate) const STAT_TCP: Schema = zero(
    "protocoltcp",
    &zeros([
        "tcptotrxpkts",
        "tcptotrxbytes",
        "tcptottxbytes",
        "tcptottxpkts",
        "tcptotclientconnopened",
        "tcptotserverconnopened",
        "tcptotsyn",
        "tcptotsynprobe",
        "tcptotsvrfin",
        "tcptotcltfin",
        "tcpactiveserverconn",
        "tcpcurclientconnestablished",
        "tcpcurserverconnestablished",
        "tcprxpktsrate",
        "tcprxbytesrate",
        "tcptxpktsrate",
        "tcptxbytesrate",
        "tcpclientconnopenedrate",
        "tcperrbadchecksum",
        "tcperrbadchecksumrate",
        "tcperrsyndroppedcongestion",
        "tcperrsentrstrate",
        "tcperroutofwindowpkts",
        "tcperrfullretrasmit",
        "tcperrfullretrasmitrate",
        "tcperranyportfail",
        "tcperripportfail",
        "tcperrbadstateconn",
        "tcperrrstthreshold",
        "tcpsynrate",
        "tcpsynproberate",
    ]),
);

pub(crate) const STAT_IP: Schema = zero(
    "protocolip",
    &zeros([
        "iptotrxpkts",
        "iptotrxbytes",
        "iptottxpkts",
        "iptottxbytes",
        "iptotrxmbits",
        "iptottxmbits",
        "iptotroutedpkts",
        "iptotroutedmbits",
        "iptotfragments",
        "iptotsuccreassembly",
        "iptotaddrlookup",
        "iptotaddrlookupfail",
        "iptotudpfragmentsfwd",
        "iptottcpfragmentsfwd",
        "iptotbadchecksums",
        "iptotunsuccreassembly",
        "iptottoobig",
        "iptotdupfragments",
        "iptotoutoforderfrag",
        "iptotvipdown",
        "iptotttlexpired",
        "iptotmaxclients",
        "iptotunknownsvcs",
        "iptotinvalidheadersz",
        "iptotinvalidpacketsize",
        "iptottruncatedpackets",
        "noniptottruncatedpackets",
        "iptotbadmacaddrs",
        "iprxpktsrate",
        "iprxbytesrate",
        "iptxpktsrate",
        "iptxbytesrate",
        "iprxmbitsrate",
        "iptxmbitsrate",
        "iproutedpktsrate",
        "iproutedmbitsrate",
    ]),
);

pub(crate) const STAT_UDP: Schema = zero(
    "protocoludp",
    &zeros([
        "udptotrxpkts",
        "udptotrxbytes",
        "udptottxpkts",
        "udptottxbytes",
        "udptotunknownsvcpkts",
        "udpbadchecksum",
        "udprxpktsrate",
        "udprxbytesrate",
        "udptxpktsrate",
        "udptxbytesrate",
    ]),
);

pub(crate) const STAT_AAA: Schema = zero(
    "aaa",
    &zeros([
        "aaaauthsuccess",
        "aaaauthsuccessrate",
        "aaaauthfail",
        "aaaauthfailrate",
        "aaaauthonlyhttpsuccess",
        "aaaauthonlyhttpsuccessrate",
        "aaaauthonlyhttpfail",
        "aaaauthonlyhttpfailrate",
        "aaaauthnonhttpsuccess",
        "aaaauthnonhttpsuccessrate",
        "aaaauthnonhttpfail",
        "aaaauthnonhttpfailrate",
        "aaacursessions",
        "aaacursessionsrate",
        "aaatotsessions",
        "aaasessionsrate",
        "aaatotsessiontimeout",
        "aaasessiontimeoutrate",
        "aaacuricasessions",
        "aaacuricasessionsrate",
        "aaacuricaonlyconn",
        "aaacuricaonlyconnrate",
        "aaacuricaconn",
        "aaacuricaconnrate",
        "aaacurtmsessions",
        "aaacurtmsessionsrate",
        "aaatottmsessions",
        "aaatmsessionsrate",
    ]),
);

/// A box of 4 GB; the percentage is that of `stat/system`.
pub(crate) const STAT_MEMORY: Schema = zero(
    "systemmemory",
    &[
        double("memusagepcnt").as_number().fixed("24.000000"),
        double("memuseinmb").fixed("983"),
        double("memtotavail").fixed("4096"),
        double("memtotallocmb").fixed("983"),
        double("memtotallocpcnt").as_number().fixed("24.000000"),
        double("shmemallocpcnt").as_number().fixed("0.000000"),
        double("shmemallocinmb").fixed("0"),
    ],
);

pub(crate) const STAT_CPU: Schema =
    table("systemcpu", Shape::Named, &[double("id").key(), double("percpuuse").read_only()]);

const TRAFFIC: [Attribute; 15] = zeros([
    "totrxbytes",
    "rxbytesrate",
    "tottxbytes",
    "txbytesrate",
    "totrxpkts",
    "rxpktsrate",
    "tottxpkts",
    "txpktsrate",
    "jumbopktsreceived",
    "jumbopktsreceivedrate",
    "jumbopktstransmitted",
    "jumbopktstransmittedrate",
    "trunkpktsreceived",
    "trunkpktsreceivedrate",
    "trunkpktstransmitted",
]);

const TROUBLE: [Attribute; 24] = zeros([
    "trunkpktstransmittedrate",
    "errpktrx",
    "errpktrxrate",
    "errpkttx",
    "errpkttxrate",
    "errifindiscards",
    "errifindiscardsrate",
    "nicerrifoutdiscards",
    "nicerrifoutdiscardsrate",
    "errdroppedrxpkts",
    "errdroppedrxpktsrate",
    "errdroppedtxpkts",
    "errdroppedtxpktsrate",
    "rxcrcerrors",
    "rxcrcerrorsrate",
    "rxlacpdu",
    "rxlacpdurate",
    "txlacpdu",
    "txlacpdurate",
    "linkreinits",
    "totmacmoved",
    "macmovedrate",
    "totnetscalerpkts",
    "netscalerpktsrate",
]);

const OF_AN_INTERFACE: [Attribute; 44] = {
    let mut all = [text("id").key(); 44];
    all[1] = text("interfacealias").fixed("");
    all[2] = text("curintfstate").fixed("UP");
    all[3] = text("curlinkstate").fixed("UP");
    all[4] = double("nictotmulticastpkts").fixed("0");
    let mut at = 0;
    while at < TRAFFIC.len() {
        all[5 + at] = TRAFFIC[at];
        at += 1;
    }
    at = 0;
    while at < TROUBLE.len() {
        all[5 + TRAFFIC.len() + at] = TROUBLE[at];
        at += 1;
    }
    all
};

pub(crate) const STAT_INTERFACE: Schema = table("Interface", Shape::Named, &OF_AN_INTERFACE);

pub(crate) const STAT_SSLVSERVER: Schema = table(
    "sslvserver",
    Shape::Named,
    &[
        text("vservername").key(),
        text("primaryipaddress").read_only(),
        integer("primaryport").read_only(),
        text("type").fixed("SSL"),
        text("state").read_only(),
        double("vslbhealth").fixed("0"),
        double("actsvcs").fixed("0"),
        double("ssltotclientauthsuccess").fixed("0"),
        integer("sslclientauthsuccessrate").fixed("0"),
        double("ssltotclientauthfailure").fixed("0"),
        integer("sslclientauthfailurerate").fixed("0"),
        double("sslctxtotencbytes").fixed("0"),
        integer("sslctxencbytesrate").fixed("0"),
        double("sslctxtotdecbytes").fixed("0"),
        integer("sslctxdecbytesrate").fixed("0"),
        double("sslctxtothwencbytes").fixed("0"),
        integer("sslctxhwencbytesrate").fixed("0"),
        double("sslctxtothwdec_bytes").fixed("0"),
        integer("sslctxhwdec_bytesrate").fixed("0"),
        double("sslctxtotsessionnew").fixed("0"),
        integer("sslctxsessionnewrate").fixed("0"),
        double("sslctxtotsessionhits").fixed("0"),
        integer("sslctxsessionhitsrate").fixed("0"),
    ],
);

pub(crate) const STAT_CSVSERVER: Schema = table(
    "csvserver",
    Shape::Named,
    &[
        text("name").key(),
        text("primaryipaddress").read_only(),
        integer("primaryport").read_only(),
        text("type").read_only(),
        text("state").read_only(),
        double("tothits").fixed("0"),
        integer("hitsrate").fixed("0"),
        double("totalrequests").fixed("0"),
        integer("requestsrate").fixed("0"),
        double("totalresponses").fixed("0"),
        integer("responsesrate").fixed("0"),
        double("totalrequestbytes").fixed("0"),
        integer("requestbytesrate").fixed("0"),
        double("totalresponsebytes").fixed("0"),
        integer("responsebytesrate").fixed("0"),
        double("totalpktsrecvd").fixed("0"),
        integer("pktsrecvdrate").fixed("0"),
        double("totalpktssent").fixed("0"),
        integer("pktssentrate").fixed("0"),
        double("curclntconnections").fixed("0"),
        double("cursrvrconnections").fixed("0"),
        double("establishedconn").fixed("0"),
        double("sothreshold").fixed("0"),
        double("totspillovers").fixed("0"),
        double("totvserverdownbackuphits").fixed("0"),
        double("invalidrequestresponse").fixed("0"),
        double("invalidrequestresponsedropped").fixed("0"),
        double("deferredreq").fixed("0"),
        integer("deferredreqrate").fixed("0"),
        double("avgcltttlb").fixed("0"),
        double("cltresponsetimeapdex").fixed("0"),
        double("totcltttlbtransactions").fixed("0"),
        integer("cltttlbtransactionsrate").fixed("0"),
        double("toleratingttlbtransactions").fixed("0"),
        integer("toleratingttlbtransactionsrate").fixed("0"),
        double("frustratingttlbtransactions").fixed("0"),
        integer("frustratingttlbtransactionsrate").fixed("0"),
        double("curmptcpsessions").fixed("0"),
        double("cursubflowconn").fixed("0"),
        double("labelledconn").fixed("0"),
        double("pushlabel").fixed("0"),
    ],
);

/// Nobody has global server load balancing here: there is nothing to show, but it may be asked for.
pub(crate) const STAT_GSLBVSERVER: Schema = table("gslbvserver", Shape::Named, &[text("name").key()]);
pub(crate) const STAT_GSLBSERVICE: Schema = table("gslbservice", Shape::Named, &[text("servicename").key()]);
