//! Words that are stored: renaming one makes whatever says it unreadable, and a new one is added to `words.list.json`.

use crate::{golden, probe::Met};
use model::{
    PairRole,
    appliance::{ConnectBy, Heard, Trust, Which},
    desired::Persistence,
    finding::{self, CheckCode},
    node::{Door, Source, TroubleKind, Web},
    object::Kind,
    person::{Role, Scope},
    plan::{Inverse, Method, Verb},
    read_error::ReadErrorKind,
    record::{Entrance, Outcome, RecordKind},
    run::Stop,
    state::Tone,
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, Visitor},
    forward_to_deserialize_any,
};
use std::{collections::BTreeMap, fmt};

/// Asks an enum for its words, instead of giving it one.
struct Ask;

#[derive(Debug)]
struct Answer(&'static [&'static str]);

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for Answer {}

impl de::Error for Answer {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }
}

impl<'de> Deserializer<'de> for Ask {
    type Error = Answer;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Answer> {
        Err(Answer(&[]))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Answer> {
        Err(Answer(words))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

fn words<T: for<'de> Deserialize<'de>>() -> Vec<String> {
    let words = T::deserialize(Ask).err().map(|answer| answer.0).unwrap_or_default();
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The words of an enum that is told by a field: `all` has one value for each, and `complete` says which those are, so that
/// whoever adds a variant comes here.
fn tagged<T: Serialize>(tag: &str, all: &[T]) -> Vec<String> {
    let word = |value| serde_json::to_value(value).unwrap()[tag].as_str().unwrap().to_owned();
    all.iter().map(word).collect()
}

fn stops() -> Vec<String> {
    let complete = |stop: &Stop| match stop {
        Stop::Moved { .. }
        | Stop::NotPrimary { .. }
        | Stop::Unreachable { .. }
        | Stop::Operation { .. }
        | Stop::InDoubt { .. }
        | Stop::Log => (),
    };
    let all = [
        Stop::Moved { moved: Vec::new() },
        Stop::NotPrimary { role: PairRole::NotTold },
        Stop::Unreachable { why: None },
        Stop::Operation { seq: 1 },
        Stop::InDoubt { seq: 1 },
        Stop::Log,
    ];
    all.iter().for_each(complete);
    tagged("cause", &all)
}

fn ways() -> Vec<String> {
    let complete = |way: &ConnectBy| match way {
        ConnectBy::Direct | ConnectBy::Map { .. } | ConnectBy::Socks5 { .. } => (),
    };
    let (real, proxy) = (String::new(), String::new());
    let all = [ConnectBy::Direct, ConnectBy::Map { real }, ConnectBy::Socks5 { proxy }];
    all.iter().for_each(complete);
    tagged("by", &all)
}

fn trusts() -> Vec<String> {
    let complete = |trust: &Trust| match trust {
        Trust::System | Trust::Pinned { .. } => (),
    };
    let all = [Trust::System, Trust::Pinned { sha256: String::new() }];
    all.iter().for_each(complete);
    tagged("by", &all)
}

fn heard() -> Vec<String> {
    let complete = |heard: &Heard| match heard {
        Heard::Role { .. } | Heard::Trouble { .. } => (),
    };
    let all = [Heard::Role { role: PairRole::Primary }, Heard::Trouble { sentence: String::new() }];
    all.iter().for_each(complete);
    tagged("as", &all)
}

/// By the name that the enum has, for those that have one in common with where they are.
fn now() -> BTreeMap<String, Vec<String>> {
    let all = [
        ("CheckCode", words::<CheckCode>()),
        ("ConnectBy", ways()),
        ("Door", words::<Door>()),
        ("Inverse", words::<Inverse>()),
        ("Kind", words::<Kind>()),
        ("Method", words::<Method>()),
        ("Entrance", words::<Entrance>()),
        ("Outcome", words::<Outcome>()),
        ("Expected", words::<finding::Expected>()),
        ("Grade", words::<finding::Grade>()),
        ("Heard", heard()),
        ("Which", words::<Which>()),
        ("Persistence", words::<Persistence>()),
        ("ReadErrorKind", words::<ReadErrorKind>()),
        ("RecordKind", words::<RecordKind>()),
        ("Role", words::<Role>()),
        ("Scope", words::<Scope>()),
        ("Source", words::<Source>()),
        ("Stop", stops()),
        ("Tone", words::<Tone>()),
        ("TroubleKind", words::<TroubleKind>()),
        ("Trust", trusts()),
        ("Verb", words::<Verb>()),
        ("Web", words::<Web>()),
    ];
    all.into_iter().map(|(name, words)| (name.to_owned(), words)).collect()
}

#[test]
fn words_that_were_written_once_are_never_renamed() {
    let golden: BTreeMap<String, Vec<String>> = serde_json::from_value(golden::file("words", "list")).unwrap();
    let now = now();
    assert_eq!(golden.keys().collect::<Vec<_>>(), now.keys().collect::<Vec<_>>());
    for (name, words) in &golden {
        assert!(!words.is_empty(), "{name} has no words");
        let gone: Vec<_> = words.iter().filter(|word| !now[name].contains(word)).collect();
        assert!(gone.is_empty(), "{name}: what is stored says {gone:?}, and nobody understands it any more");
        let new: Vec<_> = now[name].iter().filter(|word| !words.contains(word)).collect();
        assert!(new.is_empty(), "{name}: add {new:?} to words.list.json; from then on they stay");
    }
}

#[test]
fn the_words_of_every_enum_in_a_golden_file_are_listed() {
    let mut met = Met::default();
    for ((kind, _), json) in &golden::files() {
        if let Some(read) = golden::reader(kind) {
            met.absorb(read(json).1);
        }
    }
    let listed = now();
    let unlisted: Vec<_> = met.enums.iter().filter(|name| !listed.contains_key(**name)).collect();
    assert!(unlisted.is_empty(), "add the words of these to `now` and to words.list.json: {unlisted:?}");
}

#[test]
fn codes_that_are_stored_by_themselves_are_the_words_in_json() {
    let codes: Vec<&str> = RecordKind::ALL.iter().map(|kind| kind.code()).collect();
    assert!(codes.iter().all(|code| now()["RecordKind"].iter().any(|word| word == code)));
    assert_eq!(Role::ALL.map(Role::word).to_vec(), words::<Role>());
    assert_eq!(CheckCode::ALL.map(CheckCode::word).to_vec(), words::<CheckCode>());
}
