//! What a browser sees of time, by a clock that is set by hand.

use crate::{
    here::{Here, INTERVAL},
    support::{NAME, PASSWORD, location, until},
};
use reqwest::StatusCode;

const HOUR: u64 = 3_600;
const BACK_A_DAY: i64 = -86_400;

async fn here() -> Here {
    Here::new(NAME, PASSWORD).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_how_old_it_is_whatever_the_clock() {
    let here = here().await;
    let mut ada = here.browser();
    ada.sign_in(NAME, PASSWORD).await;
    assert_eq!(ada.add_appliance(&here.lab).await, "/appliances/1");
    let page = async || ada.page("/appliances/1").await;
    until("the first look is over", async || page().await.contains(">answers<")).await;
    let interval = u64::from(INTERVAL);
    here.seconds(2 * interval).await;
    assert!(page().await.contains(">answers<"), "two intervals");
    here.clock.set_by(BACK_A_DAY);
    let told = page().await;
    assert!(told.contains(">answers<") && told.contains("set back by 24 h"), "{told}");
    here.seconds(1).await;
    assert!(page().await.contains(">answered a while ago<"));
    here.seconds(8 * interval - 1).await;
    assert!(page().await.contains(">answered a while ago<"), "ten intervals");
    here.seconds(1).await;
    assert!(page().await.contains(">not seen lately<"));
    here.services.observer().look(model::ApplianceId(1)).await;
    assert!(page().await.contains(">answers<"));
    here.clock.set_by(i64::from(10 * INTERVAL) + 1);
    assert!(page().await.contains(">not seen lately<"), "forward, it is only older");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_leads_to_the_sign_in_page_which_says_why() {
    let here = here().await;
    let mut ada = here.browser();
    for set_by in [0, BACK_A_DAY] {
        ada.sign_in(NAME, PASSWORD).await;
        here.seconds(6 * HOUR).await;
        here.clock.set_by(set_by);
        here.seconds(6 * HOUR - 1).await;
        assert_eq!(ada.get("/team").await.status(), StatusCode::OK);
        here.seconds(12 * HOUR).await;
        let over = ada.get("/team").await;
        assert_eq!((over.status(), location(&over).as_str()), (StatusCode::SEE_OTHER, "/sign-in?to=/team"));
        assert!(ada.page("/sign-in").await.contains("ended"), "{set_by}");
    }
    ada.sign_in(NAME, PASSWORD).await;
    here.clock.set_by(13 * 3_600);
    assert_eq!(ada.get("/team").await.status(), StatusCode::SEE_OTHER, "forward, nobody can tell it from sleep");
    // Seven days, with a request every hour.
    ada.sign_in(NAME, PASSWORD).await;
    for _ in 0..7 * 24 - 1 {
        here.seconds(HOUR).await;
        assert_eq!(ada.get("/account").await.status(), StatusCode::OK);
    }
    here.seconds(HOUR - 1).await;
    assert_eq!(ada.get("/account").await.status(), StatusCode::OK);
    here.seconds(1).await;
    assert_eq!(ada.get("/account").await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_guesses_waits_a_minute_whatever_the_clock() {
    let here = here().await;
    let mut ada = here.browser();
    for set_by in [0, BACK_A_DAY] {
        for _ in 0..5 {
            assert!(!ada.try_sign_in(NAME, "wrong wrong wrong").await);
        }
        here.clock.set_by(set_by);
        here.seconds(59).await;
        assert!(!ada.try_sign_in(NAME, PASSWORD).await);
        here.seconds(1).await;
        assert!(ada.try_sign_in(NAME, PASSWORD).await, "{set_by}");
        ada = here.browser();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_open_for_a_week_is_to_be_opened_anew() {
    let here = here().await;
    let mut ada = here.browser();
    ada.sign_in(NAME, PASSWORD).await;
    let fields = [("title", "Berlin"), ("fqdn", "xms.example.com"), ("appliance", "")];
    let old = ada.token_for("/rpc/add_cluster").await;
    here.seconds(7 * 24 * HOUR + 1).await;
    ada.sign_in(NAME, PASSWORD).await;
    let refused = ada.send_with("/rpc/add_cluster", &old, &fields).await;
    assert_eq!(location(&refused), "/clusters/new");
    let form = ada.page("/clusters/new").await;
    assert!(form.contains("opened too long ago") && form.contains("value=\"Berlin\""), "{form}");
    // One from the future was drawn before the clock was set back: how old it is, nobody knows.
    let ahead = ada.token_for("/rpc/add_cluster").await;
    here.clock.set_by(BACK_A_DAY);
    let refused = ada.send_with("/rpc/add_cluster", &ahead, &fields).await;
    assert_eq!(location(&refused), "/clusters/new");
    assert!(ada.page("/clusters/new").await.contains("opened too long ago"));
}
