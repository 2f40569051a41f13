//! What must hold of a set-up as a whole, whoever wrote it: the forms, another program, an older version.

use super::{Desired, Seat, SetUpProblem, Step, StepRemark};
use crate::{fields::FieldErrors, names::LONGEST};
use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

impl Desired {
    /// All that does not hold, in the order of the steps.
    pub fn check(&self) -> Vec<SetUpProblem> {
        let mut found = self.nodes_among_themselves();
        found.extend(self.addresses());
        found.extend(self.names());
        if let Some(mam) = &self.mam {
            found.extend(mam.certificate.is_empty().then_some(SetUpProblem::NoCertificate));
            let unknown = self.nodes.iter().filter(|node| node.id.is_none());
            let group = &mam.listener.group;
            found.extend(unknown.map(|node| SetUpProblem::NodeIdMissing { node: node.address, group: group.clone() }));
        }
        if self.fqdn.is_empty() {
            found.extend(self.gateway.is_some().then_some(SetUpProblem::Nameless(Step::Gateway)));
            found.extend(self.dns.is_some().then_some(SetUpProblem::Nameless(Step::Dns)));
        }
        found
    }

    /// What [`Desired::check`] finds, in the sentences of the steps.
    pub fn remarks(&self) -> Vec<StepRemark> {
        self.check().iter().flat_map(SetUpProblem::remarks).collect()
    }

    fn nodes_among_themselves(&self) -> Vec<SetUpProblem> {
        let (mut addresses, mut names, mut ids) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut found = Vec::new();
        for node in &self.nodes {
            if !addresses.insert(node.address) {
                found.push(SetUpProblem::NodeTwice(node.address));
            }
            if !names.insert(node.name.to_ascii_lowercase()) {
                found.push(SetUpProblem::NodeNameTwice { node: node.address, name: node.name.clone() });
            }
            let twice = node.id.as_ref().filter(|id| !ids.insert(*id));
            found.extend(twice.map(|id| SetUpProblem::NodeIdTwice { node: node.address, id: id.clone() }));
        }
        found
    }

    fn addresses(&self) -> Vec<SetUpProblem> {
        let nodes: BTreeSet<_> = self.nodes.iter().map(|node| node.address).collect();
        let mut found: Vec<SetUpProblem> = self
            .vips()
            .filter(|(_, vip)| nodes.contains(vip))
            .map(|(side, vip)| SetUpProblem::NodeAtVip { vip, side })
            .collect();
        found.extend(pairs(self.seats(), |seat| (seat.vip, seat.listener.port)).map(|(one, other)| {
            SetUpProblem::ListenTwice { vip: one.vip, port: one.listener.port, one: one.side, other: other.side }
        }));
        found
    }

    /// The appliance finds both by name without regard to case (`nitro.md` 5.4).
    fn names(&self) -> Vec<SetUpProblem> {
        let vservers = pairs(self.seats(), |seat| seat.listener.vserver.to_ascii_lowercase());
        let mut found: Vec<SetUpProblem> = vservers
            .map(|(one, other)| {
                let name = other.listener.vserver.clone();
                SetUpProblem::VserverTwice { name, one: one.place(), other: other.place() }
            })
            .collect();
        let groups = pairs(self.seats(), |seat| seat.listener.group.to_ascii_lowercase());
        let groups = groups.map(|(one, other)| {
            let name = other.listener.group.clone();
            SetUpProblem::GroupTwice { name, one: one.place(), other: other.place() }
        });
        // Where both names follow those of the virtual servers, these are the same, and that was said.
        found.extend(groups.filter(
            |problem| !matches!(problem, SetUpProblem::GroupTwice { one, other, .. } if one.follows() && other.follows()),
        ));
        let long = self.seats().filter(|seat| seat.listener.group.len() > LONGEST);
        found.extend(long.map(|seat| SetUpProblem::GroupTooLong(seat.place())));
        found
    }
}

/// What is saved instead of `before` is refused for these, beside the fields of the step whose form it was; `None`: it was
/// no step's form, and everything is said of the whole. What did not hold before does not stand in the way of another step.
pub fn refused(before: &Desired, wanted: &Desired, form: Option<Step>) -> FieldErrors {
    let old = before.check();
    let mut errors = FieldErrors::default();
    for problem in wanted.check().into_iter().filter(|problem| !problem.is_lack()) {
        let here: Vec<StepRemark> = problem.remarks().into_iter().filter(|remark| Some(remark.step) == form).collect();
        if here.is_empty() && old.iter().any(|before| problem.is_still(before)) {
            continue;
        }
        if here.is_empty() {
            errors.join("", &problem.sentence());
        }
        for remark in here {
            errors.add(&remark.field, remark.sentence);
        }
    }
    errors
}

/// Each that has something in common with an earlier one, and that one.
fn pairs<'d, K: Ord>(
    seats: impl Iterator<Item = Seat<'d>>,
    key: impl Fn(&Seat<'d>) -> K,
) -> impl Iterator<Item = (Seat<'d>, Seat<'d>)> {
    let mut first: BTreeMap<K, Seat<'d>> = BTreeMap::new();
    seats.filter_map(move |seat| match first.entry(key(&seat)) {
        Entry::Occupied(one) => Some((*one.get(), seat)),
        Entry::Vacant(free) => {
            free.insert(seat);
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        desired::{Listener, Mam, Mdm, Node, Side},
        samples::whole,
    };

    type Edit = fn(&mut Desired);
    type Rule = (&'static str, Edit, &'static [(Step, &'static str)], Edit);

    fn mdm(desired: &mut Desired) -> &mut Mdm {
        desired.mdm.as_mut().unwrap()
    }

    fn mam(desired: &mut Desired) -> &mut Mam {
        desired.mam.as_mut().unwrap()
    }

    fn node(last: u8, name: &str, id: &str) -> Node {
        Node { name: name.into(), address: [10, 20, 30, last].into(), id: Some(id.into()) }
    }

    fn codes(desired: &Desired) -> Vec<&'static str> {
        desired.check().iter().map(SetUpProblem::code).collect()
    }

    /// What breaks a rule, its code, where that is said, and what just keeps it.
    const RULES: &[Rule] = &[
        (
            "node-twice",
            |d| d.nodes.push(node(11, "c", "3")),
            &[(Step::Nodes, "nodes")],
            |d| d.nodes.push(node(13, "c", "3")),
        ),
        (
            "node-name-twice",
            |d| d.nodes.push(node(13, "XMS01", "3")),
            &[(Step::Nodes, "nodes")],
            |d| {
                d.nodes.push(node(13, "xms011", "3"));
            },
        ),
        (
            "node-id-twice",
            |d| d.nodes.push(node(13, "c", "1")),
            &[(Step::Nodes, "nodes")],
            |d| {
                d.nodes.push(node(13, "c", "-1"));
            },
        ),
        (
            "node-id-missing",
            |d| d.nodes[0].id = None,
            &[(Step::Groups, "")],
            |d| {
                d.nodes[0].id = None;
                d.mam = None;
            },
        ),
        (
            "node-at-virtual-server",
            |d| d.nodes[0].address = mdm(d).vip,
            &[(Step::Nodes, "nodes"), (Step::Mdm, "vip")],
            |d| d.nodes[0].address = [10, 20, 40, 53].into(),
        ),
        (
            "node-at-virtual-server",
            |d| mam(d).vip = d.nodes[1].address,
            &[(Step::Nodes, "nodes"), (Step::Mam, "vip")],
            |d| mam(d).vip = [10, 20, 30, 13].into(),
        ),
        (
            "address-twice",
            |d| mam(d).vip = mdm(d).vip,
            &[(Step::Mdm, "vip"), (Step::Mam, "vip")],
            |d| {
                mam(d).vip = mdm(d).vip;
                mdm(d).listeners.pop();
            },
        ),
        (
            "address-twice",
            |d| mdm(d).listeners.push(Listener { port: 443, vserver: "v".into(), group: "g".into() }),
            &[(Step::Mdm, "")],
            |d| mdm(d).listeners.push(Listener { port: 80, vserver: "v".into(), group: "g".into() }),
        ),
        (
            "virtual-server-twice",
            |d| mam(d).listener.vserver = "XMS-b-mdm-443".into(),
            &[(Step::Mdm, "vserver_443"), (Step::Mam, "vserver")],
            |d| mam(d).listener.vserver = "XMS-b-mdm-444".into(),
        ),
        (
            "virtual-server-twice",
            |d| mdm(d).listeners[1].vserver = "XMS-b-mdm-443".into(),
            &[(Step::Mdm, "vserver_8443")],
            |d| mdm(d).listeners[1].vserver = "XMS-b-mdm-444".into(),
        ),
        (
            "group-twice",
            |d| mam(d).listener.group = "XMS-b-mdm-443-sg".into(),
            &[(Step::Groups, "mdm_443"), (Step::Groups, "mam_8443"), (Step::Mdm, "vserver_443")],
            |d| mam(d).listener.group = "XMS-b-mdm-443-s".into(),
        ),
        (
            "group-name-too-long",
            |d| {
                mam(d).listener.vserver = "v".repeat(125);
                mam(d).listener.group = Listener::group_of(&"v".repeat(125));
            },
            &[(Step::Groups, "mam_8443"), (Step::Mam, "vserver")],
            |d| {
                mam(d).listener.vserver = "v".repeat(124);
                mam(d).listener.group = Listener::group_of(&"v".repeat(124));
            },
        ),
        (
            "no-certificate",
            |d| mam(d).certificate.clear(),
            &[(Step::Mam, "certificate")],
            |d| {
                mam(d).certificate = "x".into();
            },
        ),
        (
            "no-name",
            |d| d.fqdn.clear(),
            &[(Step::Gateway, ""), (Step::Dns, "")],
            |d| {
                d.fqdn.clear();
                d.gateway = None;
                d.dns = None;
            },
        ),
    ];

    #[test]
    fn each_rule_is_broken_and_just_kept() {
        assert_eq!(whole().check(), []);
        for (code, breaks, places, keeps) in RULES {
            let (mut broken, mut kept) = (whole(), whole());
            breaks(&mut broken);
            keeps(&mut kept);
            assert_eq!(kept.check(), [], "{code}");
            let found = broken.check();
            assert!(!found.is_empty() && codes(&broken).iter().all(|found| found == code), "{code}: {found:?}");
            let remarks: Vec<_> = found.iter().flat_map(SetUpProblem::remarks).collect();
            for (step, field) in *places {
                let said = remarks.iter().filter(|remark| remark.step == *step && remark.field == *field);
                assert_eq!(said.count(), 1, "{code} {step:?} {field}: {remarks:?}");
            }
            assert_eq!(remarks.len(), places.len(), "{code}: {remarks:?}");
            assert!(found.iter().all(|problem| problem.sentence().ends_with('.')), "{found:?}");
        }
    }

    #[test]
    fn every_problem_has_a_rule_that_finds_it() {
        let (vip, name, side) = (std::net::Ipv4Addr::LOCALHOST, String::new(), Side::Mdm);
        let place = || whole().seats().next().unwrap().place();
        let all = [
            SetUpProblem::NodeTwice(vip),
            SetUpProblem::NodeNameTwice { node: vip, name: name.clone() },
            SetUpProblem::NodeIdTwice { node: vip, id: name.clone() },
            SetUpProblem::NodeIdMissing { node: vip, group: name.clone() },
            SetUpProblem::NodeAtVip { vip, side },
            SetUpProblem::ListenTwice { vip, port: 1, one: side, other: side },
            SetUpProblem::VserverTwice { name: name.clone(), one: place(), other: place() },
            SetUpProblem::GroupTwice { name, one: place(), other: place() },
            SetUpProblem::GroupTooLong(place()),
            SetUpProblem::NoCertificate,
            SetUpProblem::Nameless(Step::Dns),
        ];
        for problem in &all {
            assert!(RULES.iter().any(|(code, ..)| *code == problem.code()), "{problem:?}");
        }
        let complete = |problem: &SetUpProblem| match problem {
            SetUpProblem::NodeTwice(_)
            | SetUpProblem::NodeNameTwice { .. }
            | SetUpProblem::NodeIdTwice { .. }
            | SetUpProblem::NodeIdMissing { .. }
            | SetUpProblem::NodeAtVip { .. }
            | SetUpProblem::ListenTwice { .. }
            | SetUpProblem::VserverTwice { .. }
            | SetUpProblem::GroupTwice { .. }
            | SetUpProblem::GroupTooLong(_)
            | SetUpProblem::NoCertificate
            | SetUpProblem::Nameless(_) => (),
        };
        all.iter().for_each(complete);
    }

    #[test]
    fn what_a_step_breaks_is_refused_beside_its_field() {
        let before = whole();
        let mut wanted = before.clone();
        mdm(&mut wanted).vip = mam(&mut before.clone()).vip;
        let errors = refused(&before, &wanted, Some(Step::Mdm));
        assert!(errors.get("vip").is_some_and(|said| said.contains("is the MAM address")), "{errors:?}");
        // By whoever has no such field it is said of the whole.
        assert!(refused(&before, &wanted, None).get("").is_some_and(|said| said.contains("MAM")));
        assert!(refused(&before, &wanted, Some(Step::Dns)).get("").is_some());
    }

    #[test]
    fn what_did_not_hold_before_does_not_hinder_another_step() {
        let mut before = whole();
        mdm(&mut before).vip = mam(&mut before).vip;
        let mut other = before.clone();
        other.nodes.pop();
        assert!(refused(&before, &other, Some(Step::Nodes)).is_empty());
        assert!(refused(&before, &other, None).is_empty());
        let mut same = before.clone();
        mdm(&mut same).timeout = 30;
        assert!(
            refused(&before, &same, Some(Step::Mdm)).get("vip").is_some(),
            "its own step is told until it is mended"
        );
        assert!(refused(&before, &whole(), Some(Step::Mdm)).is_empty());
    }

    #[test]
    fn of_two_things_that_did_not_hold_one_is_mended_after_the_other() {
        let double = |desired: &mut Desired| {
            let [one, other] = &mut mdm(desired).listeners[..] else { panic!("two of them") };
            other.vserver.clone_from(&one.vserver);
            one.group = "both-sg".into();
            other.group = "Both-sg".into();
        };
        let mut before = whole();
        double(&mut before);
        assert_eq!(codes(&before), ["virtual-server-twice", "group-twice"]);
        let mut renamed = before.clone();
        mdm(&mut renamed).listeners[1].vserver = "another".into();
        assert_eq!(
            refused(&before, &renamed, Some(Step::Mdm)),
            FieldErrors::default(),
            "the groups are another step's"
        );
        let mut regrouped = before.clone();
        mdm(&mut regrouped).listeners[1].group = "another-sg".into();
        assert_eq!(refused(&before, &regrouped, Some(Step::Groups)), FieldErrors::default());
    }

    #[test]
    fn a_number_that_is_not_known_yet_may_be_saved() {
        let mut wanted = whole();
        wanted.nodes[0].id = None;
        assert!(refused(&whole(), &wanted, Some(Step::Nodes)).is_empty());
        assert!(refused(&whole(), &wanted, Some(Step::Groups)).is_empty());
    }
}
