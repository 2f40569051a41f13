//! Statistics (3.17): counters are strings, rates are numbers.

use super::{
    super::{Attribute, Schema, Shape},
    double, integer, text,
};

const fn statistics(name: &'static str, shape: Shape, attributes: &'static [Attribute]) -> Schema {
    Schema { name, noun: name, shape, attributes, actions: &[], get_args: &[], delete_args: &[] }
}

pub(crate) const STAT_LBVSERVER: Schema = statistics(
    "lbvserver",
    Shape::Named,
    &[
        text("name").key(),
        text("sortorder").fixed("descending"),
        double("vsvrsurgecount").fixed("0"),
        double("establishedconn").fixed("0"),
        double("inactsvcs").read_only(),
        double("vslbhealth").read_only(),
        text("primaryipaddress").read_only(),
        integer("primaryport").read_only(),
        text("type").read_only(),
        text("state").read_only(),
        double("actsvcs").read_only(),
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
        double("surgecount").fixed("0"),
        double("svcsurgecount").fixed("0"),
        double("curpersistencesessions").fixed("0"),
        double("totspillovers").fixed("0"),
        double("invalidrequestresponse").fixed("0"),
        double("invalidrequestresponsedropped").fixed("0"),
        double("totvserverdownbackuphits").fixed("0"),
        double("sothreshold").fixed("0"),
        double("deferredreq").fixed("0"),
        integer("deferredreqrate").fixed("0"),
        double("totalsvrbusyerr").fixed("0"),
        integer("svrbusyerrrate").fixed("0"),
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

pub(crate) const STAT_SERVICEGROUP: Schema = statistics(
    "servicegroup",
    Shape::Named,
    &[text("servicegroupname").key(), text("state").read_only(), text("servicetype").read_only()],
);

pub(crate) const STAT_MEMBER: Schema = Schema {
    // The identifiers are not part of an item; the name of the row holds them all.
    get_args: &["servicegroupname", "ip", "servername", "port"],
    ..statistics(
        "servicegroupmember",
        Shape::Named,
        &[
            text("servicegroupname").key(),
            double("avgsvrttfb").fixed("0"),
            text("primaryipaddress").read_only(),
            integer("primaryport").read_only(),
            text("servicetype").read_only(),
            text("state").read_only(),
            double("totalrequests").fixed("0"),
            integer("requestsrate").fixed("0"),
            double("totalresponses").fixed("0"),
            integer("responsesrate").fixed("0"),
            double("totalrequestbytes").fixed("0"),
            integer("requestbytesrate").fixed("0"),
            double("totalresponsebytes").fixed("0"),
            integer("responsebytesrate").fixed("0"),
            double("curclntconnections").fixed("0"),
            double("surgecount").fixed("0"),
            double("cursrvrconnections").fixed("0"),
            double("svrestablishedconn").fixed("0"),
            double("curreusepool").fixed("0"),
            double("maxclients").fixed("0"),
            double("totsvrttlbtransactions").fixed("0"),
            double("toleratingttlbtransactions").fixed("0"),
            double("frustratingttlbtransactions").fixed("0"),
        ],
    )
};

pub(crate) const STAT_VPNVSERVER: Schema = statistics(
    "vpnvserver",
    Shape::Named,
    &[
        text("name").key(),
        text("primaryipaddress").read_only(),
        integer("primaryport").read_only(),
        text("type").fixed("SSL"),
        text("state").read_only(),
        double("totalrequests").fixed("0"),
        integer("requestsrate").fixed("0"),
        double("totalresponses").fixed("0"),
        integer("responsesrate").fixed("0"),
        double("totalrequestbytes").fixed("0"),
        integer("requestbytesrate").fixed("0"),
        double("totalresponsebytes").fixed("0"),
        integer("responsebytesrate").fixed("0"),
    ],
);

pub(crate) const STAT_HANODE: Schema = Schema {
    get_args: &["detail"],
    ..statistics(
        "hanode",
        Shape::Single,
        &[
            text("hacurstatus").fixed("NO"),
            text("hacurstate").fixed("UP"),
            text("hacurmasterstate").fixed("Primary"),
            text("transtime").read_only(),
            double("hatotpktrx").fixed("0"),
            integer("hapktrxrate").fixed("0"),
            double("hatotpkttx").fixed("0"),
            integer("hapkttxrate").fixed("0"),
            double("haerrproptimeout").fixed("0"),
            double("haerrsyncfailure").fixed("0"),
        ],
    )
};

/// Percentages are numbers, those of processors and memory with six places.
pub(crate) const STAT_SYSTEM: Schema = statistics("system", Shape::Single, LOAD);

const LOAD: &[Attribute] = &[
    double("cpuusage").fixed("2"),
    double("rescpuusage").fixed("2"),
    double("cpuusagepcnt").as_number().fixed("2.000000"),
    double("rescpuusagepcnt").as_number().fixed("2.000000"),
    double("mgmtcpuusagepcnt").as_number().fixed("3.000000"),
    double("pktcpuusagepcnt").as_number().fixed("1.000000"),
    double("memusagepcnt").as_number().fixed("24.000000"),
    double("memuseinmb").fixed("983"),
    double("disk0perusage").as_number().fixed("31"),
    double("disk0used").fixed("465"),
    double("disk0avail").fixed("1035"),
    double("disk1perusage").as_number().fixed("12"),
    double("disk1used").fixed("1721"),
    double("disk1avail").fixed("12620"),
    double("numcpus").fixed("2"),
    text("starttime").read_only(),
    text("timesincestart").read_only(),
    text("hacurstate").fixed("UP"),
    text("hacurmasterstate").fixed("Primary"),
];

/// The overview has the network too.
pub(crate) const STAT_NS: Schema = statistics(
    "ns",
    Shape::Single,
    &[
        double("cpuusagepcnt").as_number().fixed("2.000000"),
        double("rescpuusagepcnt").as_number().fixed("2.000000"),
        double("mgmtcpuusagepcnt").as_number().fixed("3.000000"),
        double("pktcpuusagepcnt").as_number().fixed("1.000000"),
        double("memusagepcnt").as_number().fixed("24.000000"),
        double("memuseinmb").fixed("983"),
        double("disk0perusage").as_number().fixed("31"),
        double("disk1perusage").as_number().fixed("12"),
        double("numcpus").fixed("2"),
        text("starttime").read_only(),
        text("timesincestart").read_only(),
        text("hacurstate").fixed("UP"),
        text("hacurmasterstate").fixed("Primary"),
        double("totrxmbits").fixed("0"),
        integer("rxmbitsrate").fixed("0"),
        double("tottxmbits").fixed("0"),
        integer("txmbitsrate").fixed("0"),
        double("httptotrequests").fixed("0"),
        integer("httprequestsrate").fixed("0"),
        double("httptotresponses").fixed("0"),
        integer("httpresponsesrate").fixed("0"),
        double("tcpcurclientconn").read_only(),
        double("tcpcurclientconnestablished").read_only(),
        double("tcpcurserverconn").read_only(),
        double("tcpcurserverconnestablished").read_only(),
    ],
);
