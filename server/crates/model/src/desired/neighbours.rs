//! What the clusters on one appliance must not share. Asked when a step is saved, so that nobody finds out by a plan
//! that is blocked.

use super::{Desired, Step};
use crate::{
    fields::FieldErrors,
    object::{Kind, ObjectRef},
};
use std::{collections::BTreeSet, net::Ipv4Addr};

/// Another cluster on the same appliance.
#[derive(Clone, Debug)]
pub struct Neighbour {
    /// `None`: whoever asks has nothing to do with it, and is not told its name.
    pub title: Option<String>,
    /// What its set-up describes, as saved last.
    pub desired: Desired,
    /// What Gatehouse made or adopted for it there.
    pub owned: BTreeSet<ObjectRef>,
}

impl Neighbour {
    /// `Berlin`, or no name.
    fn name(&self) -> String {
        self.title.clone().unwrap_or_else(|| "another cluster of Gatehouse, which is not one of yours,".into())
    }

    fn listens(&self, vip: Ipv4Addr, port: u16) -> bool {
        let mdm = self.desired.mdm.iter().flat_map(|mdm| mdm.listeners.iter().map(|l| (mdm.vip, l.port)));
        let mam = self.desired.mam.iter().map(|mam| (mam.vip, mam.listener.port));
        mdm.chain(mam).any(|place| place == (vip, port))
    }

    fn has(&self, object: &ObjectRef) -> bool {
        let described = match object.kind {
            Kind::LbVserver => self.desired.listeners().any(|l| l.vserver.eq_ignore_ascii_case(object.part(0))),
            Kind::ServiceGroup => self.desired.listeners().any(|l| l.group.eq_ignore_ascii_case(object.part(0))),
            Kind::SessionAction => {
                self.desired.gateway.iter().flat_map(|gateway| &gateway.actions).any(|name| name == object.part(0))
            }
            _ => false,
        };
        described || self.owned.contains(object)
    }

    /// Its App Controller is that of this Gateway.
    pub fn points(&self, gateway: &str) -> bool {
        let described = self.desired.gateway.as_ref().is_some_and(|own| own.vserver == gateway);
        described || self.owned.iter().any(|o| o.kind == Kind::AppController && o.part(0) == gateway)
    }
}

/// What of this step in `wanted` belongs to a neighbour already, a sentence beside the field.
pub fn clashes(step: Step, wanted: &Desired, neighbours: &[Neighbour]) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for other in neighbours {
        match step {
            Step::Nodes => nodes(wanted, other, &mut errors),
            Step::Mdm => mdm(wanted, other, &mut errors),
            Step::Mam => mam(wanted, other, &mut errors),
            Step::Groups => groups(wanted, other, &mut errors),
            Step::Gateway => gateway(wanted, other, &mut errors),
            Step::Prerequisites | Step::Dns => {}
        }
    }
    errors
}

fn nodes(wanted: &Desired, other: &Neighbour, errors: &mut FieldErrors) {
    let theirs = |address: &Ipv4Addr| other.desired.nodes.iter().any(|node| node.address == *address);
    if let Some(node) = wanted.nodes.iter().find(|node| theirs(&node.address)) {
        errors.add(
            "nodes",
            format!(
                "{} is a node of {} already. A node belongs to one cluster: its members would get devices of both.",
                node.address,
                other.name()
            ),
        );
    }
}

fn address(vip: Ipv4Addr, ports: &[u16], other: &Neighbour, errors: &mut FieldErrors) {
    if let Some(port) = ports.iter().find(|port| other.listens(vip, **port)) {
        errors.add(
            "vip",
            format!(
                "{vip}:{port} is an address of {} on this appliance. A NetScaler has one virtual server on an address \
                 and port; take an address that is free.",
                other.name()
            ),
        );
    }
}

fn vserver(field: &str, name: &str, other: &Neighbour, errors: &mut FieldErrors) {
    if other.has(&ObjectRef::vserver(name)) {
        errors.add(
            field,
            format!("{name} is a virtual server of {} on this appliance. Choose another name.", other.name()),
        );
    }
}

fn mdm(wanted: &Desired, other: &Neighbour, errors: &mut FieldErrors) {
    let Some(mdm) = &wanted.mdm else { return };
    let ports: Vec<u16> = mdm.listeners.iter().map(|listener| listener.port).collect();
    address(mdm.vip, &ports, other, errors);
    for listener in &mdm.listeners {
        vserver(&format!("vserver_{}", listener.port), &listener.vserver, other, errors);
    }
}

fn mam(wanted: &Desired, other: &Neighbour, errors: &mut FieldErrors) {
    let Some(mam) = &wanted.mam else { return };
    address(mam.vip, &[mam.listener.port], other, errors);
    vserver("vserver", &mam.listener.vserver, other, errors);
}

fn groups(wanted: &Desired, other: &Neighbour, errors: &mut FieldErrors) {
    let mdm = wanted.mdm.iter().flat_map(|mdm| &mdm.listeners).map(|l| (format!("mdm_{}", l.port), l));
    let mam = wanted.mam.iter().map(|mam| (format!("mam_{}", mam.listener.port), &mam.listener));
    for (field, listener) in mdm.chain(mam) {
        if other.has(&ObjectRef::group(&listener.group)) {
            let sentence = format!(
                "{} is a service group of {} on this appliance. Choose another name.",
                listener.group,
                other.name()
            );
            errors.add(&field, sentence);
        }
    }
}

fn gateway(wanted: &Desired, other: &Neighbour, errors: &mut FieldErrors) {
    let Some(gateway) = &wanted.gateway else { return };
    if other.points(&gateway.vserver) {
        errors.add(
            "gateway",
            format!(
                "The Gateway {} serves {} already. It asks one App Controller; with two, sessions of both would go to the \
                 wrong cluster now and then. Choose another Gateway, or leave this step out.",
                gateway.vserver,
                other.name()
            ),
        );
    }
    if let Some(action) = gateway.actions.iter().find(|name| other.has(&ObjectRef::session_action(name))) {
        errors.add(
            "actions",
            format!(
                "Session action {action} sends to {} already. Untick it, or use one of this cluster's own.",
                other.name()
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desired::{GatewayForm, GroupsForm, MamForm, MdmForm, NodesForm};

    fn cluster(title: &str, last: u8, node: u8) -> Desired {
        let nodes = NodesForm { nodes: format!("10.20.30.{node} xms{node}") }.apply(&Desired::default()).unwrap();
        let mdm = MdmForm { vip: format!("10.20.40.{last}"), ..MdmForm::fresh(title) }.apply(&nodes).unwrap();
        let vip = format!("10.20.40.{}", last + 1);
        let mam = MamForm { vip, certificate: "w".into(), ..MamForm::fresh(title) }.apply(&mdm, &[]).unwrap();
        GatewayForm { gateway: format!("gw-{title}"), actions: format!("a-{title}") }
            .apply(&mam, "x.example.com")
            .unwrap()
    }

    fn berlin(title: Option<&str>) -> Neighbour {
        Neighbour { title: title.map(str::to_owned), desired: cluster("berlin", 51, 11), owned: BTreeSet::new() }
    }

    #[test]
    fn clusters_apart_do_not_clash() {
        let hamburg = cluster("hamburg", 61, 21);
        for step in Step::ALL {
            assert!(clashes(step, &hamburg, &[berlin(Some("Berlin"))]).is_empty(), "{step:?}");
        }
    }

    #[test]
    fn what_another_cluster_has_is_said_beside_its_field() {
        type Spoil = fn(&Desired) -> Desired;
        let cases: &[(Step, &str, Spoil)] = &[
            (Step::Nodes, "nodes", |d| NodesForm { nodes: "10.20.30.11".into() }.apply(d).unwrap()),
            (Step::Mdm, "vip", |d| MdmForm { vip: "10.20.40.51".into(), ..MdmForm::fresh("h") }.apply(d).unwrap()),
            // On 8443 MAM of Berlin listens already.
            (Step::Mdm, "vip", |d| MdmForm { vip: "10.20.40.52".into(), ..MdmForm::fresh("h") }.apply(d).unwrap()),
            (Step::Mdm, "vserver_443", |d| {
                let form = MdmForm { vserver_443: "XMS-berlin-mdm-443".into(), ..MdmForm::fresh("h") };
                MdmForm { vip: "10.20.40.61".into(), ..form }.apply(d).unwrap()
            }),
            (Step::Mam, "vip", |d| {
                let form = MamForm { certificate: "w".into(), ..MamForm::fresh("h") };
                MamForm { vip: "10.20.40.52".into(), ..form }.apply(d, &[]).unwrap()
            }),
            (Step::Mam, "vserver", |d| {
                let form = MamForm { certificate: "w".into(), ..MamForm::fresh("berlin") };
                MamForm { vip: "10.20.40.70".into(), ..form }.apply(d, &[]).unwrap()
            }),
            (Step::Groups, "mam_8443", |d| {
                GroupsForm { mam_8443: "xms-berlin-mam-8443-sg".into(), ..GroupsForm::of(d) }.apply(d).unwrap()
            }),
            (Step::Gateway, "gateway", |d| {
                GatewayForm { gateway: "gw-berlin".into(), actions: String::new() }.apply(d, "y.example.com").unwrap()
            }),
            (Step::Gateway, "actions", |d| {
                GatewayForm { gateway: "gw-h".into(), actions: "a-berlin".into() }.apply(d, "y.example.com").unwrap()
            }),
        ];
        for (step, field, spoil) in cases {
            let wanted = spoil(&cluster("hamburg", 61, 21));
            let errors = clashes(*step, &wanted, &[berlin(Some("Berlin"))]);
            let said = errors.get(field).unwrap_or_else(|| panic!("{step:?} {field}: {errors:?}"));
            assert!(said.contains("Berlin"), "{said}");
            let hidden = clashes(*step, &wanted, &[berlin(None)]);
            assert!(hidden.get(field).is_some_and(|said| !said.contains("Berlin")), "{hidden:?}");
        }
    }

    #[test]
    fn what_is_owned_counts_though_it_is_described_no_more() {
        let owned = [ObjectRef::app_controller("gw", "https://b"), ObjectRef::vserver("v")].into();
        let other = Neighbour { title: Some("Berlin".into()), desired: Desired::default(), owned };
        let wanted = GatewayForm { gateway: "gw".into(), actions: String::new() };
        let wanted = wanted.apply(&Desired::default(), "y.example.com").unwrap();
        assert!(clashes(Step::Gateway, &wanted, std::slice::from_ref(&other)).get("gateway").is_some());
        let mam = MamForm { vip: "10.1.1.1".into(), certificate: "w".into(), vserver: "v".into() };
        let mam = mam.apply(&Desired::default(), &[]).unwrap();
        assert!(clashes(Step::Mam, &mam, &[other]).get("vserver").is_some());
    }
}
