//! None of several appliances answers: then it is hardly they that fail, but what all of them are looked at through.

use crate::{clock::At, read_error::ReadErrorKind};

/// With one alone nobody can tell its own failure from that of the way to it.
const FEWEST: usize = 2;

/// How the last look at one appliance ended. It counts until the next one has ended: a slow look, or one that waits for what does
/// not answer, makes nobody silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastLook {
    /// `None`: it went well.
    pub failure: Option<ReadErrorKind>,
}

impl LastLook {
    /// Something came back, be it a refusal or a wrong certificate: there is a way.
    pub fn was_answered(&self) -> bool {
        self.failure.is_none_or(|kind| !kind.is_no_answer() && tells(kind))
    }

    /// It says something about the way to the appliance.
    fn counts(&self) -> bool {
        self.failure.is_none_or(tells)
    }
}

/// Whether it says anything about the way: an account that was refused is not shown again, and nobody is asked.
const fn tells(kind: ReadErrorKind) -> bool {
    !matches!(kind, ReadErrorKind::Account | ReadErrorKind::Ours | ReadErrorKind::Unknown)
}

/// How many appliances do not answer, where none does; `None`: one does, or there are too few to tell.
pub fn silent(looks: impl IntoIterator<Item = LastLook>) -> Option<usize> {
    let looks: Vec<LastLook> = looks.into_iter().filter(LastLook::counts).collect();
    let none = looks.iter().all(|look| !look.was_answered());
    (none && looks.len() >= FEWEST).then_some(looks.len())
}

/// That none answers, as it is told once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// So many were asked; `None`: whoever reads it does not see all of them.
    pub asked: Option<usize>,
    /// When the last answer came; `None`: there was none since this start.
    pub since: Option<At>,
}

impl Outage {
    /// What it is, to be followed by since when.
    pub fn title(&self) -> String {
        match self.asked {
            Some(2) => "Neither of the two appliances that are asked answers.".into(),
            Some(asked) => format!("None of the {asked} appliances that are asked answers."),
            None => "No appliance answers.".into(),
        }
    }

    /// Likely cause and next step.
    pub const ADVICE: &'static str = "That all of them failed at once is unlikely. Look at what they have in common first: \
        this console's own host, and its way to them: its network, route, DNS, firewall or proxy. Try from this host whether \
        one of their addresses can be reached, for instance with `curl -k`. As soon as one answers, this notice goes by \
        itself. What is shown meanwhile is how it was when it was seen last.";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(failure: impl Into<Option<ReadErrorKind>>) -> LastLook {
        LastLook { failure: failure.into() }
    }

    fn told(looks: &[LastLook]) -> Option<usize> {
        silent(looks.iter().copied())
    }

    #[test]
    fn none_of_several_answers() {
        let (cut, late) = (look(ReadErrorKind::Unreachable), look(ReadErrorKind::Silent));
        assert_eq!(told(&[cut, late]), Some(2));
        assert_eq!(told(&[cut, late, cut]), Some(3));
    }

    #[test]
    fn nothing_is_said_of_one_alone_or_where_something_came_back() {
        let cut = look(ReadErrorKind::Unreachable);
        assert_eq!(told(&[]), None);
        assert_eq!(told(&[cut]), None);
        assert_eq!(told(&[cut, look(None)]), None);
        for kind in [
            ReadErrorKind::Handshake,
            ReadErrorKind::Untrusted,
            ReadErrorKind::KeyChanged,
            ReadErrorKind::Forbidden,
            ReadErrorKind::NotReady,
            ReadErrorKind::Refused { code: 446 },
            ReadErrorKind::Foreign,
            ReadErrorKind::Unreadable,
        ] {
            assert_eq!(told(&[cut, cut, look(kind)]), None, "{kind:?} is an answer");
            assert!(look(kind).was_answered());
        }
    }

    #[test]
    fn who_was_not_asked_says_nothing() {
        let cut = look(ReadErrorKind::Unreachable);
        for kind in [ReadErrorKind::Account, ReadErrorKind::Ours, ReadErrorKind::Unknown] {
            assert_eq!(told(&[cut, look(kind)]), None, "{kind:?}: one alone is left");
            assert_eq!(told(&[cut, cut, look(kind)]), Some(2), "{kind:?}");
            assert!(!look(kind).was_answered());
        }
    }

    #[test]
    fn whoever_does_not_see_all_is_not_told_how_many_there_are() {
        let title = |asked| Outage { asked, since: None }.title();
        assert_eq!(title(Some(2)), "Neither of the two appliances that are asked answers.");
        assert_eq!(title(Some(31)), "None of the 31 appliances that are asked answers.");
        assert_eq!(title(None), "No appliance answers.");
    }
}
