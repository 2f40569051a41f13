//! `gatehouse backup` under load and `gatehouse restore` elsewhere, by the real binary.

use crate::support::{Browser, Console, NAME, PASSWORD, PROGRAM, lab, until};
use std::{
    fs,
    path::Path,
    process::Output,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};
use tokio::process::Command;

/// How many copies are taken while others write, and restored.
const COPIES: usize = 3;

async fn gatehouse(words: &[&str], data: &Path) -> Output {
    Command::new(PROGRAM).args(words).arg("--data").arg(data).output().await.unwrap()
}

async fn done(words: &[&str], data: &Path) -> String {
    let output = gatehouse(words, data).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

async fn refused(words: &[&str], data: &Path) -> String {
    let output = gatehouse(words, data).await;
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

/// `everything up to record 17`.
fn newest(said: &str) -> usize {
    let number = said.split("up to record ").nth(1).unwrap().split(',').next().unwrap();
    number.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_taken_while_others_write_is_whole_and_opens_elsewhere_with_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().join("data");
    let lab = lab().await;
    let console = Console::start(&here).await;
    let mut browser = Browser::new(&console.base);
    browser.first_use(console.first_use.as_deref().unwrap()).await;
    browser.add_appliance(&lab).await;
    browser.led("/rpc/add_cluster", &[("title", "Berlin"), ("fqdn", "xms.example.com"), ("appliance", "1")]).await;

    let (over, saved) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let load = tokio::spawn({
        let (browser, over, saved) = (browser.clone(), over.clone(), saved.clone());
        async move {
            while !over.load(Ordering::Relaxed) {
                let nodes = format!("10.20.30.11 xms{:03}", saved.fetch_add(1, Ordering::Relaxed) % 1_000);
                browser.led("/rpc/save_nodes", &[("cluster", "1"), ("intent", "save"), ("nodes", &nodes)]).await;
            }
        }
    });
    let mut copies = Vec::new();
    for number in 0..COPIES {
        let before = saved.load(Ordering::Relaxed);
        until("more was written", async || saved.load(Ordering::Relaxed) > before + 2).await;
        let copy = folder.path().join(format!("copy-{number}.db"));
        let said = done(&["backup", copy.to_str().unwrap()], &here).await;
        assert!(said.contains("The key is not in it") && said.contains("gatehouse.key"), "{said}");
        copies.push((copy, newest(&said)));
    }
    over.store(true, Ordering::Relaxed);
    load.await.unwrap();
    assert!(copies.is_sorted_by(|(_, one), (_, next)| one < next), "each has what came meanwhile: {copies:?}");

    for (copy, newest) in copies {
        let there = folder.path().join(format!("restored-{newest}")).join("data");
        let said = done(&["restore", copy.to_str().unwrap()], &there).await;
        assert!(said.contains(&format!("up to record {newest}")) && said.contains("There is no key at"), "{said}");
        let refusal = refused(&["serve", "--listen", "127.0.0.1:0"], &there).await;
        assert!(refusal.contains("gatehouse.key"), "it does not begin without the key in silence: {refusal}");
        fs::copy(here.join("gatehouse.key"), there.join("gatehouse.key")).unwrap();
        let restored = Console::start(&there).await;
        let again = Browser::with_session(&restored.base, browser.session()).get("/").await;
        assert!(again.status().is_redirection(), "whoever was signed in then signs in again");
        let mut visitor = Browser::new(&restored.base);
        visitor.sign_in(NAME, PASSWORD).await;
        let record = |page: &str| page.split("<h1>").nth(1).unwrap().split("</dl>").next().unwrap().to_owned();
        let address = format!("/audit/{newest}");
        assert_eq!(record(&visitor.page(&address).await), record(&browser.page(&address).await));
        // The appliance's password opens with the key, and the appliance takes it.
        until("the appliance was seen", async || visitor.page("/appliances/1").await.contains(">answers<")).await;
        restored.stop().await;
    }
    console.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_replaced_by_mistake_and_nothing_by_what_is_no_copy() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().join("data");
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let copy = file("copy.db");
    assert!(refused(&["backup", &copy], &here).await.contains("There is no data of Gatehouse"));
    let lab = lab().await;
    let console = Console::start(&here).await;
    let mut browser = Browser::new(&console.base);
    browser.first_use(console.first_use.as_deref().unwrap()).await;
    browser.add_appliance(&lab).await;
    done(&["backup", &copy], &here).await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600, "for its owner alone");
    }
    assert!(refused(&["backup", &copy], &here).await.contains("is there already"));
    let running = refused(&["restore", &copy, "--replace"], &here).await;
    assert!(running.contains("Another Gatehouse"), "{running}");
    console.stop().await;
    assert!(refused(&["restore", &copy], &here).await.contains("--replace"));

    let nonsense = file("nonsense.db");
    fs::write(&nonsense, [7; 9_000]).unwrap();
    refused(&["restore", &nonsense, "--replace"], &here).await;
    let mut damaged = fs::read(&copy).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 3_000].fill(0xA5);
    fs::write(&nonsense, damaged).unwrap();
    refused(&["restore", &nonsense, "--replace"], &here).await;
    assert!(!here.join("gatehouse.db.aside-1").exists(), "what was refused has moved nothing");

    // Restored beside another key: what it does not open is said at once, and at each start.
    fs::write(here.join("gatehouse.key"), [9; 32]).unwrap();
    let said = done(&["restore", &copy, "--replace"], &here).await;
    assert!(said.contains("Lab: enter the password of nsroot again"), "{said}");
    assert!(here.join("gatehouse.db.aside-1").exists(), "what was there is kept: {said}");
    let console = Console::start(&here).await;
    until("it says so", async || console.log().contains("Lab: enter the password of nsroot again")).await;
    let mut browser = Browser::new(&console.base);
    browser.sign_in(NAME, PASSWORD).await;
    assert!(browser.page("/appliances").await.contains("Lab"), "all the rest is there");
    console.stop().await;
}

/// A console that was cut off leaves the newest records in the write-ahead log, and they belong to the database wherever it goes.
#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_log_beside_a_database_goes_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = (folder.path().join("data"), folder.path().join("there"));
    let console = Console::start(&here).await;
    let mut browser = Browser::new(&console.base);
    browser.first_use(console.first_use.as_deref().unwrap()).await;
    let copy = folder.path().join("copy.db");
    let before = newest(&done(&["backup", copy.to_str().unwrap()], &here).await);
    for _ in 0..3 {
        Browser::new(&console.base).sign_in(NAME, PASSWORD).await;
    }
    console.kill().await;
    assert!(fs::metadata(here.join("gatehouse.db-wal")).unwrap().len() > 0, "it was cut off");

    // Whatever rights the copy has, what is made of it is for its owner alone.
    #[cfg(unix)]
    fs::set_permissions(&copy, std::os::unix::fs::PermissionsExt::from_mode(0o444)).unwrap();
    let said = done(&["restore", copy.to_str().unwrap(), "--replace"], &here).await;
    assert_eq!(newest(&said), before);
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(here.join("gatehouse.db")).unwrap().permissions())
            & 0o777,
        0o600
    );
    let aside = here.join("gatehouse.db.aside-1");
    assert!(here.join("gatehouse.db.aside-1-wal").exists(), "{said}");
    let said = done(&["restore", aside.to_str().unwrap()], &there).await;
    assert!(newest(&said) >= before + 3, "nothing of what was put aside is lost: {said}");
}
