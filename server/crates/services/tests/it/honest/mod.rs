//! No sequence of looks, faults, clock steps and restarts ever shows a green verdict whose evidence is older than two
//! intervals, or from the future. `cargo xtask soak verdicts` runs many more sequences than the test.

mod events;
mod truth;

use crate::{bench::Bench, support::restarted};
use events::{Event, event};
use lab::FaultSpec;
use model::{At, Clock, state::Tone, stretch::Stood};
use proptest::{
    collection::vec,
    test_runner::{Config, RngSeed, TestCaseError, TestRunner},
};
use std::{
    cell::Cell,
    env,
    time::{Duration, Instant},
};
use truth::{Truth, untimely};

/// Events of one sequence; each begins with a cluster on which all is well.
const EVENTS: usize = 40;
/// Sequences of a test; so many times as many in a soak.
const SEQUENCES: u32 = 3;
async fn happen(mut bench: Bench, truth: &mut Truth, event: &Event) -> Bench {
    let now = bench.world.clock.passed();
    let services = &bench.world.services;
    match *event {
        Event::Pass(seconds) => bench.pass(seconds).await,
        Event::Round => {
            truth.look(now);
            services.observer().glance(bench.appliance).await;
            truth.look_at_nodes(now, true);
            services.nodes().observe(bench.id, 0).await;
        }
        Event::Look(whole) => {
            truth.look(now);
            if whole {
                services.observer().look(bench.appliance).await;
            } else {
                services.observer().glance(bench.appliance).await;
            }
        }
        Event::Nodes(by_every_door) => {
            truth.look_at_nodes(now, by_every_door);
            services.nodes().observe(bench.id, u32::from(!by_every_door)).await;
        }
        Event::Fault(fault) => {
            let (target, word) = (fault.target.to_owned(), fault.word.to_owned());
            bench.fault(FaultSpec { target, fault: word, ms: fault.ms, ..FaultSpec::default() }).await;
            truth.faults.push(fault);
        }
        Event::Mended => {
            bench.world.lab.clear_faults().await.unwrap();
            truth.faults.clear();
        }
        Event::Set(seconds) => bench.world.clock.set_by(seconds),
        Event::Right => bench.world.clock.set_right(),
        Event::Restart(seconds, set) => {
            let lab = bench.world.lab.clone();
            bench.world =
                restarted(bench.world, |world| world.clock.set_by(set), lab.advance(Duration::from_secs(seconds)))
                    .await;
        }
    }
    bench
}

/// Each change of the verdict has exactly one line, the newest is the verdict, and none is of the future.
fn written_wrong(stood: &[Stood], verdict: &(Tone, String), now: At) -> Option<String> {
    let Some(newest) = stood.first() else { return Some("nothing is written of how it stood".into()) };
    if newest.tone != verdict.0 || newest.until.is_some() {
        return Some(format!("the newest line is {newest:?}, and the verdict {verdict:?}"));
    }
    let times = |stood: &Stood| [Some(stood.from.at), stood.until].into_iter().flatten().all(|at| at <= now);
    if let Some(later) = stood.iter().find(|stood| !times(stood)) {
        return Some(format!("{later:?} is later than {now}"));
    }
    let twice = stood.windows(2).find(|pair| {
        // What is well is written anew after a gap, and says so.
        let gap = pair[0].from.or_earlier;
        !gap && (pair[0].tone, &pair[0].words) == (pair[1].tone, &pair[1].words)
            && pair[1].until == Some(pair[0].from.at)
    });
    twice.map(|pair| format!("two lines of one verdict: {pair:?}"))
}

/// How often it was green, or why it must not have been.
async fn play(events: &[Event]) -> Result<u64, String> {
    let mut bench = Box::pin(Bench::ready(lab::Options::default())).await;
    let mut truth = Truth::seen(bench.world.clock.passed());
    let mut green = 0;
    for (place, event) in events.iter().enumerate() {
        bench = Box::pin(happen(bench, &mut truth, event)).await;
        let now = bench.world.clock.passed();
        let after = || format!("after {:?}", &events[..=place]);
        // What is asked first, of two that look at the same, is nobody's to choose.
        let sign =
            bench.world.services.clusters().standings(&bench.world.cx).await.map_err(|failure| failure.to_string())?;
        let view = bench.view().await;
        let verdict = view.verdict();
        if let Some(other) = sign.iter().find(|standing| (standing.tone, &standing.words) != (verdict.0, &verdict.1)) {
            return Err(format!("title and icon say {other:?}, and the page {verdict:?}; {}", after()));
        }
        let stood = bench
            .world
            .services
            .clusters()
            .history(&bench.world.cx, bench.id)
            .await
            .map_err(|failure| failure.to_string())?;
        if let Some(why) = written_wrong(&stood.stood, &verdict, stood.now) {
            return Err(format!("{why}; {}", after()));
        }
        if view.verdict().0 != Tone::Good {
            continue;
        }
        green += 1;
        let line = untimely(&view).map(|line| format!("a check passes by {line:?}, and it is {}", view.sighting.now));
        if let Some(why) = truth.contradicts(now).or(line) {
            return Err(format!("green, and {why}; {}", after()));
        }
    }
    Ok(green)
}

#[test]
fn green_is_never_older_than_two_intervals_nor_from_the_future() {
    let seed = number("FUZZ_SEED").unwrap_or(1);
    let times = u32::try_from(number("FUZZ_TIMES").unwrap_or(1)).unwrap();
    let config = Config {
        cases: SEQUENCES * times,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        // Each is a whole cluster's life.
        max_shrink_iters: 200,
        ..Config::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (moments, green, slowest) = (Cell::new(0), Cell::new(0), Cell::new(Duration::ZERO));
    let outcome = TestRunner::new(config).run(&vec(event(), EVENTS), |events| {
        let begun = Instant::now();
        let green_here = runtime.block_on(play(&events)).map_err(TestCaseError::fail)?;
        moments.set(moments.get() + u64::try_from(events.len()).unwrap());
        green.set(green.get() + green_here);
        slowest.set(slowest.get().max(begun.elapsed()));
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("seed {seed}: {failure}");
    }
    let (moments, green) = (moments.get(), green.get());
    // Read by `cargo xtask soak`.
    eprintln!("\nFUZZ services/verdicts {moments} executions, seed {seed}, slowest {} us", slowest.get().as_micros());
    assert!(
        green >= moments / 10,
        "green {green} times of {moments}: the property says nothing of what never is green"
    );
}

/// What a soak found: a node that had lost its database was asked no more over REST, and what was known of it grew old.
#[test]
fn what_was_wrong_when_it_could_be_told_last_is_not_green() {
    let lost = events::DATABASE_LOST;
    let events =
        [Event::Fault(lost), Event::Round, Event::Mended, Event::Pass(101), Event::Look(false), Event::Nodes(false)];
    let runtime = tokio::runtime::Runtime::new().unwrap();
    assert_eq!(runtime.block_on(play(&events)), Ok(1), "only before anybody looked");
    let again = [&events[..], &[Event::Round]].concat();
    assert_eq!(runtime.block_on(play(&again)), Ok(2), "it is well again, and somebody has seen it");
}

#[expect(clippy::disallowed_methods, reason = "the soak's only way to a test program")]
fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok()?.parse().ok()
}
