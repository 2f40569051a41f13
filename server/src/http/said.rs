//! A page of ours where none of the console's can be drawn: a title, a sentence, and the way back.

use crate::http::router::Site;
use app::routes;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

impl Site {
    /// Neither title nor sentence may hold anything that came from outside.
    pub fn said(&self, status: StatusCode, title: &str, sentence: &str) -> Response {
        let (icon, style, home) = (&self.names.icons.plain, &self.names.style, routes::HOME);
        let page = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\"><title>{title} · Gatehouse</title>\
             <link rel=\"icon\" type=\"image/svg+xml\" href=\"/pkg/{icon}\"><link rel=\"stylesheet\" href=\"/pkg/{style}\"></head>\
             <body><header class=\"top\"><a class=\"brand\" href=\"{home}\">Gatehouse</a></header><main id=\"content\">\
             <h1>{title}</h1><p>{sentence}</p><p><a href=\"{home}\">All clusters</a></p></main></body></html>"
        );
        (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
    }
}
