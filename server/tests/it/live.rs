//! The stream of an open page: it beats, is not to be collected, tells only what differs, and ends only where there is
//! nothing to follow.

use crate::support::{Browser, Console, NAME, PASSWORD, lab, until};
use app::visitor::{Hints, Visitor};
use axum::{
    Extension,
    body::{Body, to_bytes},
    extract::{Query, Request, State},
    http::header,
};
use futures::StreamExt;
use model::{appliance::fingerprint_text, person::Role};
use reqwest::StatusCode;
use server::http::{assets, live, reach::Reach, router::router, site::Site};
use services::{Options, Origin, Services, SystemClock};
use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use tower::ServiceExt;

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_beats_by_the_consoles_clock_and_no_proxy_may_collect_it() {
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start(&folder.path().join("data")).await;
    let mut ada = Browser::new(&console.base);
    ada.first_use(console.first_use.as_ref().unwrap()).await;
    // Every page has a title to keep true; a glance gives that and ends.
    for path in ["/live?page=/", "/live?page=/account", "/live?page=", "/live?page=/&glance=1"] {
        let mut stream = ada.get(path).await;
        assert_eq!(stream.status(), StatusCode::OK, "{path}");
        let header = |name: &str| stream.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(header("x-accel-buffering"), "no");
        assert_eq!(header("cache-control"), "no-store, no-transform");
        assert_eq!(header("content-type"), "text/event-stream");
        let beat = Browser::event(&mut stream, |event| event.starts_with("event: beat")).await;
        let told: u128 = beat.split("data: ").nth(1).unwrap().trim().parse().unwrap();
        #[expect(clippy::disallowed_methods, reason = "the stream tells the machine's time, and so does this")]
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        assert!(now.abs_diff(told) < 30_000, "{beat}");
        Browser::event(&mut stream, |event| event.starts_with("event: sign\ndata: quiet")).await;
        if path.contains("glance") {
            assert_eq!(stream.chunk().await.unwrap(), None, "one glance is all");
        }
    }
    assert_eq!(ada.get("/live?page=/clusters/99").await.status(), StatusCode::NO_CONTENT);
    assert_eq!(ada.get("/live?page=/appliances/99").await.status(), StatusCode::NO_CONTENT);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_is_told_and_nothing_else() {
    let lab = lab().await;
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start(&folder.path().join("data")).await;
    let mut ada = Browser::new(&console.base);
    ada.first_use(console.first_use.as_ref().unwrap()).await;
    ada.add_appliance(&lab).await;
    let mut home = ada.get("/live?page=/").await;
    let first = Browser::event(&mut home, |event| event.starts_with("event: replace")).await;
    assert!(first.contains("clusters-live") && first.contains("There is no cluster yet."), "{first}");
    for title in ["Berlin", "Hamburg"] {
        let fqdn = format!("{}.example.com", title.to_lowercase());
        ada.led("/rpc/add_cluster", &[("title", title), ("fqdn", &fqdn), ("appliance", "1")]).await;
        let told = Browser::event(&mut home, |event| event.contains(title)).await;
        assert!(told.starts_with("event: patch\ndata: clusters-live\u{1e}"), "{told}");
        assert_eq!((told.contains("Berlin"), told.contains("Hamburg")), (title == "Berlin", title == "Hamburg"));
    }
    // The account page of somebody else's tab: nothing of it moves, and its session's end is told all the same.
    let mut other = Browser::new(&console.base);
    other.sign_in(NAME, PASSWORD).await;
    let mut still = other.get("/live?page=/account").await;
    Browser::event(&mut still, |event| event.starts_with("event: sign")).await;
    ada.led("/rpc/end_own_session", &[]).await;
    Browser::event(&mut still, |event| event.starts_with("event: reload")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_follows_what_its_address_asks_for() {
    let lab = lab().await;
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start(&folder.path().join("data")).await;
    let mut ada = Browser::new(&console.base);
    ada.first_use(console.first_use.as_ref().unwrap()).await;
    ada.add_appliance(&lab).await;
    let add = async |title: &str, fqdn: &str| {
        ada.led("/rpc/add_cluster", &[("title", title), ("fqdn", fqdn), ("appliance", "1")]).await;
    };
    add("Berlin", "berlin.example.com").await;
    // As a browser's own form writes it, and with signs that mean something in an address.
    let page = ada.page("/?text=example+ham%26burg&state=&order=name").await;
    assert!(page.contains("The only cluster does not fit what is looked for."), "{page}");
    assert!(page.contains("value=\"example ham&amp;burg\""), "what was typed stays: {page}");
    let (_, rest) = page.split_once("/live?page=").unwrap();
    let stream = format!("/live?page={}", rest.split(['"', '&']).next().unwrap());
    let mut filtered = ada.get(&stream).await;
    let first = Browser::event(&mut filtered, |event| event.starts_with("event: replace")).await;
    assert!(first.contains("does not fit") && !first.contains("Berlin"), "{stream}: {first}");
    add("Ham&burg", "hamburg.example.com").await;
    let told = Browser::event(&mut filtered, |event| event.contains("hamburg.example.com")).await;
    assert!(!told.contains("Berlin"), "{told}");
    for odd in ["/?page=-1", "/?state=%00", "/?order=x&page=9999999999999999999999", "/?text=%ff%fe", "/?text=%"] {
        assert!(ada.page(odd).await.contains("Berlin") || odd.contains("text"), "{odd}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_now_ends_no_stream_for_good() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        data: folder.path().join("data"),
        key: None,
        clock: Arc::new(SystemClock::default()),
        interval: 1,
        rules: services::Rules::default(),
    };
    let services = Services::open(options).await.unwrap();
    services.people().add(NAME, Role::Admin, PASSWORD).await.unwrap();
    let signed_in = services.sessions().sign_in(&Origin::default(), NAME, PASSWORD).await.unwrap();
    let cx = services.sessions().visitor(&signed_in.token, Origin::default()).await.unwrap();
    let visitor = Visitor { cx, origin: Origin::default(), ended: None, typed: None, lapsed: None };
    let site = Site::new(services.clone(), assets::names().unwrap(), Reach::default(), Hints::default(), "test".into());
    let ask = async |path: &str| {
        let asked = Query::try_from_uri(&format!("/live?page={path}").parse().unwrap()).unwrap();
        live::stream(State(site.clone()), Extension(visitor.clone()), Ok(asked)).await
    };
    let mut open = ask("/team").await.into_body().into_data_stream();
    assert!(open.next().await.unwrap().unwrap().starts_with(b"event: beat"));
    assert_eq!(ask("/clusters/1").await.status(), StatusCode::NO_CONTENT, "there is no such cluster, and so it stays");

    // Its files are closed: nothing can be read any more. Who joins the readers of an open page has what they have, and
    // hears of it with them.
    services.stop().await;
    for path in ["/", "/clusters/1", "/clusters/1/nodes", "/appliances", "/audit", "/account", "/&glance=1"] {
        let answer = ask(path).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(answer.headers()[header::RETRY_AFTER], "5", "{path}");
    }
    // Before that somebody looks up who is asking, which is no end either, and tells nobody why it failed.
    let cookie = format!("gatehouse={}", signed_in.token);
    let request = Request::get("/live?page=/").header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    let answer = router(site.clone()).oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    let page = String::from_utf8(to_bytes(answer.into_body(), 64 * 1024).await.unwrap().to_vec()).unwrap();
    assert!(page.contains("Try again") && !page.contains("pool") && !page.contains("database"), "{page}");
    // An open page is not told that all is well by beats that go on: its stream ends, and the browser asks again.
    let rest: Vec<_> = open.collect().await;
    let rest = rest.into_iter().map(|part| String::from_utf8_lossy(&part.unwrap()).into_owned()).collect::<String>();
    assert!(!rest.contains("event: beat") && !rest.contains("event: reload"), "{rest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reader_of_one_drawing_gets_tokens_of_their_own() {
    let lab = lab().await;
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start(&folder.path().join("data")).await;
    let mut ada = Browser::new(&console.base);
    ada.first_use(console.first_use.as_ref().unwrap()).await;
    ada.add_appliance(&lab).await;
    // A part of the page that moves and has a form: the way out of a refused password.
    let description = lab.description();
    let (socks, pin) = (description.socks.clone(), fingerprint_text(&description.netscaler[0].fingerprint));
    let account =
        [("title", "Lab"), ("address", "https://10.0.0.10"), ("user", "nsroot"), ("password", "not this one")];
    let way = [("appliance", "1"), ("intent", "untested"), ("connect", "socks5"), ("via", &socks), ("pin", &pin)];
    assert_eq!(ada.led("/rpc/edit_appliance", &[&account[..], &way[..]].concat()).await, "/appliances/1");
    let refused = async || ada.page("/appliances/1").await.contains("/rpc/retry_credential");
    until("the password is refused", refused).await;
    let mut other = Browser::new(&console.base);
    other.sign_in(NAME, PASSWORD).await;
    let (mut streams, mut seen) = (Vec::new(), BTreeSet::new());
    for reader in [&ada, &other, &ada] {
        let mut stream = reader.get("/live?page=/appliances/1").await;
        let drawn = Browser::event(&mut stream, |event| event.contains("name=\"token\"")).await;
        assert!(!drawn.contains("blank-"), "{drawn}");
        for form in drawn.split("name=\"token\"").skip(1) {
            let token = form.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
            assert!(token.len() >= 64 && seen.insert(token.to_owned()), "{token}: {drawn}");
        }
        streams.push(stream);
    }
    assert!(seen.len() >= 3, "{seen:?}");
}
