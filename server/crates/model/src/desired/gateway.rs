//! The Gateway step: where the Gateway finds the cluster. The address may live in two places (procedure 2.6).

use super::{Desired, Form, STORE_PORT, Step, StepAbout};
use crate::fields::FieldErrors;
use serde::{Deserialize, Serialize};

pub(super) const ABOUT: StepAbout = StepAbout {
    slug: "gateway",
    title: "Gateway",
    procedure: "Procedure 2.6",
    why: "The Gateway has to know where the cluster is. The address may live in two places: the App Controller bound to the Gateway's virtual server, and the store address in a session action. Secure Hub is sent to the second where it is set.",
    is_described: |desired| desired.gateway.is_some(),
    part: |desired| {
        let gateway = desired.gateway.clone();
        gateway.map_or_else(Desired::default, |own| Desired { gateway: Some(own), ..Desired::blank(&desired.fqdn) })
    },
    left_out: Some(|desired| Desired { gateway: None, ..desired }),
    needs: &[Step::Mam],
    until: "Until it is, nothing is planned for the Gateway: pointed to an address where nobody answers, it would cut its sessions off.",
};

/// The pointer from a Gateway to the cluster. Where it points is made of the cluster's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// Name of the Gateway's virtual server, which exists.
    pub vserver: String,
    /// Session actions whose store address is to be that of the App Controller.
    pub actions: Vec<String>,
}

impl Gateway {
    /// The address under which a Gateway asks for a cluster: its App Controller.
    pub fn url_of(fqdn: &str) -> String {
        format!("https://{fqdn}:{STORE_PORT}")
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

impl Form for GatewayForm {
    const STEP: Step = Step::Gateway;

    fn of(desired: &Desired) -> Option<Self> {
        let gateway = desired.gateway.as_ref()?;
        Some(Self { gateway: gateway.vserver.clone(), actions: gateway.actions.join(", ") })
    }

    fn apply(&self, latest: &Desired) -> Result<Desired, FieldErrors> {
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
        let gateway = Gateway { vserver: vserver.to_owned(), actions };
        Ok(Desired { gateway: Some(gateway), ..latest.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_is_chosen_and_each_action_once() {
        let form = GatewayForm { gateway: "_XM_ag.example.com".into(), actions: " a , b,a".into() };
        let desired = form.apply(&Desired::blank("xms.example.com")).unwrap();
        assert_eq!(desired.gateway.clone().unwrap().actions, ["a", "b"]);
        assert_eq!(GatewayForm::of(&desired).unwrap().apply(&desired).unwrap(), desired);
        let none = GatewayForm::default().apply(&desired).unwrap_err();
        assert!(none.get("gateway").is_some());
        let odd = GatewayForm { gateway: "g".into(), actions: "a\u{7}".into() };
        assert!(odd.apply(&desired).unwrap_err().get("actions").is_some());
        assert_eq!(Gateway::url_of(&desired.fqdn), "https://xms.example.com:8443");
    }
}
