//! All clusters as one list: a line for each, and the page of it that an address asks for.

use crate::{
    clock::At,
    finding::Tally,
    freshness::Freshness,
    ids::{ApplianceId, ClusterId},
    listing::{A_PAGE, FEW, ListForm, Sheet},
    outage::Outage,
    since::Since,
    state::Tone,
};
use std::cmp::Reverse;

/// One cluster in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FleetLine {
    pub cluster: ClusterId,
    pub title: String,
    pub fqdn: String,
    pub appliance: ApplianceId,
    pub appliance_title: String,
    pub tone: Tone,
    /// The verdict's words.
    pub words: String,
    pub since: Option<Since>,
    pub tally: Tally,
    /// So many differences are described and not applied.
    pub pending: usize,
    /// Whole days that its certificate is still valid; `None`: not known.
    pub certificate_days: Option<i64>,
    /// The running configuration differs from the saved one; `None`: not known now.
    pub unsaved: Option<bool>,
    /// When it was seen last, and what that is worth.
    pub seen: Option<(At, Freshness)>,
    /// Its appliance does not answer: how it would stand but for that.
    pub unanswered: Option<Otherwise>,
}

/// What else is said of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Otherwise {
    pub tone: Tone,
    pub words: String,
    pub tally: Tally,
}

impl FleetLine {
    /// That its appliance does not answer is said elsewhere, once for all; whether there was anything to leave out.
    fn leave_out_the_outage(&mut self) -> bool {
        let Some(Otherwise { tone, words, tally }) = self.unanswered.take() else { return false };
        (self.tone, self.words, self.tally, self.since) = (tone, words, tally, None);
        true
    }
}

/// What of the list is wanted, as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FleetForm {
    pub list: ListForm,
    /// An [`Order`]'s code; empty: the worst first.
    pub order: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Worst,
    Name,
    Appliance,
    Certificate,
}

impl Order {
    pub const ALL: [Self; 4] = [Self::Worst, Self::Name, Self::Appliance, Self::Certificate];

    /// As an address has it; the usual one is left out.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Worst => "",
            Self::Name => "name",
            Self::Appliance => "appliance",
            Self::Certificate => "certificate",
        }
    }

    pub const fn text(self) -> &'static str {
        match self {
            Self::Worst => "the worst first",
            Self::Name => "by name",
            Self::Appliance => "by appliance",
            Self::Certificate => "by the end of the certificate",
        }
    }
}

impl FleetForm {
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let order = get("order").unwrap_or_default().trim().to_owned();
        Self { list: ListForm::read(get), order }
    }

    pub fn fields(&self) -> [(&'static str, &str); 4] {
        let [text, state, page] = self.list.fields();
        [text, state, ("order", &self.order), page]
    }

    fn known_order(&self) -> Option<Order> {
        Order::ALL.into_iter().find(|order| order.code() == self.order.trim())
    }

    pub fn order(&self) -> Order {
        self.known_order().unwrap_or_default()
    }
}

/// One page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FleetPage {
    /// By which ages and times are read.
    pub now: At,
    pub form: FleetForm,
    pub sheet: Sheet<FleetLine>,
    /// None of the appliances answers, and so many clusters are not known for it and say nothing of it themselves.
    pub outage: Option<(Outage, usize)>,
}

/// Lines that stand below one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FleetGroup {
    /// `None`: without a heading.
    pub tone: Option<Tone>,
    /// How many there are of it, on all pages.
    pub count: usize,
    pub lines: Vec<FleetLine>,
}

impl FleetPage {
    pub fn of(mut lines: Vec<FleetLine>, form: &FleetForm, outage: Option<Outage>, now: At) -> Self {
        let outage = outage.map(|outage| {
            let folded = lines.iter_mut().map(FleetLine::leave_out_the_outage).filter(|folded| *folded).count();
            (outage, folded)
        });
        sort(&mut lines, form.order());
        let mut sheet = Sheet::of(lines, &form.list, A_PAGE, |line| {
            (line.tone, [line.title.as_str(), &line.fqdn, &line.appliance_title].join("\n"))
        });
        if form.known_order().is_none() {
            let shown: String = form.order.trim().chars().take(40).collect();
            sheet.remarks.push(format!("There is no order “{shown}”; the worst stand first."));
        }
        Self { now, form: form.clone(), sheet, outage }
    }

    /// Too many for one look, or somebody looks for something: then there is what to filter with.
    pub fn has_filters(&self) -> bool {
        self.sheet.all > FEW || self.form.list.is_filter() || !self.sheet.remarks.is_empty()
    }

    /// The lines of this page: the worst first each tone by itself, where there are many and of several.
    pub fn groups(&self) -> Vec<FleetGroup> {
        let count = |tone| self.sheet.counts.iter().find(|(known, _)| *known == tone).map_or(0, |(_, count)| *count);
        if self.form.order() != Order::Worst || self.sheet.all <= FEW {
            return vec![FleetGroup { tone: None, count: self.sheet.fit, lines: self.sheet.lines.clone() }];
        }
        let tones = self.sheet.lines.chunk_by(|one, next| one.tone == next.tone);
        tones
            .filter_map(|lines| Some((lines.first()?.tone, lines)))
            .map(|(tone, lines)| FleetGroup { tone: Some(tone), count: count(tone), lines: lines.to_vec() })
            .collect()
    }
}

/// Names decide among equals, and numbers among those: no two readings differ.
fn sort(lines: &mut [FleetLine], order: Order) {
    let name = |line: &FleetLine| (line.title.to_lowercase(), line.cluster);
    match order {
        Order::Worst => lines
            .sort_by_cached_key(|line| (Reverse((line.tone.rank(), line.tally.fails, line.tally.warns)), name(line))),
        Order::Name => lines.sort_by_cached_key(name),
        Order::Appliance => lines.sort_by_cached_key(|line| (line.appliance_title.to_lowercase(), name(line))),
        // Whose end is not known comes last.
        Order::Certificate => {
            lines.sort_by_cached_key(|line| (line.certificate_days.is_none(), line.certificate_days, name(line)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_millis;

    fn line(number: i64, tone: Tone) -> FleetLine {
        FleetLine {
            cluster: ClusterId(number),
            title: format!("Cluster {number:03}"),
            fqdn: format!("xms{number}.example.com"),
            appliance: ApplianceId(number / 10),
            appliance_title: format!("NetScaler {:02}", number / 10),
            tone,
            words: "UP".into(),
            since: None,
            tally: Tally::default(),
            pending: 0,
            certificate_days: None,
            unsaved: None,
            seen: None,
            unanswered: None,
        }
    }

    fn fleet() -> Vec<FleetLine> {
        let tone = |n: i64| match n {
            n if n % 100 == 7 => Tone::Bad,
            n if n % 50 == 3 => Tone::Warn,
            n if n % 25 == 1 => Tone::Unknown,
            _ => Tone::Good,
        };
        (0..500).map(|n| line(n, tone(n))).collect()
    }

    fn page(lines: Vec<FleetLine>, fields: &[(&str, &str)]) -> FleetPage {
        let form = FleetForm::read(|name| {
            fields.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        });
        FleetPage::of(lines, &form, None, from_millis(0))
    }

    fn ids(page: &FleetPage) -> Vec<i64> {
        page.sheet.lines.iter().map(|line| line.cluster.0).collect()
    }

    #[test]
    fn the_worst_of_five_hundred_stand_first_below_their_headings() {
        let page = page(fleet(), &[]);
        let groups: Vec<_> =
            page.groups().into_iter().map(|group| (group.tone, group.count, group.lines.len())).collect();
        let of = |tone, count, lines| (Some(tone), count, lines);
        assert_eq!(
            groups,
            [of(Tone::Bad, 5, 5), of(Tone::Unknown, 20, 20), of(Tone::Warn, 10, 10), of(Tone::Good, 465, 15)]
        );
        assert_eq!(ids(&page)[..6], [7, 107, 207, 307, 407, 1]);
        assert_eq!((page.sheet.pages, page.sheet.all, page.has_filters()), (10, 500, true));
    }

    #[test]
    fn of_two_that_fail_the_one_with_more_failures_comes_first() {
        let mut lines = vec![line(1, Tone::Bad), line(2, Tone::Bad), line(3, Tone::Bad), line(4, Tone::Good)];
        lines[1].tally = Tally { fails: 2, ..Tally::default() };
        lines[2].tally = Tally { fails: 2, warns: 1, ..Tally::default() };
        let page = page(lines, &[]);
        assert_eq!(ids(&page), [3, 2, 1, 4]);
        assert_eq!(page.groups().len(), 1, "few have no headings");
        assert!(!page.has_filters(), "and nothing to filter with");
    }

    #[test]
    fn every_order_is_total_and_the_next_page_goes_on() {
        for order in Order::ALL {
            let mut lines = fleet();
            for (n, line) in lines.iter_mut().enumerate() {
                line.certificate_days = (n % 3 > 0).then_some(i64::try_from(n * 7 % 90).unwrap() - 5);
            }
            let shown = |mut lines: Vec<FleetLine>, turned: bool| -> Vec<i64> {
                if turned {
                    lines.reverse();
                }
                (1..=10)
                    .flat_map(|n| ids(&page(lines.clone(), &[("order", order.code()), ("page", &n.to_string())])))
                    .collect()
            };
            let mut all = shown(lines.clone(), false);
            assert_eq!(all, shown(lines, true), "{order:?} does not depend on how they came");
            all.sort_unstable();
            assert_eq!(all, (0..500).collect::<Vec<_>>(), "{order:?}: each once");
        }
        let mut lines = vec![line(1, Tone::Good), line(2, Tone::Good), line(3, Tone::Good)];
        lines[0].certificate_days = Some(9);
        lines[2].certificate_days = Some(-1);
        assert_eq!(ids(&page(lines, &[("order", "certificate")])), [3, 1, 2], "not known is last");
    }

    #[test]
    fn titles_names_and_appliances_are_searched() {
        for (text, found) in [("cluster 007", vec![7]), ("XMS12.", vec![12]), ("\"netscaler 01\" 019", vec![19])] {
            assert_eq!(ids(&page(fleet(), &[("text", text), ("order", "name")])), found, "{text}");
        }
        let trouble = page(fleet(), &[("state", "trouble")]);
        assert_eq!((trouble.sheet.fit, trouble.sheet.troubled()), (35, 35));
        let odd = page(fleet(), &[("order", "colour"), ("state", "loud"), ("page", "x")]);
        assert_eq!((odd.sheet.fit, odd.sheet.remarks.len(), ids(&odd)[0]), (500, 3, 7));
        assert!(page(vec![line(1, Tone::Good)], &[("text", "x")]).has_filters(), "the way back from nothing found");
    }
}
