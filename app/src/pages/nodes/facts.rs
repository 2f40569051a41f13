//! Facts of nodes as badges and words: what is old says so, what is too old has no state any more.

use crate::ui::{badge::Badge, prose::prose, time::Ago};
use leptos::{either::Either, prelude::*};
use model::{
    At, Freshness,
    node::{Door, Joined, NodeFacts, NodeStanding, PortFact, Told},
    state::Tone,
};
use services::NodesView;

/// By what the age of a fact is judged.
#[derive(Clone, Copy)]
pub struct Clock {
    pub now: At,
    pub interval: u32,
}

impl Clock {
    pub fn of(view: &NodesView) -> Self {
        Self { now: view.now, interval: view.interval }
    }

    fn freshness(self, door: Door, at: At) -> Freshness {
        door.freshness(at, self.now, self.interval)
    }
}

/// A state with what its age makes of it.
pub fn aged(clock: Clock, door: Door, at: At, tone: Tone, word: String) -> impl IntoView + use<> {
    match clock.freshness(door, at) {
        Freshness::Fresh => Either::Left(view! { <Badge tone word /> }),
        Freshness::Stale => Either::Right(Either::Left(view! {
            <Badge tone=Tone::Warn word=format!("{word}, stale") />
            " "
            <span class="sub"><Ago at now=clock.now /></span>
        })),
        Freshness::Unknown => Either::Right(Either::Right(view! {
            <Badge tone=Tone::Unknown word=format!("unknown, was {word}") />
            " "
            <span class="sub"><Ago at now=clock.now /></span>
        })),
    }
}

/// Whether a node has joined, in a word; without a member list there is nothing that could age.
pub fn membership(clock: Clock, joined: &Joined) -> impl IntoView + use<> {
    let tone = joined.tone;
    let word = match tone {
        Tone::Good => "joined",
        Tone::Bad => "not in the cluster",
        Tone::Warn => "doubtful",
        Tone::Quiet | Tone::Unknown => "not known",
    };
    match joined.at {
        None => Either::Left(view! { <Badge tone word /> }),
        Some(at) => Either::Right(aged(clock, Door::Ssh, at, tone, word.to_owned())),
    }
}

pub fn port(clock: Clock, number: u16, told: Option<&Told<PortFact>>) -> impl IntoView + use<> {
    match told {
        None => Either::Left(view! { <Badge tone=Tone::Unknown word=format!("{number} not seen") /> }),
        Some(told) => {
            let (tone, word) = told.value.standing();
            Either::Right(aged(clock, Door::Open, told.at, tone, format!("{number} {word}")))
        }
    }
}

/// The one word for a node, as everywhere.
pub fn status(clock: Clock, standing: NodeStanding) -> impl IntoView + use<> {
    view! {
        <Badge tone=standing.tone word=standing.word />
        {standing.at.map(|at| view! { " " <span class="sub"><Ago at now=clock.now /></span> })}
    }
}

/// Whether the last login over REST went well.
pub fn rest(clock: Clock, facts: &NodeFacts) -> impl IntoView + use<> {
    facts.tries.get(&Door::Rest).map_or_else(
        || Either::Left(view! { <Badge tone=Tone::Quiet word="not asked" /> }),
        |told| {
            let (tone, word) = match told.value {
                None => (Tone::Good, "logged in"),
                Some(_) => (Tone::Bad, "failed"),
            };
            Either::Right(aged(clock, Door::Rest, told.at, tone, word.to_owned()))
        },
    )
}

/// Something without a state, from a look without an account; with its age as soon as it is not fresh.
pub fn word(clock: Clock, fact: Option<(At, String)>) -> impl IntoView + use<> {
    match fact {
        None => Either::Left("not seen"),
        Some((at, text)) => {
            let old = clock.freshness(Door::Open, at) != Freshness::Fresh;
            Either::Right(view! {
                {text}
                {old.then(|| view! { <div class="sub"><Ago at now=clock.now /></div> })}
            })
        }
    }
}

/// How far its clock is off, in words.
pub fn clock_words(seconds: i64) -> String {
    match seconds {
        -2..=2 => "as ours".to_owned(),
        ahead @ 3.. => format!("{} ahead of ours", long(ahead.unsigned_abs())),
        behind => format!("{} behind ours", long(behind.unsigned_abs())),
    }
}

fn long(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// What failed at the last try of each door.
pub fn troubles(facts: &NodeFacts, now: At) -> impl IntoView + use<> {
    let address = facts.address.to_string();
    let items: Vec<(String, At, String)> = Door::ALL
        .into_iter()
        .filter_map(|door| {
            let (at, sentence) = facts.trouble(door)?;
            Some((format!("{address}, {door}"), at, sentence.to_owned()))
        })
        .collect();
    items
        .into_iter()
        .map(move |(what, at, sentence)| {
            view! {
                <li>
                    <b>{what}</b>
                    " "
                    <span class="sub"><Ago at now /></span>
                    ": "
                    {prose(&sentence)}
                </li>
            }
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_ahead_behind_or_as_ours() {
        assert_eq!(clock_words(-1), "as ours");
        assert_eq!(clock_words(45), "45 s ahead of ours");
        assert_eq!(clock_words(-3), "3 s behind ours");
        assert_eq!(clock_words(-864_000), "10 days behind ours");
        assert_eq!((clock_words(120), clock_words(7_200)), ("2 min ahead of ours".into(), "2 h ahead of ours".into()));
    }
}
