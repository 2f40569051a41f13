//! A server that is not `XenMobile` 10: the little by which its predecessor, App Controller 9, can be told.

use super::{
    Profile,
    answer::{Answer, Request},
    profile::Predecessor,
};

pub(super) fn answer(old: &Predecessor, profile: &Profile, request: &Request) -> Answer {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/") => Answer::html(old.login_page.trim_start()),
        ("GET", path) if path == old.login_path => Answer::html(old.login_page.trim_start()),
        ("POST", path) if path == old.call_path => Answer::json(200, &old.call_failed),
        (_, path) => Answer::page(profile, 404, path),
    }
}
