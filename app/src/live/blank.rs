//! Where a form's one-time token belongs in a drawing that several people are sent: each of them gets one of their own.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    sync::Arc,
};

/// A word that nobody can guess, so that nothing which came from outside is taken for it.
#[derive(Clone, Debug)]
pub struct Blank(Arc<str>);

impl Default for Blank {
    fn default() -> Self {
        let random = || RandomState::new().build_hasher().finish();
        Self(format!("blank-{:016x}{:016x}", random(), random()).into())
    }
}

impl Blank {
    pub fn word(&self) -> String {
        self.0.to_string()
    }

    /// With a token in each place. `token` is told the door of the form that it is for.
    pub fn filled(&self, drawn: &str, token: impl Fn(Option<&str>) -> String) -> String {
        let mut out = String::with_capacity(drawn.len());
        let mut rest = drawn;
        while let Some((before, after)) = rest.split_once(&*self.0) {
            out.push_str(before);
            let door = before.rsplit_once(" action=\"").and_then(|(_, door)| door.split('"').next());
            out.push_str(&token(door));
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_gets_a_token_for_its_door() {
        let blank = Blank::default();
        let form =
            |door: &str| format!("<form method=\"post\" action=\"{door}\"><input value=\"{}\"></form>", blank.word());
        let drawn = format!("<p>a</p>{}{}<p>b</p>", form("/rpc/apply"), form("/rpc/resume"));
        let filled = blank.filled(&drawn, |door| format!("for {}", door.unwrap_or("none")));
        let expected = "<p>a</p><form method=\"post\" action=\"/rpc/apply\"><input value=\"for /rpc/apply\"></form>\
             <form method=\"post\" action=\"/rpc/resume\"><input value=\"for /rpc/resume\"></form><p>b</p>";
        assert_eq!(filled, expected);
        assert_eq!(blank.filled("nothing", |_| panic!("there is no form")), "nothing");
        assert_ne!(blank.word(), Blank::default().word());
    }
}
