//! The DNS step: the appliance's own record for the cluster's name (procedure 2.7).

use super::Desired;
use crate::fields::FieldErrors;
use serde::{Deserialize, Serialize};

/// What the appliance itself shall answer for the cluster's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dns {
    pub hostname: String,
    /// An address record `hostname` → MAM address is made; `false`: a name server answers so already.
    pub record: bool,
}

/// The DNS step as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DnsForm {
    /// `make` or `none`.
    pub record: String,
}

impl DnsForm {
    pub fn fresh() -> Self {
        Self { record: "make".into() }
    }

    pub fn of(desired: &Desired) -> Option<Self> {
        let dns = desired.dns.as_ref()?;
        Some(Self { record: if dns.record { "make" } else { "none" }.into() })
    }

    pub fn apply(&self, latest: &Desired, fqdn: &str) -> Result<Desired, FieldErrors> {
        let record = match self.record.trim() {
            "make" => true,
            "none" => false,
            _ => {
                return Err(FieldErrors::one(
                    "record",
                    "Choose whether the appliance gets an address record of its own.",
                ));
            }
        };
        Ok(Desired { dns: Some(Dns { hostname: fqdn.to_owned(), record }), ..latest.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_made_or_not_and_nothing_else() {
        let desired = DnsForm::fresh().apply(&Desired::default(), "xms.example.com").unwrap();
        assert_eq!(desired.dns, Some(Dns { hostname: "xms.example.com".into(), record: true }));
        assert_eq!(DnsForm::of(&desired), Some(DnsForm::fresh()));
        let none = DnsForm { record: "none".into() }.apply(&desired, "xms.example.com").unwrap();
        assert!(!none.dns.unwrap().record);
        assert!(DnsForm { record: "perhaps".into() }.apply(&desired, "x.y").unwrap_err().get("record").is_some());
    }
}
