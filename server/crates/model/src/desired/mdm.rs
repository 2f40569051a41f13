//! The MDM step: two virtual servers on the address that devices reach from outside.

use super::{Desired, ENROLMENT_PORT, Form, STORE_PORT, Step, StepAbout};
use crate::{fields::FieldErrors, names};
use serde::{Deserialize, Serialize};
use std::{fmt, net::Ipv4Addr};

pub(super) const ABOUT: StepAbout = StepAbout {
    slug: "mdm",
    title: "MDM",
    procedure: "Procedure 2.1",
    why: "Devices enrol and check in through this address. The NetScaler passes their TLS through untouched to one of the nodes (SSL_BRIDGE), so it needs no certificate here.",
    is_described: |desired| desired.mdm.is_some(),
    part: |desired| Desired { mdm: desired.mdm.clone(), ..Desired::default() },
    left_out: Some(|desired| Desired { mdm: None, ..desired }),
    needs: &[],
    until: "",
};

/// How a device stays on its node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Persistence {
    /// What the vendor asks for on clusters (CTX227406).
    #[default]
    SourceIp,
    SslSession,
}

impl Persistence {
    /// As NITRO spells it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SourceIp => "SOURCEIP",
            Self::SslSession => "SSLSESSION",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::SourceIp, Self::SslSession].into_iter().find(|p| p.word().eq_ignore_ascii_case(word))
    }
}

impl fmt::Display for Persistence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.word().fmt(f)
    }
}

/// One port of the MDM address: a virtual server and the group behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listener {
    pub port: u16,
    pub vserver: String,
    pub group: String,
}

impl Listener {
    /// The name proposed for the group behind a virtual server.
    pub fn group_of(vserver: &str) -> String {
        format!("{vserver}-sg")
    }
}

/// MDM load balancing: `SSL_BRIDGE`, devices reach it from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mdm {
    pub vip: Ipv4Addr,
    pub persistence: Persistence,
    /// Minutes, 2 to 1440 (`nitro.md` 3.11).
    pub timeout: u16,
    pub listeners: Vec<Listener>,
}

/// The MDM step as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MdmForm {
    pub vip: String,
    pub persistence: String,
    pub timeout: String,
    pub vserver_443: String,
    pub vserver_8443: String,
}

impl MdmForm {
    /// The form of a step that nobody has filled in: defaults with reasons, addresses left to people.
    pub fn fresh(cluster_title: &str) -> Self {
        let slug = names::slug(cluster_title);
        Self {
            persistence: Persistence::default().word().into(),
            timeout: "20".into(),
            vserver_443: format!("xms-{slug}-mdm-{ENROLMENT_PORT}"),
            vserver_8443: format!("xms-{slug}-mdm-{STORE_PORT}"),
            ..Self::default()
        }
    }
}

impl Form for MdmForm {
    const STEP: Step = Step::Mdm;

    fn of(desired: &Desired) -> Option<Self> {
        let mdm = desired.mdm.as_ref()?;
        let vserver = |port: u16| {
            let listener = mdm.listeners.iter().find(|listener| listener.port == port);
            listener.map_or_else(String::new, |listener| listener.vserver.clone())
        };
        Some(Self {
            vip: mdm.vip.to_string(),
            persistence: mdm.persistence.word().into(),
            timeout: mdm.timeout.to_string(),
            vserver_443: vserver(ENROLMENT_PORT),
            vserver_8443: vserver(STORE_PORT),
        })
    }

    fn apply(&self, latest: &Desired) -> Result<Desired, FieldErrors> {
        let mut errors = FieldErrors::default();
        let vip = errors.keep("vip", names::unicast_v4(&self.vip, "the MDM virtual servers"));
        let persistence = errors.keep(
            "persistence",
            Persistence::from_word(self.persistence.trim()).ok_or_else(|| {
                "SSL_BRIDGE knows two ways to keep a device on its node: SOURCEIP and SSLSESSION. Choose one."
                    .to_owned()
            }),
        );
        let timeout = errors.keep("timeout", persistence_minutes(&self.timeout));
        let enrolment = errors.keep("vserver_443", names::object_name(&self.vserver_443));
        let store = errors.keep("vserver_8443", names::object_name(&self.vserver_8443));
        match (vip, persistence, timeout, enrolment, store) {
            (Some(vip), Some(persistence), Some(timeout), Some(enrolment), Some(store)) if errors.is_empty() => {
                let listeners = vec![
                    listener(ENROLMENT_PORT, enrolment, latest.mdm.as_ref()),
                    listener(STORE_PORT, store, latest.mdm.as_ref()),
                ];
                Ok(Desired { mdm: Some(Mdm { vip, persistence, timeout, listeners }), ..latest.clone() })
            }
            _ => Err(errors),
        }
    }
}

/// A group that was named in its own step keeps its name; a proposed one follows its virtual server's.
fn listener(port: u16, vserver: String, before: Option<&Mdm>) -> Listener {
    let before = before.and_then(|mdm| mdm.listeners.iter().find(|listener| listener.port == port));
    let group = match before {
        Some(named) if named.group != Listener::group_of(&named.vserver) => named.group.clone(),
        _ => Listener::group_of(&vserver),
    };
    Listener { port, vserver, group }
}

fn persistence_minutes(typed: &str) -> Result<u16, String> {
    match typed.trim().parse::<u16>() {
        Ok(minutes @ 2..=1440) => Ok(minutes),
        Ok(minutes) => Err(format!("{minutes} minutes is out of range: a NetScaler takes 2 to 1440.")),
        Err(_) => Err(format!("“{}” is no number of minutes. Give 2 to 1440; 20 is usual.", typed.trim())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desired::{MamForm, NodesForm};

    fn latest() -> Desired {
        let nodes = NodesForm { nodes: "10.20.30.11 xms01".into() }.apply(&Desired::default()).unwrap();
        let mam = MamForm { vip: "10.20.40.52".into(), certificate: "w".into(), ..MamForm::fresh("berlin") };
        mam.apply(&nodes).unwrap()
    }

    fn filled() -> MdmForm {
        MdmForm { vip: "10.20.40.51".into(), ..MdmForm::fresh("Berlin") }
    }

    #[test]
    fn a_filled_form_is_a_desired_state_and_back() {
        let desired = filled().apply(&latest()).unwrap();
        let mdm = desired.mdm.as_ref().unwrap();
        let ports: Vec<u16> = mdm.listeners.iter().map(|listener| listener.port).collect();
        assert_eq!((ports, mdm.timeout), (vec![443, 8443], 20));
        assert_eq!(mdm.listeners[0].vserver, "xms-berlin-mdm-443");
        assert_eq!(mdm.listeners[1].group, "xms-berlin-mdm-8443-sg");
        assert_eq!(MdmForm::of(&desired).unwrap().apply(&desired).unwrap(), desired);
        assert_eq!(desired.mam, latest().mam, "the other steps stay");
    }

    #[test]
    fn a_group_that_was_named_keeps_its_name() {
        let mut desired = filled().apply(&latest()).unwrap();
        if let Some(mdm) = &mut desired.mdm {
            mdm.listeners[0].group = "sg_xm_mdm_443".into();
        }
        let form = MdmForm { vserver_443: "other".into(), vserver_8443: "more".into(), ..filled() };
        let mdm = form.apply(&desired).unwrap().mdm.unwrap();
        assert_eq!(mdm.listeners[0].group, "sg_xm_mdm_443");
        assert_eq!(mdm.listeners[1].group, "more-sg");
    }

    #[test]
    fn every_bad_input_has_a_sentence_beside_its_field() {
        type Edit = fn(&mut MdmForm);
        let cases: &[(&str, Edit)] = &[
            ("vip", |f| f.vip = "vip".into()),
            ("persistence", |f| f.persistence = "COOKIEINSERT".into()),
            ("timeout", |f| f.timeout = "1".into()),
            ("timeout", |f| f.timeout = "soon".into()),
            ("vserver_443", |f| f.vserver_443 = "bad name!".into()),
            ("vserver_8443", |f| f.vserver_8443 = "9lives".into()),
        ];
        for (field, edit) in cases {
            let mut form = filled();
            edit(&mut form);
            let errors = form.apply(&latest()).expect_err(field);
            assert!(errors.get(field).is_some(), "{field}: {errors:?}");
        }
    }
}
