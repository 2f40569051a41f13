//! One page's stream: opened, watched, opened again. One tick a second decides everything, so that a tab that slept, a
//! server that hangs and a network that is gone all look the same: no word in time.

use super::{patch, sign::Sign, times};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    Document, Element, Event, EventSource, MessageEvent, RequestInit, Response, VisibilityState, Window,
    js_sys::{Date, Function, Math},
};

/// Two of the server's heartbeats (`server::http::live`), and a little for the way.
const NO_WORD: f64 = 25_000.0;
/// A stream that is asked for says something at once.
const FIRST_WORD: f64 = 10_000.0;
/// A connection that broke may be back before anybody has noticed.
const GRACE: f64 = 3_000.0;
/// A page that nobody sees asks so often how things stand, and holds no connection meanwhile: a browser has only six.
const HIDDEN_EVERY: f64 = 15_000.0;
/// Browsers let a hidden page's clock tick once a minute at worst.
const HIDDEN_NO_WORD: f64 = 90_000.0;
const LONGEST_WAIT: f64 = 15_000.0;

struct Follow {
    window: Window,
    document: Document,
    stream: String,
    sign: Sign,
    source: RefCell<Option<EventSource>>,
    /// The one who hears every event of every stream.
    ear: RefCell<Option<Function>>,
    /// The server's clock, less ours.
    ahead: Cell<f64>,
    heard: Cell<f64>,
    /// By then there must be another word.
    deadline: Cell<f64>,
    /// When to ask again, while nothing is open.
    ask_at: Cell<f64>,
    failures: Cell<i32>,
    stale: Cell<bool>,
    /// Something was heard: there was something to follow.
    followed: Cell<bool>,
    /// What the reader has opened, by key: what goes and comes again comes open.
    opened: RefCell<Vec<String>>,
    /// There is nothing to follow, or the page is being left.
    over: Cell<bool>,
}

pub fn start(stream: String, still: bool, server: i64) {
    let Some(window) = web_sys::window() else { return };
    let Some(document) = window.document() else { return };
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970")]
    let ahead = server as f64 - Date::now();
    times::show_all(&document, Date::now() + ahead);
    mark(&document, "data-hydrated", "true");
    if still {
        mark(&document, "data-still", "true");
    }
    let over = stream.is_empty();
    let follow = Rc::new(Follow {
        sign: Sign::new(document.clone()),
        window: window.clone(),
        document: document.clone(),
        stream,
        source: RefCell::default(),
        ear: RefCell::default(),
        ahead: Cell::new(ahead),
        heard: Cell::new(Date::now()),
        deadline: Cell::new(Date::now() + NO_WORD),
        ask_at: Cell::new(0.0),
        failures: Cell::new(0),
        stale: Cell::new(false),
        followed: Cell::new(false),
        opened: RefCell::default(),
        over: Cell::new(over),
    });
    let ear = {
        let follow = follow.clone();
        Closure::<dyn Fn(Event)>::new(move |event| follow.hear(&event))
    };
    *follow.ear.borrow_mut() = Some(ear.into_js_value().unchecked_into());
    let tick = {
        let follow = follow.clone();
        Closure::<dyn Fn()>::new(move || follow.tick()).into_js_value()
    };
    let tick: &Function = tick.unchecked_ref();
    let _ = window.set_interval_with_callback_and_timeout_and_arguments_0(tick, 1_000);
    let wake = {
        let follow = follow.clone();
        Closure::<dyn Fn()>::new(move || follow.wake()).into_js_value()
    };
    let wake: &Function = wake.unchecked_ref();
    let _ = document.add_event_listener_with_callback("visibilitychange", wake);
    let _ = window.add_event_listener_with_callback("online", wake);
    let toggled = Closure::<dyn Fn(Event)>::new({
        let follow = follow.clone();
        move |event: Event| follow.toggled(&event)
    });
    // It does not bubble.
    let toggled = toggled.into_js_value();
    let _ = document.add_event_listener_with_callback_and_bool("toggle", toggled.unchecked_ref(), true);
    let leave = Closure::<dyn Fn()>::new({
        let follow = follow.clone();
        move || follow.close()
    });
    let _ = window.add_event_listener_with_callback("pagehide", leave.into_js_value().unchecked_ref());
    follow.tick();
}

impl Follow {
    fn server_now(&self) -> f64 {
        Date::now() + self.ahead.get()
    }

    fn hidden(&self) -> bool {
        self.document.visibility_state() == VisibilityState::Hidden
    }

    fn tick(self: &Rc<Self>) {
        if !self.hidden() {
            times::tick(&self.document, self.server_now());
        }
        if self.over.get() {
            return;
        }
        let now = Date::now();
        // A clock that was set back proves as little as one that ran on.
        let late = now > self.deadline.get() || now < self.heard.get() - 1_000.0;
        if late {
            self.go_stale();
        }
        let open = self.source.borrow().is_some();
        if open && late {
            self.fail();
        } else if !open && now >= self.ask_at.get() {
            self.open();
        }
    }

    /// Shown again, online again, or back from a sleep: whatever was waited for is asked for now.
    fn wake(self: &Rc<Self>) {
        if self.over.get() {
            return;
        }
        // What was heard in the hidden way is not what is followed in the open, and the other way round.
        self.close();
        self.failures.set(0);
        self.ask_at.set(0.0);
        self.tick();
    }

    fn open(self: &Rc<Self>) {
        let address = if self.hidden() { self.stream.clone() + "&glance=1" } else { self.stream.clone() };
        let now = Date::now();
        self.deadline.set(self.deadline.get().min(now + FIRST_WORD));
        let Ok(source) = EventSource::new(&address) else { return };
        if let Some(ear) = &*self.ear.borrow() {
            for name in ["beat", "replace", "patch", "sign", "reload", "error"] {
                let _ = source.add_event_listener_with_callback(name, ear);
            }
        }
        *self.source.borrow_mut() = Some(source);
    }

    fn close(&self) {
        if let Some(source) = self.source.take() {
            source.close();
        }
    }

    /// Asked again later, each time a little later; not by all tabs at once.
    fn fail(&self) {
        self.close();
        let failures = self.failures.get();
        self.failures.set(failures + 1);
        let wait = (500.0 * f64::from(1 << failures.min(8))).min(LONGEST_WAIT);
        self.ask_at.set(Date::now() + wait * (0.75 + Math::random() / 2.0));
    }

    fn hear(self: &Rc<Self>, event: &Event) {
        let ours = match (&*self.source.borrow(), event.target()) {
            (Some(source), Some(target)) => target.loose_eq(source),
            _ => false,
        };
        // An older stream's last words.
        if !ours {
            return;
        }
        if event.type_() == "error" {
            return self.broken();
        }
        let Some(data) = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string()) else { return };
        self.word();
        match event.type_().as_str() {
            "beat" => {
                if let Ok(server) = data.parse::<f64>() {
                    self.ahead.set(server - Date::now());
                }
            }
            "replace" => {
                patch::replace(&self.document, &data, self.server_now());
                self.open_again();
            }
            "patch" => {
                let done = patch::patch(&self.document, &data, self.server_now());
                self.open_again();
                if done.is_none() {
                    self.close();
                    self.ask_at.set(0.0);
                }
            }
            "sign" => {
                self.sign.hear(&data);
                if self.hidden() {
                    // That was all that a hidden page wants to know.
                    self.close();
                    self.ask_at.set(Date::now() + HIDDEN_EVERY);
                }
            }
            // The session ended, or the page's object is gone: the server's own page says which.
            "reload" => self.reload(),
            _ => {}
        }
    }

    fn toggled(&self, event: &Event) {
        let Some(details) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let Some(key) = details.get_attribute("data-key") else { return };
        let mut opened = self.opened.borrow_mut();
        opened.retain(|known| *known != key);
        if details.has_attribute("open") {
            opened.push(key);
        }
    }

    fn open_again(&self) {
        for key in &*self.opened.borrow() {
            let shut = "details:not([open])[data-key=\"".to_owned() + key + "\"]";
            if let Ok(Some(details)) = self.document.query_selector(&shut) {
                let _ = details.set_attribute("open", "");
            }
        }
    }

    fn word(&self) {
        let now = Date::now();
        self.heard.set(now);
        self.followed.set(true);
        self.failures.set(0);
        self.deadline.set(now + if self.hidden() { HIDDEN_NO_WORD } else { NO_WORD });
        mark(&self.document, "data-live", "on");
        if self.stale.replace(false) {
            self.sign.show_heard();
        }
    }

    fn go_stale(&self) {
        if self.stale.replace(true) {
            return;
        }
        mark(&self.document, "data-live", "stale");
        let since = Date::new(&JsValue::from_f64(self.heard.get() + self.ahead.get()));
        self.sign.show_stale(&since.to_iso_string().as_string().unwrap_or_default());
    }

    /// The connection is gone, or the answer was no stream. Which of both an event source does not say.
    fn broken(self: &Rc<Self>) {
        let refused = self.source.borrow().as_ref().is_some_and(|source| source.ready_state() == EventSource::CLOSED);
        self.fail();
        self.deadline.set(self.deadline.get().min(Date::now() + GRACE));
        if refused {
            self.ask_why();
        }
    }

    /// 204: nothing is to follow, and where something was, it is gone meanwhile, which the page must show. Led elsewhere:
    /// nobody is signed in any more. Anything else may pass.
    fn ask_why(self: &Rc<Self>) {
        let how = RequestInit::new();
        how.set_method("HEAD");
        let follow = self.clone();
        let told = Closure::once_into_js(move |answer: JsValue| {
            let Ok(answer) = answer.dyn_into::<Response>() else { return };
            let gone = answer.status() == 204;
            if gone && !follow.followed.get() {
                follow.over.set(true);
                follow.close();
            } else if gone || answer.redirected() || answer.status() == 401 {
                follow.reload();
            }
        });
        let unheard = Closure::once_into_js(|_: JsValue| {});
        let asked: JsValue = self.window.fetch_with_str_and_init(&self.stream, &how).into();
        // `then` by its name: its types are more than is needed here.
        if let Ok(then) = web_sys::js_sys::Reflect::get(&asked, &"then".into()) {
            let _ = then.unchecked_ref::<Function>().call2(&asked, &told, &unheard);
        }
    }

    fn reload(&self) {
        self.over.set(true);
        self.close();
        let _ = self.window.location().reload();
    }
}

fn mark(document: &Document, name: &str, value: &str) {
    if let Some(root) = document.document_element() {
        let _ = root.set_attribute(name, value);
    }
}
