//! Keeps secrets out of what is printed.

use serde_json::Value;

/// Attributes whose values are never shown: account passwords, pass phrases, file contents (keys travel in them).
const SECRET: &[&str] =
    &["password", "new_password", "passplain", "passcrypt", "filecontent", "secondarypassword", "radkey", "sessionid"];

/// Replaces the values of secret attributes, at any depth, by `***`.
pub(crate) fn redact(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                if SECRET.contains(&key.to_ascii_lowercase().as_str()) {
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
