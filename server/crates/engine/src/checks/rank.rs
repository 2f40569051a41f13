//! The order in which findings want to be read: the worse above the mild, a cause above what follows from it.

use model::finding::{Finding, Grade};

/// Sorts. What only follows from another finding stands below that one, however bad it looks; where the cause that a
/// rule supposed is not there, the finding stands for itself.
pub fn ranked(mut findings: Vec<Finding>) -> Vec<Finding> {
    let mut causes: Vec<Option<usize>> = (0..findings.len()).map(|index| cause_of(&findings, index)).collect();
    for index in 0..causes.len() {
        if is_circle(&causes, index) {
            causes[index] = None;
        }
    }
    for (finding, cause) in findings.iter_mut().zip(&causes) {
        finding.explained_by = finding.explained_by.filter(|_| cause.is_some());
    }
    let mut order = Vec::new();
    place(&findings, &causes, None, &mut order);
    let mut taken: Vec<Option<Finding>> = findings.into_iter().map(Some).collect();
    order.into_iter().filter_map(|index| taken.get_mut(index).and_then(Option::take)).collect()
}

/// The finding that explains another one: about the same node where there is one, else about all of them.
fn cause_of(findings: &[Finding], index: usize) -> Option<usize> {
    let finding = findings.get(index).filter(|finding| finding.is_trouble())?;
    let code = finding.explained_by.filter(|code| *code != finding.code)?;
    let fits = |other: &Finding| other.code == code && other.is_trouble();
    let same = findings.iter().position(|other| fits(other) && other.node == finding.node);
    let wide = |other: &Finding| other.node.is_none() || finding.node.is_none();
    same.or_else(|| findings.iter().position(|other| fits(other) && wide(other)))
}

/// Rules that explain each other explain nothing.
fn is_circle(causes: &[Option<usize>], start: usize) -> bool {
    let mut here = start;
    for _ in 0..causes.len() {
        match causes.get(here).copied().flatten() {
            None => return false,
            Some(next) if next == start => return true,
            Some(next) => here = next,
        }
    }
    true
}

/// A cause is as bad as the worst that comes of it.
fn worst(findings: &[Finding], causes: &[Option<usize>], root: usize) -> Grade {
    let below = (0..findings.len()).filter(|index| causes[*index] == Some(root));
    below.map(|index| worst(findings, causes, index)).fold(findings[root].outcome, Grade::min)
}

fn place(findings: &[Finding], causes: &[Option<usize>], cause: Option<usize>, order: &mut Vec<usize>) {
    let mut these: Vec<usize> = (0..findings.len()).filter(|index| causes[*index] == cause).collect();
    // Stable: rules of one code keep the order of the nodes.
    these.sort_by_key(|index| (worst(findings, causes, *index), findings[*index].code));
    for index in these {
        order.push(index);
        place(findings, causes, Some(index), order);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::finding::CheckCode;
    use std::net::Ipv4Addr;

    const ELEVEN: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 11);
    const TWELVE: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 12);

    fn titles(findings: Vec<Finding>) -> Vec<String> {
        ranked(findings).into_iter().map(|finding| finding.title).collect()
    }

    #[test]
    fn the_worse_stands_above_the_mild_and_upkeep_comes_last() {
        let findings = vec![
            Finding::pass(CheckCode::Sight, "seen"),
            Finding::warn(CheckCode::Saved, "not saved"),
            Finding::warn(CheckCode::Members, "a node does not answer"),
            Finding::not_checked(CheckCode::Apns, "not known"),
            Finding::fail(CheckCode::AddressRecord, "astray"),
        ];
        assert_eq!(titles(findings), ["astray", "a node does not answer", "not saved", "not known", "seen"]);
    }

    #[test]
    fn a_cause_stands_above_what_follows_and_is_as_urgent() {
        let findings = vec![
            Finding::fail(CheckCode::AddressRecord, "astray"),
            Finding::fail(CheckCode::Membership, "dead").of_node(TWELVE).explained_by(CheckCode::Members),
            Finding::warn(CheckCode::Members, "off").of_node(TWELVE),
            Finding::warn(CheckCode::Members, "off too").of_node(ELEVEN),
        ];
        assert_eq!(titles(findings), ["off", "dead", "astray", "off too"]);
    }

    #[test]
    fn a_cause_of_another_node_or_one_that_is_not_there_explains_nothing() {
        let dead = || Finding::fail(CheckCode::Membership, "dead").of_node(TWELVE).explained_by(CheckCode::Members);
        for others in [
            vec![Finding::warn(CheckCode::Members, "off").of_node(ELEVEN)],
            vec![Finding::pass(CheckCode::Members, "all are UP")],
            vec![],
        ] {
            let all = ranked(others.into_iter().chain([dead()]).collect());
            assert_eq!((all[0].title.as_str(), all[0].explained_by), ("dead", None));
        }
        let whole = ranked(vec![dead(), Finding::fail(CheckCode::Members, "none answers")]);
        assert_eq!((whole[1].title.as_str(), whole[1].explained_by), ("dead", Some(CheckCode::Members)));
    }

    #[test]
    fn findings_that_explain_each_other_are_all_still_there() {
        let one = Finding::fail(CheckCode::Clocks, "clocks").explained_by(CheckCode::Membership);
        let other = Finding::fail(CheckCode::Membership, "split").explained_by(CheckCode::Clocks);
        let chain = Finding::warn(CheckCode::NodeAccess, "no REST").explained_by(CheckCode::Clocks);
        assert_eq!(titles(vec![one, other, chain]), ["clocks", "split", "no REST"]);
    }
}
