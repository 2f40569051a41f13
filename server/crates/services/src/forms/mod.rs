//! Forms: what was typed stays when it cannot be taken, and whoever sends one has it from us.

mod strangers;

use crate::{
    Failure, ReadCx,
    ground::Ground,
    lapsed::{self, Lapsed},
    random,
    refusal::Refusal,
};
use jiff::SignedDuration;
use model::{
    At, PersonId,
    clock::{TOLERANCE, from_millis},
    fields::{FieldErrors, FormAnswer, Typed},
    secrets,
};
use std::{collections::BTreeMap, sync::Arc};
use store::drafts::{Draft, put_draft_of_few_in};
use subtle::ConstantTimeEq;

/// Characters of a field that are kept: many times a list of nodes.
const LONGEST: usize = 20_000;

/// A form may be open for this long, and is then to be opened anew: longer than any session lives.
const TOKEN_GOOD: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Used tokens are known for longer than any is good.
pub(crate) const TOKENS_KEPT: SignedDuration = SignedDuration::from_hours(8 * 24);

/// So many forms of one session, each so many bytes.
const LAPSED_FORMS: i64 = 8;
const LAPSED_BYTES: usize = 64 * 1024;

const SECRET_TYPED: &str = "Something in this field looked like a password or a key. It was taken out and is kept nowhere; type what \
     belongs here without it. Accounts and passwords have fields of their own.";

#[derive(Clone)]
pub struct Forms {
    pub(crate) ground: Arc<Ground>,
}

impl Forms {
    /// A token that nobody can guess.
    pub fn fresh_token(&self) -> Result<String, Failure> {
        random::token()
    }

    /// A token for a form that is about to be drawn: for this door and this person, and for no other.
    pub fn token(&self, door: &str, person: Option<PersonId>) -> Result<String, Failure> {
        let nonce: String = random::token()?.chars().take(32).collect();
        let begin = format!("{:016x}{nonce}", self.ground.now().as_millisecond());
        let mark = self.mark(&begin, door, person);
        Ok(begin + &mark)
    }

    fn mark(&self, begin: &str, door: &str, person: Option<PersonId>) -> String {
        let owner = person.map_or_else(|| "nobody".to_owned(), |person| format!("person:{person}"));
        self.ground.vault.short_mark("form", &[begin, door, &owner])
    }

    /// Whether we made it, for this door and person, and not too long ago.
    pub fn is_token(&self, token: &str, door: &str, person: Option<PersonId>) -> Result<(), Failure> {
        if token.len() != 80 || !token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Refusal::FormUnknown.into());
        }
        let (begin, mark) = token.split_at(48);
        if !bool::from(mark.as_bytes().ct_eq(self.mark(begin, door, person).as_bytes())) {
            return Err(Refusal::FormUnknown.into());
        }
        let drawn = i64::from_str_radix(&begin[..16], 16).map(from_millis);
        let age = drawn.map(|drawn| self.ground.now().duration_since(drawn));
        // One from the future was drawn before the clock was set back: how old it is, nobody knows.
        if !age.is_ok_and(|age| age <= TOKEN_GOOD && age >= -TOLERANCE) {
            return Err(Refusal::FormTooOld.into());
        }
        Ok(())
    }

    /// Keeps the caller's form of this name (`mdm:7`, `appliance:new`) as it was typed. Callers hand no secrets in; what
    /// looks like one in another field is taken out here.
    pub async fn keep(&self, cx: &ReadCx, form: &str, typed: Typed) -> Result<(), Failure> {
        Ok(self.ground.store.put_draft(&cx.owner(), form, &self.draft(typed)).await?)
    }

    fn draft(&self, Typed { values, errors, answer }: Typed) -> Draft {
        // A form of ours is never this long; what somebody else sends does not fill the disk.
        let short = |text: String| text.chars().take(LONGEST).collect::<String>();
        let said = |sentence: String| secrets::unsaid(&short(sentence));
        let sentences = errors.0.into_iter().map(|(name, sentence)| (name, said(sentence)));
        let mut errors = FieldErrors(sentences.collect());
        let mut kept = BTreeMap::new();
        for (name, value) in values {
            let typed = short(value);
            let clean = secrets::taken_out(&typed);
            if clean != typed
                && let Some(sentence) = errors.0.get_mut(&name)
            {
                // It may repeat what was typed, in whatever spelling.
                SECRET_TYPED.clone_into(sentence);
            }
            kept.insert(name, clean);
        }
        let answer = answer.map(|answer| match answer {
            FormAnswer::Done(sentence) => FormAnswer::Done(said(sentence)),
            FormAnswer::Works(greeting) => FormAnswer::Works(said(greeting)),
            FormAnswer::Certificate(sha256) => FormAnswer::Certificate(short(sha256)),
            FormAnswer::SecondCertificate(sha256) => FormAnswer::SecondCertificate(short(sha256)),
        });
        Draft { values: kept, errors, answer, at: self.ground.now() }
    }

    /// Keeps what somebody sent whose session was over, until they have signed in again. False where there is nothing to
    /// keep, or too much.
    pub async fn keep_for_return(
        &self,
        lapsed: &Lapsed,
        form: &str,
        values: BTreeMap<String, String>,
    ) -> Result<bool, Failure> {
        let size: usize = values.iter().map(|(name, value)| name.len() + value.len()).sum();
        if values.is_empty() || size > LAPSED_BYTES {
            return Ok(false);
        }
        let sentence = "Your session had ended when you sent this, so nothing was done. What you typed still stands here, \
             passwords and files excepted; look it over and send it again.";
        let draft = self.draft(Typed { values, errors: FieldErrors::one("", sentence), answer: None });
        let (owner, form) = (lapsed.owner(), form.to_owned());
        Ok(self
            .ground
            .store
            .write(move |conn| {
                Box::pin(async move { put_draft_of_few_in(conn, &owner, &form, &draft, LAPSED_FORMS).await })
            })
            .await?)
    }

    /// Whether anything waits for this person to sign in again.
    pub async fn waits_for_return(&self, lapsed: &Lapsed) -> Result<bool, Failure> {
        let since = self.ground.now().checked_sub(lapsed::KEPT).unwrap_or(At::UNIX_EPOCH);
        Ok(self.ground.store.count_drafts(&lapsed.owner(), since).await? > 0)
    }

    pub async fn typed(&self, cx: &ReadCx, form: &str) -> Result<Option<Typed>, Failure> {
        let draft = self.ground.store.draft(&cx.owner(), form).await?;
        Ok(draft.map(|draft| Typed { values: draft.values, errors: draft.errors, answer: draft.answer }))
    }

    pub async fn forget(&self, cx: &ReadCx, form: &str) -> Result<(), Failure> {
        self.ground.store.drop_draft(&cx.owner(), form).await?;
        Ok(())
    }
}
