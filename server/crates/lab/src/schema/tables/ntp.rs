//! Time servers: none, and nobody synchronises. Plug-ins ask all the same.

use super::{
    super::{Schema, Shape},
    integer, text,
};

pub(crate) const NTPSERVER: Schema = Schema {
    name: "ntpserver",
    noun: "ntp server",
    shape: Shape::Named,
    attributes: &[
        text("serverip").key().cli("serverIP"),
        text("servername").read_only(),
        integer("minpoll").read_only(),
        integer("maxpoll").read_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const NTPSYNC: Schema = Schema {
    name: "ntpsync",
    noun: "ntp sync",
    shape: Shape::Single,
    attributes: &[text("state").fixed("DISABLED")],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};
