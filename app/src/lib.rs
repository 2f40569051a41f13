//! What a person sees. Compiled twice: for the server (`ssr`: pages, server functions) and for the browser (`hydrate`:
//! the islands and nothing else).
//!
//! Pages are whole documents with plain links and forms. The browser's half knows no state words, no sorting and no
//! sentences: it makes elements as the server sends them. To add a page: a file under `pages/`, an address in `routes.rs`,
//! a line in `pages/router.rs`; to let it move: an id on the element, a key on what comes and goes in it, and a line in
//! `live`.

// A page is one type, as deep as its elements; the compiler's usual limit is reached by an ordinary table in a page.
#![recursion_limit = "256"]

#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!("`ssr` and `hydrate` are two halves of one program; build them apart (never --all-features)");

pub mod islands;

#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod ui;

#[cfg(feature = "ssr")]
pub mod cookies;
#[cfg(feature = "ssr")]
pub mod error;
#[cfg(feature = "ssr")]
pub mod live;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod rpc;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod stranger;
#[cfg(feature = "ssr")]
pub mod visitor;

#[cfg(feature = "ssr")]
pub use pages::router::Pages;

/// The browser's entry: called once by `boot.js`, and only on pages that have an island.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
