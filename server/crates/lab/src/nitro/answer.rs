//! Answers and their framing: status with its exact words, headers of a real appliance, JSON with blanks.

use crate::{
    json::{Item, Json},
    refusal::{Refusal, done, reason},
};
use futures::{StreamExt, stream};
use http::{HeaderValue, Response, header};
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::{
    body::{Bytes, Frame},
    ext::ReasonPhrase,
};
use std::future::ready;

pub(super) type Body = BoxBody<Bytes, std::io::Error>;

/// What goes back to a client.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub status: u16,
    /// The code in the body, or 0 for the empty body of a success; nothing when the answer is not NITRO's.
    pub errorcode: Option<u16>,
    pub body: String,
    pub html: bool,
    pub headers: Vec<(&'static str, String)>,
}

/// How an answer is spoilt on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Damage {
    #[default]
    None,
    /// Half a JSON text, though the HTTP message is whole.
    Malformed,
    /// The HTTP message promises more than comes.
    Truncated,
    /// JSON that says it is HTML.
    Mislabelled,
}

/// Headers of every answer, as captured from 13.x (`nitro.md` 1.2).
const HEADERS: &[(&str, &str)] = &[
    ("Server", "Apache"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Expires", "Thu, 19 Nov 1981 08:52:00 GMT"),
    ("Cache-Control", "no-store, no-cache, must-revalidate, post-check=0, pre-check=0"),
    ("Pragma", "no-cache"),
    ("Referrer-Policy", "no-referrer"),
    ("Feature-Policy", "camera 'none'; microphone 'none'; geolocation 'none'"),
    ("X-XSS-Protection", "1; mode=block"),
    ("X-Content-Type-Options", "nosniff"),
];

impl Answer {
    /// A write that worked: nothing in the body.
    pub fn empty(status: u16) -> Self {
        Self { status, errorcode: Some(0), body: String::new(), html: false, headers: Vec::new() }
    }

    /// A read that worked; `key` is left out when there is nothing to show.
    pub fn found(key: &'static str, value: Option<Json>) -> Self {
        let mut item = done();
        if let Some(value) = value {
            item = item.with(key, value);
        }
        Self::item(200, 0, &item)
    }

    /// What there is: a GET of `/config` or `/stat` with nothing behind it.
    pub fn listing(statistics: bool, names: impl Iterator<Item = &'static str>) -> Self {
        let objects = Item::default().with("objects", Json::List(names.map(Json::from).collect()));
        let key = if statistics { "statobjects" } else { "configobjects" };
        Self::item(200, 0, &done().with(key, Json::Object(objects)))
    }

    /// The older form of a success, for clients that read every answer.
    pub fn with_text(self) -> Self {
        Self { body: done().to_string(), ..self }
    }

    pub fn item(status: u16, errorcode: u16, item: &Item) -> Self {
        Self { errorcode: Some(errorcode), body: item.to_string(), ..Self::empty(status) }
    }

    pub fn refused(refusal: &Refusal) -> Self {
        Self::item(refusal.status(), refusal.code, &refusal.item())
    }

    /// What the web server in front says when NITRO itself is not there.
    pub fn page(status: u16, title: &str) -> Self {
        let body = format!(
            "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>{status} {title}</title>\n\
             </head><body>\n<h1>{title}</h1>\n</body></html>\n"
        );
        Self { errorcode: None, body, html: true, ..Self::empty(status) }
    }

    /// The HTTP message.
    pub fn respond(self, damage: Damage) -> Response<Body> {
        let html = self.html || damage == Damage::Mislabelled;
        let mut text = self.body;
        if text.is_empty() && damage != Damage::None {
            // An empty body cannot be broken; the older form of a success can.
            text = done().to_string();
        }
        let half = text.len() / 2;
        let whole = text.len();
        let bytes = Bytes::from(text);
        let body: Body = match damage {
            Damage::None | Damage::Mislabelled => full(bytes),
            Damage::Malformed => full(bytes.slice(..half)),
            Damage::Truncated => {
                let begin = stream::once(ready(Ok(Frame::data(bytes.slice(..half)))));
                // The pause lets hyper send what it has before it hears of the end.
                let end = stream::once(async {
                    tokio::task::yield_now().await;
                    Err(std::io::Error::other("cut by a fault"))
                });
                BodyExt::boxed(StreamBody::new(begin.chain(end)))
            }
        };
        let mut response = Response::new(body);
        *response.status_mut() = http::StatusCode::from_u16(self.status).unwrap_or_default();
        response.extensions_mut().insert(ReasonPhrase::from_static(reason(self.status)));
        let headers = response.headers_mut();
        for (name, value) in HEADERS {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        let kind = if html { "text/html; charset=iso-8859-1" } else { "application/json; charset=utf-8" };
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if damage == Damage::Truncated {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole));
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.append(name, value);
            }
        }
        response
    }
}

fn full(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed()
}
