//! What the procedure presupposes (`nitro.md` 4.1): certificates, and a gateway that is UP with its session action.

use super::{accounts, save};
use crate::{
    model::SSL_FOLDER,
    nitro::internally,
    papers::{self, Paper},
    refusal::Outcome,
    shared::{Shared, World},
    site::Site,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use std::net::Ipv4Addr;

/// Address of the first site's gateway.
pub(crate) const GATEWAY: Ipv4Addr = Ipv4Addr::new(10, 20, 40, 40);

/// A store of somebody else's, which no client of ours may touch.
const FOREIGN_STORE: &str = "https://storefront.example.com/Citrix/StoreWeb";

const RULE: &str = "HTTP.REQ.HEADER(\"User-Agent\").CONTAINS(\"CitrixReceiver\")";

/// Makes the accounts, puts the files down, and makes the rest of them through NITRO.
pub(super) fn lay(world: &mut World, index: usize, shared: &Shared) -> Outcome {
    accounts::make(world, index)?;
    let mut send = |method: &str, path: &str, body: Value| {
        let resource = path.split('?').next().unwrap_or(path);
        internally(world, index, method, path, &json!({ resource: body }).to_string())
    };
    for Paper { name, pem } in &shared.papers {
        let content = BASE64_STANDARD.encode(pem);
        let body = json!({ "filename": name, "filelocation": SSL_FOLDER, "filecontent": content });
        send("POST", "systemfile", body)?;
    }
    send("POST", "sslcertkey", json!({ "certkey": papers::CA, "cert": format!("{}.cer", papers::CA) }))?;
    let sites: Vec<Site> = shared.sites.iter().map(|(site, _)| site.clone()).collect();
    for name in papers::servers(&sites) {
        let (cert, key) = (format!("{name}.cer"), format!("{name}.key"));
        send("POST", "sslcertkey", json!({ "certkey": name, "cert": cert, "key": key }))?;
        send("POST", "sslcertkey?action=link", json!({ "certkey": name, "linkcertkeyname": papers::CA }))?;
    }

    send("POST", "nsfeature?action=enable", json!({ "feature": ["SSLVPN"] }))?;
    gateway(&mut send, "example.com", GATEWAY, papers::FITS)?;
    for site in &sites {
        gateway(&mut send, site.domain(), site.gateway, &site.certificate())?;
    }

    let foreign = json!({ "name": "AC_storefront", "icaproxy": "ON", "wihome": FOREIGN_STORE,
        "storefronturl": FOREIGN_STORE });
    send("POST", "vpnsessionaction", foreign)?;
    send("POST", "vpnsessionpolicy", json!({ "name": "PL_storefront", "rule": "true", "action": "AC_storefront" }))?;
    save(world, index)
}

/// A gateway, as the wizard names it and its session objects. Before anybody sets the cluster up, its clients are sent
/// to the cluster before.
fn gateway(
    send: &mut impl FnMut(&str, &str, Value) -> Outcome,
    domain: &str,
    address: Ipv4Addr,
    certificate: &str,
) -> Outcome {
    let vserver = format!("_XM_ag.{domain}");
    let body = json!({ "name": vserver, "servicetype": "SSL", "ipv46": address, "port": 443,
        "deploymenttype": "MOBILITY" });
    send("POST", "vpnvserver", body)?;
    let bound = json!({ "vservername": vserver, "certkeyname": certificate });
    send("PUT", "sslvserver_sslcertkey_binding", bound)?;
    let (action, policy) = (format!("AC_OS_{address}"), format!("PL_OS_{address}"));
    let session = json!({ "name": action, "splittunnel": "OFF", "transparentinterception": "OFF",
        "defaultauthorizationaction": "ALLOW", "sso": "ON", "ssocredential": "PRIMARY", "homepage": "none",
        "icaproxy": "OFF", "clientchoices": "OFF", "ntdomain": domain, "clientlessvpnmode": "ON",
        "securebrowse": "ENABLED", "storefronturl": format!("https://old-xms.{domain}:8443"), "sesstimeout": 1440 });
    send("POST", "vpnsessionaction", session)?;
    send("POST", "vpnsessionpolicy", json!({ "name": policy, "rule": RULE, "action": action }))?;
    let bound = json!({ "name": vserver, "policy": policy, "priority": 100, "gotopriorityexpression": "NEXT" });
    send("PUT", "vpnvserver_vpnsessionpolicy_binding", bound)
}
