//! The list of appliances, of which there may be hundreds.

use super::list::ApplianceTable;
use leptos::prelude::*;
use model::{
    ApplianceId,
    appliance::{Appliance, ApplianceForm},
    clock::from_millis,
    listing::ListForm,
    read_error::{ReadError, ReadErrorKind},
};
use services::ApplianceView;

/// Each seventh does not answer.
fn views(count: i64) -> Vec<ApplianceView> {
    let view = |n: i64| {
        let form = ApplianceForm {
            title: format!("NetScaler {n:03}"),
            address: format!("https://10.0.{}.{}", n / 200, n % 200 + 1),
            user: "nsroot".into(),
            connect: "direct".into(),
            ..ApplianceForm::default()
        };
        let kind = if n % 14 == 0 { ReadErrorKind::KeyChanged } else { ReadErrorKind::Unreachable };
        ApplianceView {
            appliance: Appliance { id: ApplianceId(n), spec: form.parse().unwrap() },
            credential_refused_at: None,
            seen: None,
            is_unreadable: false,
            failure: (n % 7 == 0).then(|| (from_millis(0), ReadError::new(kind, "It is not there."))),
            own_log: None,
            clusters: Vec::new(),
        }
    };
    (1..=count).map(view).collect()
}

fn html(count: i64, address: &str) -> String {
    let (views, form) = (views(count), ListForm::read(crate::pages::listing::field(address)));
    Owner::new().with(|| view! { <ApplianceTable views form may_add=true /> }.into_view().to_html())
}

fn rows(page: &str) -> usize {
    page.matches("<tr data-key").count()
}

#[test]
fn a_few_are_shown_whole_and_many_page_by_page_the_worst_first() {
    let few = html(12, "/appliances");
    assert_eq!(rows(&few), 12);
    assert!(!few.contains("<nav"), "{few}");

    let page = html(120, "/appliances");
    assert_eq!(rows(&page), 50);
    assert!(page.contains("1–50 of 120") && page.contains("href=\"/appliances?page=2\""), "{page}");
    assert!(page.find("NetScaler 007").unwrap() < page.find("NetScaler 001").unwrap(), "{page}");
    assert_eq!(rows(&html(120, "/appliances?page=3")), 20);
}

#[test]
fn one_is_found_by_its_name_its_address_and_by_what_is_wrong() {
    let page = html(120, "/appliances?state=bad");
    assert_eq!(rows(&page), 17, "each seventh");
    assert_eq!(rows(&html(120, "/appliances?text=another+certificate")), 8, "each fourteenth");
    assert_eq!(rows(&html(120, "/appliances?text=10.0.0.43")), 1);
    let none = html(120, "/appliances?text=nowhere");
    assert!(none.contains("None of 120 appliances fits") && rows(&none) == 0, "{none}");
}
