//! Forms: what was typed stays when it cannot be taken, and a form sent twice acts once.

use crate::{Failure, Services, random};
use model::{FieldErrors, PersonId};
use std::{collections::BTreeMap, time::Duration};
use store::{drafts::Draft, tokens::FormToken};
use tokio::time::{Instant, timeout_at};

/// Characters of a field that are kept: many times a list of nodes.
const LONGEST: usize = 20_000;

/// How long a form's second sending waits for its first.
const SECOND_CLICK: Duration = Duration::from_secs(20);

/// One form of one person (or of one browser before sign-in).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub owner: String,
    /// `mdm:7`, `appliance:new`.
    pub name: String,
}

/// What was typed the last time, and what was wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub values: BTreeMap<String, String>,
    pub errors: FieldErrors,
}

impl Kept {
    pub fn value(&self, field: &str) -> Option<&str> {
        self.values.get(field).map(String::as_str)
    }
}

/// Whether a form's token was seen before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Once {
    Fresh,
    /// It was sent before; where that led, if it is known yet.
    Again(Option<String>),
}

impl Services {
    /// A token for a form that is about to be drawn.
    pub fn form_token(&self) -> Result<String, Failure> {
        random::token()
    }

    /// Uses the token up.
    pub async fn once(&self, token: &str, person: Option<PersonId>) -> Result<Once, Failure> {
        if token.len() != 64 || !token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Failure::Refused(
                "The form has no valid token. Open its page again and send it from there.".into(),
            ));
        }
        // A second click arrives while the first is still at work: it waits for where that one leads.
        let deadline = Instant::now() + SECOND_CLICK;
        loop {
            let led = self.led.notified();
            match self.store.use_form_token(token, person, self.now()).await? {
                FormToken::Fresh => return Ok(Once::Fresh),
                FormToken::Used { went_to: Some(path) } => return Ok(Once::Again(Some(path))),
                FormToken::Used { went_to: None } => {}
            }
            if timeout_at(deadline, led).await.is_err() {
                return Ok(Once::Again(None));
            }
        }
    }

    /// Remembers where the form led, for its second sending.
    pub async fn went_to(&self, token: &str, path: &str) -> Result<(), Failure> {
        self.store.form_token_went_to(token, path).await?;
        self.led.notify_waiters();
        Ok(())
    }

    /// Keeps what was typed. Callers hand no secrets in.
    pub async fn keep(
        &self,
        form: &Form,
        values: BTreeMap<String, String>,
        errors: FieldErrors,
    ) -> Result<(), Failure> {
        // A form of ours is never this long; what somebody else sends does not fill the disk.
        let values = values.into_iter().map(|(name, value)| (name, value.chars().take(LONGEST).collect())).collect();
        let draft = Draft { values, errors, at: self.now() };
        Ok(self.store.put_draft(&form.owner, &form.name, &draft).await?)
    }

    pub async fn kept(&self, form: &Form) -> Result<Option<Kept>, Failure> {
        let draft = self.store.draft(&form.owner, &form.name).await?;
        Ok(draft.map(|draft| Kept { values: draft.values, errors: draft.errors }))
    }

    pub async fn forget(&self, form: &Form) -> Result<(), Failure> {
        self.store.drop_draft(&form.owner, &form.name).await?;
        Ok(())
    }
}
