//! Putting a lab together.

use std::{
    io,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};

use tokio::time::{MissedTickBehavior, interval};

use crate::{
    ClockMode, Description, Lab, NetscalerDescription, Options, Suggestions, XmsDescription,
    appliance::Appliance,
    clock::Clock,
    control,
    engine::{self, Queue, Until},
    faults::Faults,
    journal::Journal,
    listen::loopback,
    nitro::serve,
    node::{Node, Nodes},
    orders, papers,
    shared::{Shared, World},
    socks, tls,
    xms::{Cluster, Profile},
};

/// How often a real clock looks whether something is due.
const TICK: Duration = Duration::from_millis(50);

const USER: &str = crate::model::SUPERUSER;
const NODE_USER: &str = "administrator";

/// Starts a lab on free loopback ports. What is due at once, such as the first probes of a seed, is done already.
pub async fn start(options: Options) -> io::Result<Lab> {
    let password = match options.password {
        Some(password) => password,
        None => crate::random::hex(8)?,
    };
    let clock = Clock::start(options.clock);
    let now = clock.now();
    let mut appliance = Appliance::new(USER, &password, options.session_limit, now);
    appliance.choose(options.choices);
    let world = World {
        clock,
        appliances: vec![appliance],
        queue: Queue::default(),
        faults: Faults::default(),
        journal: Journal::default(),
    };
    let cluster = Arc::new(Cluster::new(Profile::read(options.profile.as_deref())?, now)?);
    let nodes = Nodes::start(&options.nodes, &cluster)?;
    let shared = Arc::new(Shared::new(world, nodes, options.latency, papers::make(now)?));
    cluster.join(&shared);
    orders::reset(&shared, options.seed).await.map_err(io::Error::other)?;

    let identity = tls::identity()?;
    let (http, https) = (loopback().await?, loopback().await?);
    let (socks, control) = (loopback().await?, loopback().await?);
    let ports = socks::Ports { http: http.local_addr()?, https: https.local_addr()? };
    let description = Description {
        netscaler: vec![NetscalerDescription {
            role: "primary".to_owned(),
            http: format!("http://{}", ports.http),
            https: format!("https://{}", ports.https),
            user: USER.to_owned(),
            password,
            nsip: first_nsip(&shared),
            fingerprint: identity.fingerprint,
        }],
        xms: shared.nodes.all().iter().map(|node| describe(node)).collect(),
        socks: socks.local_addr()?.to_string(),
        control: format!("http://{}", control.local_addr()?),
    };
    let mut tasks = vec![
        tokio::spawn(serve::serve(Arc::clone(&shared), 0, http, None)),
        tokio::spawn(serve::serve(Arc::clone(&shared), 0, https, Some(identity.acceptor))),
        tokio::spawn(socks::serve(Arc::clone(&shared), Arc::new(vec![ports]), socks)),
        tokio::spawn(control::serve(Arc::clone(&shared), control)),
    ];
    if options.clock == ClockMode::Real {
        tasks.push(tokio::spawn(tick(Arc::clone(&shared))));
    }
    Ok(Lab { shared, description, tasks })
}

/// Free addresses of the lab's VIP range, and accounts.
pub(crate) fn suggestions(shared: &Shared) -> Suggestions {
    let world = shared.world();
    let taken: Vec<IpAddr> =
        world.appliances.iter().flat_map(|appliance| appliance.config.vips()).map(|(address, _, _)| address).collect();
    let (user, password) = world
        .appliances
        .first()
        .map(|appliance| (appliance.user.clone(), appliance.password.clone()))
        .unwrap_or_default();
    Suggestions {
        vips: (51..=99)
            .map(|last| Ipv4Addr::new(10, 20, 40, last))
            .filter(|vip| !taken.contains(&IpAddr::V4(*vip)))
            .take(2)
            .collect(),
        fqdn: fqdn(shared),
        nsip: world.appliances.first().map_or(Ipv4Addr::UNSPECIFIED, |appliance| appliance.nsip),
        user,
        password,
        nodes: shared.nodes.all().iter().map(|node| node.ip).collect(),
        node_user: NODE_USER.to_owned(),
    }
}

/// The name on the nodes' certificate.
fn fqdn(shared: &Shared) -> String {
    shared.nodes.all().first().map(|node| node.cluster.profile.site.fqdn.clone()).unwrap_or_default()
}

fn first_nsip(shared: &Shared) -> Ipv4Addr {
    shared.world().appliances.first().map_or(Ipv4Addr::UNSPECIFIED, |appliance| appliance.nsip)
}

fn describe(node: &Node) -> XmsDescription {
    let at = |port| node.address(port).map(|address| format!("https://{address}")).unwrap_or_default();
    XmsDescription {
        ip: node.ip,
        node_id: node.ip.to_bits().to_string(),
        management: at(4443),
        enrolment: at(8443),
        ssh: node.address(22).map(|address| address.to_string()),
        user: NODE_USER.to_owned(),
        password: node.cluster.password.clone(),
        cli_user: node.cluster.profile.cli.user.clone(),
        cli_password: node.cluster.cli_password.clone(),
        fingerprint: node.cluster.identity.fingerprint.clone(),
        ssh_fingerprint: node.machine.ssh_fingerprint.clone(),
    }
}

/// The real clock's hand.
async fn tick(shared: Arc<Shared>) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        ticks.tick().await;
        engine::run(&shared, Until::Now).await;
    }
}
