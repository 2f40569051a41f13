//! The DNS step: the appliance's own record for the cluster's name (procedure 2.7).

use super::{Desired, Form, Step, StepAbout};
use crate::fields::FieldErrors;
use serde::{Deserialize, Serialize};

pub(super) const ABOUT: StepAbout = StepAbout {
    slug: "dns",
    title: "DNS",
    procedure: "Procedure 2.7",
    why: "The Gateway looks the cluster's name up on this NetScaler itself. The answer has to be the MAM address. The published procedure says “AG VIP IP” in its text and “MAM LB VIP” in its title and introduction; the title is right: with the Gateway's own address it would ask itself.",
    is_described: |desired| desired.dns.is_some(),
    part: |desired| {
        let dns = desired.dns.clone();
        dns.map_or_else(Desired::default, |own| Desired { dns: Some(own), ..Desired::blank(&desired.fqdn) })
    },
    left_out: Some(|desired| Desired { dns: None, ..desired }),
    needs: &[Step::Mam],
    until: "Until it is, no record is planned.",
};

/// What the appliance itself shall answer for the cluster's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dns {
    /// An address record from the cluster's name to the MAM address is made; `false`: a name server answers so already.
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
}

impl Form for DnsForm {
    const STEP: Step = Step::Dns;

    fn of(desired: &Desired) -> Option<Self> {
        let dns = desired.dns.as_ref()?;
        Some(Self { record: if dns.record { "make" } else { "none" }.into() })
    }

    fn apply(&self, latest: &Desired) -> Result<Desired, FieldErrors> {
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
        Ok(Desired { dns: Some(Dns { record }), ..latest.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_made_or_not_and_nothing_else() {
        let desired = DnsForm::fresh().apply(&Desired::default()).unwrap();
        assert_eq!(desired.dns, Some(Dns { record: true }));
        assert_eq!(DnsForm::of(&desired), Some(DnsForm::fresh()));
        let none = DnsForm { record: "none".into() }.apply(&desired).unwrap();
        assert!(!none.dns.unwrap().record);
        assert!(DnsForm { record: "perhaps".into() }.apply(&desired).unwrap_err().get("record").is_some());
    }
}
