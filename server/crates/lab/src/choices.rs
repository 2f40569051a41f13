//! What real appliances do one way or another, and nobody could verify which: one switch each.

use crate::orders::OrderError;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The switches; see the README for what each does. Set at start or by `POST /choices`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "switches that have nothing to do with each other")]
pub struct Choices {
    /// What a user without any command policy hears.
    pub no_policy: NoPolicy,
    /// The superuser must change its password (1046) before it gets in.
    pub force_password_change: bool,
    /// Users with a second factor, whose log-in is challenged (1034).
    pub challenged: Vec<String>,
    /// The layout of audit lines.
    pub audit_format: AuditFormat,
    /// Whether audit messages come oldest first.
    pub audit_oldest_first: bool,
    /// Other lines of a busy appliance, for each command.
    pub audit_noise: u64,
    /// The partition in which sessions begin; it is made when it does not exist.
    pub session_partition: Option<String>,
    /// What a second save hears while the first one is under way.
    pub concurrent_save: ConcurrentSave,
    /// Whether `action=diff` answers with an object instead of a list of one.
    pub diff_as_object: bool,
    /// A rollback does not succeed (1241); what was made stays.
    pub rollback_fails: bool,
    /// What an address record hears that is there already.
    pub record_exists: RecordExists,
    /// How an address record is listed after it was made.
    pub record_rows: RecordRows,
    /// What monitors heard, as a script of somebody else's words it: behind the appliance's own words.
    pub monitor_words: Option<String>,
    /// What a filter with a pattern does.
    pub patterns: Patterns,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Patterns {
    /// As documented.
    #[default]
    Known,
    /// All rows come.
    Ignored,
    /// 1097.
    Refused,
    /// It is compared like any other value, so that nothing is equal to it.
    Literal,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoPolicy {
    /// 371, which says so.
    #[default]
    #[serde(rename = "371")]
    Named,
    /// 2138, as for any other line that is refused.
    #[serde(rename = "2138")]
    Plain,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuditFormat {
    /// Present releases.
    #[default]
    Current,
    /// Releases before `ADM_User` and the words `CLI`, `GUI` and `API`.
    Old,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConcurrentSave {
    /// Operation already in progress.
    #[default]
    #[serde(rename = "293")]
    InProgress,
    /// Maximum number of concurrent save configs.
    #[serde(rename = "1461")]
    TooMany,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordExists {
    /// Address already in use.
    #[default]
    #[serde(rename = "304")]
    InUse,
    /// Resource already exists, as for everything else.
    #[serde(rename = "273")]
    Exists,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordRows {
    /// As the record that it is.
    #[default]
    Adns,
    /// As an answer that somebody gave and that is remembered, alone.
    Proxy,
    /// As both.
    Both,
}

impl Choices {
    /// These choices with those laid over that `patch` names.
    pub(crate) fn patched(&self, patch: Value) -> Result<Self, OrderError> {
        let wrong = |error: &dyn std::fmt::Display| OrderError(format!("the body names no such choice: {error}"));
        let Value::Object(patch) = patch else { return Err(wrong(&"an object is expected")) };
        let mut all = serde_json::to_value(self).map_err(|error| wrong(&error))?;
        if let Some(all) = all.as_object_mut() {
            all.extend(patch);
        }
        serde_json::from_value(all).map_err(|error| wrong(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_patch_changes_what_it_names() {
        let before = Choices { audit_noise: 3, ..Choices::default() };
        let after = before.patched(json!({ "no_policy": "2138" })).unwrap();
        assert_eq!(after, Choices { no_policy: NoPolicy::Plain, ..before.clone() });
        let error = before.patched(json!({ "colour": "red" })).unwrap_err().to_string();
        assert!(error.contains("audit_noise"), "{error}");
    }
}
