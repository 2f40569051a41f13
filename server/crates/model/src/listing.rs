//! Long lists that page: what stands in their address, and the one page of them that is asked for.

use crate::{state::Tone, words::words};

/// Lines of one page: few enough that a page is there at once, and enough to look for something with one's eyes.
pub const A_PAGE: usize = 50;
/// Up to so many a list is shown whole, without anything to filter by: they are seen at a glance.
pub const FEW: usize = 12;
/// Longer is no name and no address.
const LONGEST: usize = 200;

/// As it stands in the address. Empty: no such filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ListForm {
    pub text: String,
    /// `trouble`, or a tone's code.
    pub state: String,
    pub page: String,
}

/// Which ones are wanted, by how they do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WantedState {
    #[default]
    All,
    /// Whatever wants to be looked at.
    Trouble,
    Only(Tone),
}

impl WantedState {
    pub const TROUBLE: &'static str = "trouble";

    fn read(code: &str) -> Option<Self> {
        match code {
            "" => Some(Self::All),
            Self::TROUBLE => Some(Self::Trouble),
            code => Tone::WORST_FIRST.into_iter().find(|tone| tone.code() == code).map(Self::Only),
        }
    }

    pub fn wants(self, tone: Tone) -> bool {
        match self {
            Self::All => true,
            Self::Trouble => tone.is_trouble(),
            Self::Only(one) => one == tone,
        }
    }
}

impl ListForm {
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let of = |name| get(name).unwrap_or_default().trim().to_owned();
        Self { text: of("text"), state: of("state"), page: of("page") }
    }

    /// With their names, in the order in which an address has them.
    pub fn fields(&self) -> [(&'static str, &str); 3] {
        [("text", &self.text), ("state", &self.state), ("page", &self.page)]
    }

    /// Something is looked for in particular.
    pub fn is_filter(&self) -> bool {
        !self.text.trim().is_empty() || !self.state.trim().is_empty()
    }

    /// Parts that must all occur, in small letters.
    fn words(&self) -> Vec<String> {
        if self.is_too_long() { Vec::new() } else { words(&self.text.to_lowercase()) }
    }

    fn is_too_long(&self) -> bool {
        self.text.chars().count() > LONGEST
    }

    pub fn which(&self) -> WantedState {
        WantedState::read(self.state.trim()).unwrap_or_default()
    }

    /// What of it cannot be meant, in sentences: everything is shown instead.
    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.is_too_long() {
            remarks.push(format!(
                "The text is longer than {LONGEST} characters, so it filters nothing. A part is enough."
            ));
        }
        if WantedState::read(self.state.trim()).is_none() {
            let shown: String = self.state.trim().chars().take(40).collect();
            remarks.push(format!("There is no state “{shown}”, so it filters nothing."));
        }
        remarks
    }
}

/// One page of a list, with what is said around it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet<T> {
    pub lines: Vec<T>,
    /// How many there are, whatever is looked for.
    pub all: usize,
    /// How many fit.
    pub fit: usize,
    /// How many fit the text in each state, the worst first: what a filter by state would show.
    pub counts: Vec<(Tone, usize)>,
    /// From 1.
    pub page: usize,
    /// At least 1.
    pub pages: usize,
    /// How many lines come before this page's.
    pub before: usize,
    pub remarks: Vec<String>,
}

impl<T> Sheet<T> {
    /// Fits on its page as it is, and nobody looks for anything: nothing has to be said around it.
    pub fn is_plain(&self, form: &ListForm) -> bool {
        self.pages == 1 && !form.is_filter() && self.remarks.is_empty()
    }

    /// `all` stand in the order wanted; `told` is how one does and everything that a text is looked for in.
    pub fn of(all: Vec<T>, form: &ListForm, each: usize, told: impl Fn(&T) -> (Tone, String)) -> Self {
        let (words, which, count) = (form.words(), form.which(), all.len());
        let mut counts = Tone::WORST_FIRST.map(|tone| (tone, 0));
        let mut fitting = Vec::new();
        for line in all {
            let (tone, text) = told(&line);
            let text = if words.is_empty() { String::new() } else { text.to_lowercase() };
            if !words.iter().all(|word| text.contains(word.as_str())) {
                continue;
            }
            for (_, count) in counts.iter_mut().filter(|(known, _)| *known == tone) {
                *count += 1;
            }
            if which.wants(tone) {
                fitting.push(line);
            }
        }
        let fit = fitting.len();
        let pages = fit.div_ceil(each.max(1)).max(1);
        let mut remarks = form.remarks();
        let asked = form.page.trim();
        let page = match asked.parse::<usize>() {
            // Lines go while somebody reads: the last page is what is left of it.
            Ok(page) if page > 0 => page.min(pages),
            _ if asked.is_empty() => 1,
            _ => {
                let shown: String = asked.chars().take(40).collect();
                remarks.push(format!("“{shown}” is no page; this is the first one."));
                1
            }
        };
        let before = (page - 1) * each;
        let lines = fitting.into_iter().skip(before).take(each).collect();
        let counts = counts.into_iter().filter(|(_, count)| *count > 0).collect();
        Self { lines, all: count, fit, counts, page, pages, before, remarks }
    }

    /// How many fit the text, whatever their state.
    pub fn found(&self) -> usize {
        self.counts.iter().map(|(_, count)| count).sum()
    }

    /// Of those how many want to be looked at.
    pub fn troubled(&self) -> usize {
        self.counts.iter().filter(|(tone, _)| tone.is_trouble()).map(|(_, count)| count).sum()
    }

    /// `51–100 of 500`.
    pub fn span(&self) -> String {
        match self.lines.len() {
            0 => format!("none of {}", self.all),
            lines => format!("{}–{} of {}", self.before + 1, self.before + lines, self.fit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str, state: &str, page: &str) -> ListForm {
        ListForm { text: text.into(), state: state.into(), page: page.into() }
    }

    fn sheet(form: &ListForm) -> Sheet<usize> {
        // Every tenth fails, every other of the rest warns.
        let tone = |n: usize| match n {
            n if n % 10 == 0 => Tone::Bad,
            n if n % 2 == 0 => Tone::Warn,
            _ => Tone::Good,
        };
        Sheet::of((1..=120).collect(), form, A_PAGE, |n| (tone(*n), format!("Cluster {n} xms{n}.example.com")))
    }

    #[test]
    fn each_line_is_on_exactly_one_page() {
        let pages: Vec<Sheet<usize>> = ["", "2", "3"].map(|page| sheet(&form("", "", page))).into();
        let all: Vec<usize> = pages.iter().flat_map(|page| page.lines.clone()).collect();
        assert_eq!(all, (1..=120).collect::<Vec<_>>());
        assert!(pages.iter().all(|page| page.pages == 3 && page.fit == 120 && page.remarks.is_empty()));
        assert_eq!((pages[2].page, pages[2].span().as_str()), (3, "101–120 of 120"));
    }

    #[test]
    fn text_and_state_filter_and_the_counts_say_what_a_state_would_show() {
        let found = sheet(&form("\"CLUSTER 1\"", "", ""));
        assert_eq!(found.fit, 32, "1, 10 to 19 and 100 to 120");
        let bad = sheet(&form("“cluster 1”", "bad", ""));
        assert_eq!((bad.lines.clone(), bad.found()), (vec![10, 100, 110, 120], 32));
        assert_eq!(bad.counts, found.counts, "whichever of them is shown");
        let trouble = sheet(&form("\"cluster 1\"", "trouble", ""));
        assert_eq!(trouble.fit, trouble.troubled());
        assert!(trouble.fit > 4 && trouble.fit < 32);
        assert_eq!(sheet(&form("xms7.example cluster", "", "")).lines, [7], "words in any order");
        let none = sheet(&form("nowhere", "", ""));
        assert_eq!((none.fit, none.all, none.pages, none.span().as_str()), (0, 120, 1, "none of 120"));
    }

    #[test]
    fn nonsense_in_an_address_is_said_and_hides_nothing() {
        for odd in ["0", "-1", "soon", "1.5", "99999999999999999999999"] {
            let page = sheet(&form("", "", odd));
            assert_eq!((page.page, page.remarks.len()), (1, 1), "{odd}");
        }
        assert_eq!(sheet(&form("", "", "9")).page, 3, "what is beyond the end is the end");
        let odd = sheet(&form("", "purple", ""));
        assert_eq!(odd.fit, 120);
        assert!(odd.remarks[0].contains("“purple”"), "{:?}", odd.remarks);
        let long = sheet(&form(&"x".repeat(201), "", ""));
        assert_eq!((long.fit, long.remarks.len()), (120, 1));
    }
}
