//! What the procedure presupposes (`nitro.md` 4.1): certificates, and a gateway that is UP with its session action.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{accounts, save};
use crate::{
    model::SSL_FOLDER,
    nitro::internally,
    papers::{self, Paper},
    refusal::Outcome,
    shared::World,
};

/// The gateway, as the wizard names it and its session objects.
const GATEWAY: &str = "_XM_ag.example.com";
const GATEWAY_IP: &str = "10.20.40.40";

/// Where the gateway's clients are sent before anybody sets the cluster up.
const OLD_STORE: &str = "https://old-xms.example.com:8443";

/// A store of somebody else's, which no client of ours may touch.
const FOREIGN_STORE: &str = "https://storefront.example.com/Citrix/StoreWeb";

const RULE: &str = "HTTP.REQ.HEADER(\"User-Agent\").CONTAINS(\"CitrixReceiver\")";

/// Makes the accounts, puts the files down, and makes the rest of them through NITRO.
pub(super) fn lay(world: &mut World, index: usize, papers: &[Paper]) -> Outcome {
    accounts::make(world, index)?;
    let mut send = |method: &str, path: &str, body: Value| {
        let resource = path.split('?').next().unwrap_or(path);
        internally(world, index, method, path, &json!({ resource: body }).to_string())
    };
    for Paper { name, pem } in papers {
        let content = BASE64_STANDARD.encode(pem);
        let body = json!({ "filename": name, "filelocation": SSL_FOLDER, "filecontent": content });
        send("POST", "systemfile", body)?;
    }
    send("POST", "sslcertkey", json!({ "certkey": papers::CA, "cert": format!("{}.cer", papers::CA) }))?;
    for name in papers::servers() {
        let (cert, key) = (format!("{name}.cer"), format!("{name}.key"));
        send("POST", "sslcertkey", json!({ "certkey": name, "cert": cert, "key": key }))?;
        send("POST", "sslcertkey?action=link", json!({ "certkey": name, "linkcertkeyname": papers::CA }))?;
    }

    send("POST", "nsfeature?action=enable", json!({ "feature": ["SSLVPN"] }))?;
    let gateway = json!({ "name": GATEWAY, "servicetype": "SSL", "ipv46": GATEWAY_IP, "port": 443,
        "deploymenttype": "MOBILITY" });
    send("POST", "vpnvserver", gateway)?;
    let certificate = json!({ "vservername": GATEWAY, "certkeyname": papers::FITS });
    send("PUT", "sslvserver_sslcertkey_binding", certificate)?;
    let (action, policy) = (format!("AC_OS_{GATEWAY_IP}"), format!("PL_OS_{GATEWAY_IP}"));
    let session = json!({ "name": action, "splittunnel": "OFF", "transparentinterception": "OFF",
        "defaultauthorizationaction": "ALLOW", "sso": "ON", "ssocredential": "PRIMARY", "homepage": "none",
        "icaproxy": "OFF", "clientchoices": "OFF", "ntdomain": "example.com", "clientlessvpnmode": "ON",
        "securebrowse": "ENABLED", "storefronturl": OLD_STORE, "sesstimeout": 1440 });
    send("POST", "vpnsessionaction", session)?;
    send("POST", "vpnsessionpolicy", json!({ "name": policy, "rule": RULE, "action": action }))?;
    let bound = json!({ "name": GATEWAY, "policy": policy, "priority": 100, "gotopriorityexpression": "NEXT" });
    send("PUT", "vpnvserver_vpnsessionpolicy_binding", bound)?;

    let foreign = json!({ "name": "AC_storefront", "icaproxy": "ON", "wihome": FOREIGN_STORE,
        "storefronturl": FOREIGN_STORE });
    send("POST", "vpnsessionaction", foreign)?;
    send("POST", "vpnsessionpolicy", json!({ "name": "PL_storefront", "rule": "true", "action": "AC_storefront" }))?;
    save(world, index)
}
