//! Putting a lab together.

use crate::{
    ClockMode, Description, Lab, NetscalerDescription, Options, Suggestions, XmsDescription,
    appliance::Appliance,
    clock::{Clock, LabTime},
    control,
    doors::Doors,
    engine::{self, Queue, Until},
    faults::Faults,
    fleet,
    ha::{Membership, Role},
    journal::Journal,
    listen::loopback,
    node::{Node, Nodes},
    orders, papers, seed,
    shared::{Shared, World},
    site::{Site, SiteDescription},
    socks,
    xms::{Cluster, Profile},
};
use std::{
    io,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};

/// How often a real clock looks whether something is due.
const TICK: Duration = Duration::from_millis(50);

const NODE_USER: &str = "administrator";

/// Starts a lab on free loopback ports. What is due at once, such as the first probes of a seed, is done already.
pub async fn start(options: Options) -> io::Result<Lab> {
    let password = match &options.password {
        Some(password) => password.clone(),
        None => crate::random::hex(8)?,
    };
    if let Some(size) = options.fleet {
        fleet::make_room(size, options.pair.is_some())?;
    }
    let clock = Clock::start(options.clock);
    let now = clock.now();
    let world = World {
        clock,
        appliances: appliances(&options, &password, now),
        queue: Queue::default(),
        faults: Faults::default(),
        journal: Journal::default(),
        settled: watch::Sender::default(),
        rolled_at: now,
    };
    let cluster = Arc::new(Cluster::new(Profile::read(options.profile.as_deref())?, now)?);
    let further = |site: &Site| Cluster::new(Profile::read(Some(&site.profile()))?, now).map(Arc::new);
    let sites = options.sites.iter().map(|site| Ok((site.clone(), further(site)?))).collect::<io::Result<Vec<_>>>()?;
    let theirs = sites.iter().map(|(site, cluster)| (site.nodes.as_slice(), cluster));
    let nodes = Nodes::start(std::iter::once((options.nodes.as_slice(), &cluster)).chain(theirs))?;
    let doors = world.appliances.iter().map(|appliance| {
        let host = appliance.config.hostname.as_deref().unwrap_or_default();
        Doors::reserve(options.plain_http, host, now)
    });
    let doors = doors.collect::<io::Result<Vec<_>>>()?;
    let papers = papers::make(now, &options.sites)?;
    let shared = Arc::new(Shared::new(world, nodes, cluster, sites, doors, options.latency, papers));
    shared.clusters().for_each(|cluster| cluster.join(&shared));
    orders::reset(&shared, options.seed).await.map_err(io::Error::other)?;

    let (socks, control) = (loopback().await?, loopback().await?);
    let description = Description {
        netscaler: describe_appliances(&shared),
        xms: shared.nodes_of(&shared.cluster).iter().map(|node| describe(node)).collect(),
        socks: socks.local_addr()?.to_string(),
        control: format!("http://{}", control.local_addr()?),
    };
    let ports = shared.doors.iter().map(|door| socks::Ports { http: door.http(), https: door.https() }).collect();
    let mut tasks = vec![
        tokio::spawn(socks::serve(Arc::clone(&shared), Arc::new(ports), socks)),
        tokio::spawn(control::serve(Arc::clone(&shared), control)),
    ];
    if options.clock == ClockMode::Real {
        tasks.push(tokio::spawn(tick(Arc::clone(&shared))));
    }
    Ok(Lab { shared, description, tasks })
}

/// Which appliances there are: one, a fleet, or the two of a pair.
fn appliances(options: &Options, password: &str, now: LabTime) -> Vec<Appliance> {
    if let Some(size) = options.fleet {
        let host = |at: u16| format!("ns{:02}", at + 1);
        return (0..size).map(|at| Appliance::new(fleet::nsip(at), &host(at), options, password, now)).collect();
    }
    let nsip = |at: u8| Ipv4Addr::new(10, 0, 0, 10 + at);
    let mut first = Appliance::new(nsip(0), "ns01", options, password, now);
    let Some(knobs) = options.pair else { return vec![first] };
    let mut second = Appliance::new(nsip(1), "ns02", options, password, now);
    first.ha = Some(Membership::new(1, knobs, Role::Primary, now));
    second.ha = Some(Membership::new(0, knobs, Role::Secondary, now));
    vec![first, second]
}

fn describe_appliances(shared: &Shared) -> Vec<NetscalerDescription> {
    let world = shared.world();
    let describe = |(appliance, doors): (&Appliance, &Doors)| NetscalerDescription {
        role: appliance.role().word().to_ascii_lowercase(),
        http: format!("http://{}", doors.http()),
        https: format!("https://{}", doors.https()),
        user: appliance.user.clone(),
        password: appliance.password.clone(),
        nsip: appliance.nsip,
        fingerprint: doors.fingerprint().to_owned(),
    };
    world.appliances.iter().zip(&shared.doors).map(describe).collect()
}

/// Two addresses in the Gateway's network that no appliance has.
fn free(world: &World, gateway: Ipv4Addr) -> Vec<Ipv4Addr> {
    let taken: Vec<IpAddr> =
        world.appliances.iter().flat_map(|appliance| appliance.config.vips()).map(|(address, _, _)| address).collect();
    let [a, b, c, _] = gateway.octets();
    let all = (51..=99).map(|last| Ipv4Addr::new(a, b, c, last));
    all.filter(|vip| !taken.contains(&IpAddr::V4(*vip))).take(2).collect()
}

pub(crate) fn sites(shared: &Shared) -> Vec<SiteDescription> {
    let one = |(site, cluster): &(Site, Arc<Cluster>)| SiteDescription {
        fqdn: site.fqdn.clone(),
        vips: free(&shared.world(), site.gateway),
        nodes: shared.nodes_of(cluster).iter().map(|node| describe(node)).collect(),
    };
    shared.sites.iter().map(one).collect()
}

/// Free addresses of the lab's VIP range, and accounts.
pub(crate) fn suggestions(shared: &Shared) -> Suggestions {
    let world = shared.world();
    let (user, password) = world
        .appliances
        .first()
        .map(|appliance| (appliance.user.clone(), appliance.password.clone()))
        .unwrap_or_default();
    Suggestions {
        vips: free(&world, seed::GATEWAY),
        fqdn: fqdn(shared),
        nsip: world.appliances.first().map_or(Ipv4Addr::UNSPECIFIED, |appliance| appliance.nsip),
        user,
        password,
        nodes: shared.nodes_of(&shared.cluster).iter().map(|node| node.ip).collect(),
        node_user: NODE_USER.to_owned(),
    }
}

/// The name on the nodes' certificate.
fn fqdn(shared: &Shared) -> String {
    shared.cluster.profile.site.fqdn.clone()
}

pub(crate) fn describe(node: &Node) -> XmsDescription {
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
        ssh_fingerprint: node.machine.host_keys.fingerprint.clone(),
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
