//! Whether an appliance's own log can be read. It alone tells who changed what there.

use serde::{Deserialize, Serialize};

/// What came of asking for it, the last time that the configuration was seen to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnLog {
    Told,
    /// The account lacks the right.
    NotAllowed,
    /// The release does not know the question.
    NotKnown,
    Failed,
}

impl OwnLog {
    pub const ALL: [Self; 4] = [Self::Told, Self::NotAllowed, Self::NotKnown, Self::Failed];

    /// Why nothing is known of others' changes, and what to do; `None`: it is.
    pub fn silence(self, account: &str) -> Option<String> {
        match self {
            Self::Told => None,
            Self::NotAllowed => Some(format!(
                "Who else changes this appliance is not known here: the account {account} may not read the appliance's own \
                 log. Allow it `show audit messages` there; who makes the next change is told then."
            )),
            Self::NotKnown => Some(
                "Who else changes this appliance is not known here: its release does not show its own log to programs. Look \
                 into /var/log/ns.log on the appliance."
                    .into(),
            ),
            Self::Failed => Some(
                "Who made the last change of this appliance may be missing here: its own log could not be read then. It is \
                 read again with the next change; until then look into /var/log/ns.log on the appliance."
                    .into(),
            ),
        }
    }
}
