//! What blocks a plan and what stays, of which there may be hundreds.

use super::*;
use crate::{live::Blank, ui::field::Filled};
use model::{
    ApplianceId, ClusterId, PlanId,
    clock::from_millis,
    cluster::Cluster,
    object::ObjectRef,
    plan::{Conflict, Plan},
};
use std::collections::BTreeMap;

fn view(blocked: usize, kept: usize) -> PlanView {
    let server = |n: usize| ObjectRef::server(&format!("server{n:03}"));
    let cluster =
        Cluster { id: ClusterId(7), title: "Berlin".into(), fqdn: "b.example".into(), appliance: ApplianceId(1) };
    let plan = Plan {
        fingerprint: String::new(),
        operations: Vec::new(),
        unchanged: Vec::new(),
        conflicts: (0..blocked).map(|n| Conflict::adoptable(server(n), "It is there already.")).collect(),
        notes: Vec::new(),
        remains: Vec::new(),
        kept: (500..500 + kept).map(server).collect(),
        cuts: Vec::new(),
    };
    PlanView {
        id: PlanId(3),
        cluster,
        plan,
        operations: Vec::new(),
        by: "ada".into(),
        at: from_millis(0),
        run: None,
        obstacle: None,
        no_adoption: None,
        undo_of: None,
        take_back: None,
        set_up_stays: false,
        owners: BTreeMap::new(),
    }
}

/// Both lists, as the address asks for them.
fn html(blocked: usize, kept: usize, address: &str) -> String {
    let get = crate::pages::listing::field(address);
    let parts = [BLOCKED, KEPT].map(|name| (name, get(name).unwrap_or_default()));
    let view = view(blocked, kept);
    let place = place(&view, &ListForm::read(&get), parts);
    Owner::new().with(|| {
        provide_context(Blank::default());
        let (again, filled) = (view.clone(), Filled::default());
        view! {
            <div>
                <Blocked view filled=filled.clone() place=place.clone() may_operate=true />
                <Kept view=again filled place may_operate=true />
            </div>
        }
        .into_view()
        .to_html()
    })
}

/// The numbers that ticks say.
fn ticks(page: &str) -> Vec<usize> {
    let values = page.split("name=\"objects[]\"").skip(1).filter_map(|rest| rest.split("value=\"").nth(1));
    values.filter_map(|rest| rest.split('"').next()?.parse().ok()).collect()
}

#[test]
fn a_few_are_shown_whole() {
    let page = html(3, 2, "/clusters/7/plans/3");
    assert_eq!(ticks(&page), [0, 1, 2, 3, 4]);
    assert!(!page.contains("<nav"), "{page}");
}

#[test]
fn of_many_each_list_has_pages_of_its_own_and_a_tick_means_the_same_object_on_each() {
    let page = html(120, 70, "/clusters/7/plans/3");
    assert_eq!(ticks(&page), (0..50).chain(120..170).collect::<Vec<_>>());
    assert!(page.contains("1–50 of 120") && page.contains("1–50 of 70"), "{page}");
    assert!(page.contains("/clusters/7/plans/3?blocked=2\""), "{page}");

    let page = html(120, 70, "/clusters/7/plans/3?page=4&blocked=3&kept=2");
    assert_eq!(ticks(&page), (100..120).chain(170..190).collect::<Vec<_>>());
    assert!(page.contains("server119") && page.contains("server569") && !page.contains("server099"), "{page}");
    // Going on in one list leaves the others where they are.
    assert!(page.contains("?page=4&amp;kept=2&amp;blocked=2") || page.contains("?page=4&kept=2&blocked=2"), "{page}");

    let odd = html(120, 0, "/clusters/7/plans/3?blocked=x");
    assert!(odd.contains("“x” is no page") && ticks(&odd).len() == 50, "{odd}");
}
