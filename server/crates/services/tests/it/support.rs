//! Services over a lab whose time moves by hand, with a person signed in.

use lab::{ClockMode, Lab, Options as LabOptions};
use model::{
    ActNo, ApplianceId, ClusterId, PlanId,
    appliance::{ApplianceForm, fingerprint_text},
    cluster::ClusterForm,
    desired::{DnsForm, GatewayForm, MamForm, MdmForm, NodesForm},
    person::{RightsForm, Role, Scope},
    plan::ApplyForm,
    record::Record,
    run::RunStatus,
};
use services::{ActView, Failure, LogQuery, Options, Origin, ReadCx, Rules, RunView, Services, StepForm, Topic};
use std::{cmp::Reverse, net::Ipv4Addr, sync::Arc, time::Duration};

#[path = "lab_clock.rs"]
mod lab_clock;

pub use lab_clock::LabClock;

pub const PASSWORD: &str = "correct horse battery";
pub const SECRET: &str = "nsroot-secret";
/// The lab's nodes.
pub const NODES: [Ipv4Addr; 3] =
    [Ipv4Addr::new(10, 20, 30, 11), Ipv4Addr::new(10, 20, 30, 12), Ipv4Addr::new(10, 20, 30, 13)];

pub struct World {
    pub lab: Arc<Lab>,
    /// The console's: it goes with the lab's, and is set by hand.
    pub clock: Arc<LabClock>,
    pub services: Services,
    pub cx: ReadCx,
    /// The appliance's account.
    pub user: &'static str,
    /// Where its address really leads, in the clear; `None`: through the lab's proxy.
    pub via: Option<String>,
    /// Each half of the lab's pair is described by its own address.
    pub both: bool,
    folder: tempfile::TempDir,
}

/// The lab's appliances are on this machine.
pub const RULES: Rules = Rules {
    session_idle: Duration::from_hours(12),
    session_most: Duration::from_hours(7 * 24),
    local_appliances: true,
};

/// Seconds between two looks.
pub const INTERVAL: u32 = 5;

pub async fn world() -> World {
    world_with(None).await
}

/// `profile` is laid over the nodes' own.
pub async fn world_with(profile: Option<&str>) -> World {
    world_on(LabOptions { profile: profile.map(str::to_owned), ..LabOptions::default() }).await
}

/// Over a lab that is as `options` say, but for its clock and its password.
pub async fn world_on(options: LabOptions) -> World {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let lab = lab::start(LabOptions { clock: ClockMode::Manual, password: Some(SECRET.into()), ..options });
    let lab = Arc::new(lab.await.unwrap());
    let clock = Arc::new(LabClock::new(lab.clone()));
    let folder = tempfile::tempdir().unwrap();
    let services = open(&folder, &clock).await;
    services.people().add("ada", Role::Admin, PASSWORD).await.unwrap();
    let signed_in = services.sessions().sign_in(&Origin::default(), "ada", PASSWORD).await.unwrap();
    let cx = services.sessions().visitor(&signed_in.token, Origin::default()).await.unwrap().unwrap();
    World { lab, clock, services, cx, user: "nsroot", via: None, both: false, folder }
}

/// Stops the console, lets something happen, and starts it again on the same data.
pub async fn restarted(world: World, meanwhile: impl FnOnce(&World), off: impl Future<Output = ()>) -> World {
    world.services.stop().await;
    off.await;
    meanwhile(&world);
    let World { lab, clock, services, user, via, both, folder, .. } = world;
    drop(services);
    let services = open(&folder, &clock).await;
    let signed_in = services.sessions().sign_in(&Origin::default(), "ada", PASSWORD).await.unwrap();
    let cx = services.sessions().visitor(&signed_in.token, Origin::default()).await.unwrap().unwrap();
    World { lab, clock, services, cx, user, via, both, folder }
}

async fn open(folder: &tempfile::TempDir, clock: &Arc<LabClock>) -> Services {
    let data = folder.path().join("data");
    Services::open(Options { data, key: None, clock: clock.clone(), interval: INTERVAL, rules: RULES }).await.unwrap()
}

impl World {
    /// Where the console's files are.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    pub fn appliance_form(&self) -> ApplianceForm {
        let description = self.lab.description();
        if let Some(via) = &self.via {
            return ApplianceForm {
                title: "Lab".into(),
                address: "http://10.0.0.10".into(),
                user: self.user.into(),
                connect: "map".into(),
                via: via.clone(),
                ..ApplianceForm::default()
            };
        }
        let form = ApplianceForm {
            title: "Lab".into(),
            address: "https://10.0.0.10".into(),
            user: self.user.into(),
            connect: "socks5".into(),
            via: description.socks.clone(),
            pin: fingerprint_text(&description.netscaler[0].fingerprint),
            ..ApplianceForm::default()
        };
        if !self.both {
            return form;
        }
        ApplianceForm {
            second_address: "https://10.0.0.11".into(),
            second_connect: "socks5".into(),
            second_via: description.socks.clone(),
            second_pin: fingerprint_text(&description.netscaler[1].fingerprint),
            ..form
        }
    }

    /// A new appliance, and the look that follows it is over: tests count requests.
    pub async fn appliance(&self) -> ApplianceId {
        let mut heard = self.services.listen();
        let id =
            self.services.appliances().add(&self.cx.admin().unwrap(), &self.appliance_form(), SECRET).await.unwrap();
        // Its first look is under way by itself; what a test counts begins after it.
        while heard.recv().await.unwrap() != Topic::Observed(id) {}
        id
    }

    /// A cluster on a new appliance, its MDM step saved.
    pub async fn cluster(&self) -> ClusterId {
        let appliance = self.appliance().await;
        let form =
            ClusterForm { title: "Berlin".into(), fqdn: "xms.example.com".into(), appliance: appliance.to_string() };
        let id = self.services.clusters().add(&self.cx.admin().unwrap(), &form).await.unwrap();
        let nodes = NodesForm { nodes: "10.20.30.11 xms01\n10.20.30.12 xms02\n10.20.30.13 xms03".into() };
        for form in [StepForm::Nodes(nodes), StepForm::Mdm(mdm_form())] {
            self.save(id, form).await.unwrap();
        }
        id
    }

    pub async fn save(&self, id: ClusterId, form: StepForm) -> Result<(), Failure> {
        self.services.setup().save_step(&self.cx.writer().unwrap(), id, &form, None).await
    }

    /// A cluster with every step saved, as the procedure has them.
    pub async fn whole(&self) -> ClusterId {
        let id = self.cluster().await;
        let nodes = "10.20.30.11 xms01 169090571\n10.20.30.12 xms02 169090572\n10.20.30.13 xms03 169090573";
        let mam =
            MamForm { vip: "10.20.40.52".into(), certificate: "wildcard-example".into(), ..MamForm::fresh("Berlin") };
        for form in [
            StepForm::Nodes(NodesForm { nodes: nodes.into() }),
            StepForm::Mam(mam),
            StepForm::Gateway(GatewayForm {
                gateway: "_XM_ag.example.com".into(),
                actions: "AC_OS_10.20.40.40".into(),
            }),
            StepForm::Dns(DnsForm::fresh()),
        ] {
            self.save(id, form).await.unwrap();
        }
        id
    }

    /// Applies a plan and waits for the run's end.
    pub async fn applied(&self, plan: PlanId) -> RunView {
        self.applied_with(plan, &ApplyForm::default()).await
    }

    /// The same, with what is typed and ticked beside the button.
    pub async fn applied_with(&self, plan: PlanId, form: &ApplyForm) -> RunView {
        let mut heard = self.services.listen();
        let act = self.services.runs().apply(&self.cx.writer().unwrap(), plan, form).await.unwrap();
        loop {
            let view = self.services.runs().show(&self.cx, act).await.unwrap();
            if view.run.status != RunStatus::Running {
                return view;
            }
            heard.recv().await.unwrap();
        }
    }

    /// Goes on with a run that stopped, and waits for its end.
    pub async fn resumed(&self, act: ActNo) -> RunView {
        let mut heard = self.services.listen();
        self.services.runs().resume(&self.cx.writer().unwrap(), act).await.unwrap();
        loop {
            let view = self.services.runs().show(&self.cx, act).await.unwrap();
            if view.run.status != RunStatus::Running {
                return view;
            }
            heard.recv().await.unwrap();
        }
    }

    /// The whole procedure applied, and the monitors have had their time.
    pub async fn set_up(&self) -> (ClusterId, ApplianceId) {
        let id = self.whole().await;
        let mut heard = self.services.listen();
        let writer = self.cx.writer().unwrap();
        let plan = self.services.plans().make(&writer, id).await.unwrap();
        self.applied(plan).await;
        // The look that follows a run: counting begins after it.
        while !matches!(heard.recv().await.unwrap(), Topic::Observed(_)) {}
        self.lab.advance(Duration::from_secs(30)).await;
        (id, self.services.clusters().show(&self.cx, id).await.unwrap().appliance.id)
    }

    /// Somebody else at work on the appliance, without our client.
    pub async fn raw(&self, method: reqwest::Method, path: &str, body: impl Into<reqwest::Body>) {
        let http = &self.lab.description().netscaler[0].http;
        let client = reqwest::Client::builder().build().unwrap();
        let response = client
            .request(method, format!("{http}/nitro/v1/config/{path}"))
            .header("X-NITRO-USER", "nsroot")
            .header("X-NITRO-PASS", SECRET)
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .unwrap();
        assert!(response.status().is_success(), "{}", response.text().await.unwrap());
    }

    /// Records of the log as its pages have them, all that fit, newest first.
    pub async fn log(&self, cx: &ReadCx, query: &LogQuery) -> Vec<Record> {
        let fits = |record: &Record| {
            let LogQuery { kind, cluster, .. } = query;
            kind.is_none_or(|kind| record.entry.kind == kind) && (cluster.is_none() || record.entry.cluster == *cluster)
        };
        let mut records = Vec::new();
        let mut ask = query.clone();
        loop {
            let page = self.services.log().acts(cx, &ask, None).await.unwrap();
            for ActView { act, .. } in page.acts {
                if act.found.len() == act.found_in_all {
                    records.extend(act.found);
                    continue;
                }
                // A line of the list shows a few of them; the page of one has all.
                let whole = self.services.log().record(cx, act.last.id).await.unwrap().act;
                records
                    .extend(whole.into_iter().flat_map(|line| [Some(line.record), line.answer]).flatten().filter(fits));
            }
            let Some(before) = page.older.or(page.searched_to.map(|(id, _)| id)) else { break };
            ask.before = Some(before);
        }
        records.sort_by_key(|record| Reverse(record.id));
        records
    }

    /// A second cluster, on the same appliance.
    pub async fn other_cluster(&self, appliance: ApplianceId) -> ClusterId {
        let form =
            ClusterForm { title: "Hamburg".into(), fqdn: "mdm.example.org".into(), appliance: appliance.to_string() };
        self.services.clusters().add(&self.cx.admin().unwrap(), &form).await.unwrap()
    }

    /// Somebody new, signed in.
    pub async fn person(&self, name: &str, role: Role, scope: &Scope) -> ReadCx {
        let rights = RightsForm::of(role, scope);
        self.services.team().add(&self.cx.admin().unwrap(), name, &rights, PASSWORD).await.unwrap();
        self.signed_in(name).await
    }

    /// A session more of somebody.
    pub async fn signed_in(&self, name: &str) -> ReadCx {
        let origin = Origin { from: "10.9.8.7".into(), agent: "a test".into(), ..Origin::default() };
        let signed_in = self.services.sessions().sign_in(&origin, name, PASSWORD).await.unwrap();
        self.services.sessions().visitor(&signed_in.token, origin).await.unwrap().unwrap()
    }

    pub fn count(&self, method: &str, resource: &str) -> usize {
        let fits = |request: &&lab::RequestRecord| request.method == method && request.path.ends_with(resource);
        self.lab.requests().iter().filter(fits).count()
    }
}

pub fn mdm_form() -> MdmForm {
    MdmForm { vip: "10.20.40.51".into(), ..MdmForm::fresh("Berlin") }
}
