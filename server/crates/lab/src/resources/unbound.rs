//! Policies of virtual servers (6.2 A11): their bindings can be asked for, and there are none.

use super::{Resource, View, chosen};
use crate::{
    json::Item,
    refusal::Outcome,
    schema::{
        Schema,
        tables::policies::{CS, LB, VPN},
    },
};

/// Whose policies they are.
#[derive(Clone, Copy)]
enum Owner {
    Balancing,
    Content,
    Gateway,
}

/// A kind of binding that a virtual server can have, and has not.
#[derive(Clone, Copy)]
struct Unbound {
    owner: Owner,
    table: &'static Schema,
}

static OF_BALANCING: [Unbound; LB.len()] = all(Owner::Balancing, &LB);
static OF_CONTENT: [Unbound; CS.len()] = all(Owner::Content, &CS);
static OF_GATEWAYS: [Unbound; VPN.len()] = all(Owner::Gateway, &VPN);

const fn all<const N: usize>(owner: Owner, tables: &'static [Schema; N]) -> [Unbound; N] {
    let mut rows = [Unbound { owner, table: &tables[0] }; N];
    let mut at = 1;
    while at < N {
        rows[at] = Unbound { owner, table: &tables[at] };
        at += 1;
    }
    rows
}

/// One resource for each.
pub(super) fn resources() -> impl Iterator<Item = &'static dyn Resource> {
    OF_BALANCING.iter().chain(&OF_CONTENT).chain(&OF_GATEWAYS).map(|one| one as &dyn Resource)
}

impl Resource for Unbound {
    fn schema(&self) -> &'static Schema {
        self.table
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        match self.owner {
            Owner::Balancing => chosen(&config.vservers, self.table, name).map(|_| Vec::new()),
            Owner::Content => chosen(&config.content, self.table, name).map(|_| Vec::new()),
            Owner::Gateway => chosen(&config.gateways, self.table, name).map(|_| Vec::new()),
        }
    }
}
