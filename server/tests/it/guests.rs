//! Who comes in, and who comes back: forms of a session that is over, whose form a token is, cookies, memory.

use crate::{
    form_tokens,
    support::{Browser, Console, NAME, PASSWORD, SECRET, lab, location, place},
};
use reqwest::{StatusCode, header};

/// A console with an admin, signed in.
async fn console(more: &[&str]) -> (tempfile::TempDir, Console, Browser) {
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start_with(&folder.path().join("data"), more).await;
    let mut ada = Browser::new(&console.base);
    ada.first_use(console.first_use.as_deref().unwrap()).await;
    (folder, console, ada)
}

/// The session of this browser ends, by its owner's hand elsewhere.
async fn ended_elsewhere(console: &Console, name: &str) {
    let mut elsewhere = Browser::new(&console.base);
    elsewhere.sign_in(name, PASSWORD).await;
    elsewhere.led("/rpc/end_own_session", &[]).await;
}

/// Signs in with the cookies that the browser still has; where that leads.
async fn comes_back(browser: &mut Browser, name: &str, to: &str) -> String {
    let response = browser.send("/rpc/sign_in", &[("name", name), ("password", PASSWORD), ("to", to)]).await;
    browser.keep_session(&response);
    location(&response)
}

/// Door, page, and what is typed there.
type Typed = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Doors, the pages of their forms, what is typed, and what is to be found there again.
const TYPED: [Typed; 12] = [
    (
        "/rpc/add_appliance",
        "/appliances/new",
        &[("title", "Typed title"), ("address", "10.0.0.77"), ("user", "typed-user")],
    ),
    ("/rpc/edit_appliance", "/appliances/1/edit", &[("title", "Typed title"), ("address", "10.0.0.78")]),
    ("/rpc/add_cluster", "/clusters/new", &[("title", "Typed title"), ("fqdn", "typed.example.com")]),
    ("/rpc/edit_cluster", "/clusters/1/edit", &[("title", "Typed title"), ("fqdn", "typed.example.com")]),
    ("/rpc/save_nodes", "/clusters/1/setup/nodes", &[("nodes", "10.20.30.99 typed-node")]),
    ("/rpc/save_mdm", "/clusters/1/setup/mdm", &[("vip", "10.20.40.99"), ("vserver_443", "typed-vserver")]),
    ("/rpc/save_mam", "/clusters/1/setup/mam", &[("vip", "10.20.40.98"), ("vserver", "typed-vserver")]),
    ("/rpc/save_groups", "/clusters/1/setup/groups", &[("mdm_443", "typed-group"), ("mdm_8443", "typed-other")]),
    ("/rpc/save_node_access", "/clusters/1/nodes", &[("rest_user", "typed-rest"), ("ssh_user", "typed-ssh")]),
    ("/rpc/paste_node_status", "/clusters/1/nodes", &[("address", "10.20.30.11"), ("text", "typed text of a menu")]),
    ("/rpc/add_person", "/team/new", &[("name", "typed.name"), ("role", "operator")]),
    ("/rpc/save_dns", "/clusters/1/setup/dns", &[("record", "make")]),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_when_the_session_ended_comes_back_after_sign_in() {
    let (_folder, console, mut ada) = console(&[]).await;
    let lab = lab().await;
    ada.add_appliance(&lab).await;
    ada.plan_mdm().await;
    let commands = lab.cli().len();
    for (door, page, typed) in TYPED {
        ended_elsewhere(&console, NAME).await;
        let mut fields = typed.to_vec();
        fields.extend([
            ("cluster", "1"),
            ("appliance", "1"),
            ("intent", "save"),
            ("password", SECRET),
            ("rest_password", SECRET),
        ]);
        let response = ada.send(door, &fields).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{door}");
        let sign_in = location(&response);
        assert_eq!(sign_in, format!("/sign-in?to={page}"), "{door}");
        let asked = ada.page(&sign_in).await;
        assert!(asked.contains("sign in as ada within four hours"), "{door}: {asked}");
        assert_eq!(comes_back(&mut ada, NAME, page).await, page, "{door}");
        let text = ada.page(page).await;
        assert!(text.contains("nothing was done"), "{door}: {text}");
        for (name, value) in typed.iter().filter(|(name, _)| !["role", "record"].contains(name)) {
            assert!(text.contains(value), "{door}: {name} is lost in {text}");
        }
        assert!(!text.contains(SECRET), "{door}");
    }
    assert_eq!(lab.cli().len(), commands, "nothing was sent to the appliance");
    assert!(!ada.page("/").await.contains("Typed title") && !ada.page("/team").await.contains("typed.name"));
    // And it is sent from there as it stands.
    let sent = ada
        .led("/rpc/add_cluster", &[("title", "Typed title"), ("fqdn", "typed.example.com"), ("appliance", "1")])
        .await;
    assert_eq!(sent, "/clusters/2/setup");
    assert!(!ada.page("/clusters/new").await.contains("nothing was done"), "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_kept_for_its_owner_alone_and_within_bounds() {
    let (folder, console, ada) = console(&[]).await;
    let add = [("name", "olga"), ("password", PASSWORD), ("role", "admin"), ("scope", "all")];
    ada.led("/rpc/add_person", &add).await;
    let mut olga = Browser::new(&console.base);
    olga.sign_in("olga", PASSWORD).await;
    ended_elsewhere(&console, "olga").await;
    let typed = |name: &'static str| [("title", name), ("fqdn", "typed.example.com")];
    olga.send("/rpc/add_cluster", &typed("Hers alone")).await;
    // Another person on the same browser finds nothing of it.
    let mut other = olga.clone();
    comes_back(&mut other, NAME, "/").await;
    assert!(!other.page("/clusters/new").await.contains("Hers alone"));

    // Neither strangers nor made-up sessions are kept anything for.
    for cookie in [String::new(), format!("gatehouse={}", crate::support::token())] {
        let stranger = Browser::with_session(&console.base, &cookie);
        for _ in 0..20 {
            let response = stranger.send("/rpc/add_cluster", &[("title", "x".repeat(10_000).as_str())]).await;
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        }
    }
    for file in ["gatehouse.db", "gatehouse.db-wal"] {
        let bytes = std::fs::read(folder.path().join("data").join(file)).unwrap();
        assert!(!bytes.windows(90).any(|part| part == "x".repeat(90).as_bytes()), "strangers write nothing: {file}");
    }
    // Of one session, a few forms and no more, none of them large.
    let big = "y".repeat(90_000);
    let response = olga.send("/rpc/add_cluster", &[("title", "z"), ("fqdn", big.as_str())]).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    for step in 1..=20 {
        let cluster = step.to_string();
        let fields = [("cluster", cluster.as_str()), ("title", "kept"), ("fqdn", "a.example.com")];
        assert!(olga.send("/rpc/edit_cluster", &fields).await.status().is_redirection());
    }
    comes_back(&mut olga, "olga", "/").await;
    let page = olga.page("/clusters/new").await;
    assert!(page.contains("Hers alone") && !page.contains("yyyy"), "too much is not kept: {page}");
    // Somebody who may not come in any more has nothing kept for them either.
    let me = form_tokens::whose(
        &console.base,
        &form_tokens::drawn(&olga.page("/account").await, "/rpc/change_password").unwrap(),
    );
    ada.led("/rpc/disable_person", &[("person", &me.unwrap().to_string())]).await;
    assert_eq!(olga.send("/rpc/add_cluster", &typed("x")).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forms_token_is_good_for_its_door_and_its_person_alone() {
    let (_folder, console, ada) = console(&[]).await;
    let add = [("name", "olga"), ("password", PASSWORD), ("role", "admin"), ("scope", "all")];
    assert_eq!(ada.led("/rpc/add_person", &add).await, "/team/2");
    let mut olga = Browser::new(&console.base);
    olga.sign_in("olga", PASSWORD).await;
    let drawn = form_tokens::drawn(&ada.page("/team/new").await, "/rpc/add_person").unwrap();
    assert_eq!(drawn.len(), 80);
    let week_ago = 8 * 24 * 3_600_000;
    let now = i64::from_str_radix(&drawn[..16], 16).unwrap();
    let tokens = [
        ("of another door", form_tokens::drawn(&ada.page("/account").await, "/rpc/change_password").unwrap()),
        ("of another person", form_tokens::drawn(&olga.page("/team/new").await, "/rpc/add_person").unwrap()),
        ("of nobody", form_tokens::made(&console.base, "/rpc/add_person", None)),
        ("made up", crate::support::token()),
        ("changed", drawn.replace(&drawn[40..44], if &drawn[40..44] == "0000" { "1111" } else { "0000" })),
        ("empty", String::new()),
        ("too old", form_tokens::drawn_at(&console.base, now - week_ago, "/rpc/add_person", Some(1))),
        ("from the future", form_tokens::drawn_at(&console.base, now + week_ago, "/rpc/add_person", Some(1))),
    ];
    let fields = [("name", "new.person"), ("password", PASSWORD), ("role", "viewer"), ("scope", "all")];
    for (which, token) in tokens {
        let response = ada.send_with("/rpc/add_person", &token, &fields).await;
        assert_eq!(location(&response), "/team/new", "{which}");
        let page = ada.page("/team/new").await;
        assert!(page.contains("nothing was done") && page.contains("value=\"new.person\""), "{which}: {page}");
    }
    assert!(!ada.page("/team").await.contains("new.person"));
    let (first, second) = (
        ada.send_with("/rpc/add_person", &drawn, &fields).await,
        ada.send_with("/rpc/add_person", &drawn, &fields).await,
    );
    assert_eq!(
        (location(&first), location(&second)),
        ("/team/3".into(), "/team/3".into()),
        "once, and both lead there"
    );
}

fn cookies(response: &reqwest::Response) -> Vec<String> {
    let all = response.headers().get_all(header::SET_COOKIE).iter();
    all.map(|value| value.to_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_every_cookie_is_for_tls_and_this_host_alone() {
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start_with(&folder.path().join("data"), &["--secure"]).await;
    let stranger = Browser::new(&console.base);
    let page = stranger.get("/first-use").await;
    let once = console.first_use.clone().unwrap();
    let begun =
        stranger.send("/rpc/first_use", &[("once", once.as_str()), ("name", NAME), ("password", PASSWORD)]).await;
    let all: Vec<String> = [cookies(&page), cookies(&begun)].concat();
    let named = |name: &str| all.iter().find(|cookie| cookie.starts_with(&format!("{name}="))).cloned();
    for name in ["__Host-gatehouse", "__Host-gatehouse-device"] {
        let cookie = named(name).unwrap_or_else(|| panic!("{name} in {all:?}"));
        for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    assert!(all.iter().all(|cookie| cookie.contains("; Secure")), "{all:?}");
    for path in ["/sign-in", "/health", "/nowhere", "/pkg/none.js"] {
        let response = stranger.get(path).await;
        assert_eq!(response.headers()["strict-transport-security"], "max-age=15768000", "{path}");
    }
    let (_folder, _console, plain) = self::console(&[]).await;
    assert!(plain.get("/").await.headers().get("strict-transport-security").is_none(), "without TLS it means nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_again_and_new_rights_change_the_token() {
    let (_folder, console, ada) = console(&[]).await;
    let add = [("name", "olga"), ("password", PASSWORD), ("role", "viewer"), ("scope", "all")];
    ada.led("/rpc/add_person", &add).await;
    let mut olga = Browser::new(&console.base);
    olga.sign_in("olga", PASSWORD).await;
    let first = olga.clone();
    let response = olga.send("/rpc/sign_in", &[("name", "olga"), ("password", PASSWORD)]).await;
    olga.keep_session(&response);
    assert_eq!(first.get("/").await.status(), StatusCode::SEE_OTHER, "the old session is over");
    assert!(first.page("/sign-in").await.contains("signed in with this browser"));

    assert!(cookies(&olga.get("/").await).is_empty());
    let rights = [("person", "2"), ("role", "operator"), ("scope", "all")];
    assert_eq!(ada.led("/rpc/change_rights", &rights).await, "/team/2");
    let old = olga.clone();
    let response = olga.get("/").await;
    olga.keep_session(&response);
    assert_ne!(olga.session(), old.session());
    assert!(cookies(&olga.get("/").await).is_empty(), "once");
    assert_eq!(old.get("/").await.status(), StatusCode::OK, "the requests of one page come together");

    // With a new password the old token is worth nothing.
    let old = olga.clone();
    let change = [("old", PASSWORD), ("password", "another good long one")];
    let response = olga.send("/rpc/change_password", &change).await;
    olga.keep_session(&response);
    assert!(olga.page("/account").await.contains("Your password is changed"));
    assert_eq!(old.get("/").await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_in_the_wrong_field_is_nowhere() {
    let (folder, console, ada) = console(&[]).await;
    let planted = "Planted-in-the-name-4711";
    let stranger = Browser::new(&console.base);
    for _ in 0..6 {
        let response = stranger.send("/rpc/sign_in", &[("name", planted), ("password", "x")]).await;
        // What the browser was given to bring back.
        let cookies = cookies(&response);
        let kept = cookies.iter().find(|cookie| cookie.starts_with("gatehouse-typed=")).unwrap();
        let page =
            Browser::with_session(&console.base, kept.split(';').next().unwrap()).page(&location(&response)).await;
        assert!(page.contains("field-error") && !page.contains(planted), "{page}");
    }
    let typed = [
        ("/rpc/add_appliance", "/appliances/new", "address", format!("https://nsroot:{planted}@10.0.0.300/x")),
        ("/rpc/add_appliance", "/appliances/new", "via", format!("http://u:{planted}@10.0.0.1:1")),
        ("/rpc/add_cluster", "/clusters/new", "fqdn", format!("https://u:{planted}@xms")),
        ("/rpc/add_cluster", "/clusters/new", "fqdn", format!("password={planted}")),
    ];
    for (door, page, field, value) in typed {
        let fields = [("title", "Other"), ("connect", "map"), ("user", "nsroot"), (field, value.as_str())];
        assert_eq!(location(&ada.send(door, &fields).await), page, "{value}");
        let text = ada.page(page).await;
        assert!(!text.to_lowercase().contains(&planted.to_lowercase()), "{value}: {text}");
        assert!(text.contains("field-error"), "{value}: {text}");
    }
    for page in ["/audit", "/team"] {
        assert!(!ada.page(page).await.contains(planted), "{page}");
    }
    let bytes = planted.to_lowercase().into_bytes();
    for entry in std::fs::read_dir(folder.path().join("data")).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            // The socket for sub-commands.
            continue;
        }
        let found = std::fs::read(&path).unwrap().to_ascii_lowercase().windows(bytes.len()).any(|part| part == bytes);
        assert!(!found, "it lies in {}", path.display());
    }
    assert!(!console.log().contains(planted));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_browser_is_not_kept_out_by_strangers() {
    let (_folder, console, ada) = console(&[]).await;
    let mut known = Browser::new(&console.base);
    let response = known.send("/rpc/sign_in", &[("name", NAME), ("password", PASSWORD)]).await;
    let device = cookies(&response).into_iter().find(|cookie| cookie.starts_with("gatehouse-device=")).unwrap();
    assert!(device.contains("Max-Age=7776000") && device.contains("HttpOnly"), "{device}");
    known = Browser::with_session(&console.base, device.split(';').next().unwrap());
    let stranger = Browser::new(&console.base);
    for _ in 0..7 {
        stranger.send("/rpc/sign_in", &[("name", NAME), ("password", "a wrong guess")]).await;
    }
    let led = |browser: Browser| async move {
        place(&browser.send("/rpc/sign_in", &[("name", NAME), ("password", PASSWORD)]).await)
    };
    assert_eq!(led(stranger.clone()).await, "/sign-in", "with the right password too");
    assert!(known.page("/sign-in").await.contains("value=\"ada\""), "it knows whom it is used by");
    assert!(!stranger.page("/sign-in").await.contains("value=\"ada\""));
    assert_eq!(led(known.clone()).await, "/");
    let forged = format!("gatehouse-device={}.{}", "0".repeat(32), "1".repeat(32));
    assert_eq!(led(Browser::with_session(&console.base, &forged)).await, "/sign-in");

    let team = ada.page("/team").await;
    assert!(team.contains("ada from 127.0.0.1") && team.contains("Sign-ins that wait"), "{team}");
    let delay = team.split("name=\"delay\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert_eq!(ada.led("/rpc/lift_delay", &[("delay", delay)]).await, "/team");
    assert!(!ada.page("/team").await.contains("Sign-ins that wait"));
    assert_eq!(led(stranger).await, "/");
    let log = ada.page("/audit").await;
    for part in ["waits until", "further tries until then are counted", "was lifted: 5 wrong passwords"] {
        assert!(log.contains(part), "{part}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn this_machine_is_no_appliance_unless_it_is_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start_as(&folder.path().join("data"), &[]).await;
    let mut ada = Browser::new(&console.base);
    ada.first_use(console.first_use.as_deref().unwrap()).await;
    let own = console.base.trim_start_matches("http://").to_owned();
    for (address, connect, via, field) in [
        (own.as_str(), "direct", "", "address"),
        ("127.0.0.1:1", "direct", "", "address"),
        ("https://localhost:9", "direct", "", "address"),
        ("169.254.169.254", "direct", "", "address"),
        ("[::1]:443", "direct", "", "address"),
        ("10.0.0.10", "map", own.as_str(), "via"),
        ("10.0.0.10", "socks5", "127.0.0.1:1", "via"),
    ] {
        let fields = [
            ("intent", "test"),
            ("title", "Near"),
            ("address", address),
            ("user", "nsroot"),
            ("password", SECRET),
            ("connect", connect),
            ("via", via),
            ("pin", ""),
        ];
        assert_eq!(location(&ada.send("/rpc/add_appliance", &fields).await), "/appliances/new", "{address} {via}");
        let page = ada.page("/appliances/new").await;
        let said =
            page.split(&format!("id=\"{field}-error\"")).nth(1).unwrap_or_else(|| panic!("{address} {via}: {page}"));
        let said = said.split("</p>").next().unwrap();
        assert!(said.contains("nothing was sent") && said.contains("--local-appliances"), "{address}: {said}");
    }
    let log = ada.page("/audit?kind=appliance_test.ended").await;
    assert_eq!(log.matches("data-key=\"act-").count(), 7, "each test is a record: {log}");
    assert!(log.contains("nothing was sent"), "{log}");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn no_core_file_is_written_of_it() {
    let (_folder, console, _ada) = console(&[]).await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", console.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
}
