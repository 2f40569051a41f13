//! Statistics (3.17): counters are strings, rates are numbers.

use super::super::{Attribute, Schema, Shape};
use super::{double, integer, text};

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
        double("totvserverdownbackuphits").fixed("0"),
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

pub(crate) const STAT_HANODE: Schema = statistics(
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
);

/// Percentages are numbers.
pub(crate) const STAT_SYSTEM: Schema = statistics("system", Shape::Single, LOAD);

pub(crate) const STAT_NS: Schema = statistics("ns", Shape::Single, LOAD);

const LOAD: &[Attribute] = &[
    integer("cpuusagepcnt").fixed("2"),
    integer("mgmtcpuusagepcnt").fixed("3"),
    integer("pktcpuusagepcnt").fixed("1"),
    integer("memusagepcnt").fixed("24"),
    integer("disk0perusage").fixed("31"),
    integer("disk1perusage").fixed("12"),
    double("numcpus").fixed("2"),
    text("starttime").read_only(),
    text("timesincestart").read_only(),
    text("hacurstate").fixed("UP"),
    text("hacurmasterstate").fixed("Primary"),
];
