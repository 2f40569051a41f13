//! People whom nobody knows: what they send is bounded, answered in words, and costs nobody else anything.

mod attack;

use crate::{
    support::{Browser, Console, NAME, PASSWORD, location, token, until},
    wire::{Answer, address, ask},
};
use attack::{Size, attack};
use reqwest::StatusCode;
use std::{process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::Command,
    time::Instant,
};

async fn console() -> (tempfile::TempDir, Console, Browser) {
    console_with(&[]).await
}

async fn console_with(more: &[&str]) -> (tempfile::TempDir, Console, Browser) {
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start_with(&folder.path().join("data"), more).await;
    let mut ada = Browser::new(&console.base);
    ada.first_use(console.first_use.as_deref().unwrap()).await;
    (folder, console, ada)
}

/// A request as a browser would write it, with more headers and a body.
async fn post(console: &Console, path: &str, headers: &str, body: &[u8]) -> Answer {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {}\r\naccept: text/html\r\nsec-fetch-site: same-origin\r\nconnection: close\r\n\
         content-length: {}\r\n{headers}\r\n",
        address(&console.base),
        body.len()
    );
    ask(&console.base, [head.as_bytes(), body]).await.unwrap().unwrap_or_else(|| panic!("{path} has no answer"))
}

const FORM: &str = "content-type: application/x-www-form-urlencoded\r\n";

fn is_page(answer: &Answer, part: &str) {
    assert!(answer.body.contains("<html lang=\"en\"") && answer.body.contains("<main"), "{answer:?}");
    assert!(answer.body.contains(part), "{part}: {answer:?}");
    assert_eq!(answer.header("location"), None, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_of_them_cost_little() {
    let folder = tempfile::tempdir().unwrap();
    let size = Size { silent: 100, half_open: 100, sign_ins: 6, body: 4 * 1_024 * 1_024 };
    let cost = attack(env!("CARGO_BIN_EXE_gatehouse"), folder.path(), size).await.unwrap();
    let slowest = cost.health.iter().max().copied().unwrap_or_default();
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    assert!(cost.memory < 64 * 1_024 * 1_024 && cost.database < 1_024 * 1_024, "{cost:?}");
    assert!(
        cost.bodies.len() == 5
            && cost.bodies.iter().all(|(_, status)| [401, 404, 413].contains(status) || *status == 200),
        "{cost:?}"
    );
    assert_eq!(cost.sign_ins, [302; 6], "{cost:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_its_boundary_holds_nobody_up() {
    let (_folder, console, ada) = console().await;
    // As much as may come in, in the smallest pieces: it is looked through once.
    let head = format!("cookie: {}\r\ncontent-type: multipart/form-data; boundary=zzz\r\n", ada.session());
    let begun = Instant::now();
    let answer = post(&console, "/rpc/upload_certificate", &head, &vec![b'x'; 1_000_000]).await;
    assert_eq!((answer.status, begun.elapsed() < Duration::from_secs(10)), (302, true), "{answer:?}");
    // And more than that is not taken in at all, whether or not it says how much it is.
    let answer = post(&console, "/rpc/upload_certificate", &head, &vec![b'x'; 8_000_000]).await;
    assert_eq!(answer.status, 413);
    is_page(&answer, "larger than 1024 KB");
    is_page(&answer, "request ");
    let chunked = format!(
        "POST /rpc/upload_certificate HTTP/1.1\r\nhost: here\r\naccept: text/html\r\nsec-fetch-site: same-origin\r\n\
         transfer-encoding: chunked\r\n{head}\r\n"
    );
    let chunk = [b"10000\r\n".as_slice(), &b"x".repeat(65_536), b"\r\n"].concat();
    let pieces = std::iter::once(chunked.as_bytes()).chain(std::iter::repeat_n(chunk.as_slice(), 128));
    let answer = ask(&console.base, pieces).await.unwrap().unwrap();
    assert_eq!(answer.status, 413);
    is_page(&answer, "larger than 1024 KB");
    let log = console.log();
    assert!(log.contains("A request by ada to /rpc/upload_certificate was refused"), "{log}");
    let told = ada.page("/audit?kind=request.refused").await;
    assert!(told.contains("it was too large"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_form_of_ours_sends_is_said_to_be_that() {
    let (_folder, console, ada) = console().await;
    let cookie =
        format!("cookie: {}\r\nreferer: https://evil.example/clusters/1/setup/mdm?secret=hunter2\r\n", ada.session());
    for body in ["version=abc&cluster=1", "cluster=hunter2", "cluster[=1", "cluster=1&cluster=2"] {
        let answer = post(&console, "/rpc/back_to_version", &format!("{cookie}{FORM}"), body.as_bytes()).await;
        // What can be read is about a cluster that does not exist.
        assert!([400, 404].contains(&answer.status), "{body}: {answer:?}");
        is_page(&answer, "Nothing was changed");
        is_page(&answer, "The server's log knows this as request ");
        is_page(&answer, "href=\"/clusters/1/setup/mdm\"");
        for leak in ["hunter2", "invalid", "deserial", "evil"] {
            assert!(!answer.body.contains(leak), "{body}: {leak} in {}", answer.body);
        }
    }
    let answer = post(&console, "/rpc/back_to_version", &format!("{cookie}{FORM}"), b"version=abc").await;
    assert_eq!(answer.status, 400);
    // What a program sends is answered to a program, as status and as data.
    let data = format!("cookie: {}\r\n{FORM}", ada.session());
    let head = format!(
        "POST /rpc/back_to_version HTTP/1.1\r\nhost: here\r\nsec-fetch-site: same-origin\r\nconnection: close\r\ncontent-length: 11\r\n{data}\r\nversion=abc"
    );
    let answer = ask(&console.base, [head.as_bytes()]).await.unwrap().unwrap();
    assert_eq!((answer.status, answer.body.as_str()), (400, r#"{"error":"malformed"}"#));
    for path in ["/live?glance=abc", "/audit.csv?from=a&from=b"] {
        let response = ada.get(path).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path}");
        let text = response.text().await.unwrap();
        assert!(text.contains("cannot be read") && !text.contains("serial"), "{path}: {text}");
    }
    let log = console.log();
    assert!(log.contains("A request by ada to /rpc/back_to_version was refused") && !log.contains("hunter2"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_whose_token_is_not_known_says_so_itself() {
    let (_folder, _console, ada) = console().await;
    for wrong in ["", "abc", "zz", "../../etc"] {
        let response = ada.send_with("/rpc/add_cluster", wrong, &[("title", "Berlin")]).await;
        assert_eq!(location(&response), "/clusters/new", "{wrong}");
        let page = ada.page("/clusters/new").await;
        assert!(page.contains("The form has no valid token") && page.contains("value=\"Berlin\""), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn before_sign_in_nothing_is_kept_but_in_the_browser_itself() {
    let (folder, console, _ada) = console().await;
    let stranger = Browser::new(&console.base);
    let response = stranger.send("/rpc/sign_in", &[("name", "mallory-was-here"), ("password", "not-this-one")]).await;
    assert_eq!(location(&response), "/sign-in");
    let cookies = response.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let typed = cookies.into_iter().find(|value| value.starts_with("gatehouse-typed=")).unwrap().to_owned();
    assert!(typed.contains("HttpOnly") && typed.contains("Max-Age=600") && !typed.contains("mallory"), "{typed}");
    let typed = typed.split(';').next().unwrap();
    let shows = async |cookie: &str| Browser::with_session(&console.base, cookie).page("/sign-in").await;
    let page = shows(typed).await;
    // Not even the name comes back: it may be a password in the wrong field.
    assert!(!page.contains("mallory-was-here") && page.contains("The name or the password is wrong"), "{page}");
    // Of another form, of nobody's making, too old: nothing.
    for other in [format!("{typed}x"), "gatehouse-typed=abc".to_owned(), String::new()] {
        assert!(!shows(&other).await.contains("name or the password is wrong"), "{other}");
    }
    let first_use = Browser::with_session(&console.base, typed).page("/first-use").await;
    assert!(!first_use.contains("mallory-was-here"));
    // It goes with what is right.
    let response = Browser::with_session(&console.base, typed)
        .send("/rpc/sign_in", &[("name", NAME), ("password", PASSWORD)])
        .await;
    let cookies: Vec<_> =
        response.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect();
    assert!(
        cookies.iter().any(|value| value.starts_with("gatehouse-typed=;") && value.contains("Max-Age=0")),
        "{cookies:?}"
    );
    // A name that is no name is not kept at all, and a thousand of them leave no trace.
    for n in 0..300 {
        let name = "x".repeat(100 + n);
        stranger.led("/rpc/sign_in", &[("name", &name), ("password", "p")]).await;
        stranger.led("/rpc/first_use", &[("once", "x"), ("name", &name), ("password", PASSWORD)]).await;
    }
    for file in ["gatehouse.db", "gatehouse.db-wal"] {
        let bytes = std::fs::read(folder.path().join("data").join(file)).unwrap();
        let has = |what: &str| bytes.windows(what.len()).any(|part| part == what.as_bytes());
        assert!(!has(&"x".repeat(90)) && !has("\"errors\":"), "{file}");
        assert!(bytes.len() < 1_024 * 1_024 * 3, "{file} has {} bytes", bytes.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_sign_ins_do_not_fill_the_log() {
    let (_folder, console, ada) = console().await;
    let stranger = Browser::new(&console.base);
    for n in 0..40 {
        stranger.led("/rpc/sign_in", &[("name", &format!("guess-{n}")), ("password", "wrong wrong wrong")]).await;
    }
    let records = |page: &str| page.matches("data-key=\"act-").count();
    let page = ada.page("/audit?kind=sign_in.refused").await;
    assert!((1..=20).contains(&records(&page)), "{} records", records(&page));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_has_a_record_and_a_line() {
    let (_folder, console, ada) = console().await;
    let fields = [("name", "vera"), ("password", PASSWORD), ("role", "viewer"), ("scope", "all")];
    ada.led("/rpc/add_person", &fields).await;
    let mut vera = Browser::new(&console.base);
    vera.sign_in("vera", PASSWORD).await;
    assert_eq!(vera.send("/rpc/add_cluster", &[("title", "x")]).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(ada.send("/rpc/make_plan", &[("cluster", "99")]).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(Browser::new(&console.base).send("/rpc/apply", &[]).await.status(), StatusCode::UNAUTHORIZED);
    let cookie = format!("cookie: {}\r\nsec-fetch-site: cross-site\r\n{FORM}", vera.session());
    let head =
        format!("POST /rpc/sign_out HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-length: 0\r\n{cookie}\r\n");
    assert_eq!(ask(&console.base, [head.as_bytes()]).await.unwrap().unwrap().status, 403);
    assert_eq!(ada.send("/no/such/door<script>", &[]).await.status(), StatusCode::METHOD_NOT_ALLOWED);
    let log = ada.page("/audit?kind=request.refused").await;
    for told in [
        "A request by vera to /rpc/add_cluster was refused: it was not allowed",
        "A request by ada to /rpc/make_plan was refused: what it was meant for does not exist",
        "A request by somebody not signed in to /rpc/apply was refused: nobody was signed in",
        "A request by vera to /rpc/sign_out was refused: it was not allowed, or came from another site",
        "A request by ada to an address where there is no form was refused",
    ] {
        assert!(log.contains(told), "{told}: {log}");
    }
    let lines = console.log();
    for line in
        ["A request by vera to /rpc/add_cluster was refused.", "A request by somebody not signed in to /rpc/apply"]
    {
        assert!(lines.contains(line), "{line}: {lines}");
    }
    // However often: the rest is summed up later.
    for _ in 0..50 {
        vera.send("/rpc/add_cluster", &[("title", "x")]).await;
    }
    let log = ada.page("/audit?kind=request.refused&person=vera").await;
    assert_eq!(log.matches("A request by vera").count(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn under_another_name_nothing_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start_with(&folder.path().join("data"), &["--public", "http://gatehouse.example.com"]).await;
    let get = async |host: &str, path: &str| {
        let head = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\naccept: text/html\r\nconnection: close\r\n\r\n");
        ask(&console.base, [head.as_bytes()]).await.unwrap().unwrap()
    };
    assert_eq!(get("gatehouse.example.com", "/sign-in").await.status, 200);
    assert_eq!(get("192.0.2.1", "/health").await.status, 200, "whoever watches the machine knows its address alone");
    for host in ["evil.example", "127.0.0.1", address(&console.base), "gatehouse.example.com.evil.example", ""] {
        for path in ["/sign-in", "/", "/pkg/x.css", "/live", "/audit.csv"] {
            let answer = get(host, path).await;
            assert_eq!(answer.status, 421, "{host}{path}");
            is_page(&answer, "Open it at http://gatehouse.example.com.");
        }
    }
    // Rebinding: to the browser it is one origin.
    for headers in [
        "origin: http://evil.example\r\n",
        "sec-fetch-site: same-origin\r\n",
        "origin: http://gatehouse.example.com\r\n",
    ] {
        let head = format!(
            "POST /rpc/sign_in HTTP/1.1\r\nhost: evil.example\r\n{headers}connection: close\r\ncontent-length: 0\r\n{FORM}\r\n"
        );
        assert_eq!(ask(&console.base, [head.as_bytes()]).await.unwrap().unwrap().status, 421, "{headers}");
    }
    let head = "GET http://evil.example/ HTTP/1.1\r\nhost: gatehouse.example.com\r\nconnection: close\r\n\r\n";
    assert_eq!(ask(&console.base, [head.as_bytes()]).await.unwrap().unwrap().status, 421);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_streams_of_one_session_are_a_dozen() {
    let (_folder, console, ada) = console().await;
    let mut streams = Vec::new();
    for _ in 0..60 {
        let mut stream = ada.get("/live?page=/").await;
        assert_eq!(stream.status(), StatusCode::OK);
        Browser::event(&mut stream, |event| event.contains("event: sign")).await;
        streams.push(stream);
    }
    let begun = Instant::now();
    ada.page("/").await;
    assert!(begun.elapsed() < Duration::from_secs(5));
    // The first ones have ended; those that are left hear what happens.
    let last = streams.split_off(48);
    for mut stream in streams {
        while stream.chunk().await.unwrap().is_some() {}
    }
    ada.led("/rpc/end_own_session", &[]).await;
    let fields = [("name", "vera"), ("password", PASSWORD), ("role", "viewer"), ("scope", "all")];
    ada.led("/rpc/add_person", &fields).await;
    for mut stream in last {
        Browser::event(&mut stream, |event| event.starts_with("event: beat")).await;
    }
    drop(console);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_signed_in_is_let_in_beside_a_crowd() {
    let (_folder, console, ada) = console_with(&["--connections", "64"]).await;
    let mut crowd = Vec::new();
    for _ in 0..200 {
        let mut stream = TcpStream::connect(address(&console.base)).await.unwrap();
        let _ = stream.write_all(format!("GET / HTTP/1.1\r\nx: {}", token()).as_bytes()).await;
        crowd.push(stream);
    }
    ada.page("/").await;
    until("the crowd is smaller than the house", async || {
        let open = crowd.iter().filter(|stream| {
            stream.try_read(&mut [0]).is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
        });
        open.count() <= 48
    })
    .await;
    assert!(console.log().contains("connections were closed to make room"), "{}", console.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_files_may_be_open_as_connections_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let script = "ulimit -S -n 256 && exec \"$0\" serve --listen 127.0.0.1:0 --connections 1000 --data \"$1\"";
    let mut child = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_gatehouse")])
        .arg(folder.path().join("data"))
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let ready = BufReader::new(child.stdout.take().unwrap()).lines().next_line().await.unwrap().unwrap();
    assert!(ready.starts_with("READY"), "{ready}");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id().unwrap())).unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let files: u64 = line.split_whitespace().nth(3).unwrap().parse().unwrap();
    assert!(files >= 1_000, "{line}");
}
