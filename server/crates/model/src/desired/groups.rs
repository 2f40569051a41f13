//! The step Groups and members: the names of the three groups. Their members follow from the nodes.

use super::{Desired, ENROLMENT_PORT, Form, Listener, STORE_PORT, Step, StepAbout};
use crate::{fields::FieldErrors, names};
use serde::{Deserialize, Serialize};

pub(super) const ABOUT: StepAbout = StepAbout {
    slug: "groups",
    title: "Groups and members",
    procedure: "Procedure 2.3 to 2.5",
    why: "Three service groups, one for each virtual server, with one member for each node. They follow from the nodes; only their names are chosen here.",
    // Its names are proposed with the virtual servers; without nodes a group has no members.
    is_described: |desired| !desired.nodes.is_empty() && desired.listeners().next().is_some(),
    part: |desired| Desired { mdm: desired.mdm.clone(), mam: desired.mam.clone(), ..Desired::default() },
    left_out: None,
    needs: &[Step::Nodes, Step::Mdm, Step::Mam],
    until: "Its groups and members appear here when it is.",
};

/// The step as it was typed. Groups of steps that are not described yet are not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupsForm {
    pub mdm_443: String,
    pub mdm_8443: String,
    pub mam_8443: String,
}

impl Form for GroupsForm {
    const STEP: Step = Step::Groups;

    fn of(desired: &Desired) -> Option<Self> {
        let mdm = |port: u16| {
            let mut listeners = desired.mdm.iter().flat_map(|mdm| &mdm.listeners);
            listeners.find(|listener| listener.port == port).map_or_else(String::new, |listener| listener.group.clone())
        };
        desired.listeners().next()?;
        Some(Self {
            mdm_443: mdm(ENROLMENT_PORT),
            mdm_8443: mdm(STORE_PORT),
            mam_8443: desired.mam.as_ref().map_or_else(String::new, |mam| mam.listener.group.clone()),
        })
    }

    /// `latest` with its groups under these names.
    fn apply(&self, latest: &Desired) -> Result<Desired, FieldErrors> {
        let (mut errors, mut desired) = (FieldErrors::default(), latest.clone());
        if latest.listeners().next().is_none() {
            errors.add("", "There is no group to name yet: describe the MDM or the MAM step first.");
        }
        let mut name = |field: &str, typed: &str, listener: &mut Listener| {
            if let Some(name) = errors.keep(field, names::object_name(typed)) {
                listener.group = name;
            }
        };
        for listener in desired.mdm.iter_mut().flat_map(|mdm| &mut mdm.listeners) {
            if listener.port == ENROLMENT_PORT {
                name("mdm_443", &self.mdm_443, listener);
            } else {
                name("mdm_8443", &self.mdm_8443, listener);
            }
        }
        if let Some(mam) = &mut desired.mam {
            name("mam_8443", &self.mam_8443, &mut mam.listener);
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
        let latest =
            MamForm { vip: "10.20.40.52".into(), certificate: "w".into(), ..MamForm::fresh("b") }.apply(&mdm).unwrap();
        let form = GroupsForm::of(&latest).unwrap();
        assert_eq!(form.apply(&latest).unwrap(), latest);
        let other = GroupsForm { mam_8443: "sg_xm_mam_8443".into(), ..form.clone() }.apply(&latest).unwrap();
        assert_eq!(other.mam.as_ref().unwrap().listener.group, "sg_xm_mam_8443");
        let bad = GroupsForm { mdm_8443: "9".into(), ..form };
        assert!(bad.apply(&latest).unwrap_err().get("mdm_8443").is_some());
    }
}
