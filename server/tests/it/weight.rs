//! What goes over the wire: documents compressed, streams not, and nothing for the browser's half where it has nothing to do.

use crate::{
    form_tokens::drawn,
    support::{Browser, Console},
};
use flate2::read::GzDecoder;
use reqwest::{Response, header};
use std::io::Read as _;

/// All that a browser loads to sign in (DESIGN 8), in bytes.
const SIGN_IN: usize = 15_000;

fn encoding(response: &Response) -> Option<&str> {
    response.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap())
}

async fn unpacked(response: Response) -> String {
    let packed = response.bytes().await.unwrap();
    let mut text = String::new();
    GzDecoder::new(&packed[..]).read_to_string(&mut text).unwrap();
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_compressed_and_what_is_secret_in_them_is_another_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start(&folder.path().join("data")).await;
    let mut browser = Browser::new(&console.base);
    browser.first_use(console.first_use.as_deref().unwrap()).await;

    let whole = browser.page("/appliances/new").await;
    let response = browser.get_packed("/appliances/new").await;
    assert_eq!(encoding(&response), Some("gzip"));
    assert!(response.headers().get(header::VARY).is_some_and(|vary| vary == "accept-encoding"));
    let size = response.content_length();
    let page = unpacked(response).await;
    assert!(page.contains("Add an appliance") && page.contains("</html>"), "it is whole");
    assert!(size.is_none_or(|size| size < whole.len() as u64 / 2));
    // Who makes the length tell a guess finds another secret at the next one.
    let token = |page: &str| drawn(page, "/rpc/add_appliance").unwrap();
    assert_ne!(token(&page), token(&whole));
    assert!(!page.contains(browser.session().split('=').nth(1).unwrap()), "the session's key is in no document");

    let stream = browser.get_packed("/live?page=/").await;
    assert_eq!((stream.status().as_u16(), encoding(&stream)), (200, None), "parts of a stream do not wait");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_to_sign_in_loads_little_and_nothing_that_is_of_no_use_there() {
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start(&folder.path().join("data")).await;
    let mut browser = Browser::new(&console.base);
    browser.first_use(console.first_use.as_deref().unwrap()).await;
    let stranger = Browser::new(&console.base);

    let document = stranger.get_packed("/sign-in").await.bytes().await.unwrap();
    let page = stranger.page("/sign-in").await;
    assert!(!page.contains("leptos-island"), "there is nothing that the browser's half would wake");
    assert!(browser.page("/").await.contains("leptos-island"), "it wakes for who is signed in");
    let linked = page.split('"').filter(|part| part.starts_with("/pkg/") && !part.contains("/icon-"));
    let mut weight = document.len();
    for file in linked {
        let response = stranger.get_packed(file).await;
        assert_eq!(response.status().as_u16(), 200, "{file}");
        weight += response.bytes().await.unwrap().len();
    }
    assert!(weight <= SIGN_IN, "{weight} bytes");
    assert!(weight > 3_000, "the files were found: {weight} bytes");
}
