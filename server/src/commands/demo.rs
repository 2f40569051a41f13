//! `gatehouse demo`: the console beside a lab, with something to see.

use super::{demo_clock::LabClock, knobs::Knobs, lab::describe, tell};
use crate::{
    connections::Limits,
    http::reach::Reach,
    serving::{Console, Listening},
};
use anyhow::{Context, anyhow, bail};
use app::visitor::{Hints, SiteHints};
use lab::Seed;
use model::{
    ApplianceId, ClusterId,
    appliance::{ApplianceForm, fingerprint_text},
    cluster::ClusterForm,
    desired::{DnsForm, GatewayForm, MamForm, MdmForm, NodesForm},
    node::NodeAccessForm,
    person::Role,
    plan::ApplyForm,
    run::RunStatus,
};
use services::{Failure, Origin, ReadCx, Rules, Services, StepForm, WriteCx};
use std::{
    fs,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    sync::Arc,
};

const USER: &str = "demo";
/// The cluster that waits to be set up, and the beginning of its nodes' names.
const HAMBURG: (&str, &str, &str) = ("Hamburg", "mdm.example.org", "hh");
/// Lies in every folder that a demo made, and in no other.
const MARK: &str = "this-is-a-demo";

#[derive(clap::Args)]
pub struct Demo {
    /// Loopback port; any free one when not given.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Keeps the demo's data here; begun anew at each start. A temporary folder when not given.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Nothing set up: begin with the first appliance.
    #[arg(long)]
    empty: bool,
    /// Seconds between two looks at an appliance.
    #[arg(long, default_value_t = 2)]
    interval: u32,
    #[command(flatten)]
    knobs: Knobs,
}

impl Demo {
    pub async fn run(self) -> anyhow::Result<()> {
        let temporary = self.data.is_none();
        let data = match self.data {
            Some(data) => data,
            None => std::env::temp_dir().join(format!("gatehouse-demo-{}", std::process::id())),
        };
        begin_anew(&data)?;
        // An empty demo begins with what the procedure presupposes and no more.
        let sites = if self.empty { Vec::new() } else { vec![hamburg()] };
        let lab = Arc::new(self.knobs.start(Seed::Empty, sites).await?);
        let console = Console {
            data: data.clone(),
            listen: ([127, 0, 0, 1], self.port).into(),
            reach: Reach::default(),
            limits: Limits::default(),
            interval: self.interval,
            hints: hints(&lab),
            clock: Arc::new(LabClock::of(&lab)),
            // The lab's appliances are here.
            rules: Rules { local_appliances: true, ..Rules::default() },
        };
        let listening = console.open().await?;
        let password = listening.services.forms().fresh_token().map_err(told)?.chars().take(16).collect::<String>();
        listening.services.people().add(USER, Role::Admin, &password).await.map_err(told)?;
        if !self.empty {
            show_something(&listening, &lab).await.map_err(told).context("The demo could not be set up.")?;
        }
        tell(&format!("READY http://{} user={USER} password={password}", listening.address));
        describe(&lab);
        tell("Ctrl-C ends both.");
        let served = listening.serve().await;
        drop(lab);
        if temporary {
            fs::remove_dir_all(&data).with_context(|| format!("{} could not be removed.", data.display()))?;
        }
        served
    }
}

/// A demo never touches data that somebody means: it takes an empty folder, or one that a demo made.
fn begin_anew(data: &Path) -> anyhow::Result<()> {
    if data.join(MARK).exists() {
        fs::remove_dir_all(data)
            .with_context(|| format!("The old demo in {} could not be removed.", data.display()))?;
    } else if data.is_dir() && fs::read_dir(data)?.next().is_some() {
        bail!(
            "{} is not empty and no demo made it. A demo does not touch real data; give another folder.",
            data.display()
        );
    }
    services::private_folder(data).map_err(told)?;
    fs::write(data.join(MARK), "Begun anew at each start of the demo.\n")?;
    Ok(())
}

fn told(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Fields(errors) => anyhow!("{:?}", errors.0),
        other => anyhow!("{other}"),
    }
}

/// Everything of its own: nodes, name, certificate and Gateway. Only the appliance is Berlin's too.
fn hamburg() -> lab::Site {
    lab::Site {
        fqdn: HAMBURG.1.into(),
        nodes: (11..=13).map(|last| Ipv4Addr::new(10, 20, 50, last)).collect(),
        gateway: Ipv4Addr::new(10, 20, 50, 40),
    }
}

fn hints(lab: &lab::Lab) -> Hints {
    let suggestions = lab.suggestions();
    let first = site_hints(&suggestions.fqdn, suggestions.vips.clone(), &lab.description().xms, "xms");
    let further = lab.sites();
    let further = further.iter().map(|site| site_hints(&site.fqdn, site.vips.clone(), &site.nodes, HAMBURG.2));
    Hints {
        appliance: Some(appliance_form(lab)),
        text: Some(format!("This is the demo: the simulated NetScaler's password is {}", suggestions.password)),
        sites: std::iter::once(first).chain(further).collect(),
    }
}

fn site_hints(fqdn: &str, vips: Vec<Ipv4Addr>, nodes: &[lab::XmsDescription], beginning: &str) -> SiteHints {
    let lines = nodes.iter().zip(1..).map(|(node, n)| format!("{} {beginning}{n:02}", node.ip));
    let (access, text) = nodes.first().map_or_else(Default::default, |node| {
        let access = NodeAccessForm { rest_user: node.user.clone(), ssh_user: node.cli_user.clone() };
        let text = format!(
            "This is the demo: the simulated nodes' passwords are {} for REST and {} for SSH.",
            node.password, node.cli_password
        );
        (access, text)
    });
    SiteHints { fqdn: fqdn.to_owned(), vips, nodes: lines.collect(), node_access: access, node_text: text }
}

fn appliance_form(lab: &lab::Lab) -> ApplianceForm {
    let suggestions = lab.suggestions();
    let description = lab.description();
    let form = ApplianceForm {
        title: "Lab NetScaler".into(),
        address: format!("https://{}", suggestions.nsip),
        user: suggestions.user,
        connect: "socks5".into(),
        via: description.socks.clone(),
        ..ApplianceForm::default()
    };
    let Some(other) = description.netscaler.get(1) else { return form };
    ApplianceForm {
        second_address: format!("https://{}", other.nsip),
        second_connect: "socks5".into(),
        second_via: description.socks.clone(),
        ..form
    }
}

/// What a person would do in the browser, done the same way: a cluster set up by a real run, and one that waits.
async fn show_something(listening: &Listening, lab: &lab::Lab) -> Result<(), Failure> {
    let services = &listening.services;
    let origin = Origin { from: "demo".into(), ..Origin::default() };
    let cx = services.sessions().at_console(USER, origin).await?;
    let pin = |half: usize| lab.description().netscaler.get(half).map(|half| fingerprint_text(&half.fingerprint));
    let (pin, second_pin) = (pin(0).unwrap_or_default(), pin(1).unwrap_or_default());
    let form = ApplianceForm { pin, second_pin, ..appliance_form(lab) };
    let appliance = services.appliances().add(&cx.admin()?, &form, &lab.suggestions().password).await?;
    set_up(services, &cx, appliance, lab).await?;
    let waiting = ClusterForm { title: HAMBURG.0.into(), fqdn: HAMBURG.1.into(), appliance: appliance.to_string() };
    services.clusters().add(&cx.admin()?, &waiting).await?;
    Ok(())
}

async fn set_up(services: &Services, cx: &ReadCx, appliance: ApplianceId, lab: &lab::Lab) -> Result<(), Failure> {
    let suggestions = lab.suggestions();
    let (admin, writer) = (cx.admin()?, cx.writer()?);
    let cluster = ClusterForm { title: "Berlin".into(), fqdn: suggestions.fqdn, appliance: appliance.to_string() };
    let id = services.clusters().add(&admin, &cluster).await?;
    services.observer().look(appliance).await;
    for form in steps(services, cx, id, lab).await? {
        services.setup().save_step(&writer, id, &form, None).await?;
    }
    let plan = services.plans().make(&writer, id).await?;
    know_the_nodes(services, &writer, id, lab).await?;
    let mut heard = services.listen();
    let act = services.runs().apply(&writer, plan, &ApplyForm::default()).await?;
    while services.runs().show(cx, act).await?.run.status == RunStatus::Running {
        // Every step tells the bus; what it says is read from the records.
        let _ = heard.recv().await;
    }
    let run = services.runs().show(cx, act).await?.run;
    if run.status == RunStatus::Succeeded { Ok(()) } else { Err(Failure::Internal(run.note)) }
}

/// Every step as the lab suggests it.
async fn steps(services: &Services, cx: &ReadCx, id: ClusterId, lab: &lab::Lab) -> Result<Vec<StepForm>, Failure> {
    let suggestions = lab.suggestions();
    let setup = services.setup().show(cx, id).await?;
    // The wizard names the session action by its Gateway's address.
    let (gateway, address) = setup.proposed_gateway().map_or_else(Default::default, |seen| {
        let address = seen.attrs.get("ipv46").map(ToString::to_string).unwrap_or_default();
        (seen.object.part(0).to_owned(), address)
    });
    let vip = |n: usize| suggestions.vips.get(n).map(ToString::to_string).unwrap_or_default();
    let nodes =
        lab.description().xms.iter().zip(1..).map(|(node, n)| format!("{} xms{n:02} {}", node.ip, node.node_id));
    Ok(vec![
        StepForm::Nodes(NodesForm { nodes: nodes.collect::<Vec<_>>().join("\n") }),
        StepForm::Mdm(MdmForm { vip: vip(0), ..MdmForm::fresh("Berlin") }),
        StepForm::Mam(MamForm { vip: vip(1), certificate: "wildcard-example".into(), ..MamForm::fresh("Berlin") }),
        StepForm::Gateway(GatewayForm { gateway, actions: format!("AC_OS_{address}") }),
        StepForm::Dns(DnsForm::fresh()),
    ])
}

/// Accounts and keys of the nodes, and their IDs by SSH: what a person does on the nodes' page.
async fn know_the_nodes(services: &Services, cx: &WriteCx, id: ClusterId, lab: &lab::Lab) -> Result<(), Failure> {
    let Some(node) = lab.description().xms.first() else { return Ok(()) };
    let access = NodeAccessForm { rest_user: node.user.clone(), ssh_user: node.cli_user.clone() };
    services.nodes().save_access(cx, id, &access, &node.password, &node.cli_password).await?;
    let nodes = services.nodes().show(cx, id).await?.nodes;
    for address in nodes.iter().map(|view| view.node.address) {
        services.nodes().fetch_keys(cx, id, address).await?;
    }
    for view in services.nodes().show(cx, id).await?.nodes {
        let Some(offered) = view.keys.offered.map(|offered| offered.keys) else { continue };
        let (tls, ssh) = (offered.tls.as_deref(), offered.ssh.as_deref());
        services.nodes().accept_keys(cx, id, view.node.address, tls, ssh).await?;
    }
    services.nodes().read_ids(cx, id).await
}
