//! Hands on the data folder, and limits on it: what the console says, and what it refuses to begin.

use crate::support::{Browser, Console, lab, until};
use reqwest::StatusCode;
use std::{fs, path::Path, process::Stdio};
use tokio::process::Command;

/// A start that must not get ready; what it said.
async fn refused(data: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_gatehouse"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    assert!(!output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "it did not get ready");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// An installation with a person and an appliance, stopped in order.
async fn lived_in(data: &Path) {
    let lab = lab().await;
    let console = Console::start(data).await;
    let mut ada = Browser::new(&console.base);
    ada.first_use(console.first_use.as_deref().unwrap()).await;
    assert_eq!(ada.add_appliance(&lab).await, "/appliances/1");
    console.stop().await;
}

async fn health(console: &Console) -> (StatusCode, String) {
    let response = reqwest::get(format!("{}/health", console.base)).await.unwrap();
    (response.status(), response.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_deleted_under_the_console_is_said_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let console = Console::start(&data).await;
    let mut ada = Browser::new(&console.base);
    ada.first_use(console.first_use.as_deref().unwrap()).await;
    let lab = lab().await;
    assert_eq!(ada.add_appliance(&lab).await, "/appliances/1");
    assert_eq!(health(&console).await, (StatusCode::OK, "ok".into()));
    assert!(!ada.page("/").await.contains("gatehouse.db was deleted"));
    fs::remove_file(data.join("gatehouse.db")).unwrap();
    let form = [("title", "Berlin"), ("fqdn", "xms.example.com"), ("appliance", "1")];
    let answer = ada.send("/rpc/add_cluster", &form).await;
    let said = match answer.headers().get("location") {
        Some(place) => ada.page(place.to_str().unwrap()).await,
        None => answer.text().await.unwrap(),
    };
    assert!(said.contains("gatehouse.db was deleted"), "{said}");
    assert!(!said.contains("Nothing tells whether trying again helps"), "{said}");
    let (status, text) = health(&console).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(text.contains("gatehouse.db was deleted") && text.contains("restore a backup"), "{text}");
    assert!(ada.page("/").await.contains("gatehouse.db was deleted"), "every page says it");
    console.kill().await;
    // Nor does the next start take it for a new installation.
    let sentence = refused(&data).await;
    assert!(sentence.contains("is missing or empty") && sentence.contains("--begin-anew"), "{sentence}");
    let console = Console::start_with(&data, &["--begin-anew"]).await;
    assert!(console.first_use.is_some(), "now it is a new one");
    assert!(console.log().contains("was put aside as"), "{}", console.log());
    assert!(data.join("gatehouse.key.aside-1").exists(), "nothing is thrown away");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_of_an_installation_is_not_taken_for_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    lived_in(&whole).await;
    let copy = |name: &str| {
        let to = folder.path().join(name);
        fs::create_dir(&to).unwrap();
        for file in fs::read_dir(&whole).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
        to
    };
    let emptied = copy("emptied");
    fs::write(emptied.join("gatehouse.db"), []).unwrap();
    assert!(refused(&emptied).await.contains("is missing or empty"));
    let without_key = copy("without-key");
    fs::remove_file(without_key.join("gatehouse.key")).unwrap();
    let sentence = refused(&without_key).await;
    assert!(sentence.contains("is missing, and the database has passwords that only it opens"), "{sentence}");
    assert!(!without_key.join("gatehouse.key").exists(), "no other key is made in silence");
    let console = Console::start_with(&without_key, &["--begin-anew"]).await;
    assert_eq!(console.first_use, None, "the people are still there");
    console.stop().await;
    let only_seen = copy("only-seen");
    for name in ["gatehouse.db", "gatehouse.key"] {
        fs::remove_file(only_seen.join(name)).unwrap();
    }
    assert!(refused(&only_seen).await.contains("is missing or empty"));
    // Where nothing is missing, the flag changes nothing.
    let complete = copy("complete");
    let console = Console::start_with(&complete, &["--begin-anew"]).await;
    assert_eq!((console.first_use.as_deref(), health(&console).await.0), (None, StatusCode::OK));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lock_is_on_the_folder_and_not_on_a_name_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let console = Console::start(&data).await;
    for file in fs::read_dir(&data).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|end| end == "lock") {
            fs::remove_file(path).unwrap();
        }
    }
    assert!(refused(&data).await.contains("Another Gatehouse is at work"));
    assert_eq!(health(&console).await.0, StatusCode::OK);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn rights_that_let_others_read_are_taken_away_or_said() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    Console::start(&data).await.stop().await;
    let open = |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    open(&data, 0o755);
    for name in ["gatehouse.db", "observed.db"] {
        open(&data.join(name), 0o644);
    }
    let console = Console::start(&data).await;
    let log = console.log();
    assert!(log.contains("can be entered by others (mode 755)"), "{log}");
    for name in ["gatehouse.db", "observed.db"] {
        let mode = fs::metadata(data.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{name}");
        assert!(log.contains(&format!("{name} could be read by others; now it cannot.")), "{log}");
    }
}

/// `ulimit -f`: the signal for it would end the process without a word.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_limit_on_the_size_of_files_is_an_error_and_no_end() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    lived_in(&data).await;
    let largest = fs::read_dir(&data).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).max().unwrap();
    // In the shell's blocks of 512 bytes; some hundred writes more fit.
    let console = Console::start_limited(&data, largest / 512 + 600).await;
    let mut ada = Browser::new(&console.base);
    ada.sign_in(crate::support::NAME, crate::support::PASSWORD).await;
    let mut answer = String::new();
    until("the limit is reached", async || {
        let sent =
            ada.send("/rpc/add_cluster", &[("title", ""), ("fqdn", &"x".repeat(3000)), ("appliance", "1")]).await;
        answer = sent.headers().get("location").map_or_else(String::new, |place| place.to_str().unwrap().to_owned());
        health(&console).await.0 != StatusCode::OK
    })
    .await;
    let (status, text) = health(&console).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(text.contains("a limit on the size of files"), "{text}");
    assert!(ada.page("/").await.contains("a limit on the size of files"), "it is still there, and says so");
    console.stop().await;
    let console = Console::start(&data).await;
    assert_eq!(health(&console).await.0, StatusCode::OK);
}
