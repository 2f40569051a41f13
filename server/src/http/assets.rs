//! The site's files: embedded, precompressed, named by their content and therefore cached for ever.

use app::shell::{Icons, SiteNames};
use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

/// Where the files are; `app::shell` links to them there.
pub const PATH: &str = "/pkg/";

/// The site of our own profile; mixed pairs could fail to wake their islands.
#[cfg(debug_assertions)]
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site-dev"]
#[allow_missing = true]
struct Site;

#[cfg(not(debug_assertions))]
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site-release"]
#[allow_missing = true]
struct Site;

/// What the document links to, as `cargo xtask site` wrote it down. `None`: the binary was built without its site.
pub fn names() -> Option<SiteNames> {
    let file = Site::get("names.txt")?;
    let text = std::str::from_utf8(&file.data).ok()?;
    let name = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=').map(str::to_owned));
    let icons = Icons {
        plain: name("icon")?,
        good: name("icon-good")?,
        warn: name("icon-warn")?,
        bad: name("icon-bad")?,
        unknown: name("icon-unknown")?,
        stale: name("icon-stale")?,
    };
    Some(SiteNames { boot: name("boot")?, style: name("style")?, icons })
}

/// `GET /pkg/{name}`.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some((file, encoding)) = best(&name, accepted) else {
        return (StatusCode::NOT_FOUND, "There is no such file.").into_response();
    };
    let mut response = file.data.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(media_type(&name)));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, header::HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, header::HeaderValue::from_static(encoding));
    }
    response
}

fn best(name: &str, accepted: &str) -> Option<(EmbeddedFile, Option<&'static str>)> {
    // The twins and the list of names are no pages of their own.
    if name == "names.txt" || [".br", ".gz"].iter().any(|twin| name.ends_with(twin)) {
        return None;
    }
    let takes =
        |encoding: &str| accepted.split(',').any(|word| word.split(';').next().map(str::trim) == Some(encoding));
    let twin = |encoding: &'static str, ending: &str| {
        takes(encoding).then(|| Site::get(&format!("{name}.{ending}"))).flatten().map(|file| (file, Some(encoding)))
    };
    twin("br", "br").or_else(|| twin("gzip", "gz")).or_else(|| Site::get(name).map(|file| (file, None)))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
