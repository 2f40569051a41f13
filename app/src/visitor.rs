//! What the server's middleware found out about a request, and how pages and doors come by it.

use http::request::Parts;
use leptos::prelude::{expect_context, use_context};
use model::PersonId;
use services::{Ended, Lapsed, Origin, ReadCx, Services};
use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    sync::{Arc, OnceLock},
};

/// Put into each request by `server::http::sessions`.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Somebody signed in.
    pub cx: Option<ReadCx>,
    pub origin: Origin,
    /// The browser came with a session that is over: why.
    pub ended: Option<Ended>,
    /// Whose it was, and what they sent when it was over.
    pub lapsed: Option<Arc<LapsedForm>>,
    /// What a form before sign-in left in the browser, sealed; see [`crate::stranger`].
    pub typed: Option<String>,
}

/// Somebody whose session is over; a door that turns them away says here what their form was.
#[derive(Debug)]
pub struct LapsedForm {
    pub who: Lapsed,
    pub form: OnceLock<Described>,
}

/// A form that came in, by its name, its page, and what was typed, without secrets.
#[derive(Debug)]
pub struct Described {
    pub name: String,
    pub back: String,
    pub values: BTreeMap<String, String>,
}

impl Visitor {
    /// The visitor of the request that is being answered.
    pub fn current() -> Option<Self> {
        use_context::<Parts>()?.extensions.get::<Self>().cloned()
    }

    /// Who is signed in, in the request that is being answered.
    pub fn current_person() -> Option<PersonId> {
        Self::current().and_then(|visitor| visitor.cx).map(|cx| cx.person().id)
    }
}

/// Somebody signed in; the middleware lets nobody else come as far as a page, but pages do not rely on that.
pub fn reader() -> Option<ReadCx> {
    Visitor::current().and_then(|visitor| visitor.cx)
}

/// The console, handed in by the router.
pub fn services() -> Services {
    expect_context::<Services>()
}

/// What the demo knows about its lab, offered in empty forms.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    pub appliance: Option<model::appliance::ApplianceForm>,
    /// A sentence above the appliance's form.
    pub text: Option<String>,
    pub sites: Vec<SiteHints>,
}

/// What is there for one cluster.
#[derive(Clone, Debug, Default)]
pub struct SiteHints {
    /// Its name: these are for the cluster that bears it.
    pub fqdn: String,
    pub vips: Vec<Ipv4Addr>,
    /// As the Nodes step's form has them.
    pub nodes: Vec<String>,
    /// The nodes' accounts.
    pub node_access: model::node::NodeAccessForm,
    /// A sentence above the accounts' form.
    pub node_text: String,
}

impl Hints {
    /// For the cluster of this name; where there is but one site, for any.
    pub fn site(&self, fqdn: &str) -> Option<&SiteHints> {
        match self.sites.as_slice() {
            [only] => Some(only),
            sites => sites.iter().find(|site| site.fqdn == fqdn),
        }
    }

    /// A name for one more cluster beside those of these names.
    pub fn fresh_name(&self, known: &[&str]) -> Option<&str> {
        self.sites.iter().map(|site| site.fqdn.as_str()).find(|name| !known.contains(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_offered_to_the_cluster_of_its_name() {
        let site = |fqdn: &str| SiteHints { fqdn: fqdn.into(), ..SiteHints::default() };
        let two = Hints { sites: vec![site("a.b"), site("c.d")], ..Hints::default() };
        assert_eq!(two.site("c.d").map(|site| site.fqdn.as_str()), Some("c.d"));
        assert!(two.site("e.f").is_none(), "another cluster's nodes are not offered");
        assert_eq!((two.fresh_name(&["a.b"]), two.fresh_name(&["a.b", "c.d"])), (Some("c.d"), None));
        let one = Hints { sites: vec![site("a.b")], ..Hints::default() };
        assert!(one.site("e.f").is_some(), "an empty lab is anybody's");
    }
}
