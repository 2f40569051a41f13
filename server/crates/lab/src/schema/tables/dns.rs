//! `dnsaddrec` (3.16). There is no update.

use super::{
    super::{Kind, Schema, Shape, attribute::attribute},
    double, text,
};

pub(crate) const DNSADDREC: Schema = Schema {
    name: "dnsaddrec",
    noun: "dns addRec",
    shape: Shape::Named,
    attributes: &[
        text("hostname").key().cli("hostName").length(1, 255),
        attribute("ipaddress", Kind::Addresses).add_only().required().argument().cli("IPAddress"),
        double("ttl").add_only().range(0, 2_147_483_647).default("3600").cli("TTL"),
        text("vservername").read_only(),
        text("authtype").fixed("ADNS"),
        text("ecssubnet").act_only().hidden().cli("ecsSubnet"),
    ],
    actions: &[],
    // `type` and `nodeid` are taken as the resource has them.
    get_args: &["type", "hostname", "nodeid"],
    delete_args: &["ipaddress", "ecssubnet"],
};
