//! The engine's three ports over NITRO and the log. Words are translated here and nowhere else.

mod bindings;
mod counters;
mod edges;
mod journal;
mod merge;
mod narrow;
mod netscaler;
mod read_error;
mod reading;
mod role;
mod several;
#[cfg(test)]
mod tests;
mod upkeep;
mod watch;

pub(crate) use journal::RunJournal;
pub(crate) use merge::{About, Ours};
use model::plan::{self, Call};
pub(crate) use narrow::Filters;
pub(crate) use netscaler::NetScaler;
use nitro::{Method, Request};
pub(crate) use read_error::read_error;
pub(crate) use role::{own_role, role};

/// A planned call in the client's words.
pub(crate) fn request(call: &Call) -> Request {
    let mut request = Request::get(call.resource.as_str());
    request.method = match call.method {
        plan::Method::Post => Method::Post,
        plan::Method::Put => Method::Put,
        plan::Method::Delete => Method::Delete,
    };
    request.name.clone_from(&call.name);
    request.args.clone_from(&call.args);
    request.action.clone_from(&call.action);
    // The plan keeps the object, the wire wants it under its resource's name (`nitro.md` 1.2).
    request.body = call.body.as_ref().map(|object| serde_json::json!({ call.resource.as_str(): object }));
    request
}

/// `POST /nitro/v1/config/server`, exactly as it goes over the wire.
pub(crate) fn request_line(call: &Call) -> String {
    let request = request(call);
    format!("{} {}", request.method.as_str(), request.path_and_query())
}
