//! What all steps say of themselves, asked by whoever has one. To add one: a variant of [`Step`], and a file beside this
//! one with its [`StepAbout`], its part of the state and its [`super::Form`].

use super::{Desired, Step, StepAbout, dns, gateway, groups, mam, mdm, nodes, prerequisites};
use crate::object::{Kind, ObjectRef};

impl Step {
    /// The one place that knows whose file is whose.
    pub const fn about(self) -> &'static StepAbout {
        match self {
            Self::Prerequisites => &prerequisites::ABOUT,
            Self::Nodes => &nodes::ABOUT,
            Self::Mdm => &mdm::ABOUT,
            Self::Mam => &mam::ABOUT,
            Self::Groups => &groups::ABOUT,
            Self::Gateway => &gateway::ABOUT,
            Self::Dns => &dns::ABOUT,
        }
    }

    pub const fn slug(self) -> &'static str {
        self.about().slug
    }

    pub const fn title(self) -> &'static str {
        self.about().title
    }

    /// Whether `desired` has something of this step. Prerequisites describe nothing.
    pub fn is_described(self, desired: &Desired) -> bool {
        (self.about().is_described)(desired)
    }

    /// What of `desired` this step's form changes, for comparing two versions.
    pub fn part(self, desired: &Desired) -> Desired {
        (self.about().part)(desired)
    }

    /// `desired` with nothing of this step; `None` where the step has no part of its own.
    pub fn left_out(self, desired: &Desired) -> Option<Desired> {
        self.about().left_out.map(|left_out| left_out(desired.clone()))
    }

    /// The steps that it waits for in `desired`.
    pub fn waits_for(self, desired: &Desired) -> Vec<Self> {
        self.about().needs.iter().copied().filter(|step| !step.is_described(desired)).collect()
    }

    /// Where somebody who follows the procedure goes on: the first step that is not described; `None`: all are.
    pub fn first_open(desired: &Desired) -> Option<Self> {
        if *desired == Desired::blank(&desired.fqdn) {
            return Some(Self::Prerequisites);
        }
        Self::ALL.into_iter().find(|step| *step != Self::Prerequisites && !step.is_described(desired))
    }

    /// Whether `object` is this step's affair, in the set-up `desired`.
    pub fn of(self, object: &ObjectRef, desired: &Desired) -> bool {
        let is_mam = |name: &str| desired.mam.as_ref().is_some_and(|mam| mam.listener.vserver == name);
        self == match object.kind {
            Kind::Feature | Kind::Address | Kind::Config => Self::Prerequisites,
            Kind::Server => Self::Nodes,
            Kind::LbVserver if is_mam(object.part(0)) => Self::Mam,
            Kind::LbVserver => Self::Mdm,
            Kind::CertFile | Kind::CertKey | Kind::CertLink | Kind::VserverCert => Self::Mam,
            Kind::ServiceGroup | Kind::Member | Kind::LbVserverGroup => Self::Groups,
            Kind::AppController | Kind::SessionAction | Kind::Gateway | Kind::GatewayPolicy | Kind::SessionPolicy => {
                Self::Gateway
            }
            Kind::AddressRecord => Self::Dns,
        }
    }

    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.slug() == slug)
    }

    pub fn next(self) -> Option<Self> {
        let at = Self::ALL.iter().position(|step| *step == self)?;
        Self::ALL.get(at + 1).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desired::Form;

    #[test]
    fn a_step_is_found_by_its_address_and_says_who_it_is() {
        for step in Step::ALL {
            let StepAbout { slug, title, why, needs, until, .. } = step.about();
            assert_eq!(Step::from_slug(slug), Some(step));
            assert!(!title.is_empty() && why.ends_with('.'), "{step:?}");
            assert_eq!(needs.is_empty(), until.is_empty(), "{step:?}: what waits is said");
            assert!(!needs.contains(&step) && !step.is_described(&Desired::default()), "{step:?}");
        }
    }

    #[test]
    fn what_a_step_leaves_out_is_its_own_part_and_nothing_else() {
        let whole = crate::samples::whole();
        for step in Step::ALL {
            let Some(rest) = step.left_out(&whole) else { continue };
            assert!(step.is_described(&whole) && !step.is_described(&rest), "{step:?}");
            assert_ne!(step.part(&whole), step.part(&rest), "{step:?}");
            for other in Step::ALL.into_iter().filter(|other| *other != step && other.left_out(&whole).is_some()) {
                assert_eq!(other.part(&whole), other.part(&rest), "{step:?} and {other:?}");
            }
        }
    }

    #[test]
    fn a_step_waits_for_those_that_it_needs() {
        let dns = crate::desired::DnsForm::fresh().apply(&Desired::blank("x.example.com")).unwrap();
        assert_eq!(Step::Dns.waits_for(&dns), [Step::Mam]);
        assert_eq!(Step::Groups.waits_for(&dns), [Step::Nodes, Step::Mdm, Step::Mam]);
        assert!(Step::ALL.iter().all(|step| step.waits_for(&crate::samples::whole()).is_empty()));
    }
}
