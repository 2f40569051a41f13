//! The parts of a page that move: drawn by the page's own components, sent to whoever has it open.

mod blank;
mod diff;
mod sign;
mod tree;

use crate::{
    pages::{
        appliances::{AppliancePanel, ApplianceTable},
        audit::LogPanel,
        clusters::{
            Plans,
            checks::ChecksPanel,
            history::HistoryPanel,
            members::MembersPanel,
            panel::{CheckList, Parts, Verdict},
        },
        home::{self, Clusters},
        listing::{self, field},
        nodes::{NodeFindings, NodeIdsPanel, NodePanel, NodesPanel, NodesPartView},
        plans::{Act, Adopt, Header, Standing, TakeAway},
        runs::RunPanel,
        setup::{Head as SetUpHead, Steps, Versions},
        team::TeamTable,
    },
    routes,
};
pub use blank::Blank;
pub use diff::{Patch, clean, diff};
use leptos::prelude::*;
use model::{ActNo, ApplianceId, ClusterId, PlanId, fleet::FleetForm, listing::ListForm, log::LogForm, person::Scope};
use services::{Failure, ReadCx, Services, Topic};
pub use sign::Sign;
use std::net::Ipv4Addr;
pub use tree::{Element, Node, Tree};

/// An element of a page as it is now.
pub struct Fragment {
    pub id: &'static str,
    pub html: String,
}

/// The moving parts of a page, and what they are about.
pub struct Drawn {
    pub fragments: Vec<Fragment>,
    pub concern: Concern,
}

/// What can change a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    Everything,
    Cluster {
        cluster: ClusterId,
        appliance: ApplianceId,
    },
    Nodes(ClusterId),
    /// Its verdict is another.
    Verdict(ClusterId),
    Appliances,
    Appliance(ApplianceId),
    Run(ActNo),
    /// Whether it may be applied: set-ups are saved, runs begin and end.
    Plan,
    /// People, clusters, plans.
    Rare,
    Nothing,
}

impl Concern {
    pub fn hears(self, topic: Topic) -> bool {
        match (self, topic) {
            (Self::Verdict(cluster), Topic::Verdict(heard)) => cluster == heard,
            // The rest hears of what was seen, and that is more.
            (Self::Nothing, _) | (_, Topic::Verdict(_)) | (Self::Verdict(_), Topic::Cluster(_) | Topic::People) => {
                false
            }
            // Its own page listens to no other cluster's.
            (Self::Cluster { cluster, .. } | Self::Nodes(cluster), Topic::Cluster(heard) | Topic::Nodes(heard)) => {
                cluster == heard
            }
            (Self::Everything, _)
            | (Self::Cluster { .. }, Topic::Outage)
            | (_, Topic::Other | Topic::People | Topic::Cluster(_))
            | (Self::Cluster { .. } | Self::Plan, Topic::Run(_))
            | (Self::Appliances, Topic::Observed(_)) => true,
            (Self::Cluster { appliance, .. } | Self::Appliance(appliance), Topic::Observed(seen)) => appliance == seen,
            (Self::Run(act), Topic::Run(told)) => act == told,
            _ => false,
        }
    }
}

/// Which page it is, by what moves on it. Of a list that pages, which part.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LivePage {
    Home(FleetForm),
    Cluster(ClusterId),
    /// What its checks say, in full.
    Checks(ClusterId, ListForm),
    /// How it stood over time.
    History(ClusterId, ListForm),
    /// Its nodes with their members, in full.
    Members(ClusterId, ListForm),
    Nodes(ClusterId, ListForm),
    Node(ClusterId, Ipv4Addr),
    SetUp(ClusterId),
    Plan(ClusterId, PlanId),
    Run(ActNo, ListForm),
    Appliances(ListForm),
    Appliance(ApplianceId),
    /// Newest first, and without filters.
    Log,
    Team,
    /// Nothing of its own moves: title and icon alone.
    Still,
}

impl LivePage {
    /// From a page's address: its path, and for a list that pages what it is filtered by.
    pub fn of(address: &str) -> Self {
        let path = address.split('?').next().unwrap_or_default();
        let list = || ListForm::read(field(address));
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let known = match parts.as_slice() {
            [""] if path == routes::HOME => Some(Self::Home(FleetForm::read(field(address)))),
            ["clusters", id] => id.parse().ok().map(Self::Cluster),
            ["clusters", id, "checks"] => id.parse().ok().map(|id| Self::Checks(id, list())),
            ["clusters", id, "history"] => id.parse().ok().map(|id| Self::History(id, list())),
            ["clusters", id, "members"] => id.parse().ok().map(|id| Self::Members(id, list())),
            ["clusters", id, "nodes"] => id.parse().ok().map(|id| Self::Nodes(id, list())),
            ["clusters", id, "nodes", ip] => id.parse().ok().zip(ip.parse().ok()).map(|(id, ip)| Self::Node(id, ip)),
            ["clusters", id, "setup"] => id.parse().ok().map(Self::SetUp),
            ["clusters", id, "plans", plan] => {
                id.parse().ok().zip(plan.parse().ok()).map(|(id, plan)| Self::Plan(id, plan))
            }
            ["clusters", _, "runs", act] => act.parse().ok().map(|act| Self::Run(act, list())),
            ["appliances"] => Some(Self::Appliances(list())),
            ["appliances", id] => id.parse().ok().map(Self::Appliance),
            ["audit"] => Some(Self::Log),
            ["team"] => Some(Self::Team),
            _ => None,
        };
        known.unwrap_or(Self::Still)
    }

    /// The page that is being drawn, with as much of its address as its stream has to know.
    pub fn address(&self, path: &str) -> String {
        match self {
            Self::Home(form) => home::href(form),
            Self::Checks(_, form)
            | Self::History(_, form)
            | Self::Members(_, form)
            | Self::Nodes(_, form)
            | Self::Appliances(form)
            | Self::Run(_, form) => listing::address(path, &listing::fields(form)),
            _ => path.to_owned(),
        }
    }

    /// Shows each of its readers something else: of the log one sees what concerns oneself, but for those who see all.
    pub fn is_ones_own(&self, scope: &Scope) -> bool {
        *self == Self::Log && *scope != Scope::All
    }

    /// The page's moving parts, for this reader and all others with the same rights; `blank` is where tokens of their own
    /// belong.
    pub async fn draw(&self, services: &Services, cx: &ReadCx, blank: &Blank) -> Result<Drawn, Failure> {
        let draw = Draw { services, blank };
        let (may_operate, may_administer) = (cx.role().may_operate(), cx.role().may_administer());
        let (concern, fragments) = match self.clone() {
            Self::Still => (Concern::Nothing, Vec::new()),
            Self::Home(form) => {
                let page = home::load(services, cx, &form).await?;
                (Concern::Everything, vec![draw.one("clusters-live", move || view! { <Clusters page /> })])
            }
            Self::Cluster(id) => {
                let view = services.clusters().show(cx, id).await?;
                let concern = Concern::Cluster { cluster: id, appliance: view.appliance.id };
                let (verdict, findings, plans) = (view.clone(), view.clone(), view.clone());
                let fragments = vec![
                    draw.one("cluster-verdict", move || view! { <Verdict view=verdict /> }),
                    draw.one("cluster-findings", move || view! { <CheckList view=findings may_operate /> }),
                    draw.one("cluster-parts", move || view! { <Parts view /> }),
                    draw.one("cluster-plans", move || view! { <Plans view=plans /> }),
                ];
                (concern, fragments)
            }
            Self::Checks(id, form) => draw.checks(cx, id, form).await?,
            Self::History(id, form) => {
                let view = services.clusters().history(cx, id).await?;
                let panel = draw.one("history-live", move || view! { <HistoryPanel view form /> });
                (Concern::Verdict(id), vec![panel])
            }
            Self::Members(id, form) => draw.members(cx, id, form).await?,
            Self::Nodes(id, form) => draw.nodes(cx, id, form).await?,
            Self::Node(id, address) => {
                let view = services.nodes().show(cx, id).await?;
                if view.nodes.iter().all(|node| node.node.address != address) {
                    return Err(Failure::NotFound("such node"));
                }
                let cluster = services.clusters().show(cx, id).await?;
                let concern = Concern::Cluster { cluster: id, appliance: cluster.appliance.id };
                let findings = move || view! { <NodeFindings view=cluster address may_operate /> };
                let fragments = vec![
                    draw.one("node-findings", findings),
                    draw.one("node-live", move || view! { <NodePanel view address /> }),
                ];
                (concern, fragments)
            }
            Self::SetUp(id) => {
                let setup = services.setup().show(cx, id).await?;
                let concern = Concern::Cluster { cluster: id, appliance: setup.view.appliance.id };
                let (head, versions) = (setup.clone(), setup.clone());
                let fragments = vec![
                    draw.one("setup-head", move || view! { <SetUpHead setup=head may_operate /> }),
                    draw.one("setup-live", move || view! { <Steps setup /> }),
                    draw.one("setup-versions", move || view! { <Versions setup=versions may_operate /> }),
                ];
                (concern, fragments)
            }
            Self::Plan(id, plan) => {
                let view = services.plans().show(cx, plan).await?;
                if view.cluster.id != id {
                    return Err(Failure::NotFound("such plan"));
                }
                let (head, act, adopt, taken) = (view.clone(), view.clone(), view.clone(), view.clone());
                let fragments = vec![
                    draw.one("plan-live", move || view! { <Header view=head may_operate /> }),
                    draw.one("plan-standing", move || view! { <Standing view /> }),
                    draw.one("plan-act", move || view! { <Act view=act may_operate /> }),
                    draw.one("plan-adopt", move || view! { <Adopt view=adopt may_operate /> }),
                    draw.one("plan-take-away", move || view! { <TakeAway view=taken may_operate /> }),
                ];
                (Concern::Plan, fragments)
            }
            Self::Run(act, form) => {
                let view = services.runs().show(cx, act).await?;
                (Concern::Run(act), vec![draw.one("run-live", move || view! { <RunPanel view form may_operate /> })])
            }
            Self::Appliances(form) => {
                let views = services.appliances().list(cx).await?;
                let table = draw.one("appliances-live", move || {
                    view! { <ApplianceTable views form may_add=may_administer /> }
                });
                (Concern::Appliances, vec![table])
            }
            Self::Appliance(id) => {
                let view = services.appliances().show(cx, id).await?;
                let panel = draw.one("appliance-live", move || {
                    view! { <AppliancePanel view may_edit=may_administer /> }
                });
                (Concern::Appliance(id), vec![panel])
            }
            Self::Log => {
                let form = LogForm::default();
                let page = services.log().acts(cx, &services.log().query(cx, &form).await?, None).await?;
                (Concern::Everything, vec![draw.one("log-live", move || view! { <LogPanel found=Ok(page) form /> })])
            }
            Self::Team => {
                let page = crate::pages::team::load(services, cx).await?;
                (Concern::Rare, vec![draw.one("team-live", move || view! { <TeamTable page /> })])
            }
        };
        Ok(Drawn { fragments, concern })
    }
}

/// Draws outside of a request: an owner of its own, and nothing for the browser to wake.
struct Draw<'d> {
    services: &'d Services,
    blank: &'d Blank,
}

impl Draw<'_> {
    async fn checks(&self, cx: &ReadCx, id: ClusterId, form: ListForm) -> Result<(Concern, Vec<Fragment>), Failure> {
        let (view, may_operate) = (self.services.clusters().show(cx, id).await?, cx.role().may_operate());
        let concern = Concern::Cluster { cluster: id, appliance: view.appliance.id };
        Ok((concern, vec![self.one("checks-live", move || view! { <ChecksPanel view form may_operate /> })]))
    }

    async fn members(&self, cx: &ReadCx, id: ClusterId, form: ListForm) -> Result<(Concern, Vec<Fragment>), Failure> {
        let view = self.services.clusters().show(cx, id).await?;
        let concern = Concern::Cluster { cluster: id, appliance: view.appliance.id };
        Ok((concern, vec![self.one("members-live", move || view! { <MembersPanel view form /> })]))
    }

    async fn nodes(&self, cx: &ReadCx, id: ClusterId, form: ListForm) -> Result<(Concern, Vec<Fragment>), Failure> {
        let part = NodesPartView::of(self.services.nodes().show(cx, id).await?, form);
        let ids = part.clone();
        let fragments = vec![
            self.one("nodes-live", move || view! { <NodesPanel part /> }),
            self.one("node-ids-live", move || view! { <NodeIdsPanel part=ids /> }),
        ];
        Ok((Concern::Nodes(id), fragments))
    }

    fn one<V: IntoView>(&self, id: &'static str, component: impl FnOnce() -> V) -> Fragment {
        let owner = Owner::new();
        let html = owner.with(|| {
            provide_context(self.services.clone());
            provide_context(self.blank.clone());
            component().into_view().to_html()
        });
        Fragment { id, html: clean(html) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_by_its_path() {
        let node = Ipv4Addr::new(10, 20, 30, 11);
        for (path, page) in [
            ("/", LivePage::Home(FleetForm::default())),
            ("/?page=&text=", LivePage::Home(FleetForm::default())),
            ("/clusters/7/checks", LivePage::Checks(ClusterId(7), ListForm::default())),
            ("/clusters/7/history", LivePage::History(ClusterId(7), ListForm::default())),
            ("/clusters/7/members", LivePage::Members(ClusterId(7), ListForm::default())),
            ("/clusters/7", LivePage::Cluster(ClusterId(7))),
            ("/clusters/7/nodes", LivePage::Nodes(ClusterId(7), ListForm::default())),
            ("/clusters/7/nodes/10.20.30.11", LivePage::Node(ClusterId(7), node)),
            ("/clusters/7/setup", LivePage::SetUp(ClusterId(7))),
            ("/clusters/7/plans/3", LivePage::Plan(ClusterId(7), PlanId(3))),
            ("/clusters/7/runs/9", LivePage::Run(ActNo(9), ListForm::default())),
            ("/appliances", LivePage::Appliances(ListForm::default())),
            ("/appliances/3", LivePage::Appliance(ApplianceId(3))),
            ("/audit", LivePage::Log),
            ("/team", LivePage::Team),
        ] {
            assert_eq!(LivePage::of(path), page, "{path}");
        }
        for still in
            ["", "/sign-in", "/clusters/new", "/appliances/new", "/clusters/7/setup/mdm", "/audit/3", "/clusters/x"]
        {
            assert_eq!(LivePage::of(still), LivePage::Still, "{still}");
        }
    }

    #[test]
    fn an_open_page_keeps_what_it_is_filtered_by() {
        let list = ListForm { text: "köln a&b".into(), state: "bad".into(), page: "2".into() };
        let home = LivePage::Home(FleetForm { list: list.clone(), order: "name".into() });
        for (path, page) in [
            ("/", home),
            ("/clusters/7/checks", LivePage::Checks(ClusterId(7), list.clone())),
            ("/clusters/7/history", LivePage::History(ClusterId(7), list.clone())),
            ("/clusters/7/members", LivePage::Members(ClusterId(7), list.clone())),
            ("/appliances", LivePage::Appliances(list.clone())),
            ("/clusters/7/nodes", LivePage::Nodes(ClusterId(7), list)),
        ] {
            let there = page.address(path);
            assert!(there.starts_with(&format!("{path}?")), "{there}");
            assert_eq!(LivePage::of(&there), page, "{there}");
        }
        assert_eq!(LivePage::of("/clusters/7?text=x").address("/clusters/7"), "/clusters/7", "it has no list");
    }

    #[test]
    fn a_page_is_drawn_again_for_what_it_is_about_alone() {
        let (here, there) = (ApplianceId(1), ApplianceId(2));
        let berlin = Concern::Cluster { cluster: ClusterId(7), appliance: here };
        assert!(berlin.hears(Topic::Observed(here)) && !berlin.hears(Topic::Observed(there)));
        assert!(berlin.hears(Topic::Nodes(ClusterId(7))) && !berlin.hears(Topic::Nodes(ClusterId(8))));
        assert!(berlin.hears(Topic::Other) && berlin.hears(Topic::Run(ActNo(1))));
        assert!(
            Concern::Run(ActNo(1)).hears(Topic::Run(ActNo(1))) && !Concern::Run(ActNo(1)).hears(Topic::Run(ActNo(2)))
        );
        assert!(Concern::Everything.hears(Topic::Observed(there)) && !Concern::Rare.hears(Topic::Observed(there)));
        assert!(Concern::Plan.hears(Topic::Run(ActNo(1))) && Concern::Plan.hears(Topic::Other));
        assert!(!Concern::Plan.hears(Topic::Observed(here)) && !Concern::Plan.hears(Topic::Nodes(ClusterId(7))));
        assert!(berlin.hears(Topic::Outage) && Concern::Everything.hears(Topic::Outage));
        assert!(!Concern::Plan.hears(Topic::Outage) && !Concern::Appliance(here).hears(Topic::Outage));
        assert!(!Concern::Nothing.hears(Topic::Other));
    }
}
