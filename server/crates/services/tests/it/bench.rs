//! A cluster on which everything is well, watched by every door. The table of faults (`server/tests/faults`) stands on it
//! as well.

use crate::support::{INTERVAL, NODES, World, world_on};
use lab::FaultSpec;
use model::{ApplianceId, ClusterId, node::NodeAccessForm};
use services::{ClusterView, Topic};
use std::time::Duration;

pub struct Bench {
    pub world: World,
    pub id: ClusterId,
    pub appliance: ApplianceId,
}

impl Bench {
    /// The whole procedure applied, accounts given, keys accepted, all of it seen.
    pub async fn ready(options: lab::Options) -> Self {
        let world = world_on(options).await;
        let id = world.whole().await;
        let mut heard = world.services.listen();
        let writer = world.cx.writer().unwrap();
        let plan = world.services.plans().make(&writer, id).await.unwrap();
        world.applied(plan).await;
        while !matches!(heard.recv().await.unwrap(), Topic::Observed(_)) {}
        let node = world.lab.description().xms[0].clone();
        let form = NodeAccessForm { rest_user: node.user, ssh_user: node.cli_user };
        world.services.nodes().save_access(&writer, id, &form, &node.password, &node.cli_password).await.unwrap();
        let appliance = world.services.clusters().show(&world.cx, id).await.unwrap().appliance.id;
        let bench = Self { world, id, appliance };
        bench.accept_keys().await;
        bench.pass(30).await;
        bench.looks().await;
        bench
    }

    /// Somebody compares what the nodes show, and accepts it.
    pub async fn accept_keys(&self) {
        let (services, writer) = (&self.world.services, self.world.cx.writer().unwrap());
        for node in NODES {
            services.nodes().fetch_keys(&writer, self.id, node).await.unwrap();
            let view = services.nodes().show(&self.world.cx, self.id).await.unwrap();
            let view = view.nodes.into_iter().find(|view| view.node.address == node).unwrap();
            let shown = view.keys.offered.unwrap().keys;
            let (tls, ssh) = (shown.tls.as_deref(), shown.ssh.as_deref());
            services.nodes().accept_keys(&writer, self.id, node, tls, ssh).await.unwrap();
        }
    }

    /// Time passes, for the monitors as well.
    pub async fn pass(&self, seconds: u64) {
        self.world.lab.advance(Duration::from_secs(seconds)).await;
    }

    /// Two looks at everything, an interval apart, as the timetable makes them.
    pub async fn looks(&self) {
        for _ in 0..2 {
            self.pass(INTERVAL.into()).await;
            self.world.services.observer().glance(self.appliance).await;
            self.world.services.nodes().observe(self.id, 0).await;
        }
    }

    pub async fn fault(&self, spec: FaultSpec) {
        self.world.lab.fault(spec).await.unwrap();
    }

    pub async fn view(&self) -> ClusterView {
        self.world.services.clusters().show(&self.world.cx, self.id).await.unwrap()
    }
}
