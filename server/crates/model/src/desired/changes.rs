//! What differs between two versions of a set-up, in the words of its steps.

use super::{Desired, Dns, Gateway, Listener, Mam, Mdm, Node, Step};
use crate::object::ObjectRef;

/// One thing that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub step: Step,
    pub sentence: String,
}

/// In the order of the steps; empty where both describe the same.
pub fn changes(before: &Desired, after: &Desired) -> Vec<Change> {
    let mut found = Found(Vec::new());
    found.name(before, after);
    found.nodes(&before.nodes, &after.nodes);
    found.part(Step::Mdm, before.mdm.as_ref(), after.mdm.as_ref(), mdm);
    found.part(Step::Mam, before.mam.as_ref(), after.mam.as_ref(), mam);
    found.groups(before, after);
    found.part(Step::Gateway, before.gateway.as_ref(), after.gateway.as_ref(), gateway);
    found.part(Step::Dns, before.dns.as_ref(), after.dns.as_ref(), dns);
    for kept in after.kept_off.iter().filter(|kept| !before.kept_off.contains(kept)) {
        let step = step_of(after, &kept.object);
        found.say(step, format!("The {} is kept disabled: {}.", kept.object, kept.reason.trim_end_matches('.')));
    }
    for kept in before.kept_off.iter().filter(|kept| after.kept_off(&kept.object).is_none()) {
        found.say(step_of(before, &kept.object), format!("The {} is to be enabled.", kept.object));
    }
    if found.0.is_empty() && before.nodes != after.nodes {
        found.say(Step::Nodes, "The order of the nodes is another one.".into());
    }
    found.0
}

fn step_of(desired: &Desired, object: &ObjectRef) -> Step {
    Step::ALL.into_iter().find(|step| step.of(object, desired)).unwrap_or(Step::Groups)
}

struct Found(Vec<Change>);

impl Found {
    fn say(&mut self, step: Step, sentence: String) {
        self.0.push(Change { step, sentence });
    }

    fn part<T: PartialEq>(
        &mut self,
        step: Step,
        before: Option<&T>,
        after: Option<&T>,
        compare: impl FnOnce(&T, &T) -> Vec<String>,
    ) {
        match (before, after) {
            (None, Some(_)) => self.say(step, format!("The {} step is described.", step.title())),
            (Some(_), None) => self.say(step, format!("The {} step is left out.", step.title())),
            (Some(before), Some(after)) => {
                for sentence in compare(before, after) {
                    self.say(step, sentence);
                }
            }
            (None, None) => {}
        }
    }

    /// Said where something is made of it, then and now: to what is not, it makes no difference.
    fn name(&mut self, before: &Desired, after: &Desired) {
        let is_used = |desired: &Desired| desired.gateway.is_some() || desired.dns.is_some();
        if before.fqdn != after.fqdn && is_used(before) && is_used(after) {
            let sentence = is_was("The cluster's name", &after.fqdn, &before.fqdn);
            self.say(
                Step::Prerequisites,
                format!("{sentence} What the Gateway is given and what is answered follow it."),
            );
        }
    }

    fn nodes(&mut self, before: &[Node], after: &[Node]) {
        let find = |all: &[Node], node: &Node| all.iter().find(|other| other.address == node.address).cloned();
        for node in after {
            let label = label(node);
            match find(before, node) {
                None => self.say(Step::Nodes, format!("Node {label} is added.")),
                Some(was) => {
                    if was.name != node.name {
                        self.say(
                            Step::Nodes,
                            is_was(&format!("The name of node {}", node.address), &node.name, &was.name),
                        );
                    }
                    if was.id != node.id {
                        let said = |id: &Option<String>| id.clone().unwrap_or_else(|| "not given".into());
                        self.say(
                            Step::Nodes,
                            is_was(&format!("The node ID of {label}"), said(&node.id), said(&was.id)),
                        );
                    }
                }
            }
        }
        for node in before.iter().filter(|node| find(after, node).is_none()) {
            self.say(Step::Nodes, format!("Node {} is taken out.", label(node)));
        }
    }

    /// Groups are named with the virtual servers; a step that comes or goes says enough.
    fn groups(&mut self, before: &Desired, after: &Desired) {
        let parts = [
            (listeners(before.mdm.as_ref()), listeners(after.mdm.as_ref())),
            (before.mam.iter().map(|mam| &mam.listener).collect(), after.mam.iter().map(|mam| &mam.listener).collect()),
        ];
        for (before, after) in parts {
            for (was, is) in pairs(&before, &after) {
                if was.group != is.group {
                    let what = format!("The group on port {}", is.port);
                    self.say(Step::Groups, is_was(&what, &is.group, &was.group));
                }
            }
        }
    }
}

fn label(node: &Node) -> String {
    format!("{} ({})", node.name, node.address)
}

fn is_was(what: &str, is: impl std::fmt::Display, was: impl std::fmt::Display) -> String {
    format!("{what} is {is}; it was {was}.")
}

fn differ<T: PartialEq + std::fmt::Display>(what: &str, was: &T, is: &T) -> Option<String> {
    (was != is).then(|| is_was(what, is, was))
}

fn listeners(mdm: Option<&Mdm>) -> Vec<&Listener> {
    mdm.iter().flat_map(|mdm| &mdm.listeners).collect()
}

fn pairs<'a>(before: &[&'a Listener], after: &[&'a Listener]) -> Vec<(&'a Listener, &'a Listener)> {
    let same_port = |is: &&'a Listener| before.iter().find(|was| was.port == is.port).map(|was| (*was, *is));
    after.iter().filter_map(same_port).collect()
}

fn mdm(was: &Mdm, is: &Mdm) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    said.extend(differ("The MDM address", &was.vip, &is.vip));
    said.extend(differ("What keeps a device on its node", &was.persistence, &is.persistence));
    said.extend(differ("How many minutes a device is remembered", &was.timeout, &is.timeout));
    for (was, is) in pairs(&listeners(Some(was)), &listeners(Some(is))) {
        said.extend(differ(&format!("The virtual server on port {}", is.port), &was.vserver, &is.vserver));
    }
    said
}

fn mam(was: &Mam, is: &Mam) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    said.extend(differ("The MAM address", &was.vip, &is.vip));
    said.extend(differ("The certificate", &was.certificate, &is.certificate));
    said.extend(differ("The virtual server for MAM", &was.listener.vserver, &is.listener.vserver));
    if was.certificate == is.certificate && was.files != is.files {
        said.push(format!("The certificate {} is made of other files.", is.certificate));
    }
    said
}

fn gateway(was: &Gateway, is: &Gateway) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    said.extend(differ("The Gateway", &was.vserver, &is.vserver));
    let only = |these: &Gateway, those: &Gateway| -> Vec<String> {
        these.actions.iter().filter(|name| !those.actions.contains(name)).cloned().collect()
    };
    said.extend(only(is, was).into_iter().map(|name| format!("Session action {name} is repointed as well.")));
    said.extend(only(was, is).into_iter().map(|name| format!("Session action {name} is left alone.")));
    said
}

fn dns(was: &Dns, is: &Dns) -> Vec<String> {
    let what = if is.record { "gets an address record" } else { "gets no address record" };
    let differs = was.record != is.record;
    differs.then(|| format!("The appliance {what} of its own for the cluster's name.")).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desired::{DnsForm, Form, GatewayForm, GroupsForm, MamForm, MdmForm, NodesForm};

    fn base() -> Desired {
        let nodes = NodesForm { nodes: "10.20.30.11 xms01 1\n10.20.30.12 xms02".into() };
        let nodes = nodes.apply(&Desired::default()).unwrap();
        let mdm = MdmForm { vip: "10.20.40.51".into(), ..MdmForm::fresh("b") }.apply(&nodes).unwrap();
        let mam = MamForm { vip: "10.20.40.52".into(), certificate: "w".into(), ..MamForm::fresh("b") };
        mam.apply(&mdm).unwrap()
    }

    fn said(before: &Desired, after: &Desired) -> Vec<String> {
        changes(before, after).into_iter().map(|change| change.sentence).collect()
    }

    #[test]
    fn each_step_says_what_is_another_one() {
        let before = base();
        assert!(said(&before, &before).is_empty());
        let nodes = "10.20.30.11 xms01 2\n10.20.30.13 xms03";
        let after = NodesForm { nodes: nodes.into() }.apply(&before).unwrap();
        let expected = [
            "The node ID of xms01 (10.20.30.11) is 2; it was 1.",
            "Node xms03 (10.20.30.13) is added.",
            "Node xms02 (10.20.30.12) is taken out.",
        ];
        assert_eq!(said(&before, &after), expected);

        let after = MdmForm { timeout: "25".into(), ..MdmForm::of(&before).unwrap() }.apply(&before).unwrap();
        assert_eq!(said(&before, &after), ["How many minutes a device is remembered is 25; it was 20."]);
        let after = GroupsForm { mam_8443: "sg".into(), ..GroupsForm::of(&before).unwrap() }.apply(&before).unwrap();
        assert_eq!(said(&before, &after), ["The group on port 8443 is sg; it was xms-b-mam-8443-sg."]);
        assert_eq!(changes(&before, &after)[0].step, Step::Groups);

        let after = Desired { mdm: None, ..before.clone() };
        assert_eq!(said(&before, &after), ["The MDM step is left out."]);
        let with = GatewayForm { gateway: "gw".into(), actions: "a".into() }.apply(&before).unwrap();
        assert_eq!(said(&before, &with), ["The Gateway step is described."]);
        let other = GatewayForm { gateway: "gw".into(), actions: "b".into() }.apply(&with).unwrap();
        let expected = ["Session action b is repointed as well.", "Session action a is left alone."];
        assert_eq!(said(&with, &other), expected);
        let dns = DnsForm::fresh().apply(&before).unwrap();
        let none = DnsForm { record: "none".into() }.apply(&before).unwrap();
        assert_eq!(said(&dns, &none), ["The appliance gets no address record of its own for the cluster's name."]);
    }

    #[test]
    fn another_name_is_said_once_for_all_that_is_made_of_it() {
        let whole = crate::samples::whole();
        let said = said(&whole, &whole.clone().renamed("xms2.example.com"));
        let [sentence] = said.as_slice() else { panic!("{said:?}") };
        assert!(sentence.starts_with("The cluster's name is xms2.example.com; it was xms.example.com."), "{sentence}");
        let (was, is) = (base().renamed("a.example.com"), base().renamed("b.example.com"));
        assert!(changes(&was, &is).is_empty(), "nothing is made of it");
    }

    #[test]
    fn no_difference_goes_unsaid() {
        let before = base();
        let after = NodesForm { nodes: "10.20.30.12 xms02\n10.20.30.11 xms01 1".into() }.apply(&before).unwrap();
        assert_eq!(said(&before, &after).len(), 1, "their order");
    }
}
