//! How a cluster stands, in short: what lists, titles and messages say of it.

use crate::{ClusterId, finding::Tally, state::Tone};

/// What was last judged of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub cluster: ClusterId,
    pub title: String,
    pub tone: Tone,
    /// The verdict's words.
    pub words: String,
    pub tally: Tally,
}

/// The one to look at first: by tone, then by how much is wrong, then as they stand.
pub fn worst(standings: &[Standing]) -> Option<&Standing> {
    let rank = |standing: &Standing| (standing.tone.rank(), standing.tally.fails, standing.tally.warns);
    // `max_by_key` gives the last of several.
    standings.iter().rev().max_by_key(|standing| rank(standing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_comes_before_what_is_not_known_and_that_before_green() {
        let standing = |id, tone, fails| Standing {
            cluster: ClusterId(id),
            title: String::new(),
            tone,
            words: String::new(),
            tally: Tally { fails, ..Tally::default() },
        };
        let mut all = vec![standing(1, Tone::Good, 0), standing(2, Tone::Quiet, 0)];
        for (id, tone, fails) in [(3, Tone::Warn, 0), (4, Tone::Unknown, 0), (5, Tone::Bad, 1), (6, Tone::Bad, 2)] {
            all.push(standing(id, tone, fails));
            assert_eq!(worst(&all).map(|worst| worst.cluster), Some(ClusterId(id)));
        }
        all.push(standing(7, Tone::Bad, 2));
        assert_eq!(worst(&all).map(|worst| worst.cluster), Some(ClusterId(6)), "the first of equals");
        assert_eq!(worst(&[]), None);
    }
}
