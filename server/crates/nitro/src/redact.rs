//! Keeps secrets out of what is printed.

use serde_json::Value;

/// What the names of attributes have in them whose values are never shown: account passwords, pass phrases, shared
/// secrets, tokens, file contents (keys travel in them). Releases add names, so parts of names are looked for; a value
/// hidden for nothing costs less than one shown.
const SECRET: &[&str] = &[
    "passw",
    "passplain",
    "passcrypt",
    "passphrase",
    "secret",
    "radkey",
    "filecontent",
    "sessionid",
    "token",
    "privatekey",
    "presharedkey",
    "authkey",
    "community",
];

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET.iter().any(|part| name.contains(part))
}

/// Replaces the values of secret attributes, at any depth, by `***`.
pub(crate) fn redact(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                if is_secret(key) {
                    *value = Value::String("***".to_owned());
                } else {
                    redact(value);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(redact),
        _ => {}
    }
}
