//! From a decision to an operation: request, command line, and the way back.

use crate::{call::call, cli};
use model::{
    object::{Attrs, Kind, ObjectRef},
    plan::{Inverse, Operation, Verb},
};

/// An operation with its request, its command line and its inverse. `attrs` is what the object has afterwards, `before`
/// what it had; for a removal `before` is all that we know of it.
pub fn build(seq: u32, verb: Verb, object: ObjectRef, attrs: Attrs, before: Attrs, reason: String) -> Operation {
    let gone = matches!(verb, Verb::Unbind | Verb::Remove);
    let named = if gone { &before } else { &attrs };
    Operation {
        seq,
        verb,
        call: call(verb, &object, named),
        cli: cli::line(verb, &object, named),
        inverse: inverse(verb, object.kind, &attrs, &before),
        object,
        attrs,
        before,
        reason,
    }
}

fn inverse(verb: Verb, kind: Kind, attrs: &Attrs, before: &Attrs) -> Inverse {
    let back = |verb, attrs: &Attrs| Inverse::Do { verb, attrs: attrs.clone() };
    match verb {
        Verb::FeatureOn => {
            Inverse::Stays("A feature stays on: other parts of the appliance may have come to rely on it.".into())
        }
        Verb::Add => back(Verb::Remove, &Attrs::new()),
        // It is unbound by its name, which its key does not hold (3.14).
        Verb::Bind if kind == Kind::VserverCert => back(Verb::Unbind, attrs),
        Verb::Bind => back(Verb::Unbind, &Attrs::new()),
        Verb::Set | Verb::Unset => back(Verb::Set, before),
        Verb::Enable | Verb::Disable if attrs == before => Inverse::Stays(
            "It was so before as well: what it stands on, once enabled, had only changed it in between.".into(),
        ),
        Verb::Enable => back(Verb::Disable, before),
        Verb::Disable => back(Verb::Enable, before),
        Verb::Unbind => back(Verb::Bind, before),
        Verb::Remove if kind == Kind::CertFile => Inverse::Stays(
            "What was in the file was never read, so it does not come back. Upload the certificate again where it is needed."
                .into(),
        ),
        // Attributes that Gatehouse does not manage were never read and do not come back.
        Verb::Remove => back(Verb::Add, before),
        Verb::Save => Inverse::Stays(
            "A save is not taken back: the appliance keeps the files before it as ns.conf.0 and so on.".into(),
        ),
    }
}
