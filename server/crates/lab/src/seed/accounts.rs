//! The two accounts of least privilege (`nitro.md` 3.24): one that looks, one that sets a cluster up.

use crate::{nitro::internally, refusal::Outcome, shared::World};
use serde_json::{Value, json};

const READER: &str = "xmreader";
const WRITER: &str = "xmconsole";

/// The texts of the policies, as proposed.
const POLICIES: &[(&str, &str)] = &[
    (
        "xmc-read-extra",
        r"(^show\s+ns\s+(runningConfig|savedConfig|ns\.conf)(\s.*)?$)|(^show\s+audit\s+messages(\s.*)?$)|(^show\s+system\s+session(\s.*)?$)|(^diff\s+ns\s+config(\s.*)?$)",
    ),
    (
        "xmc-lb",
        r"(^(add|set|unset|enable|disable|rename|rm)\s+server\s+\S+.*)|(^(add|set|unset|bind|unbind|enable|disable|rm)\s+serviceGroup\s+\S+.*)|(^(add|set|unset|bind|unbind|enable|disable|rename|rm)\s+lb\s+vserver\s+\S+.*)|(^(add|set|unset|rm)\s+lb\s+monitor\s+\S+.*)|(^(add|set|unset|bind|unbind|rm)\s+lb\s+group\s+\S+.*)|(^clear\s+lb\s+persistentSessions\s+\S+.*)",
    ),
    (
        "xmc-cert",
        r#"(^(add|set|unset|update|link|unlink|rm)\s+ssl\s+certKey\s+\S+.*)|(^(bind|unbind)\s+ssl\s+vserver\s+\S+\s+-certkeyName\s+\S+.*)|(^(add|rm)\s+system\s+file\s+\S+.*-fileLocation\s+"?/nsconfig/ssl.*)|(^sync\s+HA\s+files(\s+ssl)?\s*$)"#,
    ),
    (
        "xmc-gateway",
        r"(^(bind|unbind)\s+vpn\s+vserver\s+\S+\s+-appController\s+\S+.*)|(^set\s+vpn\s+sessionAction\s+\S+\s+-storefronturl\s+\S+.*)|(^(add|rm)\s+dns\s+addRec\s+\S+.*)",
    ),
    ("xmc-save", r"(^enable\s+ns\s+feature(\s+(LB|SSL|SSLVPN))+\s*$)|(^save\s+ns\s+config(\s.*)?$)"),
];

/// Makes policies and accounts. Both accounts have the superuser's password.
pub(super) fn make(world: &mut World, index: usize) -> Outcome {
    let password = world.appliances.get(index).map(|appliance| appliance.password.clone()).unwrap_or_default();
    let mut send = |method: &str, resource: &str, body: Value| {
        internally(world, index, method, resource, &json!({ resource: body }).to_string())
    };
    for (name, spec) in POLICIES {
        send("POST", "systemcmdpolicy", json!({ "policyname": name, "action": "ALLOW", "cmdspec": spec }))?;
    }
    for user in [READER, WRITER] {
        let body = json!({ "username": user, "password": password, "externalauth": "DISABLED" });
        send("POST", "systemuser", body)?;
        let own = if user == READER { &POLICIES[..1] } else { POLICIES };
        let names = std::iter::once("read-only").chain(own.iter().map(|(name, _)| *name));
        for (name, priority) in names.zip((100..).step_by(10)) {
            let body = json!({ "username": user, "policyname": name, "priority": priority });
            send("PUT", "systemuser_systemcmdpolicy_binding", body)?;
        }
    }
    Ok(())
}
