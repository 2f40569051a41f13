//! Services over a lab whose time moves by hand, with a person signed in.

use lab::{ClockMode, Lab, Options as LabOptions};
use model::{
    ApplianceId, ClusterId,
    appliance::{ApplianceForm, fingerprint_text},
    cluster::ClusterForm,
    desired::MdmForm,
    person::Role,
};
use services::{Options, Origin, ReadCx, Services, SystemClock};
use std::sync::Arc;

pub const PASSWORD: &str = "correct horse battery";
pub const SECRET: &str = "nsroot-secret";

pub struct World {
    pub lab: Lab,
    pub services: Services,
    pub cx: ReadCx,
    _folder: tempfile::TempDir,
}

pub async fn world() -> World {
    world_with(None).await
}

/// `profile` is laid over the nodes' own.
pub async fn world_with(profile: Option<&str>) -> World {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let profile = profile.map(str::to_owned);
    let options =
        LabOptions { clock: ClockMode::Manual, password: Some(SECRET.into()), profile, ..LabOptions::default() };
    let lab = lab::start(options).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let options = Options { data, key: None, clock: Arc::new(SystemClock), interval: 5 };
    let services = Services::open(options).await.unwrap();
    services.add_person("ada", Role::Admin, PASSWORD).await.unwrap();
    let signed_in = services.sign_in(&Origin::default(), "ada", PASSWORD).await.unwrap();
    let cx = services.visitor(&signed_in.token, Origin::default()).await.unwrap().unwrap();
    World { lab, services, cx, _folder: folder }
}

impl World {
    pub fn appliance_form(&self) -> ApplianceForm {
        let description = self.lab.description();
        ApplianceForm {
            title: "Lab".into(),
            address: "https://10.0.0.10".into(),
            user: "nsroot".into(),
            connect: "socks5".into(),
            via: description.socks.clone(),
            pin: fingerprint_text(&description.netscaler[0].fingerprint),
        }
    }

    pub async fn appliance(&self) -> ApplianceId {
        self.services.add_appliance(&self.cx.admin().unwrap(), &self.appliance_form(), SECRET).await.unwrap()
    }

    /// A cluster on a new appliance, its MDM step saved.
    pub async fn cluster(&self) -> ClusterId {
        let appliance = self.appliance().await;
        let form =
            ClusterForm { title: "Berlin".into(), fqdn: "xms.example.com".into(), appliance: appliance.to_string() };
        let id = self.services.add_cluster(&self.cx.admin().unwrap(), &form).await.unwrap();
        self.services.save_mdm(&self.cx.writer().unwrap(), id, &mdm_form()).await.unwrap();
        id
    }

    pub fn count(&self, method: &str, resource: &str) -> usize {
        let fits = |request: &&lab::RequestRecord| request.method == method && request.path.ends_with(resource);
        self.lab.requests().iter().filter(fits).count()
    }
}

pub fn mdm_form() -> MdmForm {
    MdmForm {
        vip: "10.20.40.51".into(),
        nodes: "10.20.30.11 xms01\n10.20.30.12 xms02\n10.20.30.13 xms03".into(),
        ..MdmForm::fresh("Berlin")
    }
}
