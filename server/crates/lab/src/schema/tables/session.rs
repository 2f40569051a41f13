//! `login` and `logout` (1.3).

use super::{
    super::{Schema, Shape},
    integer, text,
};

pub(crate) const LOGIN: Schema = Schema {
    name: "login",
    noun: "login",
    shape: Shape::Single,
    attributes: &[
        text("username").add_only().required().argument().cli("userName"),
        text("password").add_only().required().argument().secret().hidden().length(0, 255),
        integer("timeout").add_only().range(0, 31_536_000),
        text("new_password").add_only().secret().hidden(),
        text("tag").add_only(),
    ],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};

pub(crate) const LOGOUT: Schema = Schema {
    name: "logout",
    noun: "logout",
    shape: Shape::Single,
    attributes: &[],
    actions: &[],
    get_args: &[],
    delete_args: &[],
};
