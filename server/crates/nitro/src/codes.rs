//! What the error codes mean (`nitro.md` 1.11, 5.5), asked as questions. The only place that compares numbers.

use crate::{ApiError, Error, Phase};

/// The thing is not there. 1232 (no such resource *kind*) is not among them: see [`Error::unsupported`].
const ABSENT: &[i64] =
    &[258, 344, 351, 372, 373, 397, 461, 462, 463, 1303, 1540, 1542, 1801, 2170, 2171, 2370, 2379, 2755, 3248];
const EXISTS: &[i64] = &[273, 433, 1335, 1642, 2133];
const IN_USE: &[i64] = &[315, 1070, 1325, 1541, 1919, 2131, 3249];
/// The account is refused, or needs a person first: second factor, licence text, a new password.
const REFUSED: &[i64] = &[354, 355, 1025, 1034, 1045, 1046, 1244];
const EXPIRED: &[i64] = &[444, 471, 352, 1026, 1027];
const FORBIDDEN: &[i64] = &[269, 371, 2138];
const SECONDARY: &[i64] = &[368, 1028];
const BUSY: &[i64] = &[272, 293, 366, 412, 1461];
const DOWN: &[i64] = &[256, 334];
const UNSUPPORTED: &[i64] = &[460, 477, 1232, 1240];
/// The body is not of a form that this build reads.
const MALFORMED: &[i64] = &[1094, 1095, 1233, 1234, 1235, 1236, 1237, 1238, 1239];
/// What a release before 11.1 may say to `bulkbindings=yes` without a parent's name. No capture shows which: the name is
/// missing, the option is unknown, or its value is.
const WANTS_PARENT: &[i64] = &[278, 1090, 1093, 1094, 1095, 1097];
const SESSIONS_FULL: &[i64] = &[445, 446];
/// Done here, not on the peer.
const PEER_FAILED: &[i64] = &[347, 349, 358, 457, 458];

impl Error {
    /// The appliance's error object, if it is one; also that of a refused account.
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) | Self::Credentials { answer: Some(error), .. } => Some(error),
            Self::Login(error) => error.api(),
            _ => None,
        }
    }

    /// NITRO's error code, if there is one.
    pub fn code(&self) -> Option<i64> {
        match self {
            Self::Bulk { code, .. } => Some(*code),
            _ => self.api().map(|error| error.code),
        }
    }

    fn is(&self, codes: &[i64]) -> bool {
        matches!(self, Self::Api(error) if codes.contains(&error.code))
    }

    /// The object or binding does not exist. A read that is *refused* is not absent.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Empty { .. }) || self.is(ABSENT)
    }

    /// An SDX's or a Console's answer to what only a NetScaler knows (`nitro.md`, A10).
    pub fn is_another_product(&self) -> bool {
        let Some(answer) = self.api() else { return false };
        let said = |part: &str| answer.message.to_ascii_lowercase().contains(part);
        answer.code == 10_005 || answer.code == -1 && said("version not supported")
    }

    /// An add or bind of what is already there.
    pub fn already_exists(&self) -> bool {
        self.is(EXISTS)
    }

    /// A removal of what others still use.
    pub fn in_use(&self) -> bool {
        self.is(IN_USE)
    }

    /// The account was refused (invariant 14: do not try it again). Not an expired session.
    pub fn is_auth(&self) -> bool {
        matches!(self, Self::Credentials { .. }) || self.is(REFUSED)
    }

    /// There is no session, or no longer; logging in again helps. The command was not executed.
    pub fn session_expired(&self) -> bool {
        matches!(self, Self::Session) || self.is(EXPIRED)
    }

    /// The account may not do this; the message's bracket names the missing right.
    pub fn not_permitted(&self) -> bool {
        self.is(FORBIDDEN)
    }

    /// This is the secondary node: write to its peer.
    pub fn not_primary(&self) -> bool {
        self.is(SECONDARY)
    }

    /// Another operation is running; the same request may succeed in some seconds.
    pub fn busy(&self) -> bool {
        self.is(BUSY)
    }

    /// The appliance or its packet engine is not up (yet).
    pub fn not_ready(&self) -> bool {
        matches!(self, Self::NotReady) || self.is(DOWN)
    }

    /// This release or node type does not know the resource or the action.
    pub fn unsupported(&self) -> bool {
        self.is(UNSUPPORTED)
    }

    /// The body could not be read as what was asked for. To a list of several objects: a build that takes one at a time,
    /// which reads the list as an object without its arguments (which code it gives is unverified).
    pub fn malformed(&self) -> bool {
        self.is(MALFORMED)
    }

    /// To a list of the bindings of all parents (`nitro.md` 2.2): this release gives them parent by parent only.
    pub fn wants_parent(&self) -> bool {
        self.unsupported() || self.is(WANTS_PARENT)
    }

    /// Too many sessions, usually leaked by somebody who did not log out.
    pub fn sessions_exhausted(&self) -> bool {
        self.is(SESSIONS_FULL)
    }

    /// Executed on this node, but not on its peer: treat as done, and say so.
    pub fn done_here_only(&self) -> bool {
        self.is(PEER_FAILED)
    }

    /// For a write: whether it may have taken effect, so that its object must be read before anything is repeated.
    ///
    /// True when the connection broke or the time ran out after sending, when the answer could not be read, when the
    /// node executed it but its peer did not, and for a bulk request, of which some items were executed.
    pub fn maybe_sent(&self) -> bool {
        match self {
            Self::Transport { .. } | Self::Decode { .. } | Self::Bulk { .. } => true,
            Self::Timeout { phase, .. } => *phase != Phase::Connect,
            Self::Api(_) => self.done_here_only(),
            Self::Build(_)
            | Self::Connect { .. }
            | Self::Tls(_)
            | Self::NotReady
            | Self::Credentials { .. }
            | Self::Login(_)
            | Self::Session
            | Self::Empty { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Severity;

    fn api(code: i64) -> Error {
        Error::Api(ApiError { http: 599, code, severity: Severity::Error, message: "x".to_owned() })
    }

    #[test]
    fn a_code_has_one_meaning() {
        let lists: &[&[i64]] = &[
            ABSENT,
            EXISTS,
            IN_USE,
            REFUSED,
            EXPIRED,
            FORBIDDEN,
            SECONDARY,
            BUSY,
            DOWN,
            UNSUPPORTED,
            MALFORMED,
            SESSIONS_FULL,
            PEER_FAILED,
        ];
        let mut all: Vec<i64> = lists.concat();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn an_expired_session_is_not_a_refused_account() {
        for code in [444, 1027, 471, 352] {
            assert!(api(code).session_expired() && !api(code).is_auth(), "{code}");
        }
        for code in [354, 355, 1025] {
            assert!(api(code).is_auth() && !api(code).session_expired(), "{code}");
        }
    }

    #[test]
    fn a_refused_read_is_not_absent() {
        assert!(!api(2138).is_absent());
        assert!(api(2138).not_permitted() && api(371).not_permitted());
        assert!(!api(1232).is_absent());
    }

    #[test]
    fn an_answered_refusal_was_not_executed_but_a_failed_propagation_was() {
        assert!(!api(273).maybe_sent());
        assert!(api(349).maybe_sent() && api(349).done_here_only());
    }
}
