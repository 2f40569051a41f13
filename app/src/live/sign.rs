//! Title and icon of an open page: the worst of what its reader may see, in a few letters.

use crate::ui::badge::{tone_icon, tone_name};
use model::{
    standing::{Standing, worst},
    state::Tone,
};

/// What a tab shows that nobody looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    pub tone: Tone,
    /// `▲2`; nothing where nothing is wrong.
    pub mark: String,
    /// Whose mark that is.
    pub name: String,
    /// The same for whoever hears it read out.
    pub sentence: String,
}

impl Sign {
    /// Of all clusters that the reader may see.
    pub fn of(standings: &[Standing]) -> Self {
        let Some(worst) = worst(standings) else {
            return Self { tone: Tone::Quiet, mark: String::new(), name: String::new(), sentence: String::new() };
        };
        let icon = tone_icon(worst.tone);
        let mark = match worst.tone {
            Tone::Bad => format!("{icon}{}", worst.tally.fails.max(1)),
            Tone::Warn if worst.tally.warns > 0 => format!("{icon}{}", worst.tally.warns),
            Tone::Warn | Tone::Unknown => icon.to_owned(),
            Tone::Good | Tone::Quiet => String::new(),
        };
        let name = if mark.is_empty() { String::new() } else { worst.title.clone() };
        let others = standings.iter().filter(|other| other.tone == Tone::Bad && other.cluster != worst.cluster).count();
        let more = match others {
            0 => String::new(),
            1 => " One more cluster fails.".to_owned(),
            more => format!(" {more} more clusters fail."),
        };
        let sentence = format!("{}{more}", sentence(worst));
        Self { tone: worst.tone, mark, name, sentence }
    }

    /// As the browser reads it: a line each.
    pub fn message(&self) -> String {
        let line = |text: &str| text.replace(['\n', '\r'], " ");
        format!("{}\n{}\n{}\n{}", tone_name(self.tone), line(&self.mark), line(&self.name), line(&self.sentence))
    }
}

/// Not the verdict's own words, which stand on the page.
fn sentence(standing: &Standing) -> String {
    let title = &standing.title;
    let count = |number: usize, one: &str| format!("{number} {one}{}", if number == 1 { "" } else { "s" });
    let (fails, warns) = (count(standing.tally.fails, "failure"), count(standing.tally.warns, "warning"));
    match standing.tone {
        Tone::Bad if standing.tally.fails > 0 => format!("{title} has {fails} and {warns}."),
        Tone::Bad => format!("{title} fails."),
        Tone::Warn => format!("{title} has {warns}."),
        Tone::Unknown => format!("How {title} does is not known."),
        Tone::Quiet if standing.tally.expected > 0 => format!("{title} is being changed."),
        Tone::Quiet => format!("{title} is not in use yet."),
        Tone::Good => format!("Nothing is wrong with {title}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{ClusterId, finding::Tally};

    fn standing(id: i64, title: &str, tone: Tone, fails: usize, warns: usize) -> Standing {
        let tally = Tally { fails, warns, ..Tally::default() };
        Standing { cluster: ClusterId(id), title: title.into(), tone, words: "UP, 6 of 9 members UP".into(), tally }
    }

    #[test]
    fn the_worst_cluster_is_named_with_how_much_is_wrong() {
        let berlin = standing(1, "Berlin", Tone::Bad, 2, 1);
        let bonn = standing(2, "Bonn", Tone::Warn, 0, 3);
        let sign = Sign::of(&[bonn.clone(), berlin.clone()]);
        assert_eq!(sign.message(), "bad\n▲2\nBerlin\nBerlin has 2 failures and 1 warning.");
        assert_eq!((Sign::of(&[bonn]).mark.as_str(), Sign::of(&[]).tone), ("◆3", Tone::Quiet));
        let two = Sign::of(&[berlin.clone(), standing(3, "Köln", Tone::Bad, 1, 0)]);
        assert_eq!((two.name.as_str(), two.sentence.ends_with("One more cluster fails.")), ("Berlin", true));
        let well = Sign::of(&[standing(1, "Berlin", Tone::Good, 0, 0)]);
        assert_eq!((well.mark.as_str(), well.name.as_str(), well.tone), ("", "", Tone::Good));
        assert_eq!(Sign::of(&[standing(1, "B", Tone::Unknown, 0, 0)]).mark, "?", "what is not known is no good news");
    }
}
