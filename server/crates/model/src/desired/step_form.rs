//! A step's form, as it was typed.

use super::{CertFiles, Desired, DnsForm, Form, GatewayForm, GroupsForm, MamForm, MdmForm, NodesForm, Step};
use crate::fields::FieldErrors;
use serde_json::Value;
use std::collections::BTreeMap;

/// One enum over all forms: a line for each, and the compiler asks for it.
macro_rules! forms {
    ($($step:ident($form:ty)),+ $(,)?) => {
        /// One step's form, as it was typed.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum StepForm {
            $($step($form)),+
        }

        impl StepForm {
            pub const fn step(&self) -> Step {
                match self {
                    $(Self::$step(_) => <$form as Form>::STEP),+
                }
            }

            /// What is stored of the step, as its form; `None` where it was never saved, or has no form.
            pub fn of(step: Step, desired: &Desired) -> Option<Self> {
                match step {
                    $(Step::$step => <$form as Form>::of(desired).map(Self::$step),)+
                    Step::Prerequisites => None,
                }
            }

            /// The form with these fields; `None` where the step has none.
            pub fn read(step: Step, fields: &BTreeMap<String, String>) -> Option<Self> {
                let json = serde_json::to_value(fields).ok()?;
                match step {
                    $(Step::$step => serde_json::from_value(json).ok().map(Self::$step),)+
                    Step::Prerequisites => None,
                }
            }

            fn parsed(&self, latest: &Desired) -> Result<Desired, FieldErrors> {
                match self {
                    $(Self::$step(form) => form.apply(latest)),+
                }
            }

            fn json(&self) -> Value {
                match self {
                    $(Self::$step(form) => serde_json::to_value(form).unwrap_or_default()),+
                }
            }
        }

        $(impl From<$form> for StepForm {
            fn from(form: $form) -> Self {
                Self::$step(form)
            }
        })+
    };
}

forms! {
    Nodes(NodesForm),
    Mdm(MdmForm),
    Mam(MamForm),
    Groups(GroupsForm),
    Gateway(GatewayForm),
    Dns(DnsForm),
}

impl StepForm {
    /// `latest` with what was typed. `uploads` are certificates that wait in the vault, by the name they shall have.
    pub fn apply(&self, latest: &Desired, uploads: &[(String, CertFiles)]) -> Result<Desired, FieldErrors> {
        let wanted = self.parsed(latest)?;
        Ok(match self {
            Self::Mam(_) => wanted.with_files(uploads),
            _ => wanted,
        })
    }

    /// Its fields, by name.
    pub fn fields(&self) -> BTreeMap<String, String> {
        let json = self.json();
        let fields = json.as_object().into_iter().flatten();
        fields.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_its_fields_and_its_step_and_back() {
        let whole = crate::samples::whole();
        for step in Step::ALL.into_iter().filter(|step| *step != Step::Prerequisites) {
            let form = StepForm::of(step, &whole).unwrap();
            assert_eq!(form.step(), step);
            assert_eq!(StepForm::read(step, &form.fields()), Some(form.clone()));
            assert_eq!(form.apply(&whole, &[]).unwrap(), whole, "{step:?}: saved again as it stands");
            assert!(StepForm::of(step, &Desired::default()).is_none(), "{step:?}");
        }
        assert!(StepForm::of(Step::Prerequisites, &whole).is_none());
    }
}
