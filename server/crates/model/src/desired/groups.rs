//! The step Groups and members: the names of the three groups. Their members follow from the nodes.

use super::{Desired, ENROLMENT_PORT, STORE_PORT};
use crate::{fields::FieldErrors, names};
use serde::{Deserialize, Serialize};

/// The step as it was typed. Groups of steps that are not described yet are not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupsForm {
    pub mdm_443: String,
    pub mdm_8443: String,
    pub mam_8443: String,
}

impl GroupsForm {
    pub fn of(desired: &Desired) -> Self {
        let mdm = |port: u16| {
            let mut listeners = desired.mdm.iter().flat_map(|mdm| &mdm.listeners);
            listeners.find(|listener| listener.port == port).map_or_else(String::new, |listener| listener.group.clone())
        };
        Self {
            mdm_443: mdm(ENROLMENT_PORT),
            mdm_8443: mdm(STORE_PORT),
            mam_8443: desired.mam.as_ref().map_or_else(String::new, |mam| mam.listener.group.clone()),
        }
    }

    /// `latest` with its groups under these names.
    pub fn apply(&self, latest: &Desired) -> Result<Desired, FieldErrors> {
        let (mut errors, mut desired) = (FieldErrors::default(), latest.clone());
        if latest.listeners().next().is_none() {
            errors.add("", "There is no group to name yet: describe the MDM or the MAM step first.");
        }
        let mut taken: Vec<String> = Vec::new();
        let mdm = desired.mdm.iter_mut().flat_map(|mdm| &mut mdm.listeners).map(|listener| {
            if listener.port == ENROLMENT_PORT {
                ("mdm_443", &self.mdm_443, listener)
            } else {
                ("mdm_8443", &self.mdm_8443, listener)
            }
        });
        let mam = desired.mam.iter_mut().map(|mam| ("mam_8443", &self.mam_8443, &mut mam.listener));
        for (field, typed, listener) in mdm.chain(mam) {
            let Some(name) = errors.keep(field, names::object_name(typed)) else { continue };
            if taken.iter().any(|other| other.eq_ignore_ascii_case(&name)) {
                errors.add(field, format!("{name} is the name of another group of this set-up. Each needs its own."));
            }
            taken.push(name.clone());
            listener.group = name;
        }
        if errors.is_empty() { Ok(desired) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desired::{MamForm, MdmForm};

    #[test]
    fn groups_are_renamed_and_names_are_checked() {
        assert!(GroupsForm::default().apply(&Desired::default()).unwrap_err().get("").is_some());
        let mdm = MdmForm { vip: "10.20.40.51".into(), ..MdmForm::fresh("b") }.apply(&Desired::default()).unwrap();
        let latest = MamForm { vip: "10.20.40.52".into(), certificate: "w".into(), ..MamForm::fresh("b") }
            .apply(&mdm, &[])
            .unwrap();
        let form = GroupsForm::of(&latest);
        assert_eq!(form.apply(&latest).unwrap(), latest);
        let other = GroupsForm { mam_8443: "sg_xm_mam_8443".into(), ..form.clone() }.apply(&latest).unwrap();
        assert_eq!(other.mam.as_ref().unwrap().listener.group, "sg_xm_mam_8443");
        let twice = GroupsForm { mam_8443: form.mdm_443.to_uppercase(), ..form.clone() };
        assert!(twice.apply(&latest).unwrap_err().get("mam_8443").is_some());
        let bad = GroupsForm { mdm_8443: "9".into(), ..form };
        assert!(bad.apply(&latest).unwrap_err().get("mdm_8443").is_some());
    }
}
