//! What others did on an appliance, read from the appliance's own log when a look saw that the configuration was changed,
//! and written down as what it is: not Gatehouse's own doing. "Who changed this last" has an answer then.
//!
//! Bounded: one GET, 256 lines, each once (`store::appliance_lines`), no secrets (`nitro::audit`). What was done before
//! Gatehouse first looked is nobody's news and is only marked as read.

use crate::{Failure, ReadCx, Topic, adapters::NetScaler, cx::entry, ground::Ground, pool::Pool, runs::WriteLocks};
use model::{
    ActNo, ApplianceId, At, ClusterId,
    clock::from_millis,
    log::LogForm,
    own_log::OwnLog,
    record::{Actor, Entry, Outcome, RecordKind},
    snapshot::Snapshot,
};
use nitro::audit::Command;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};
use store::{
    appliance_lines::{Mark, knows_lines_in, new_lines_in},
    records::append_in,
};

/// A call of ours and the appliance's line about it are not further apart, when both clocks are compared.
const APART_SECONDS: i64 = 10;
/// Calls of ours that lines are compared with: more than the lines that there can be.
const OWN_CALLS: u32 = 1_000;

/// What was read of an appliance's own log.
struct Told {
    lines: Vec<String>,
    /// When it was looked at before.
    since: At,
    /// Of a pair the half answers now that did not answer then. It has a log of its own, with years of its own lines, and of
    /// what the other one was told it has a copy.
    of_another_half: bool,
}

/// Whose commands are whose.
struct Ours {
    account: String,
    calls: Vec<At>,
    /// Seconds by which the appliance's clock is ahead of ours.
    ahead: i64,
}

impl Ours {
    /// Our account through the interface for programs, at a time at which we were at work. A line without a zone cannot
    /// be compared; then the account and the interface decide.
    fn did(&self, command: &Command) -> bool {
        let by_program = ["API", "UI"].contains(&command.interface.as_str());
        let near =
            |at: i64| self.calls.iter().any(|call| (at / 1000 - self.ahead - call.as_second()).abs() <= APART_SECONDS);
        command.user == self.account && by_program && command.at.is_none_or(near)
    }

    fn by_our_clock(&self, command: &Command) -> Option<At> {
        command.at.map(|at| from_millis(at.saturating_sub(self.ahead.saturating_mul(1000))))
    }
}

#[derive(Clone)]
pub struct Foreign {
    pub(crate) ground: Arc<Ground>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) locks: Arc<WriteLocks>,
}

impl Foreign {
    /// Reads who changed the configuration, where it is another one than before.
    pub(crate) async fn note(&self, appliance: ApplianceId, before: Option<&Snapshot>, after: &Snapshot) {
        let moved = before.is_some_and(|before| before.changed != after.changed || before.unsaved != after.unsaved);
        let Some(before) = before.filter(|_| moved) else { return };
        // While we write, every line is news and most of them are ours; the look after the run reads them all.
        if self.locks.writes_to(appliance).await {
            return;
        }
        let lines = self.own_lines(appliance).await;
        let (told, sentence) = match lines {
            Err((told, sentence)) => (told, Some(sentence)),
            Ok(lines) => {
                let read = Told { lines, since: before.at, of_another_half: before.nsip != after.nsip };
                let written = self.keep(appliance, read, after.clock.unwrap_or_default()).await;
                (if written.is_ok() { OwnLog::Told } else { OwnLog::Failed }, written.err())
            }
        };
        if let Some(sentence) = sentence {
            tracing::debug!(appliance.id = appliance.0, "Who changed the configuration could not be read: {sentence}");
        }
        if let Err(error) = self.ground.store.note_own_log(appliance, self.ground.now(), told).await {
            tracing::error!(
                appliance.id = appliance.0,
                "Whether the appliance's own log was read could not be kept: {}",
                error.sentence()
            );
        }
    }

    /// Why the log, filtered for one appliance, does not tell who else changed it, since when that is known; `None`: it
    /// does, or is about more than that one.
    pub async fn silence(&self, cx: &ReadCx, form: &LogForm) -> Result<Option<(At, String)>, Failure> {
        let Some(appliance) = form.read().0.appliance else { return Ok(None) };
        // What is gone is in the log still.
        let here =
            self.ground.appliances_in_scope(cx).await?.into_iter().find(|stored| stored.appliance.id == appliance);
        let (Some(stored), Some((at, told))) = (here, self.ground.store.own_log(appliance).await?) else {
            return Ok(None);
        };
        Ok(told.silence(&stored.appliance.spec.user).map(|sentence| (at, sentence)))
    }

    async fn own_lines(&self, appliance: ApplianceId) -> Result<Vec<String>, (OwnLog, String)> {
        let connected = NetScaler::connect(&self.ground, &self.pool, appliance).await;
        connected.map_err(|error| (OwnLog::Failed, error.to_string()))?.own_log().await
    }

    async fn keep(&self, appliance: ApplianceId, read: Told, ahead: i64) -> Result<(), String> {
        let Told { lines, since, of_another_half } = read;
        let said = |error: store::Error| error.sentence();
        let stored = self.ground.store.appliance(appliance).await.map_err(said)?.appliance;
        let calls = self.ground.store.own_calls(appliance, OWN_CALLS).await.map_err(said)?;
        let ours = Ours { account: stored.spec.user.clone(), calls, ahead };
        let owners = self.owners_by_name(appliance).await;

        let mut changes = changes(&lines);
        // Oldest first, whichever way round the appliance told them; what has no time keeps its place.
        changes.sort_by_key(|(_, command)| command.at);
        let marks: Vec<Mark> = changes.iter().map(|(mark, _)| *mark).collect();
        let reading = Reading { appliance, title: stored.spec.title.clone(), at: self.ground.now() };
        let entries: Vec<(Mark, Group, Entry, Option<At>)> = changes
            .into_iter()
            .filter(|(_, command)| !command.is_internal() && !ours.did(command))
            .map(|(mark, command)| {
                let there = ours.by_our_clock(&command);
                let entry = reading.entry(&command, there, owners_of(&owners, &command.command));
                (mark, Group::of(&command), entry, there)
            })
            .collect();
        let written = self.ground.store.write(move |conn| {
            Box::pin(async move {
                let first = of_another_half || !knows_lines_in(conn, appliance).await?;
                let new: BTreeSet<Mark> = new_lines_in(conn, appliance, &marks).await?.into_iter().collect();
                let mut acts: HashMap<Group, ActNo> = HashMap::new();
                for (mark, group, mut entry, there) in entries {
                    let known =
                        first && there.is_none_or(|there| there.as_second() < since.as_second() - APART_SECONDS);
                    if !new.contains(&mark) || known {
                        continue;
                    }
                    entry.act = acts.get(&group).copied();
                    let act = append_in(conn, &entry).await?.act;
                    acts.insert(group, act);
                }
                Ok(acts.len())
            })
        });
        if written.await.map_err(said)? > 0 {
            self.ground.bus.tell(Topic::People);
        }
        Ok(())
    }

    /// Which clusters have an object of that name on the appliance.
    async fn owners_by_name(&self, appliance: ApplianceId) -> BTreeMap<String, BTreeSet<ClusterId>> {
        let owned = self.ground.store.owned(appliance).await.unwrap_or_else(|error| {
            tracing::error!(appliance.id = appliance.0, "What is owned could not be read: {}", error.sentence());
            BTreeMap::new()
        });
        let mut named: BTreeMap<String, BTreeSet<ClusterId>> = BTreeMap::new();
        for (object, owner) in owned {
            named.entry(object.part(0).to_owned()).or_default().insert(owner.cluster);
        }
        named
    }
}

/// Commands of one person at one place are one act.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Group {
    user: String,
    from: String,
    interface: String,
}

impl Group {
    fn of(command: &Command) -> Self {
        Self { user: command.user.clone(), from: command.from.clone(), interface: command.interface.clone() }
    }
}

/// Lines that change something, each with its mark. The same line twice in one answer is two commands.
fn changes(lines: &[String]) -> Vec<(Mark, Command)> {
    let mut times: HashMap<&str, u32> = HashMap::new();
    let mut changes = Vec::new();
    for line in lines {
        let Some(command) = Command::read(line).filter(Command::is_change) else { continue };
        let before = times.entry(line.as_str()).or_default();
        changes.push((Sha256::digest(format!("{before}\n{line}").as_bytes()).into(), command));
        *before += 1;
    }
    changes
}

/// The one cluster whose objects a command names.
fn owners_of(owners: &BTreeMap<String, BTreeSet<ClusterId>>, command: &str) -> Option<ClusterId> {
    let words = command.split(|c: char| c.is_whitespace() || c == '"');
    let named: BTreeSet<ClusterId> = words.filter_map(|word| owners.get(word)).flatten().copied().collect();
    if named.len() == 1 { named.first().copied() } else { None }
}

/// What was read, from where, and when.
struct Reading {
    appliance: ApplianceId,
    title: String,
    at: At,
}

impl Reading {
    fn entry(&self, command: &Command, there: Option<At>, cluster: Option<ClusterId>) -> Entry {
        let Command { time, interface, user, from, command: line, status, .. } = command;
        let place = match interface.as_str() {
            "CLI" => "at the command line",
            "GUI" => "in the web pages",
            "API" => "through the API",
            _ => "",
        };
        let done = command.is_done();
        let failed = if done { "" } else { " It was not done." };
        let summary = format!("On {}: {line} ({user} {place} from {from}).{failed}", self.title).replace("  ", " ");
        // Never one of ours: who has such a name at the appliance need not be who has it here.
        let name = format!("{user} (at the appliance)");
        let actor = Actor { name, from: from.clone(), ..Actor::gatehouse() };
        Entry {
            appliance: Some(self.appliance),
            cluster,
            outcome: (!done).then_some(Outcome::Failed),
            detail: serde_json::json!({
                "read_from": "auditmessages",
                "user": user,
                "from": from,
                "interface": interface,
                "cli": line,
                "status": status,
                "appliance_time": time,
                "at_by_our_clock": there,
            }),
            ..entry(actor, self.at, RecordKind::ApplianceCommand, summary)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(user: &str, interface: &str, time: &str, command: &str) -> String {
        format!(
            "<local0.info> 10.0.0.10  {time} GMT ns01 0-PPE-0 : default {interface} CMD_EXECUTED 5 0 :  User {user} - \
             ADM_User NONE - Remote_ip 10.0.0.9 - Command \"{command}\" - Status \"Success\""
        )
    }

    #[test]
    fn the_same_line_twice_is_two_commands_and_reading_is_none() {
        let again = line("joe", "CLI", "01/05/2026:08:00:00", "rm server a");
        let lines = [again.clone(), line("joe", "CLI", "01/05/2026:08:00:01", "show server"), again, "nonsense".into()];
        let found = changes(&lines);
        assert_eq!(found.len(), 2);
        assert_ne!(found[0].0, found[1].0);
        assert_eq!(found, changes(&lines));
    }

    #[test]
    fn ours_is_our_account_through_the_api_while_we_were_at_work() {
        let ours = Ours { account: "console".into(), calls: vec![from_millis(1_767_600_000_000)], ahead: 30 };
        let read = |user: &str, interface: &str, time: &str| {
            Command::read(&line(user, interface, time, "rm server a")).unwrap()
        };
        // 2026-01-05 08:00:00 by our clock, and theirs is thirty seconds ahead.
        assert!(ours.did(&read("console", "API", "01/05/2026:08:00:32")));
        assert!(!ours.did(&read("console", "API", "01/05/2026:08:00:00")));
        assert!(!ours.did(&read("console", "CLI", "01/05/2026:08:00:32")));
        assert!(!ours.did(&read("nsroot", "API", "01/05/2026:08:00:32")));
    }

    #[test]
    fn a_command_is_about_the_one_cluster_whose_object_it_names() {
        let owners = BTreeMap::from([
            ("mdm".to_owned(), BTreeSet::from([ClusterId(1)])),
            ("both".to_owned(), BTreeSet::from([ClusterId(1), ClusterId(2)])),
        ]);
        assert_eq!(owners_of(&owners, "set lb vserver \"mdm\" -comment x"), Some(ClusterId(1)));
        assert_eq!(owners_of(&owners, "bind lb vserver mdm both"), None);
        assert_eq!(owners_of(&owners, "set lb vserver mdm-443"), None);
    }
}
