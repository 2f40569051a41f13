//! A page of ours where none of the console's can be drawn: a title, a sentence, and the way back.

use crate::http::{requests, site::Site};
use app::routes;
use axum::{
    extract::Request,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

/// What such a page tells of its request: its number, and the page of ours that it came from.
#[derive(Clone, Debug, Default)]
pub struct Told {
    request: String,
    back: Option<String>,
}

impl Told {
    pub fn of(request: &Request) -> Self {
        let referer = requests::header_text(request.headers(), header::REFERER.as_str());
        // Whatever host stands there: its path leads to a page of ours, or nowhere.
        let path = referer.parse::<Uri>().ok().map(|uri| uri.path().to_owned());
        let back = path.and_then(|path| routes::own_path(&path).map(str::to_owned));
        Self { request: requests::origin(request).request, back }
    }
}

impl Site {
    /// Neither title nor sentence may hold anything that came from outside.
    pub fn said(&self, status: StatusCode, title: &str, sentence: &str) -> Response {
        self.said_of(&Told::default(), status, title, sentence)
    }

    /// The same, with the request's number and the way back to its page.
    pub fn said_of(&self, told: &Told, status: StatusCode, title: &str, sentence: &str) -> Response {
        let (icon, style, home) = (&self.names.icons.plain, &self.names.style, routes::HOME);
        let back = told.back.as_ref().map_or_else(String::new, |path| format!("<a href=\"{path}\">Back</a> · "));
        let number = if told.request.is_empty() {
            String::new()
        } else {
            format!("<p class=\"sub\">The server's log knows this as request {}.</p>", told.request)
        };
        let page = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\"><title>{title} · Gatehouse</title>\
             <link rel=\"icon\" type=\"image/svg+xml\" href=\"/pkg/{icon}\"><link rel=\"stylesheet\" href=\"/pkg/{style}\"></head>\
             <body><header class=\"top\"><a class=\"brand\" href=\"{home}\">Gatehouse</a></header><main id=\"content\">\
             <h1>{title}</h1><p>{sentence}</p>{number}<p>{back}<a href=\"{home}\">All clusters</a></p></main></body></html>"
        );
        (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn the_way_back_is_to_a_page_of_ours() {
        let back = |referer: &str| {
            let request = http::Request::builder().header(header::REFERER, referer).body(Body::empty());
            Told::of(&request.unwrap()).back
        };
        assert_eq!(back("http://127.0.0.1:3000/clusters/1/setup/mdm?x=1").as_deref(), Some("/clusters/1/setup/mdm"));
        assert_eq!(back("https://evil.example/team").as_deref(), Some("/team"), "a path here, whoever wrote it");
        for nowhere in
            ["", "https://evil.example//evil.example", "javascript:alert(1)", "http://x/rpc/sign_out", "\"><h1>"]
        {
            assert_eq!(back(nowhere), None, "{nowhere}");
        }
    }
}
