//! The cookies that we give to a browser.

use http::{HeaderValue, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// How our cookies are called and guarded; decided by the server, which knows whether it is reached by TLS.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    pub secure: bool,
}

impl Cookies {
    /// The prefix makes a browser refuse the cookie from anywhere but this host over TLS.
    fn named(self, plain: &'static str, prefixed: &'static str) -> &'static str {
        if self.secure { prefixed } else { plain }
    }

    /// The session's token.
    pub fn session(self) -> &'static str {
        self.named("gatehouse", "__Host-gatehouse")
    }

    /// Whom the browser has been signed in as.
    pub fn device(self) -> &'static str {
        self.named("gatehouse-device", "__Host-gatehouse-device")
    }

    /// What a form before sign-in left in the browser, sealed.
    pub fn typed(self) -> &'static str {
        self.named("gatehouse-typed", "__Host-gatehouse-typed")
    }

    /// For our own pages alone, never for scripts. Without an age it goes with the browser.
    pub fn value(self, name: &str, value: &str, age: Option<u32>) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        let age = age.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")).ok()
    }

    pub fn set(self, name: &str, value: &str, age: Option<u32>) {
        if let (Some(response), Some(value)) = (use_context::<ResponseOptions>(), self.value(name, value, age)) {
            response.append_header(header::SET_COOKIE, value);
        }
    }

    /// The session goes on under another token.
    pub fn set_session(self, token: &str) {
        self.set(self.session(), token, None);
    }
}
