//! `nslicense` (3.2): a box that may do everything.

use super::super::{Schema, Shape};
use super::{boolean, double, text};

pub(crate) const NSLICENSE: Schema = Schema {
    name: "nslicense",
    noun: "ns license",
    shape: Shape::Single,
    attributes: &[
        boolean("wl").fixed("true"),
        boolean("sp").fixed("true"),
        boolean("lb").fixed("true"),
        boolean("cs").fixed("true"),
        boolean("cr").fixed("true"),
        boolean("cmp").fixed("true"),
        boolean("ssl").fixed("true"),
        boolean("gslb").fixed("true"),
        boolean("sslvpn").fixed("true"),
        double("f_sslvpn_users").fixed("0"),
        double("f_ica_users").fixed("0"),
        boolean("aaa").fixed("true"),
        boolean("ospf").fixed("true"),
        boolean("rip").fixed("true"),
        boolean("bgp").fixed("true"),
        boolean("rewrite").fixed("true"),
        boolean("ipv6pt").fixed("true"),
        boolean("appfw").fixed("true"),
        boolean("responder").fixed("true"),
        boolean("appflow").fixed("true"),
        boolean("isis").fixed("true"),
        boolean("ch").fixed("true"),
        boolean("appqoe").fixed("true"),
        boolean("cluster").fixed("false"),
        text("modelid").fixed("3000"),
        boolean("isstandardlic").fixed("false"),
        boolean("isenterpriselic").fixed("false"),
        boolean("isplatinumlic").fixed("true"),
        text("licensingmode").fixed("Local"),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};
