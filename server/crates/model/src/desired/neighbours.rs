//! What the clusters on one appliance must not share. Asked when a step is saved, so that nobody finds out by a plan
//! that is blocked.

use super::{Desired, Listener, Seat, Step, StepRemark};
use crate::object::{Kind, ObjectRef};
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
        self.desired.seats().any(|seat| (seat.vip, seat.listener.port) == (vip, port))
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

/// What of `wanted` belongs to a neighbour already, a sentence beside the field.
pub fn clashes(wanted: &Desired, neighbours: &[Neighbour]) -> Vec<StepRemark> {
    let rules: [fn(&Desired, &Neighbour) -> Vec<StepRemark>; 5] = [nodes, addresses, names, gateway, actions];
    neighbours.iter().flat_map(|other| rules.iter().flat_map(move |rule| rule(wanted, other))).collect()
}

fn nodes(wanted: &Desired, other: &Neighbour) -> Vec<StepRemark> {
    let theirs = |address: &Ipv4Addr| other.desired.nodes.iter().any(|node| node.address == *address);
    let theirs = wanted.nodes.iter().filter(|node| theirs(&node.address));
    let said = theirs.map(|node| {
        let sentence = format!(
            "{} is a node of {} already. A node belongs to one cluster: its members would get devices of both.",
            node.address,
            other.name()
        );
        StepRemark::new(Step::Nodes, "nodes", sentence)
    });
    said.collect()
}

fn addresses(wanted: &Desired, other: &Neighbour) -> Vec<StepRemark> {
    let theirs = wanted.seats().filter(|seat| other.listens(seat.vip, seat.listener.port));
    let said = theirs.map(|Seat { side, vip, listener }| {
        let sentence = format!(
            "{vip}:{} is an address of {} on this appliance. A NetScaler has one virtual server on an address and port; take \
             an address that is free.",
            listener.port,
            other.name()
        );
        StepRemark::new(side.step(), "vip", sentence)
    });
    said.collect()
}

fn names(wanted: &Desired, other: &Neighbour) -> Vec<StepRemark> {
    let mut said = Vec::new();
    for seat in wanted.seats() {
        let (place, Listener { vserver, group, .. }) = (seat.place(), seat.listener);
        if other.has(&ObjectRef::vserver(vserver)) {
            let sentence =
                format!("{vserver} is a virtual server of {} on this appliance. Choose another name.", other.name());
            said.push(place.about_vserver(sentence));
        }
        if other.has(&ObjectRef::group(group)) {
            let sentence =
                format!("{group} is a service group of {} on this appliance. Choose another name.", other.name());
            said.extend(place.about_group(&sentence));
        }
    }
    said
}

fn gateway(wanted: &Desired, other: &Neighbour) -> Vec<StepRemark> {
    let theirs = wanted.gateway.iter().filter(|gateway| other.points(&gateway.vserver));
    let said = theirs.map(|gateway| {
        let sentence = format!(
            "The Gateway {} serves {} already. It asks one App Controller; with two, sessions of both would go to the wrong \
             cluster now and then. Choose another Gateway, or leave this step out.",
            gateway.vserver,
            other.name()
        );
        StepRemark::new(Step::Gateway, "gateway", sentence)
    });
    said.collect()
}

fn actions(wanted: &Desired, other: &Neighbour) -> Vec<StepRemark> {
    let actions = wanted.gateway.iter().flat_map(|gateway| &gateway.actions);
    let theirs = actions.filter(|name| other.has(&ObjectRef::session_action(name)));
    let said = theirs.map(|action| {
        let sentence = format!(
            "Session action {action} sends to {} already. Untick it, or use one of this cluster's own.",
            other.name()
        );
        StepRemark::new(Step::Gateway, "actions", sentence)
    });
    said.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desired::{Form, GatewayForm, GroupsForm, MamForm, MdmForm, NodesForm};

    fn cluster(title: &str, last: u8, node: u8) -> Desired {
        let nodes = NodesForm { nodes: format!("10.20.30.{node} xms{node}") }.apply(&Desired::default()).unwrap();
        let mdm = MdmForm { vip: format!("10.20.40.{last}"), ..MdmForm::fresh(title) }.apply(&nodes).unwrap();
        let vip = format!("10.20.40.{}", last + 1);
        let mam = MamForm { vip, certificate: "w".into(), ..MamForm::fresh(title) }.apply(&mdm).unwrap();
        GatewayForm { gateway: format!("gw-{title}"), actions: format!("a-{title}") }.apply(&mam).unwrap()
    }

    /// What is said beside the field.
    fn said(step: Step, field: &str, remarks: &[StepRemark]) -> String {
        let mut beside = remarks.iter().filter(|remark| remark.step == step && remark.field == field);
        beside.next().unwrap_or_else(|| panic!("{step:?} {field}: {remarks:?}")).sentence.clone()
    }

    fn berlin(title: Option<&str>) -> Neighbour {
        Neighbour { title: title.map(str::to_owned), desired: cluster("berlin", 51, 11), owned: BTreeSet::new() }
    }

    #[test]
    fn clusters_apart_do_not_clash() {
        let hamburg = cluster("hamburg", 61, 21);
        assert_eq!(clashes(&hamburg, &[berlin(Some("Berlin"))]), []);
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
                MamForm { vip: "10.20.40.52".into(), ..form }.apply(d).unwrap()
            }),
            (Step::Mam, "vserver", |d| {
                let form = MamForm { certificate: "w".into(), ..MamForm::fresh("berlin") };
                MamForm { vip: "10.20.40.70".into(), ..form }.apply(d).unwrap()
            }),
            (Step::Groups, "mam_8443", |d| {
                GroupsForm { mam_8443: "xms-berlin-mam-8443-sg".into(), ..GroupsForm::of(d).unwrap() }.apply(d).unwrap()
            }),
            (Step::Gateway, "gateway", |d| {
                GatewayForm { gateway: "gw-berlin".into(), actions: String::new() }.apply(d).unwrap()
            }),
            (Step::Gateway, "actions", |d| {
                GatewayForm { gateway: "gw-h".into(), actions: "a-berlin".into() }.apply(d).unwrap()
            }),
        ];
        for (step, field, spoil) in cases {
            let wanted = spoil(&cluster("hamburg", 61, 21));
            let said = said(*step, field, &clashes(&wanted, &[berlin(Some("Berlin"))]));
            assert!(said.contains("Berlin"), "{said}");
            let hidden = self::said(*step, field, &clashes(&wanted, &[berlin(None)]));
            assert!(!hidden.contains("Berlin"), "{hidden}");
        }
    }

    #[test]
    fn what_is_owned_counts_though_it_is_described_no_more() {
        let owned = [ObjectRef::app_controller("gw", "https://b"), ObjectRef::vserver("v")].into();
        let other = Neighbour { title: Some("Berlin".into()), desired: Desired::default(), owned };
        let wanted = GatewayForm { gateway: "gw".into(), actions: String::new() };
        let wanted = wanted.apply(&Desired::default()).unwrap();
        said(Step::Gateway, "gateway", &clashes(&wanted, std::slice::from_ref(&other)));
        let mam = MamForm { vip: "10.1.1.1".into(), certificate: "w".into(), vserver: "v".into() };
        let mam = mam.apply(&Desired::default()).unwrap();
        said(Step::Mam, "vserver", &clashes(&mam, &[other]));
    }
}
