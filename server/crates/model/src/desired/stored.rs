//! A set-up as it is stored and as the log tells it. What is made of the cluster's name stands in it as well: the first
//! versions said the name there alone.

use super::{Desired, Dns, Gateway, KeptOff, Mam, Mdm, Node};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
#[serde(default, rename = "Desired")]
pub(super) struct Stored {
    #[serde(skip_serializing_if = "String::is_empty")]
    fqdn: String,
    nodes: Vec<Node>,
    mdm: Option<Mdm>,
    mam: Option<Mam>,
    gateway: Option<StoredGateway>,
    dns: Option<StoredDns>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kept_off: Vec<KeptOff>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Gateway")]
struct StoredGateway {
    vserver: String,
    /// `https://<FQDN>:8443`.
    url: String,
    #[serde(default)]
    actions: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Dns")]
struct StoredDns {
    hostname: String,
    record: bool,
}

/// The name in the address of an App Controller.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split([':', '/']).next().unwrap_or_default()
}

impl From<Stored> for Desired {
    fn from(stored: Stored) -> Self {
        // The name itself before what was made of it. The record comes first: what it says is the name as it was typed.
        let told = [
            Some(stored.fqdn.as_str()),
            stored.dns.as_ref().map(|dns| dns.hostname.as_str()),
            stored.gateway.as_ref().map(|gateway| host(&gateway.url)),
        ];
        let fqdn = told.into_iter().flatten().find(|name| !name.is_empty()).unwrap_or_default().to_owned();
        Self {
            fqdn,
            nodes: stored.nodes,
            mdm: stored.mdm,
            mam: stored.mam,
            gateway: stored.gateway.map(|gateway| Gateway { vserver: gateway.vserver, actions: gateway.actions }),
            dns: stored.dns.map(|dns| Dns { record: dns.record }),
            kept_off: stored.kept_off,
        }
    }
}

impl From<Desired> for Stored {
    fn from(desired: Desired) -> Self {
        let url = Gateway::url_of(&desired.fqdn);
        let gateway = desired.gateway.map(|Gateway { vserver, actions }| StoredGateway { vserver, url, actions });
        let dns = desired.dns.map(|dns| StoredDns { hostname: desired.fqdn.clone(), record: dns.record });
        Self {
            fqdn: desired.fqdn,
            nodes: desired.nodes,
            mdm: desired.mdm,
            mam: desired.mam,
            gateway,
            dns,
            kept_off: desired.kept_off,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Desired {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_name_that_stood_in_a_step_alone_is_the_set_up_s() {
        for (json, name) in [
            (r#"{"gateway":{"vserver":"gw","url":"https://a.example.com:8443"}}"#, "a.example.com"),
            (r#"{"gateway":{"vserver":"gw","url":"a.example.com/zdm"}}"#, "a.example.com"),
            (r#"{"dns":{"hostname":"b.example.com","record":true}}"#, "b.example.com"),
            ("{}", ""),
        ] {
            assert_eq!(read(json).fqdn, name, "{json}");
        }
    }

    #[test]
    fn of_several_names_one_counts_and_is_written_everywhere() {
        let steps = r#""gateway":{"vserver":"gw","url":"https://a.example.com:8443"},"dns":{"hostname":"b.example.com","record":true}"#;
        assert_eq!(read(&format!("{{{steps}}}")).fqdn, "b.example.com");
        let desired = read(&format!(r#"{{"fqdn":"c.example.com",{steps}}}"#));
        assert_eq!(desired.fqdn, "c.example.com");
        let json = serde_json::to_value(&desired).unwrap();
        assert_eq!(json["gateway"]["url"], "https://c.example.com:8443");
        assert_eq!(json["dns"]["hostname"], "c.example.com");
        assert_eq!(serde_json::from_value::<Desired>(json).unwrap(), desired);
    }
}
