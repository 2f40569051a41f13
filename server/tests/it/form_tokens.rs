//! Tokens of forms as the console makes them, for tests that send a form without opening its page. What they are made of
//! is written here once more, from the key in the data folder, so that a change of it is seen.

use hmac::{Hmac, KeyInit, Mac};
use model::Clock;
use sha2::Sha256;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};

static CLOCKS: Mutex<BTreeMap<String, Arc<dyn Clock>>> = Mutex::new(BTreeMap::new());
static FOLDERS: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());

/// The console at this address has its key there.
pub fn know(base: &str, data: &Path) {
    FOLDERS.lock().unwrap().insert(base.to_owned(), data.to_owned());
}

/// It goes by this clock; without one, by the machine's.
pub fn goes_by(base: &str, clock: Arc<dyn Clock>) {
    CLOCKS.lock().unwrap().insert(base.to_owned(), clock);
}

/// What is random in one, and as long as a session's.
pub fn token() -> String {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).unwrap();
    hex::encode(bytes)
}

/// Drawn now.
pub fn made(base: &str, door: &str, person: Option<i64>) -> String {
    let clock = CLOCKS.lock().unwrap().get(base).cloned();
    #[expect(clippy::disallowed_methods, reason = "the console goes by the machine's time, and so does this")]
    let machine = || i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap();
    let now = clock.map_or_else(machine, |clock| clock.now().as_millisecond());
    drawn_at(base, now, door, person)
}

/// Drawn then, in milliseconds.
pub fn drawn_at(base: &str, at: i64, door: &str, person: Option<i64>) -> String {
    let begin = format!("{at:016x}{}", &token()[..32]);
    let mark = mark(base, &begin, door, person);
    begin + &mark
}

fn mark(base: &str, begin: &str, door: &str, person: Option<i64>) -> String {
    let folder = FOLDERS.lock().unwrap().get(base).cloned().unwrap();
    let owner = person.map_or_else(|| "nobody".to_owned(), |id| format!("person:{id}"));
    let mut mark = Hmac::<Sha256>::new_from_slice(&std::fs::read(folder.join("gatehouse.key")).unwrap()).unwrap();
    mark.update(format!("gatehouse form\n{begin}\n{door}\n{owner}").as_bytes());
    hex::encode(&mark.finalize().into_bytes()[..16])
}

/// The token of a form on a page.
pub fn drawn(page: &str, door: &str) -> Option<String> {
    let form = page.split("<form").find(|form| form.contains(&format!("action=\"{door}\"")))?;
    let token = form.split("name=\"token\"").nth(1)?.split("value=\"").nth(1)?;
    token.split('"').next().map(str::to_owned)
}

/// For whom a token of the form for one's own password was drawn.
pub fn whose(base: &str, token: &str) -> Option<i64> {
    let (begin, given) = token.split_at(48);
    (1..1_000).find(|id| mark(base, begin, "/rpc/change_password", Some(*id)) == given)
}
