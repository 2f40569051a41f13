//! The parts of a page that move: drawn by the page's own components, sent to whoever has it open.

use crate::{
    pages::{
        clusters::panel::{CheckList, Parts, Verdict},
        home::ClusterTable,
        nodes::{NodePanel, NodesPanel},
        runs::RunPanel,
    },
    routes,
};
use leptos::prelude::*;
use model::{ActNo, ClusterId};
use services::{Failure, ReadCx, Services};
use std::net::Ipv4Addr;

/// An element of a page as it is now.
pub struct Fragment {
    pub id: &'static str,
    pub html: String,
}

/// A page with something that moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LivePage {
    Home,
    Cluster(ClusterId),
    Nodes(ClusterId),
    Node(ClusterId, Ipv4Addr),
    Run(ActNo),
}

impl LivePage {
    /// From a page's path; `None` where nothing moves.
    pub fn of(path: &str) -> Option<Self> {
        if path == routes::HOME {
            return Some(Self::Home);
        }
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match parts.as_slice() {
            ["clusters", id] => id.parse().ok().map(Self::Cluster),
            ["clusters", id, "nodes"] => id.parse().ok().map(Self::Nodes),
            ["clusters", id, "nodes", ip] => Some(Self::Node(id.parse().ok()?, ip.parse().ok()?)),
            ["clusters", _, "runs", act] => act.parse().ok().map(Self::Run),
            _ => None,
        }
    }

    /// The page's moving parts, for this reader.
    pub async fn fragments(self, services: &Services, cx: &ReadCx) -> Result<Vec<Fragment>, Failure> {
        Ok(match self {
            Self::Home => {
                let clusters = services.clusters(cx).await?;
                vec![draw("clusters-live", services, move || view! { <ClusterTable clusters /> })]
            }
            Self::Cluster(id) => {
                let view = services.cluster(cx, id).await?;
                let (verdict, findings) = (view.clone(), view.clone());
                vec![
                    draw("cluster-verdict", services, move || view! { <Verdict view=verdict /> }),
                    draw("cluster-findings", services, move || view! { <CheckList view=findings /> }),
                    draw("cluster-parts", services, move || view! { <Parts view /> }),
                ]
            }
            Self::Nodes(id) => {
                let view = services.nodes(cx, id).await?;
                vec![draw("nodes-live", services, move || view! { <NodesPanel view /> })]
            }
            Self::Node(id, address) => {
                let view = services.nodes(cx, id).await?;
                if view.nodes.iter().all(|node| node.node.address != address) {
                    return Err(Failure::NotFound("such node"));
                }
                vec![draw("node-live", services, move || view! { <NodePanel view address /> })]
            }
            Self::Run(act) => {
                let view = services.run(cx, act).await?;
                let may_operate = cx.role().may_operate();
                vec![draw("run-live", services, move || view! { <RunPanel view may_operate /> })]
            }
        })
    }
}

/// Draws outside of a request: an owner of its own, and nothing for the browser to wake.
fn draw<V: IntoView>(id: &'static str, services: &Services, component: impl FnOnce() -> V) -> Fragment {
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(services.clone());
        component().into_view().to_html()
    });
    Fragment { id, html }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_that_move_have_a_stream() {
        assert_eq!(LivePage::of("/"), Some(LivePage::Home));
        assert_eq!(LivePage::of("/clusters/7"), Some(LivePage::Cluster(ClusterId(7))));
        assert_eq!(LivePage::of("/clusters/7/nodes"), Some(LivePage::Nodes(ClusterId(7))));
        let node = Ipv4Addr::new(10, 20, 30, 11);
        assert_eq!(LivePage::of("/clusters/7/nodes/10.20.30.11"), Some(LivePage::Node(ClusterId(7), node)));
        assert_eq!(LivePage::of("/clusters/7/runs/9"), Some(LivePage::Run(ActNo(9))));
        for still in ["/sign-in", "/clusters/new", "/clusters/7/setup/mdm", "/audit/3", "/clusters/x"] {
            assert_eq!(LivePage::of(still), None, "{still}");
        }
    }
}
