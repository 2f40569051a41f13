//! The MAM step: the virtual server that the Gateway talks to.

use super::{Desired, Listener, STORE_PORT};
use crate::{fields::FieldErrors, names};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

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

    pub fn of(desired: &Desired) -> Option<Self> {
        let mam = desired.mam.as_ref()?;
        Some(Self {
            vip: mam.vip.to_string(),
            vserver: mam.listener.vserver.clone(),
            certificate: mam.certificate.clone(),
        })
    }

    /// `latest` with this step. `uploads` are certificates that wait in the vault, by the name they shall have.
    pub fn apply(&self, latest: &Desired, uploads: &[(String, CertFiles)]) -> Result<Desired, FieldErrors> {
        let mut errors = FieldErrors::default();
        let vip = errors.keep("vip", names::unicast_v4(&self.vip, "the MAM virtual server"));
        let vserver = errors.keep("vserver", names::object_name(&self.vserver));
        let certificate = self.certificate.trim().to_owned();
        if certificate.is_empty() {
            errors.add(
                "certificate",
                "Choose the certificate key for the virtual server, or upload a certificate first. Without one it stays DOWN.",
            );
        }
        if let Some(vip) = vip {
            if latest.nodes.iter().any(|node| node.address == vip) {
                errors.add("vip", format!("{vip} is the address of a node. The virtual server needs one of its own."));
            }
            let on_mdm = latest.mdm.as_ref().is_some_and(|mdm| mdm.vip == vip);
            if on_mdm {
                errors.add(
                    "vip",
                    format!(
                        "{vip} is the MDM address, which listens on {STORE_PORT} as well. MAM needs the second of the two \
                         free addresses."
                    ),
                );
            }
        }
        if let Some(name) = &vserver
            && latest.mdm.iter().flat_map(|mdm| &mdm.listeners).any(|l| l.vserver.eq_ignore_ascii_case(name))
        {
            errors.add("vserver", format!("{name} is the name of an MDM virtual server. Choose another."));
        }
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
                let files = uploads.iter().find(|(name, _)| *name == certificate).map(|(_, files)| files.clone());
                let listener = Listener { port: STORE_PORT, vserver, group };
                Ok(Desired { mam: Some(Mam { vip, listener, certificate, files }), ..latest.clone() })
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
        let desired = form().apply(&latest(), &[]).unwrap();
        assert_eq!(MamForm::of(&desired).unwrap(), form());
        assert_eq!(form().apply(&desired, &[]).unwrap(), desired);
        assert_eq!(desired.mam.unwrap().listener.group, "xms-b-mam-8443-sg");
    }

    #[test]
    fn every_bad_input_has_a_sentence_beside_its_field() {
        type Edit = fn(&mut MamForm);
        let cases: &[(&str, Edit)] = &[
            ("vip", |f| f.vip = String::new()),
            ("vip", |f| f.vip = "10.20.40.999".into()),
            ("vip", |f| f.vip = "10.20.30.11".into()),
            ("vip", |f| f.vip = "10.20.40.51".into()),
            ("vserver", |f| f.vserver = "_XM_MAM".into()),
            ("vserver", |f| f.vserver = "XMS-B-MDM-443".into()),
            ("certificate", |f| f.certificate = " ".into()),
        ];
        for (field, edit) in cases {
            let mut typed = form();
            edit(&mut typed);
            let errors = typed.apply(&latest(), &[]).expect_err(field);
            assert!(errors.get(field).is_some(), "{field}: {errors:?}");
        }
    }
}
