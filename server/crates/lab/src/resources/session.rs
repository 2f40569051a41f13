//! `login` and `logout`. The work is done before dispatch, where there may be no session yet; see `nitro::access`.

use super::{Resource, View};
use crate::{
    json::Item,
    refusal::{Outcome, Refusal},
    schema::{
        Schema,
        tables::session::{LOGIN, LOGOUT},
    },
};

pub(super) struct Login;
pub(super) struct Logout;

impl Resource for Login {
    fn schema(&self) -> &'static Schema {
        &LOGIN
    }

    fn told(&self) -> super::Told {
        super::Told::Never
    }

    fn rows(&self, _view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        Err(Refusal::new(1240))
    }
}

impl Resource for Logout {
    fn schema(&self) -> &'static Schema {
        &LOGOUT
    }

    fn told(&self) -> super::Told {
        super::Told::Never
    }

    fn rows(&self, _view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        Err(Refusal::new(1240))
    }
}
