//! The one log: what a record says.

use crate::{
    clock::At,
    ids::{ActNo, ApplianceId, ClusterId, PersonId, RecordId},
};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal: $text:literal),* $(,)?) => {
        /// The closed list of what can happen. The code is stored and filtered by; it never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum RecordKind {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
            /// Never written: it stands for a record whose own kind this program does not know.
            #[serde(rename = "unreadable")]
            Unreadable,
        }

        impl RecordKind {
            /// All that are written.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* Self::Unreadable => "unreadable" }
            }

            /// As people read it in the list.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* Self::Unreadable => "Cannot be read" }
            }
        }
    };
}

kinds! {
    PersonAdded = "person.added": "Person added",
    SignInSucceeded = "sign_in.succeeded": "Signed in",
    SignInRefused = "sign_in.refused": "Sign-in refused",
    /// After wrong passwords, the next try waits; said again when it waits longer.
    SignInDelayed = "sign_in.delayed": "Sign-in delayed",
    /// The first try that a delay kept out.
    SignInKeptOut = "sign_in.kept_out": "Sign-in kept out by a delay",
    SignInDelayEnded = "sign_in.delay_ended": "Sign-in delay ended",
    SignInDelayLifted = "sign_in.delay_lifted": "Sign-in delay lifted",
    SignedOut = "signed_out": "Signed out",
    ApplianceTestBegun = "appliance_test.begun": "Connection test begun",
    ApplianceTestEnded = "appliance_test.ended": "Connection test ended",
    ApplianceTestInterrupted = "appliance_test.interrupted": "Connection test interrupted",
    ApplianceAdded = "appliance.added": "Appliance added",
    /// A refused credential may be used again (invariant 14).
    CredentialRetried = "credential.retried": "Credential released for another try",
    ApplianceChanged = "appliance.changed": "Appliance changed",
    DataRestored = "data.restored": "Data restored from a copy",
    ApplianceRemoved = "appliance.removed": "Appliance removed",
    ClusterAdded = "cluster.added": "Cluster added",
    ClusterChanged = "cluster.changed": "Cluster changed",
    ClusterRemoved = "cluster.removed": "Cluster removed",
    DesiredSaved = "desired.saved": "Set-up step saved",
    PlanBegun = "plan.begun": "Planning begun",
    PlanEnded = "plan.ended": "Planning ended",
    /// A pair is told to bring its other half into step.
    PairSyncBegun = "pair_sync.begun": "Synchronising a pair begun",
    PairSyncEnded = "pair_sync.ended": "Synchronising a pair ordered",
    PairSyncInterrupted = "pair_sync.interrupted": "Synchronising a pair interrupted",
    PlanInterrupted = "plan.interrupted": "Planning interrupted",
    ObjectAdopted = "object.adopted": "Object adopted",
    RunBegun = "run.begun": "Run begun",
    RunResumed = "run.resumed": "Run resumed",
    RunEnded = "run.ended": "Run ended",
    RunInterrupted = "run.interrupted": "Run interrupted",
    CallIntent = "call.intent": "Call about to be sent",
    CallResult = "call.result": "Call answered",
    CertificateUploaded = "certificate.uploaded": "Certificate uploaded",
    /// Its private key, before it went anywhere.
    CertificateForgotten = "certificate.forgotten": "Uploaded private key destroyed",
    PersonChanged = "person.changed": "Role or scope changed",
    PersonDisabled = "person.disabled": "Person disabled",
    PersonEnabled = "person.enabled": "Person enabled",
    /// By an admin, for somebody else.
    PasswordSet = "password.set": "Password set",
    /// By its owner.
    PasswordChanged = "password.changed": "Password changed",
    SessionEnded = "session.ended": "Session ended",
    LogExported = "log.exported": "Log exported",
    /// How many records went out; of the same act as `log.exported`.
    LogExportEnded = "log.export_ended": "Log export ended",
    LogRead = "log.read": "Log read",
    /// What would have changed something: who was not let, and why.
    RequestRefused = "request.refused": "Request refused",
    NodeAccessSaved = "node_access.saved": "Node accounts saved",
    NodeKeysBegun = "node_keys.begun": "Fetching node keys begun",
    NodeKeysEnded = "node_keys.ended": "Fetching node keys ended",
    NodeKeysInterrupted = "node_keys.interrupted": "Fetching node keys interrupted",
    NodeKeysAccepted = "node_keys.accepted": "Node keys accepted",
    /// Another key than the accepted one was shown; the node is not used any more.
    NodeKeyChanged = "node_keys.changed": "Node key changed",
    NodeIdsBegun = "node_ids.begun": "Reading node IDs begun",
    NodeIdsEnded = "node_ids.ended": "Reading node IDs ended",
    NodeIdsInterrupted = "node_ids.interrupted": "Reading node IDs interrupted",
    NodeStatusPasted = "node_status.pasted": "Cluster status pasted",
    NodeCredentialRetried = "node_credential.retried": "Node accounts released for another try",
    /// Times of records before and after it do not follow on one another.
    ClockStepped = "clock.stepped": "Clock of this machine set",
    /// Read from the appliance's own log: somebody else's command, not Gatehouse's.
    ApplianceCommand = "appliance.command": "Done at the appliance, by somebody else",
}

impl RecordKind {
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The record that closes an act of this kind which has no end: written at the next start.
    pub const fn interrupted(self) -> Option<Self> {
        match self {
            Self::ApplianceTestBegun => Some(Self::ApplianceTestInterrupted),
            Self::PlanBegun => Some(Self::PlanInterrupted),
            Self::PairSyncBegun => Some(Self::PairSyncInterrupted),
            Self::RunBegun | Self::RunResumed => Some(Self::RunInterrupted),
            Self::NodeKeysBegun => Some(Self::NodeKeysInterrupted),
            Self::NodeIdsBegun => Some(Self::NodeIdsInterrupted),
            _ => None,
        }
    }

    /// Its detail names, under `person`, whom it is about: who did it is another matter.
    pub const fn is_about_a_person(self) -> bool {
        matches!(
            self,
            Self::PersonAdded
                | Self::SignInRefused
                | Self::SignInDelayed
                | Self::SignInKeptOut
                | Self::SignInDelayEnded
                | Self::SignInDelayLifted
                | Self::RequestRefused
                | Self::PersonChanged
                | Self::PersonDisabled
                | Self::PersonEnabled
                | Self::PasswordSet
                | Self::PasswordChanged
                | Self::SessionEnded
        )
    }

    /// This record closes its act.
    pub const fn closes(self) -> bool {
        matches!(
            self,
            Self::ApplianceTestEnded
                | Self::ApplianceTestInterrupted
                | Self::PlanEnded
                | Self::PairSyncEnded
                | Self::PairSyncInterrupted
                | Self::PlanInterrupted
                | Self::RunEnded
                | Self::RunInterrupted
                | Self::NodeKeysEnded
                | Self::NodeKeysInterrupted
                | Self::NodeIdsEnded
                | Self::NodeIdsInterrupted
        )
    }
}

/// How it ended, where something ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Succeeded,
    Failed,
    Refused,
    /// Whether it took effect is not known.
    InDoubt,
    /// Done on the appliance that was asked, and not on the peer of its pair.
    HereOnly,
}

impl Outcome {
    pub const ALL: [Self; 5] = [Self::Succeeded, Self::Failed, Self::Refused, Self::InDoubt, Self::HereOnly];

    /// It took effect, be it on one half of a pair alone.
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Succeeded | Self::HereOnly)
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::InDoubt => "in doubt",
            Self::HereOnly => "not on the peer",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.word().fmt(f)
    }
}

/// Who did it, from where, in which request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// `None`: Gatehouse itself, or somebody not signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// As they were called then.
    pub name: String,
    /// Address of the browser or client.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request: String,
    #[serde(default, skip_serializing_if = "Entrance::is_session")]
    pub via: Entrance,
}

/// How a person came in. Records from before there was more than one way say nothing of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entrance {
    #[default]
    Session,
    /// A sub-command on the server's own machine.
    Console,
}

impl Entrance {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    const fn is_session(&self) -> bool {
        matches!(self, Self::Session)
    }

    /// As a page says it; a browser's session is not worth a word.
    pub const fn text(self) -> Option<&'static str> {
        match self {
            Self::Session => None,
            Self::Console => Some("a sub-command on the server's own machine"),
        }
    }
}

impl Actor {
    /// Gatehouse acting by itself: at start, in a background task.
    pub fn gatehouse() -> Self {
        Self {
            person: None,
            name: "gatehouse".into(),
            from: String::new(),
            request: String::new(),
            via: Entrance::default(),
        }
    }
}

/// A record as it is to be written. Its JSON, made once, is what the log keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub at: At,
    pub kind: RecordKind,
    /// `None` asks for a new act number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<ActNo>,
    pub actor: Actor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<ClusterId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appliance: Option<ApplianceId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// One line for the list: what happened to what.
    pub summary: String,
    /// Everything else, redacted: plan id, operation, call, reply, before and after.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub detail: serde_json::Value,
}

/// A record as it was read back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub id: RecordId,
    pub act: ActNo,
    pub entry: Entry,
}
