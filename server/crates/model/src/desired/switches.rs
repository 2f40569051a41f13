//! What is kept out of service on purpose. Everything else that the set-up describes is to be enabled.

use super::Desired;
use crate::{
    clock::{At, time_text},
    fields::FieldErrors,
    object::ObjectRef,
};
use serde::{Deserialize, Serialize};

/// The longest reason that is kept.
const LONGEST: usize = 300;

/// One object that somebody wants disabled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptOff {
    pub object: ObjectRef,
    pub reason: String,
    /// As they were called then.
    pub by: String,
    pub since: At,
}

impl KeptOff {
    /// Who, since when and why, in a sentence.
    pub fn sentence(&self) -> String {
        let reason = self.reason.trim().trim_end_matches('.');
        format!("{} keeps it disabled since {}: {reason}.", self.by, time_text(self.since))
    }
}

impl Desired {
    /// Who keeps this object disabled, and why; `None`: it is to be enabled.
    pub fn kept_off(&self, object: &ObjectRef) -> Option<&KeptOff> {
        self.kept_off.iter().find(|kept| kept.object == *object)
    }

    /// This state with one more object that is kept disabled; said again, the newer reason counts.
    #[must_use]
    pub fn with_off(&self, kept: KeptOff) -> Self {
        let mut desired = self.with_on(&kept.object);
        desired.kept_off.push(kept);
        desired.kept_off.sort_by(|one, other| one.object.cmp(&other.object));
        desired
    }

    /// This state with an object that is to be enabled.
    #[must_use]
    pub fn with_on(&self, object: &ObjectRef) -> Self {
        let mut desired = self.clone();
        desired.kept_off.retain(|kept| kept.object != *object);
        desired
    }
}

/// "Keep disabled, because …" as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeepOffForm {
    /// Which object, as JSON: the form's own, not typed.
    pub object: String,
    pub reason: String,
}

impl KeepOffForm {
    pub fn of(object: &ObjectRef) -> Self {
        Self { object: serde_json::to_string(object).unwrap_or_default(), reason: String::new() }
    }

    /// The object, whatever the reason.
    pub fn object(&self) -> Result<ObjectRef, FieldErrors> {
        let object = serde_json::from_str::<ObjectRef>(&self.object).ok().filter(|object| object.kind.has_switch());
        object.ok_or_else(|| {
            FieldErrors::one(
                "",
                "This form does not say which object it is about. Open the page again and use its form.",
            )
        })
    }

    pub fn parse(&self) -> Result<(ObjectRef, String), FieldErrors> {
        let object = self.object()?;
        let reason = self.reason.split_whitespace().collect::<Vec<_>>().join(" ");
        if reason.is_empty() {
            let sentence = format!(
                "Say why the {object} is to stay disabled: whoever is on call reads it beside the finding, and otherwise \
                 enables it again."
            );
            return Err(FieldErrors::one("reason", sentence));
        }
        if reason.chars().count() > LONGEST {
            return Err(FieldErrors::one("reason", format!("Say it in {LONGEST} characters.")));
        }
        Ok((object, reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_millis;

    fn kept(name: &str, reason: &str) -> KeptOff {
        KeptOff {
            object: ObjectRef::vserver(name),
            reason: reason.into(),
            by: "ada".into(),
            since: from_millis(1_767_600_003_000),
        }
    }

    #[test]
    fn each_object_is_kept_off_once_and_can_be_let_go() {
        let desired =
            Desired::default().with_off(kept("b", "one")).with_off(kept("a", "two")).with_off(kept("b", "new."));
        let said: Vec<_> = desired.kept_off.iter().map(|kept| (kept.object.part(0), kept.reason.as_str())).collect();
        assert_eq!(said, [("a", "two"), ("b", "new.")]);
        assert_eq!(
            desired.kept_off(&ObjectRef::vserver("b")).unwrap().sentence(),
            "ada keeps it disabled since 2026-01-05 08:00:03 UTC: new."
        );
        assert_eq!(desired.with_on(&ObjectRef::vserver("b")).with_on(&ObjectRef::vserver("a")), Desired::default());
    }

    #[test]
    fn what_was_stored_before_keeps_nothing_off_and_its_bytes() {
        let stored = r#"{"nodes":[],"mdm":null,"mam":null,"gateway":null,"dns":null}"#;
        let desired: Desired = serde_json::from_str(stored).unwrap();
        assert_eq!(desired, Desired::default());
        assert_eq!(serde_json::to_string(&desired).unwrap(), stored);
    }

    #[test]
    fn a_reason_is_asked_for_and_the_object_is_one_with_a_switch() {
        let form =
            KeepOffForm { reason: "  the node \n is rebuilt ".into(), ..KeepOffForm::of(&ObjectRef::server("x")) };
        assert_eq!(form.parse().unwrap(), (ObjectRef::server("x"), "the node is rebuilt".to_owned()));
        assert!(KeepOffForm { reason: " ".into(), ..form.clone() }.parse().unwrap_err().get("reason").is_some());
        assert!(KeepOffForm { reason: "x".repeat(301), ..form.clone() }.parse().unwrap_err().get("reason").is_some());
        for other in [KeepOffForm::of(&ObjectRef::feature("LB")).object, "{}".into(), String::new()] {
            assert!(KeepOffForm { object: other, ..form.clone() }.parse().unwrap_err().get("").is_some());
        }
    }
}
