//! The MAM step: the virtual server that the Gateway talks to.

use super::{Desired, Form, Listener, STORE_PORT, Step, StepAbout};
use crate::{fields::FieldErrors, names};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

pub(super) const ABOUT: StepAbout = StepAbout {
    slug: "mam",
    title: "MAM",
    procedure: "Procedure 2.2",
    why: "The Gateway talks to the cluster through this address. TLS ends here, so that the NetScaler can read the cookie ACNODEID and send each session to the node that it names.",
    is_described: |desired| desired.mam.is_some(),
    part: |desired| Desired { mam: desired.mam.clone(), ..Desired::default() },
    left_out: Some(|desired| Desired { mam: None, ..desired }),
    needs: &[],
    until: "",
};

/// A certificate that was uploaded to Gatehouse and is to go to the appliance. Its contents lie encrypted in the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertFiles {
    /// Where its contents lie.
    pub upload: i64,
    /// File names in `/nsconfig/ssl`.
    pub cert: String,
    pub key: String,
    /// The intermediates, each with the name of its certificate key and its file, from the leaf upwards.
    #[serde(default)]
    pub chain: Vec<(String, String)>,
    /// Of the leaf, as DER, in hexadecimal.
    pub sha256: String,
}

/// MAM load balancing: SSL ends here, and the cookie `ACNODEID` names the node (procedure 2.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mam {
    pub vip: Ipv4Addr,
    /// Always on [`STORE_PORT`].
    pub listener: Listener,
    /// Name of the certificate key bound to the virtual server.
    pub certificate: String,
    /// The certificate key is to be made of these files; `None`: it is on the appliance already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<CertFiles>,
}

/// The MAM step as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MamForm {
    pub vip: String,
    pub vserver: String,
    pub certificate: String,
}

impl MamForm {
    pub fn fresh(cluster_title: &str) -> Self {
        let vserver = format!("xms-{}-mam-{STORE_PORT}", names::slug(cluster_title));
        Self { vserver, ..Self::default() }
    }
}

impl Desired {
    /// This state with what the MAM step's certificate key is to be made of. `uploads` are certificates that wait in the
    /// vault, by the name they shall have.
    #[must_use]
    pub fn with_files(mut self, uploads: &[(String, CertFiles)]) -> Self {
        if let Some(mam) = &mut self.mam {
            let upload = uploads.iter().find(|(name, _)| *name == mam.certificate);
            mam.files = upload.map(|(_, files)| files.clone());
        }
        self
    }
}

impl Form for MamForm {
    const STEP: Step = Step::Mam;

    fn of(desired: &Desired) -> Option<Self> {
        let mam = desired.mam.as_ref()?;
        Some(Self {
            vip: mam.vip.to_string(),
            vserver: mam.listener.vserver.clone(),
            certificate: mam.certificate.clone(),
        })
    }

    /// Without the files: [`Desired::with_files`] finds them.
    fn apply(&self, latest: &Desired) -> Result<Desired, FieldErrors> {
        let mut errors = FieldErrors::default();
        let vip = errors.keep("vip", names::unicast_v4(&self.vip, "the MAM virtual server"));
        let vserver = errors.keep("vserver", names::object_name(&self.vserver));
        let certificate = self.certificate.trim().to_owned();
        match (vip, vserver) {
            (Some(vip), Some(vserver)) if errors.is_empty() => {
                // A group that was named in its own step keeps its name.
                let group = match &latest.mam {
                    Some(mam) if mam.listener.vserver == vserver => mam.listener.group.clone(),
                    Some(mam) if mam.listener.group != Listener::group_of(&mam.listener.vserver) => {
                        mam.listener.group.clone()
                    }
                    _ => Listener::group_of(&vserver),
                };
                let listener = Listener { port: STORE_PORT, vserver, group };
                Ok(Desired { mam: Some(Mam { vip, listener, certificate, files: None }), ..latest.clone() })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desired::{MdmForm, NodesForm};

    fn latest() -> Desired {
        let nodes = NodesForm { nodes: "10.20.30.11 xms01 1".into() }.apply(&Desired::default()).unwrap();
        MdmForm { vip: "10.20.40.51".into(), ..MdmForm::fresh("b") }.apply(&nodes).unwrap()
    }

    fn form() -> MamForm {
        MamForm { vip: "10.20.40.52".into(), certificate: "wildcard".into(), ..MamForm::fresh("b") }
    }

    #[test]
    fn a_filled_form_is_a_step_and_back() {
        let desired = form().apply(&latest()).unwrap();
        assert_eq!(MamForm::of(&desired).unwrap(), form());
        assert_eq!(form().apply(&desired).unwrap(), desired);
        assert_eq!(desired.mam.unwrap().listener.group, "xms-b-mam-8443-sg");
    }

    #[test]
    fn every_bad_input_has_a_sentence_beside_its_field() {
        type Edit = fn(&mut MamForm);
        let cases: &[(&str, Edit)] = &[
            ("vip", |f| f.vip = String::new()),
            ("vip", |f| f.vip = "10.20.40.999".into()),
            ("vserver", |f| f.vserver = "_XM_MAM".into()),
        ];
        for (field, edit) in cases {
            let mut typed = form();
            edit(&mut typed);
            let errors = typed.apply(&latest()).expect_err(field);
            assert!(errors.get(field).is_some(), "{field}: {errors:?}");
        }
    }
}
