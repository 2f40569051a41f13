//! A cluster as people name it.

use crate::{
    fields::FieldErrors,
    ids::{ApplianceId, ClusterId},
    names,
};
use serde::{Deserialize, Serialize};

/// An XMS cluster: the thing a user opens and sets up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cluster {
    pub id: ClusterId,
    pub title: String,
    /// The name that devices, MAM and enrolment use.
    pub fqdn: String,
    /// The appliance with its virtual servers.
    pub appliance: ApplianceId,
}

/// The form as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClusterForm {
    pub title: String,
    pub fqdn: String,
    pub appliance: String,
}

/// The form that asks whether a cluster is really to go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RemovalForm {
    /// The cluster's name, typed against a slip.
    pub confirm: String,
    /// `leave`: what Gatehouse made on the appliance stays there and is forgotten.
    pub objects: String,
}

/// The form, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCluster {
    pub title: String,
    pub fqdn: String,
    pub appliance: ApplianceId,
}

impl ClusterForm {
    /// The form that shows `cluster`.
    pub fn of(cluster: &Cluster) -> Self {
        Self { title: cluster.title.clone(), fqdn: cluster.fqdn.clone(), appliance: cluster.appliance.to_string() }
    }

    pub fn parse(&self) -> Result<NewCluster, FieldErrors> {
        let mut errors = FieldErrors::default();
        let title = errors.keep("title", names::title(&self.title, "the cluster"));
        let fqdn = errors.keep("fqdn", names::fqdn(&self.fqdn));
        let appliance = errors.keep(
            "appliance",
            self.appliance
                .trim()
                .parse()
                .map_err(|_| "Choose the appliance that has the cluster's virtual servers.".to_owned()),
        );
        match (title, fqdn, appliance) {
            (Some(title), Some(fqdn), Some(appliance)) => Ok(NewCluster { title, fqdn, appliance }),
            _ => Err(errors),
        }
    }
}
