//! The Gateway step: where the Gateway finds the cluster. The address may live in two places (procedure 2.6).

use super::{Desired, STORE_PORT};
use crate::fields::FieldErrors;
use serde::{Deserialize, Serialize};

/// The pointer from a Gateway to the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gateway {
    /// Name of the Gateway's virtual server, which exists.
    pub vserver: String,
    /// `https://<FQDN>:8443`: the App Controller.
    pub url: String,
    /// Session actions whose store address is to be the same.
    #[serde(default)]
    pub actions: Vec<String>,
}

impl Gateway {
    /// The address under which a Gateway asks for a cluster.
    pub fn url_of(fqdn: &str) -> String {
        format!("https://{fqdn}:{STORE_PORT}")
    }
}

impl Desired {
    /// The same for a cluster that devices know by another name: what is made of the name follows it.
    #[must_use]
    pub fn renamed(mut self, fqdn: &str) -> Self {
        if let Some(gateway) = &mut self.gateway {
            gateway.url = Gateway::url_of(fqdn);
        }
        if let Some(dns) = &mut self.dns {
            fqdn.clone_into(&mut dns.hostname);
        }
        self
    }
}

/// The Gateway step as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GatewayForm {
    pub gateway: String,
    /// Names of session actions, with a comma between.
    pub actions: String,
}

impl GatewayForm {
    pub fn of(desired: &Desired) -> Option<Self> {
        let gateway = desired.gateway.as_ref()?;
        Some(Self { gateway: gateway.vserver.clone(), actions: gateway.actions.join(", ") })
    }

    /// `latest` with this step, for a cluster of this name.
    pub fn apply(&self, latest: &Desired, fqdn: &str) -> Result<Desired, FieldErrors> {
        let vserver = self.gateway.trim();
        if vserver.is_empty() {
            let sentence =
                "Choose the Gateway's virtual server. Devices sign in there, and it has to know where the cluster is.";
            return Err(FieldErrors::one("gateway", sentence));
        }
        let mut actions: Vec<String> = Vec::new();
        for name in self.actions.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            if name.len() > 127 || name.chars().any(char::is_control) {
                return Err(FieldErrors::one("actions", format!("“{name}” is no name of a session action.")));
            }
            if !actions.iter().any(|other| other == name) {
                actions.push(name.to_owned());
            }
        }
        let gateway = Gateway { vserver: vserver.to_owned(), url: Gateway::url_of(fqdn), actions };
        Ok(Desired { gateway: Some(gateway), ..latest.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pointer_is_made_of_the_cluster_s_name() {
        let form = GatewayForm { gateway: "_XM_ag.example.com".into(), actions: " a , b,a".into() };
        let desired = form.apply(&Desired::default(), "xms.example.com").unwrap();
        let gateway = desired.gateway.clone().unwrap();
        assert_eq!(gateway.url, "https://xms.example.com:8443");
        assert_eq!(gateway.actions, ["a", "b"]);
        assert_eq!(GatewayForm::of(&desired).unwrap().apply(&desired, "xms.example.com").unwrap(), desired);
        let none = GatewayForm::default().apply(&desired, "x.y").unwrap_err();
        assert!(none.get("gateway").is_some());
        let odd = GatewayForm { gateway: "g".into(), actions: "a\u{7}".into() };
        assert!(odd.apply(&desired, "x.y").unwrap_err().get("actions").is_some());
    }
}
