//! The console's own way is cut: what it looks at is all there, and nothing of it answers.

use crate::support::{Browser, Console, lab, until};

const SAID: &str = "Neither of the two appliances that are asked answers.";

#[tokio::test(flavor = "multi_thread")]
async fn where_everything_is_cut_off_the_pages_say_so_once_and_open_ones_hear_of_it() {
    let (one, two, folder) = (lab().await, lab().await, tempfile::tempdir().unwrap());
    let console = Console::start(&folder.path().join("data")).await;
    let mut ada = Browser::new(&console.base);
    ada.first_use(console.first_use.as_deref().unwrap()).await;
    ada.add_appliance(&one).await;
    let proxy = two.description().socks.clone();
    ada.add_appliance_by(&two, "Lab 2", "https://10.0.0.10", ("socks5", &proxy)).await;
    ada.plan_mdm().await;
    let run = ada.led("/rpc/apply", &[("cluster", "1"), ("plan", "1")]).await;
    until("the run has ended", async || ada.page(&run).await.contains("data-status=\"succeeded\"")).await;

    // One alone may be its own trouble.
    drop(one);
    let unread = "The NetScaler cannot be read";
    until("it is seen no more", async || ada.page("/").await.contains(unread)).await;
    for path in ["/", "/clusters/1"] {
        let page = ada.page(path).await;
        assert!(!page.contains(SAID) && page.contains(unread), "{path}: {page}");
    }

    let mut stream = ada.get("/live?page=/clusters/1").await;
    Browser::event(&mut stream, |event| event.contains("cluster-verdict")).await;
    drop(two);
    Browser::event(&mut stream, |event| event.contains(SAID)).await;
    for path in ["/", "/clusters/1"] {
        let page = ada.page(path).await;
        assert_eq!(page.matches(SAID).count(), 1, "{path}: {page}");
        assert!(page.contains("The last answer came <time") && page.contains("firewall or proxy"), "{path}: {page}");
    }
    let home = ada.page("/").await;
    assert!(home.contains("One cluster is not known for this reason alone.") && !home.contains(unread), "{home}");
    assert!(ada.page("/clusters/1").await.contains(unread), "its own page still says what was tried");
}
