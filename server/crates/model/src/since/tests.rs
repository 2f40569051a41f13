use super::*;
use crate::clock::from_millis;

const NODE: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 12);
const OTHER: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 13);
const INTERVAL: u32 = 10;

fn noted(second: i64) -> Noted {
    Noted { at: from_millis(second * 1000), ahead_ms: 0, run: 1 }
}

/// A verdict that is about the worst of these.
fn said(tone: Tone, findings: &[Finding]) -> Verdict {
    let worst = findings.iter().find(|finding| finding.is_trouble());
    Verdict { tone, words: String::new(), subject: worst.map(Finding::key).unwrap_or_default() }
}

fn seen(more: Vec<Finding>) -> Vec<Finding> {
    let passes = [CheckCode::Sight, CheckCode::Primary].map(|code| Finding::pass(code, "is so"));
    more.into_iter().chain(passes).collect()
}

fn off(node: Ipv4Addr) -> Finding {
    Finding::warn(CheckCode::Members, "off").of_node(node)
}

fn not_known(node: Ipv4Addr) -> Finding {
    Finding::not_checked(CheckCode::Members, "not known").of_nodes([node])
}

/// Looks at these seconds, and what is told at the last of them.
fn after(looks: &[(i64, Vec<Finding>)]) -> Sinces {
    let mut watch = Watch::default();
    let mut last = noted(0);
    for (second, findings) in looks {
        last = noted(*second);
        watch = watch.judged(last, INTERVAL, findings, &said(Tone::Warn, findings), None);
    }
    watch.told(last)
}

fn since(second: i64, or_earlier: bool) -> Since {
    Since { at: from_millis(second * 1000), or_earlier }
}

#[test]
fn what_appears_begins_with_the_look_that_saw_it_and_what_came_back_begins_anew() {
    let fine = seen(vec![Finding::pass(CheckCode::Members, "all are UP")]);
    let down = seen(vec![off(NODE)]);
    let looks = [(0, fine.clone()), (10, down.clone()), (20, down.clone())];
    assert_eq!(after(&looks).of(&off(NODE)), Some(since(10, false)));
    let worse = Finding { outcome: Grade::Fail, title: "other words".into(), ..off(NODE) };
    assert_eq!(after(&looks).of(&worse), Some(since(10, false)), "neither words nor how bad it is make it new");
    assert_eq!(after(&looks).of(&off(OTHER)), None);
    let gone = [looks.to_vec(), vec![(30, fine.clone())]].concat();
    assert_eq!(after(&gone).of(&off(NODE)), None);
    let back = [gone, vec![(40, down)]].concat();
    assert_eq!(after(&back).of(&off(NODE)), Some(since(40, false)));
}

#[test]
fn what_began_while_nobody_watched_may_have_begun_earlier() {
    let fine = seen(vec![Finding::pass(CheckCode::Members, "all are UP")]);
    let down = seen(vec![off(NODE)]);
    assert_eq!(after(&[(0, down.clone())]).of(&off(NODE)), Some(since(0, true)), "the first look of all");
    assert_eq!(after(&[(0, fine.clone()), (21, down.clone())]).of(&off(NODE)), Some(since(21, true)), "a gap");
    let blind = seen(vec![not_known(NODE)]);
    assert_eq!(
        after(&[(0, fine.clone()), (10, blind.clone()), (20, down.clone())]).of(&off(NODE)),
        Some(since(20, true))
    );
    let others = seen(vec![not_known(OTHER)]);
    assert_eq!(after(&[(0, fine.clone()), (10, others), (20, down.clone())]).of(&off(NODE)), Some(since(20, false)));
    let lost = vec![Finding::fail(CheckCode::Sight, "The appliance cannot be read.")];
    assert_eq!(after(&[(0, fine.clone()), (10, lost), (20, down.clone())]).of(&off(NODE)), Some(since(20, true)));
    // A look that took long, and was judged after one that began later.
    assert_eq!(after(&[(0, fine.clone()), (18, fine), (10, down)]).of(&off(NODE)), Some(since(10, false)));
}

#[test]
fn what_was_wrong_and_cannot_be_told_any_more_is_marked() {
    let down = seen(vec![off(NODE)]);
    let marked = |looks: &[(i64, Vec<Finding>)]| {
        let mut findings = looks.last().unwrap().1.clone();
        after(looks).mark(&mut findings);
        findings.iter().any(|finding| finding.was_wrong)
    };
    let blind = |node| seen(vec![not_known(node)]);
    assert!(marked(&[(0, down.clone()), (10, blind(NODE))]));
    assert!(!marked(&[(0, down.clone()), (10, blind(OTHER))]), "another's question");
    assert!(!marked(&[(0, seen(Vec::new())), (10, blind(NODE))]), "it never was wrong");
    assert!(!marked(&[(0, down.clone()), (10, seen(Vec::new())), (20, blind(NODE))]), "it was well since");
    assert!(!marked(&[(0, down)]), "it is wrong now, and says so itself");
}

#[test]
fn a_look_that_could_not_tell_ends_nothing() {
    let down = seen(vec![off(NODE)]);
    let lost = vec![Finding::fail(CheckCode::Sight, "The appliance cannot be read.")];
    for blind in [seen(vec![not_known(NODE)]), lost] {
        let looks = [(0, seen(Vec::new())), (10, down.clone()), (20, blind.clone()), (30, down.clone())];
        assert_eq!(after(&looks).of(&off(NODE)), Some(since(10, false)), "{blind:?}");
    }
    // A node more that is not known says nothing of this one.
    let looks = [(10, down.clone()), (20, seen(vec![not_known(OTHER)])), (30, down)];
    assert_eq!(after(&looks).of(&off(NODE)), Some(since(30, false)));
}

#[test]
fn what_is_well_is_well_only_while_somebody_watches() {
    let mut watch = Watch::default();
    let fine = seen(Vec::new());
    let mut judge = |second, findings: &[Finding], tone| {
        watch = watch.clone().judged(noted(second), INTERVAL, findings, &said(tone, findings), None);
        watch.told(noted(second)).of_verdict(&said(tone, findings))
    };
    assert_eq!(judge(0, &fine, Tone::Good), Some(since(0, true)));
    assert_eq!(judge(10, &fine, Tone::Good), Some(since(0, true)));
    let down = seen(vec![off(NODE)]);
    assert_eq!(judge(20, &down, Tone::Warn), Some(since(20, false)));
    assert_eq!(judge(30, &[], Tone::Unknown), Some(since(30, false)));
    assert_eq!(judge(40, &down, Tone::Warn), Some(since(20, false)), "nobody said that it was over");
    assert_eq!(judge(50, &fine, Tone::Good), Some(since(50, false)));
    assert_eq!(judge(80, &fine, Tone::Good), Some(since(80, true)), "a gap in which anything may have been");
    let other = seen(vec![off(OTHER)]);
    assert_eq!(judge(90, &other, Tone::Warn), Some(since(90, false)));
    assert_eq!(judge(100, &down, Tone::Warn), Some(since(100, false)), "another thing is said");
}

#[test]
fn a_clock_that_is_set_puts_nothing_into_the_future_and_brings_it_back() {
    let down = seen(vec![off(NODE)]);
    let watch = Watch::default().judged(noted(990), INTERVAL, &seen(Vec::new()), &said(Tone::Good, &[]), None);
    let watch = watch.judged(noted(1_000), INTERVAL, &down, &said(Tone::Warn, &down), None);
    let told = |at: i64, ahead: i64, run| {
        let now = Noted { at: from_millis(at * 1000), ahead_ms: ahead * 1000, run };
        watch.told(now).of(&off(NODE)).unwrap()
    };
    let looked = |at: i64, or_earlier| Since { at: from_millis(at * 1000), or_earlier };
    assert_eq!(told(1_030, 0, 1), looked(1_000, false));
    assert_eq!(told(430, -600, 1), looked(400, false), "set back by ten minutes: half a minute is half a minute");
    assert_eq!(told(1_060, 0, 1), looked(1_000, false), "and set right again");
    assert_eq!(told(500, 0, 2), looked(500, true), "set back while the program was off: no later than now");
    assert_eq!(told(2_000, 0, 2), looked(1_000, false));

    // The next look of that run takes it over by its own clock.
    let now = Noted { at: from_millis(500_000), ahead_ms: 7, run: 2 };
    let watch = watch.judged(now, INTERVAL, &down, &said(Tone::Warn, &down), None);
    let later = Noted { at: from_millis(2_000_000), ahead_ms: 7, run: 2 };
    assert_eq!(watch.told(later).of(&off(NODE)), Some(looked(500, true)));
}

#[test]
fn it_is_kept_as_json() {
    let found = seen(vec![off(NODE), not_known(OTHER)]);
    let watch = Watch::default().judged(noted(5), INTERVAL, &found, &said(Tone::Warn, &found), Some(3));
    let json = serde_json::to_string(&watch).unwrap();
    assert_eq!(serde_json::from_str::<Watch>(&json).unwrap(), watch);
}
