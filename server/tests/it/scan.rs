//! A scan of the whole console, as somebody would who looks for a hole: every page, door and other address that the program
//! has, with headers, cookies, methods, bodies and encodings that nobody sends by accident, signed in and not, whole and in
//! pieces. Whatever comes: no 500, no panic, nothing of the program's inside, nobody led elsewhere, and an answer in time.
//!
//! `cargo xtask test` does a little of it; `cargo xtask soak doors` sets `FUZZ_TIMES` and `FUZZ_SEED`.

use crate::{
    form_tokens,
    routes::{Town, doors, pages},
    support::{Browser, PASSWORD, token},
    wire::{Answer, How, address, said},
};
use std::{fmt::Write as _, time::Duration};

/// Requests to each address in a test.
const ROUNDS: u64 = 6;
/// For a debug build beside other tests.
const IN_TIME: Duration = Duration::from_secs(15);

/// Seeded chance (xorshift64*): the same seed finds the same.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % end
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    fn rarely(&mut self) -> bool {
        self.below(6) == 0
    }
}

const METHODS: &[&str] =
    &["GET", "GET", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", "get"];
const KINDS: &[&str] = &[
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data",
    "multipart/form-data; boundary=zzz",
    "multipart/form-data; boundary=\"\"",
    "multipart/form-data; boundary=zzz; boundary=yyy",
    "application/json",
    "text/plain",
    "\u{ff}",
    "",
];
const ACCEPTS: &[&str] =
    &["text/html", "text/html", "application/json", "*/*", "text/html;q=x,,,", "text/event-stream"];
const FROM: &[&str] = &[
    "sec-fetch-site: same-origin",
    "sec-fetch-site: same-origin",
    "sec-fetch-site: cross-site",
    "origin: null",
    "x: y",
];
const REFERERS: &[&str] = &[
    "https://evil.example/clusters/1",
    "//evil.example",
    "javascript:alert(1)",
    "http://127.0.0.1/clusters/1/setup",
    "\u{7f}",
];
const FIELDS: &[&str] = &[
    "cluster",
    "plan",
    "run",
    "version",
    "appliance",
    "person",
    "record",
    "token",
    "name",
    "password",
    "old",
    "title",
    "fqdn",
    "nodes",
    "vip",
    "intent",
    "address",
    "scope",
    "clusters[]",
    "clusters[0]",
    "to",
    "text",
    "session",
    "a[b][c][d][e][f]",
    "%00",
    "",
    "once",
    "role",
    "step",
    "object",
    "confirm",
];
const VALUES: &[&str] = &[
    "1",
    "0",
    "-1",
    "99",
    "abc",
    "1.5",
    "99999999999999999999",
    "%00",
    "%ff",
    "%zz",
    "%",
    "",
    "+",
    "%0d%0aset-cookie:%20a=b",
    "%3C/title%3E%3Cscript%3E",
    "../../etc/passwd",
    "//evil.example",
    "https%3A%2F%2Fevil.example",
    "%f0%9f%92%a9",
    "NaN",
];
const QUERIES: &[&str] = &[
    "",
    "",
    "?",
    "?to=//evil.example",
    "?page=/clusters/1",
    "?page=%ff",
    "?glance=x",
    "?__err=e30%3D&__path=x",
    "?from=soon",
    "?before=99999999999999999999",
    "?text=%22%27*%28",
    "?a=b=c&&&",
    "?appliance=abc",
    "?%ff=%fe",
];
/// What nobody is to see: the program's inside.
const INSIDE: &[&str] = &[
    "panicked",
    ".rs:",
    "stack backtrace",
    "RUST_BACKTRACE",
    "deserializ",
    "serde",
    "SQLITE",
    "sqlx",
    "Err(",
    "Error {",
    "/root/",
    "registry/src",
    "server function",
];

struct Scan {
    base: String,
    chance: Chance,
    /// Of nobody, made up, and of people.
    cookies: Vec<String>,
    asked: u64,
    slowest: Duration,
}

impl Scan {
    fn request(&mut self, path: &str) -> (String, Vec<u8>) {
        let chance = &mut self.chance;
        let method = chance.one(METHODS);
        let mut target = if chance.rarely() { mangled(chance, path) } else { path.to_owned() };
        target.push_str(chance.one(QUERIES));
        let host =
            if chance.rarely() { chance.one(&["evil.example", "", "a b", "[::1]:1"]) } else { address(&self.base) };
        let mut head = format!("{method} {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
        let cookie = &self.cookies[chance.below(self.cookies.len())];
        // The session of whoever asks is to outlast the scan.
        let ends = path == "/rpc/sign_out" && !cookie.is_empty();
        let from = if ends { "sec-fetch-site: cross-site" } else { chance.one(FROM) };
        let _ = write!(head, "cookie: {cookie}\r\naccept: {}\r\n{from}\r\n", chance.one(ACCEPTS));
        if chance.rarely() {
            let _ = write!(head, "referer: {}\r\n", chance.one(REFERERS));
        }
        if chance.rarely() {
            head.push_str(chance.one(&[
                "accept-encoding: br;q=x, gzip\r\n",
                "content-encoding: gzip\r\n",
                "x-http-method-override: DELETE\r\n",
                "x-forwarded-for: 10.0.0.1\r\n",
                "x-forwarded-host: evil.example\r\n",
                "expect: 100-continue\r\n",
                "upgrade: websocket\r\nconnection: upgrade\r\n",
                "range: bytes=0-1\r\n",
                "if-none-match: *\r\n",
                "host: second\r\n",
                "cookie: gatehouse=\u{e9}\r\n",
                "te: trailers\r\n",
                "accept-language: \u{202e}\r\n",
            ]));
        }
        let _ = write!(head, "content-type: {}\r\n", chance.one(KINDS));
        // Of one of the three who ask, so that what is sent is often dealt with.
        let person = i64::try_from(1 + chance.below(3)).unwrap();
        let body = body(chance, &form_tokens::made(&self.base, path, Some(person)));
        (self.framed(head, &body), body)
    }

    /// How long the body is said to be, which may be a lie.
    fn framed(&mut self, mut head: String, body: &[u8]) -> String {
        let length = body.len();
        match self.chance.below(12) {
            0 => head.push_str("transfer-encoding: chunked\r\n"),
            1 => {
                let _ = write!(head, "content-length: {length}\r\ntransfer-encoding: chunked\r\n");
            }
            2 => {
                let _ = write!(head, "content-length: {length}\r\ncontent-length: {}\r\n", length + 1);
            }
            3 => head.push_str("content-length: -1\r\n"),
            4 => head.push_str("content-length: 99999999999999999999\r\n"),
            5 => head.push_str("content-length: 104857600\r\n"),
            _ => {
                let _ = write!(head, "content-length: {length}\r\n");
            }
        }
        head.push_str("\r\n");
        head
    }

    async fn send(&mut self, path: &str) {
        let (head, body) = self.request(path);
        let whole = [head.as_bytes(), &body].concat();
        let shown = String::from_utf8_lossy(&whole[..whole.len().min(600)]).into_owned();
        // Now and then in pieces, each in a packet of its own.
        let size = if self.chance.rarely() { 1 + self.chance.below(40) } else { whole.len() };
        let most = if size < 41 { whole.len().min(4_000) } else { whole.len() };
        self.asked += 1;
        // What waits for more would wait for its time-out, which has a test of its own.
        let leaves = most < whole.len() || head.contains("chunked");
        let answer = said(&self.base, whole[..most].chunks(size), How { leaves, head_only: head.starts_with("HEAD ") })
            .await
            .unwrap_or_else(|error| panic!("{error}: {shown}"));
        // Closed without a word: what was said was no request, or not to its end.
        if let Some(answer) = answer {
            self.slowest = self.slowest.max(answer.took);
            holds(&answer, &shown);
        }
    }
}

/// Head and body without what is chance: in a hundred thousand nonces there is every short word once.
fn without_chance(answer: &Answer) -> (String, String) {
    let nonce = answer.head.split_once("'nonce-").and_then(|(_, rest)| rest.split_once('\''));
    let plain = |text: &str| nonce.map_or_else(|| text.to_owned(), |(nonce, _)| text.replace(nonce, ""));
    let sealed = |line: &&str| line.to_ascii_lowercase().starts_with("set-cookie:");
    let head: Vec<&str> = answer.head.lines().filter(|line| !sealed(line)).collect();
    (plain(&head.join("\n")), plain(&answer.body))
}

fn holds(answer: &Answer, shown: &str) {
    let told = || format!("{}\n{}\nto\n{shown}", answer.head, answer.body.chars().take(1_500).collect::<String>());
    assert!((200..500).contains(&answer.status), "{}", told());
    assert!(answer.took < IN_TIME, "{:?}: {}", answer.took, told());
    let (head, body) = without_chance(answer);
    for word in INSIDE {
        assert!(!head.contains(word) && !body.contains(word), "{word}: {}", told());
    }
    if let Some(place) = answer.header("location") {
        assert!(place.starts_with('/') && !place.starts_with("//") && !place.contains('\\'), "{place}: {}", told());
        assert!(!place.contains("__err"), "{}", told());
    }
    for line in answer.head.lines().filter(|line| line.to_ascii_lowercase().starts_with("set-cookie:")) {
        assert!(line.contains("HttpOnly") && line.contains("gatehouse"), "{line}: {}", told());
    }
    // The library of HTTP answers by itself what is none; all else has our headers.
    let ours = answer.header("x-content-type-options") == Some("nosniff");
    assert!(ours || [400, 414, 431].contains(&answer.status), "{}", told());
}

fn mangled(chance: &mut Chance, path: &str) -> String {
    match chance.below(9) {
        0 => format!("{path}/"),
        1 => format!("/{path}"),
        2 => path.replace('1', "99999999999999999999"),
        3 => path.replace('1', "%ff"),
        4 => path.replace('1', "%2e%2e%2f"),
        5 => format!("{path}%00"),
        6 => format!("http://evil.example{path}"),
        7 => format!("{path}/{}", "x".repeat(5_000)),
        _ => path.to_uppercase(),
    }
}

fn body(chance: &mut Chance, token: &str) -> Vec<u8> {
    let fields = |chance: &mut Chance, count: usize| {
        let mut text = format!("token={token}");
        for _ in 0..count {
            let _ = write!(text, "&{}={}", chance.one(FIELDS), chance.one(VALUES));
        }
        text
    };
    let part = |name: &str, value: &str| {
        format!("--zzz\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"x\"\r\n\r\n{value}\r\n")
    };
    match chance.below(14) {
        0 => Vec::new(),
        1 => (0..chance.below(3_000)).map(|_| u8::try_from(chance.next() & 0xff).unwrap()).collect(),
        2 => "&".repeat(3_000).into_bytes(),
        3 => "a[".repeat(3_000).into_bytes(),
        4 => fields(chance, 800).into_bytes(),
        5 => format!("{}{}--zzz--\r\n", part("cluster", "1"), part("certificate", "\u{0}")).into_bytes(),
        6 => format!("{}{}", part("cluster", "abc"), part("key", "never ended")).into_bytes(),
        7 => [b"x".repeat(20_000), part("token", token).into_bytes()].concat(),
        8 => part("a", "b").repeat(60).into_bytes(),
        9 => format!("--zzz\r\n{}\r\n\r\nx\r\n--zzz--", "x: y\r\n".repeat(400)).into_bytes(),
        10 => b"1f\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\r\nzz\r\n0\r\n\r\n".to_vec(),
        _ => {
            let count = 1 + chance.below(8);
            fields(chance, count).into_bytes()
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "how much of it is up to whoever runs it")]
fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[tokio::test(flavor = "multi_thread")]
async fn scan_of_all_addresses_finds_nothing() {
    let town = Town::new().await;
    let vera = town.person("vera", "viewer", &[]).await;
    let olga = town.person("olga", "operator", &["1"]).await;
    let seed = number("FUZZ_SEED", 1);
    let name = "gatehouse=";
    let mut scan = Scan {
        base: town.console.base.clone(),
        chance: Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
        cookies: vec![
            String::new(),
            format!("{name}{}", token()),
            format!("{name}; gatehouse-browser=\"; gatehouse-typed={}", "A".repeat(3_000)),
            town.ada.session().to_owned(),
            vera.session().to_owned(),
            olga.session().to_owned(),
        ],
        asked: 0,
        slowest: Duration::ZERO,
    };
    let mut paths: Vec<String> = doors().into_iter().map(|(path, ..)| path.to_owned()).collect();
    paths.extend(pages(1, &town.ids).into_iter().map(|(path, ..)| path));
    paths.extend(server::http::router::other_paths().into_iter().map(|path| path.replace("{name}", "names.txt")));
    paths.extend(
        ["/nowhere", "*", "/rpc/nothing", "/.git/config", "/pkg/../Cargo.toml", "/pkg/%2e%2e%2fCargo.toml"]
            .map(String::from),
    );
    let rounds = number("FUZZ_TIMES", ROUNDS);
    for round in 0..rounds {
        for path in &paths {
            scan.send(path).await;
        }
        // Whoever was signed out by it is signed in again; its own requests would do nothing from then on.
        for (place, name) in [(4, "vera"), (5, "olga")] {
            let session = &scan.cookies[place];
            if Browser::with_session(&scan.base, session).get("/account").await.status() != 200 && round + 1 < rounds {
                let mut again = Browser::new(&scan.base);
                if again.try_sign_in(name, PASSWORD).await {
                    again.session().clone_into(&mut scan.cookies[place]);
                }
            }
        }
    }
    assert!(town.ada.get("/health").await.status().is_success());
    let log = town.console.log();
    for word in ["panicked", "ERROR", "could not be dealt with"] {
        assert!(
            !log.contains(word),
            "{word}: {}",
            log.lines().filter(|line| line.contains(word)).take(5).collect::<String>()
        );
    }
    // Read by `cargo xtask soak doors`.
    eprintln!("\nFUZZ server/doors {} executions, seed {seed}, slowest {} us", scan.asked, scan.slowest.as_micros());
}
