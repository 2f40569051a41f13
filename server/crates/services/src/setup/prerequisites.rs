//! What has to be there before anything is set up, by the last look.

use super::SetupView;
use crate::setup::choices::text;
use model::{
    Freshness, names,
    object::Kind,
    snapshot::Snapshot,
    state::{StateWord, Tone},
};

/// How it stands, in a word, and the sentence.
pub type Prerequisite = (Tone, String, String);

impl SetupView {
    /// Empty where the appliance was not seen yet.
    pub fn prerequisites(&self) -> Vec<Prerequisite> {
        all(self)
    }

    /// The worst of them as one word; what was not read lately is not known, whatever it was then.
    pub fn prerequisites_standing(&self) -> (Tone, &'static str) {
        let all = self.prerequisites();
        let has = |tone: Tone| all.iter().any(|(other, ..)| *other == tone);
        match () {
            () if !self.is_known() => (Tone::Unknown, "unknown"),
            () if has(Tone::Bad) => (Tone::Bad, "missing"),
            () if has(Tone::Unknown) => (Tone::Unknown, "unknown"),
            () if has(Tone::Warn) => (Tone::Warn, "incomplete"),
            () => (Tone::Good, "met"),
        }
    }
}

fn all(setup: &SetupView) -> Vec<Prerequisite> {
    let Some((_, snapshot, freshness)) = &setup.view.sighting.seen else { return Vec::new() };
    let mut lines = vec![reached(setup, *freshness), role(snapshot), release(snapshot)];
    lines.extend(features(snapshot));
    lines.push(addresses(setup, snapshot));
    lines.push(certificates(setup));
    lines.push(gateways(snapshot));
    lines.extend(unsaved(snapshot));
    lines.extend(snapshot.unread.iter().map(|what| (Tone::Unknown, "not read".into(), what.to_string())));
    lines
}

fn line(tone: Tone, word: &str, text: impl Into<String>) -> Prerequisite {
    (tone, word.into(), text.into())
}

fn reached(setup: &SetupView, freshness: Freshness) -> Prerequisite {
    let title = &setup.view.appliance.spec.title;
    match (freshness, &setup.view.sighting.failure) {
        (Freshness::Fresh, None) => line(Tone::Good, "reached", format!("{title} answers.")),
        (_, Some((_, error))) => line(Tone::Bad, error.kind.word(), error.sentence()),
        _ => line(Tone::Unknown, "not seen lately", format!("{title} was not seen lately; the rest may have changed.")),
    }
}

fn role(snapshot: &Snapshot) -> Prerequisite {
    let peer = snapshot.pair.as_ref().map_or_else(
        || "It stands alone: without a pair, its failure is the cluster's.".into(),
        model::pair::Pair::sentence,
    );
    let (tone, word) = if snapshot.role.is_primary() { (Tone::Good, "primary") } else { (Tone::Bad, "not primary") };
    line(tone, word, format!("Its role is {}. {peer}", snapshot.role))
}

/// The wizard's objects exist from here on; older releases lack what the procedure needs.
const OLDEST: (u32, u32) = (10, 5);

fn release(snapshot: &Snapshot) -> Prerequisite {
    match names::release(&snapshot.release) {
        Some(numbers) if numbers >= OLDEST => line(Tone::Good, "release", format!("NetScaler {}", snapshot.release)),
        Some(_) => line(
            Tone::Bad,
            "too old",
            format!("NetScaler {}: {}.{} or later is needed.", snapshot.release, OLDEST.0, OLDEST.1),
        ),
        None => line(Tone::Unknown, "release", format!("NetScaler {}: this release is not known.", snapshot.release)),
    }
}

fn features(snapshot: &Snapshot) -> Vec<Prerequisite> {
    let on = |token: &str| snapshot.of_kind(Kind::Feature).any(|seen| seen.object.part(0) == token);
    ["LB", "SSL", "SSLVPN"]
        .map(|token| match (snapshot.licensed.get(token), on(token)) {
            (Some(false), _) => line(Tone::Bad, "no licence", format!("Feature {token} is not licensed.")),
            (_, true) => line(Tone::Good, "on", format!("Feature {token} is on.")),
            (_, false) => line(Tone::Good, "will be on", format!("Feature {token} is off; the plan switches it on.")),
        })
        .to_vec()
}

fn addresses(setup: &SetupView, snapshot: &Snapshot) -> Prerequisite {
    let of = |kind: &str| -> Vec<String> {
        snapshot
            .of_kind(Kind::Address)
            .filter(|seen| text(&seen.attrs, "type").eq_ignore_ascii_case(kind))
            .map(|seen| seen.object.part(0).to_owned())
            .collect()
    };
    let subnet = of("SNIP");
    let taken = of("VIP");
    let wanted = [setup.desired.mdm.as_ref().map(|mdm| mdm.vip), setup.desired.mam.as_ref().map(|mam| mam.vip)];
    let chosen: Vec<String> = wanted.into_iter().flatten().map(|vip| vip.to_string()).collect();
    if subnet.is_empty() {
        return line(Tone::Bad, "no SNIP", "The appliance has no subnet address, so it cannot reach any node.");
    }
    let taken = if taken.is_empty() { "none".to_owned() } else { taken.join(", ") };
    let chosen = if chosen.is_empty() { "none yet".to_owned() } else { chosen.join(" and ") };
    line(
        Tone::Good,
        "addresses",
        format!("Subnet address {}; virtual servers have {taken}; this set-up wants {chosen}.", subnet.join(", ")),
    )
}

fn certificates(setup: &SetupView) -> Prerequisite {
    let all = setup.certificates();
    let fitting: Vec<&str> = all.iter().filter(|key| key.tone == Tone::Good).map(|key| key.name.as_str()).collect();
    match (fitting.is_empty(), all.is_empty()) {
        (false, _) => line(Tone::Good, "certificate", format!("For the cluster's name: {}.", fitting.join(", "))),
        (true, true) => line(Tone::Warn, "certificate", "There is no certificate key yet. Upload one in the MAM step."),
        (true, false) => {
            let why: Vec<String> = all.iter().map(|key| format!("{} ({})", key.name, key.sentence)).collect();
            line(Tone::Warn, "certificate", format!("None fits: {}. Upload one in the MAM step.", why.join("; ")))
        }
    }
}

fn gateways(snapshot: &Snapshot) -> Prerequisite {
    let all: Vec<String> = snapshot
        .of_kind(Kind::Gateway)
        .map(|seen| {
            let state = seen.state.as_ref().map_or("state not told", |word| word.0.as_str());
            format!("{} ({state})", seen.object.part(0))
        })
        .collect();
    if all.is_empty() {
        let text = "There is no Gateway virtual server. The procedure presupposes one; without it there is no MAM.";
        return line(Tone::Warn, "no Gateway", text);
    }
    let up = snapshot.of_kind(Kind::Gateway).any(|seen| seen.state.as_ref().is_some_and(StateWord::is_up));
    let tone = if up { Tone::Good } else { Tone::Warn };
    line(tone, "Gateway", all.join(", "))
}

fn unsaved(snapshot: &Snapshot) -> Option<Prerequisite> {
    let text = "There are unsaved changes already. The save at the end of a plan includes them, whoever made them.";
    (snapshot.unsaved == Some(true)).then(|| line(Tone::Warn, "unsaved", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_is_compared_with_the_one_that_the_sentence_names() {
        let told = |release: &str| {
            let (tone, word, sentence) = super::release(&Snapshot { release: release.into(), ..Snapshot::default() });
            (tone, word == "too old", sentence.contains("10.5 or later"))
        };
        for old in ["9.3 build 68.3", "10.1 build 132.8", "10.0 build 1.1"] {
            assert_eq!(told(old), (Tone::Bad, true, true), "{old}");
        }
        for fit in ["10.5 build 50.10", "11.0 build 1.1", "13.1 build 48.47", "14.1 build 8.50"] {
            assert_eq!(told(fit), (Tone::Good, false, false), "{fit}");
        }
        for odd in ["", "NetScaler", "10", "x.5"] {
            assert_eq!(told(odd).0, Tone::Unknown, "{odd}");
        }
    }
}
