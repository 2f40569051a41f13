//! Why something is not done now: a value, so that every door can say it in its own way and none has to read a sentence.

use model::{
    At, PlanId,
    clock::time_text,
    desired::Step,
    node::Hindrance,
    read_error::{ReadError, ReadErrorKind},
    readiness::Obstacle,
};
use std::path::PathBuf;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The program is on its way out.
    Stopping,
    /// A plan may not act.
    Plan(Obstacle),
    /// It already belongs to another cluster; the sentence names both.
    Anothers(String),
    /// A run writes to the appliance, and what was asked would change what it stands on.
    Busy {
        by: String,
        since: At,
        plan: PlanId,
        title: String,
    },
    /// A run is at work, and what was asked waits for its end.
    RunAtWork,
    /// The same, for the peer.
    PairWaits,
    /// The appliance refused its account, and is not asked again.
    CredentialRefused {
        appliance: String,
        user: String,
        at: At,
    },
    /// Account or password are others than a moment ago.
    AccountChanged,
    /// An appliance could not be asked.
    NotRead(ReadError),
    /// Nodes could not be asked; in the words of who asked them.
    NodesNotRead(String),
    /// Nothing is described that could be planned.
    NothingDescribed {
        cluster: String,
    },
    /// The step has nothing of its own.
    NothingToLeaveOut(Step),
    /// No node is described.
    NoNodes,
    /// Nodes cannot be asked for their IDs.
    NotAsked(Vec<Hindrance>),
    /// The keys that somebody saw are not those that are to be accepted.
    OtherKeys,
    /// What a node showed cannot be accepted as it stands now; why.
    NotAccepted(String),
    /// Clusters still stand on the appliance.
    Needed {
        appliance: String,
        by: Vec<String>,
    },
    /// What was uploaded is destroyed by now.
    UploadGone,
    /// It is about the caller's own session, and they came without one.
    NoSession,
    /// Nobody here is called so.
    NobodyCalled(String),
    /// Sign-in is switched off for them, and with it every other way in.
    Disabled(String),
    /// The form has no token of ours.
    FormUnknown,
    FormTooOld,
    /// Its reader was signed out.
    ReaderGone,
    /// Another process has the data folder.
    AnotherProcess(PathBuf),
    /// The key lies there without its database.
    DatabaseMissing(PathBuf),
    /// The database lies there without its key.
    KeyMissing(PathBuf),
}

impl Refusal {
    /// Stable, for machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Stopping => "stopping",
            Self::Plan(obstacle) => obstacle.code(),
            Self::Anothers(_) => "another_clusters",
            Self::Busy { .. } | Self::RunAtWork | Self::PairWaits => "another_writer",
            Self::CredentialRefused { .. } => "credential_refused",
            Self::AccountChanged => "account_changed",
            Self::NotRead(error) => error.kind.code(),
            Self::NodesNotRead(_) => "nodes_not_read",
            Self::NothingDescribed { .. } => "nothing_described",
            Self::NothingToLeaveOut(_) => "nothing_to_leave_out",
            Self::NoNodes => "no_nodes",
            Self::NotAsked(_) => "not_asked",
            Self::OtherKeys => "other_keys",
            Self::NotAccepted(_) => "not_accepted",
            Self::Needed { .. } => "needed",
            Self::UploadGone => "upload_gone",
            Self::NoSession => "no_session",
            Self::NobodyCalled(_) => "nobody_called",
            Self::Disabled(_) => "disabled",
            Self::FormUnknown => "form_unknown",
            Self::FormTooOld => "form_too_old",
            Self::ReaderGone => "reader_gone",
            Self::AnotherProcess(_) => "another_process",
            Self::DatabaseMissing(_) => "database_missing",
            Self::KeyMissing(_) => "key_missing",
        }
    }

    /// Of HTTP: whose turn it is. 409 where somebody here has to do something first, 502 where the other side does not
    /// answer as it should, 503 where waiting is enough.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Stopping => 503,
            Self::NotRead(error) => match error.kind {
                ReadErrorKind::NotReady => 503,
                ReadErrorKind::Silent => 504,
                _ => 502,
            },
            Self::NodesNotRead(_) | Self::CredentialRefused { .. } => 502,
            _ => 409,
        }
    }

    /// What a person reads.
    pub fn sentence(&self) -> String {
        match self {
            Self::Stopping => "Gatehouse is stopping. Try again after its next start.".into(),
            Self::Plan(obstacle) => obstacle.sentence(),
            Self::Anothers(sentence) | Self::NodesNotRead(sentence) | Self::NotAccepted(sentence) => sentence.clone(),
            Self::NotRead(error) => error.to_string(),
            Self::Busy { by, since, plan, title } => format!(
                "{by} has been writing to this appliance since {} (plan {plan} for {title}). Wait until that run has ended; \
                 nothing was changed here.",
                time_text(*since)
            ),
            Self::RunAtWork => "This run is still at work. Wait until it has ended, then undo it.".into(),
            Self::PairWaits => {
                "A run is writing to this appliance. Wait until it has ended: nothing is passed on to the \
                                peer while the pair synchronises."
                    .into()
            }
            Self::CredentialRefused { appliance, user, at } => format!(
                "{appliance} refused the account {user} at {}. It is not tried again, so that it does not get locked. On \
                 the appliance's page enter its new password, or say “Try again” once the account is right there.",
                time_text(*at)
            ),
            Self::AccountChanged => "The REST account was changed meanwhile.".into(),
            Self::NothingDescribed { cluster } => {
                format!("Nothing is described for {cluster} yet. Fill in and save the MDM step first.")
            }
            Self::NothingToLeaveOut(step) => {
                format!("The {} step has nothing of its own that could be left out.", step.title())
            }
            Self::NoNodes => "There are no nodes to ask yet. Describe the cluster's nodes in its set-up first.".into(),
            Self::NotAsked(missing) => {
                let sentences: Vec<String> = missing.iter().map(Hindrance::sentence).collect();
                format!("Nothing was asked. {}", sentences.join(" "))
            }
            Self::OtherKeys => {
                "The keys were fetched again meanwhile and are not the ones that you saw, or they do not \
                                belong together any more. Nothing was accepted; compare those that are shown now."
                    .into()
            }
            Self::Needed { appliance, by } => format!(
                "{appliance} is still needed by {}. Move these clusters to another appliance or remove them first.",
                by.join(", ")
            ),
            Self::UploadGone => {
                "It is not kept any more: a private key is destroyed here once it has arrived. Upload it \
                                 again."
                    .into()
            }
            Self::NoSession => {
                "This is about the session that somebody is signed in with. Do it in the browser.".into()
            }
            Self::NobodyCalled(name) => {
                format!(
                    "Nobody here is called “{name}”. Give the name that the person signs in with; the team's page has it."
                )
            }
            Self::Disabled(name) => format!(
                "Sign-in is switched off for {name}, so nothing is done in their name. An admin can switch it on again, on \
                 the team's page."
            ),
            Self::FormUnknown => {
                "The form has no valid token, so nothing was done. What you typed still stands here; look \
                                  it over and send it again."
                    .into()
            }
            Self::FormTooOld => {
                "This form was opened too long ago, so nothing was done. What you typed still stands here; \
                                 look it over and send it again."
                    .into()
            }
            Self::ReaderGone => "The export was cut off: its reader was signed out.".into(),
            Self::AnotherProcess(data) => {
                format!("Another Gatehouse is at work on {}. Stop it first.", data.display())
            }
            Self::DatabaseMissing(database) => {
                let name = database.file_name().unwrap_or_default().display();
                format!(
                    "The database {} is missing or empty, and beside it lies what belonged to it: the key, or what was seen \
                     last. Starting now would begin an empty installation. Restore {name} from a backup. If everything is \
                     to begin anew, start once with --begin-anew: what is left there is put aside, not deleted.",
                    database.display()
                )
            }
            Self::KeyMissing(key) => format!(
                "The key file {} is missing, and the database has passwords that only it opens. Restore it from where it is \
                 kept. If it is lost, start once with --begin-anew: a new key is made, and the passwords of appliances and \
                 nodes have to be entered again.",
                key.display()
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// One of each kind that does not hold another value's words.
    fn some() -> Vec<Refusal> {
        let at = model::clock::from_millis(1);
        vec![
            Refusal::Stopping,
            Refusal::Plan(Obstacle::Empty),
            Refusal::Busy { by: "ada".into(), since: at, plan: PlanId(7), title: "Berlin".into() },
            Refusal::CredentialRefused { appliance: "NS".into(), user: "nsroot".into(), at },
            Refusal::AccountChanged,
            Refusal::NothingDescribed { cluster: "Berlin".into() },
            Refusal::NothingToLeaveOut(Step::Groups),
            Refusal::NotRead(ReadError::new(ReadErrorKind::Unreachable, "No route.")),
            Refusal::NodesNotRead("No route.".into()),
            Refusal::NoNodes,
            Refusal::NotAsked(vec![Hindrance::NoAccount]),
            Refusal::OtherKeys,
            Refusal::Needed { appliance: "NS".into(), by: vec!["Berlin".into()] },
            Refusal::UploadGone,
            Refusal::NoSession,
            Refusal::NobodyCalled("olga".into()),
            Refusal::Disabled("olga".into()),
            Refusal::FormUnknown,
            Refusal::FormTooOld,
            Refusal::ReaderGone,
            Refusal::AnotherProcess("data".into()),
            Refusal::DatabaseMissing("data/gatehouse.db".into()),
            Refusal::KeyMissing("data/gatehouse.key".into()),
        ]
    }

    #[test]
    fn each_has_its_code_and_a_whole_sentence() {
        let codes: BTreeSet<&str> = some().iter().map(Refusal::code).collect();
        assert_eq!(codes.len(), some().len());
        for refusal in some() {
            let sentence = refusal.sentence();
            assert!(
                // A person's name is written as they write it.
                sentence.ends_with('.') && (sentence.starts_with(char::is_uppercase) || sentence.starts_with("ada ")),
                "{sentence}"
            );
            assert!([409, 502, 503].contains(&refusal.status()));
        }
        assert_eq!((Refusal::RunAtWork.code(), Refusal::PairWaits.code()), ("another_writer", "another_writer"));
    }
}
