//! Every golden file is read, and says the same when it is written again.

use crate::probe;
use model::{
    appliance::ApplianceSpec,
    certificate::Summary,
    desired::Desired,
    node::{NodeFacts, NodeKeys},
    object::ObjectRef,
    plan::Plan,
    record::Entry,
    run::{CallDetail, RunDetail, RunEnd},
    since::Watch,
    snapshot::Snapshot,
    stretch::Stretch,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path};

type Read = fn(&Value) -> (Result<Value, String>, probe::Met);

/// What is stored as JSON, with the name that its golden files have.
const STORED: [(&str, Read); 14] = [
    ("appliance_spec", read::<ApplianceSpec>),
    ("call_detail", read::<CallDetail>),
    ("certificate_summary", read::<Summary>),
    ("desired", read::<Desired>),
    ("node_facts", read::<NodeFacts>),
    ("node_keys", read::<NodeKeys>),
    ("owned_object", read::<ObjectRef>),
    ("plan", read::<Plan>),
    ("records", read::<Vec<Entry>>),
    ("run_detail", read::<RunDetail>),
    ("run_ends", read::<Vec<RunEnd>>),
    ("snapshot", read::<Snapshot>),
    ("stretch", read::<Stretch>),
    ("watch", read::<Watch>),
];

/// Reads it as the type, and writes that again.
fn read<T: DeserializeOwned + Serialize>(json: &Value) -> (Result<Value, String>, probe::Met) {
    let (value, met) = probe::read::<T>(json);
    (value.and_then(|value| serde_json::to_value(value).map_err(|error| error.to_string())), met)
}

pub fn reader(kind: &str) -> Option<Read> {
    STORED.iter().find(|(name, _)| *name == kind).map(|(_, read)| *read)
}

/// The files by type and form.
pub fn files() -> BTreeMap<(String, String), Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Some((kind, form)) = name.strip_suffix(".json").and_then(|stem| stem.split_once('.')) else { continue };
        let json = serde_json::from_str(&fs::read_to_string(&path).unwrap());
        files.insert((kind.to_owned(), form.to_owned()), json.unwrap_or_else(|error| panic!("{name}: {error}")));
    }
    files
}

pub fn file(kind: &str, form: &str) -> Value {
    files().remove(&(kind.to_owned(), form.to_owned())).unwrap_or_else(|| panic!("there is no {kind}.{form}.json"))
}

/// The number of a whole version; `None`: another form, of which not all has to come back as it was.
fn version(form: &str) -> Option<u32> {
    form.strip_prefix('v')?.parse().ok()
}

/// Where `again` lacks something of `written`, or says it otherwise. What was added since may be there as well.
fn lost(written: &Value, again: &Value, place: &str) -> Option<String> {
    match (written, again) {
        (Value::Object(written), Value::Object(again)) => written.iter().find_map(|(name, value)| {
            let place = format!("{place}.{name}");
            again.get(name).map_or_else(|| Some(place.clone()), |again| lost(value, again, &place))
        }),
        (Value::Array(written), Value::Array(again)) if written.len() == again.len() => {
            let mut pairs = written.iter().zip(again).enumerate();
            pairs.find_map(|(at, (written, again))| lost(written, again, &format!("{place}[{at}]")))
        }
        _ => (written != again).then(|| place.to_owned()),
    }
}

#[test]
fn every_golden_file_is_read_and_nothing_of_it_is_lost() {
    let files = files();
    for ((kind, form), json) in &files {
        let Some(read) = reader(kind) else {
            assert_eq!(kind, "words", "{kind}.{form}.json is read by nobody: add its type to STORED");
            continue;
        };
        let again = read(json).0;
        let again = again.unwrap_or_else(|error| panic!("{kind}.{form}.json can be read no more: {error}"));
        if version(form).is_some() {
            assert_eq!(lost(json, &again, kind), None, "{kind}.{form}.json does not come back as it was");
        }
    }
    for (kind, _) in STORED {
        for form in ["v1", "least"] {
            assert!(files.contains_key(&(kind.to_owned(), form.to_owned())), "there is no {kind}.{form}.json");
        }
    }
}

#[test]
fn the_newest_versions_are_exactly_what_is_written_now() {
    for (kind, read) in STORED {
        let of_kind = files().into_iter().filter(|((name, _), _)| name == kind);
        let versions = of_kind.filter_map(|((_, form), json)| version(&form).map(|number| (number, json)));
        let (number, newest) = versions.max_by_key(|(number, _)| *number).unwrap();
        assert_eq!(read(&newest).0.unwrap(), newest, "{kind}.v{number}.json: write {kind}.v{}.json", number + 1);
    }
}

/// A field that no golden file has could be renamed or dropped, and nobody would notice.
#[test]
fn every_field_of_what_is_stored_is_in_a_golden_file() {
    let mut met = probe::Met::default();
    for ((kind, form), json) in &files() {
        let Some(read) = reader(kind) else { continue };
        if version(form).is_some() {
            met.absorb(read(json).1);
        }
    }
    // The older name of `pair`; `old.rs` reads it.
    met.fields.remove(&("Snapshot".into(), "peer".into()));
    let absent: Vec<_> = met.fields.iter().filter(|(_, there)| !**there).map(|(field, _)| field).collect();
    assert!(absent.is_empty(), "write a new version of a golden file, with these fields: {absent:?}");
    assert!(met.fields.len() > 100, "the probe saw only {} fields", met.fields.len());
}
