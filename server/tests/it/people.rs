//! The team's and one's own page, and what follows on open pages, through the real binary.

use crate::support::{Browser, Console, NAME, PASSWORD, location};
use reqwest::StatusCode;

const OTHER: &str = "another long password";

async fn console() -> (tempfile::TempDir, Console, Browser) {
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start(&folder.path().join("data")).await;
    let mut ada = Browser::new(&console.base);
    ada.first_use(console.first_use.as_deref().unwrap()).await;
    (folder, console, ada)
}

async fn add(ada: &Browser, name: &str, role: &str) -> String {
    let fields = [("name", name), ("password", PASSWORD), ("role", role), ("scope", "all")];
    let page = ada.led("/rpc/add_person", &fields).await;
    page.rsplit('/').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_cannot_be_taken_says_why_and_keeps_what_was_typed() {
    let (_folder, _console, ada) = console().await;
    let fields = [("name", "Olga"), ("password", "too-short-pw"), ("role", "admin"), ("scope", "some")];
    assert_eq!(ada.led("/rpc/add_person", &fields).await, "/team/new");
    let page = ada.page("/team/new").await;
    assert!(page.contains("always has all clusters"), "{page}");
    assert!(page.contains("value=\"Olga\"") && !page.contains("too-short-pw"), "typed, but for the password");
    assert!(page.contains("<option value=\"admin\" selected=\"selected\">"), "{page}");

    let fields = [("name", "olga"), ("password", "short"), ("role", "viewer"), ("scope", "all")];
    assert_eq!(ada.led("/rpc/add_person", &fields).await, "/team/new");
    assert!(ada.page("/team/new").await.contains("The password has 5 characters; at least 12 are needed."));

    let alone = ada.led("/rpc/disable_person", &[("person", "1")]).await;
    assert_eq!(alone, "/team/1");
    assert!(ada.page("/team/1").await.contains("last admin who can sign in"));
    let fields = [("person", "1"), ("role", "viewer"), ("scope", "all")];
    assert_eq!(ada.led("/rpc/change_rights", &fields).await, "/team/1");
    assert!(ada.page("/team/1").await.contains("last admin who can sign in"));
    assert_eq!(ada.send("/rpc/disable_person", &[("person", "99")]).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_ends_with_its_person() {
    let (_folder, console, ada) = console().await;
    let id = add(&ada, "vera", "viewer").await;
    let mut vera = Browser::new(&console.base);
    vera.sign_in("vera", PASSWORD).await;
    let mut stream = vera.get("/live?page=/").await;
    Browser::event(&mut stream, |event| event.contains("replace")).await;
    assert_eq!(ada.led("/rpc/disable_person", &[("person", &id)]).await, format!("/team/{id}"));
    Browser::event(&mut stream, |event| event.contains("event: reload")).await;
    assert_eq!(stream.chunk().await.unwrap(), None, "the stream is over");
    assert_eq!(location(&vera.get("/").await), "/sign-in");
    assert!(vera.page("/sign-in").await.contains("because ada switched sign-in off for you"));
    let refused = vera.led("/rpc/sign_in", &[("name", "vera"), ("password", PASSWORD)]).await;
    assert_eq!(refused, "/sign-in");
    assert!(ada.page("/team").await.contains("disabled"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_ends_with_its_session() {
    let (_folder, console, ada) = console().await;
    let mut elsewhere = Browser::new(&console.base);
    elsewhere.sign_in(NAME, PASSWORD).await;
    let mut stream = elsewhere.get("/live?page=/").await;
    Browser::event(&mut stream, |event| event.contains("replace")).await;
    let page = ada.page("/account").await;
    assert_eq!((page.matches(">End</button>").count(), page.matches("this session").count()), (1, 1), "{page}");
    assert_eq!(ada.led("/rpc/end_own_session", &[]).await, "/account");
    Browser::event(&mut stream, |event| event.contains("event: reload")).await;
    assert_eq!(location(&elsewhere.get("/account").await), "/sign-in?to=/account");
    let told = elsewhere.page("/sign-in").await;
    assert!(told.contains("Your session was ended by ada."), "{told}");
    assert_eq!(ada.page("/account").await.matches(">End</button>").count(), 0, "one's own ends by signing out");
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_changes_their_own_password() {
    let (_folder, console, ada) = console().await;
    add(&ada, "vera", "viewer").await;
    let mut vera = Browser::new(&console.base);
    vera.sign_in("vera", PASSWORD).await;
    let wrong = [("old", "not this one"), ("password", OTHER)];
    assert_eq!(vera.led("/rpc/change_password", &wrong).await, "/account");
    let page = vera.page("/account").await;
    assert!(page.contains("This is not your present password") && !page.contains("not this one"), "{page}");
    let changed = vera.send("/rpc/change_password", &[("old", PASSWORD), ("password", OTHER)]).await;
    assert_eq!(location(&changed), "/account");
    vera.keep_session(&changed);
    assert!(vera.page("/account").await.contains("Your password is changed"));
    assert!(!vera.page("/account").await.contains("Your password is changed"), "said once");
    Browser::new(&console.base).sign_in("vera", OTHER).await;
    let log = ada.page("/audit?person=vera").await;
    for told in ["vera changed their password", "vera gave a wrong present password"] {
        assert!(log.contains(told), "{told}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_that_cannot_be_say_so_and_those_that_can_are_shown() {
    let (_folder, _console, ada) = console().await;
    add(&ada, "vera", "viewer").await;
    let page = ada.page("/audit?kind=run.eaten&from=soon&cluster=7&person=nobody&outcome=good&text=vera").await;
    for part in ["“run.eaten”", "“soon” is no time", "no cluster 7", "“nobody” does not occur", "no outcome “good”"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(page.contains("Correct the marked filters first") && page.contains("value=\"vera\""), "{page}");
    assert_eq!(ada.get("/audit.csv?from=soon").await.status(), StatusCode::BAD_REQUEST);

    let page = ada.page("/audit?kind=person.added&text=vera&to=").await;
    assert!(page.contains("What: Person added") && page.contains("href=\"/audit?text=vera\""), "{page}");
    assert!(page.contains("href=\"/audit.csv?text=vera&amp;kind=person%2Eadded\""), "{page}");
    assert_eq!(page.matches("<tr").count(), 2, "a heading and one record");
    assert!(ada.page("/audit?from=2999-01-01").await.contains("No record fits"));
    assert!(!ada.page("/audit?from=2020-01-01T00:00&to=2999-01-01").await.contains("No record fits"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_shows_what_changed_and_its_bytes() {
    let (_folder, _console, ada) = console().await;
    let id = add(&ada, "vera", "viewer").await;
    let fields = [("person", id.as_str()), ("role", "operator"), ("scope", "all")];
    assert_eq!(ada.led("/rpc/change_rights", &fields).await, format!("/team/{id}"));
    let list = ada.page("/audit?kind=person.changed").await;
    let record = list.split("href=\"/audit/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let page = ada.page(&format!("/audit/{record}")).await;
    let row = page.split("What changed").nth(1).unwrap();
    let (path, before, after) = (row.find(">role<"), row.find(">viewer<"), row.find(">operator<"));
    assert!(path.is_some() && path < before && before < after, "{row}");
    assert!(
        page.contains("&quot;kind&quot;:&quot;person.changed&quot;") || page.contains("\"kind\":\"person.changed\"")
    );
    let response = ada.get("/audit.csv?kind=person.changed").await;
    let disposition = response.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(disposition.starts_with("attachment; filename=\"gatehouse-log-"), "{disposition}");
    assert_eq!(response.text().await.unwrap().lines().count(), 2);
    assert!(ada.page("/audit").await.contains("Log exported"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_survives_sign_in_and_leads_nowhere_else() {
    let (_folder, console, _ada) = console().await;
    let stranger = Browser::new(&console.base);
    let turned_away = location(&stranger.get("/audit/1?text=typed").await);
    assert_eq!(turned_away, "/sign-in?to=/audit/1", "the page, and nothing that was typed into it");
    let page = stranger.page(&turned_away).await;
    assert!(page.contains("name=\"to\" value=\"/audit/1\"") && page.contains("autofocus"), "{page}");
    assert!(!page.contains("Your session"), "nobody's session ended");

    let sign_in = |to: &'static str, password: &'static str| {
        let stranger = stranger.clone();
        async move { stranger.led("/rpc/sign_in", &[("name", NAME), ("password", password), ("to", to)]).await }
    };
    assert_eq!(sign_in("/audit/1", "wrong").await, "/sign-in?to=/audit/1", "a wrong password keeps the way");
    assert_eq!(sign_in("/audit/1", PASSWORD).await, "/audit/1");
    for elsewhere in ["https://evil.example/", "//evil.example", "/\\evil.example", "/rpc/sign_out", ""] {
        assert_eq!(sign_in(elsewhere, PASSWORD).await, "/", "{elsewhere}");
    }
    let page = stranger.page("/sign-in?to=//evil.example").await;
    assert!(!page.contains("evil.example"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_address_has_a_page_of_ours() {
    let (_folder, console, ada) = console().await;
    for path in ["/settings", "/clusters/1/nothing", "/clusters/1/memories", "/no/such/page"] {
        let response = ada.get(path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("default-src 'none'"), "{policy}");
        let page = response.text().await.unwrap();
        for part in [
            "<html lang=\"en\"",
            "<title>Not found · Gatehouse</title>",
            "There is no such page",
            "href=\"/\"",
            "Sign out",
        ] {
            assert!(page.contains(part), "{path}: {part}: {page}");
        }
    }
    // A form that is refused is a page as well.
    let stranger = Browser::new(&console.base);
    let response = stranger.send("/rpc/make_plan", &[("cluster", "1")]).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let page = response.text().await.unwrap();
    for part in ["<html lang=\"en\"", "<title>Not signed in · Gatehouse</title>", "Nothing was changed", "<main"] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tick_beside_all_widens_nothing() {
    let (_folder, _console, ada) = console().await;
    let fields =
        [("name", "olga"), ("password", PASSWORD), ("role", "operator"), ("scope", "all"), ("clusters[]", "1")];
    assert_eq!(ada.led("/rpc/add_person", &fields).await, "/team/new");
    assert!(ada.page("/team/new").await.contains("does not exist"), "no such cluster yet");
    assert!(!ada.page("/team").await.contains("olga"));
}
