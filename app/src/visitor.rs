//! What the server's middleware found out about a request, and how pages and doors come by it.

use crate::error::AppError;
use http::request::Parts;
use leptos::prelude::{expect_context, use_context};
use services::{Ended, Origin, ReadCx, Services};

/// Put into each request by `server::http::sessions`.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Somebody signed in.
    pub cx: Option<ReadCx>,
    /// The browser's cookie before sign-in; empty where it has none.
    pub browser: String,
    pub origin: Origin,
    /// The browser came with a session that is over: why.
    pub ended: Option<Ended>,
}

impl Visitor {
    /// The visitor of the request that is being answered.
    pub fn current() -> Option<Self> {
        use_context::<Parts>()?.extensions.get::<Self>().cloned()
    }

    /// Whose drafts apply.
    pub fn owner(&self) -> String {
        match &self.cx {
            Some(cx) => cx.owner(),
            None => Origin::owner(&self.browser),
        }
    }
}

/// Somebody signed in; the middleware lets nobody else come as far as a page, but pages do not rely on that.
pub fn reader() -> Result<ReadCx, AppError> {
    Visitor::current().and_then(|visitor| visitor.cx).ok_or(AppError::SignedOut)
}

/// The console, handed in by the router.
pub fn services() -> Services {
    expect_context::<Services>()
}

/// What the demo knows about its lab, offered in empty forms.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    pub appliance: Option<model::appliance::ApplianceForm>,
    pub mdm_vip: Option<String>,
    pub mam_vip: Option<String>,
    pub nodes: Vec<String>,
    pub fqdn: Option<String>,
    /// The nodes' accounts.
    pub node_access: model::node::NodeAccessForm,
    /// A sentence above the accounts' form.
    pub node_text: Option<String>,
    /// A sentence above the appliance's form.
    pub text: Option<String>,
}
