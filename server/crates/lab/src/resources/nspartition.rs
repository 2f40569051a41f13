//! `nspartition` (3.18, 3.28): admin partitions. A session works in one, and sees nothing of the others.

use super::{Cx, Resource, View, absent, changes, taken};
use crate::{
    appliance::Partition,
    caller::DEFAULT_PARTITION,
    json::Item,
    model::Config,
    refusal::{Outcome, Refusal},
    schema::{Fields, Schema, tables::texts::NSPARTITION as TABLE},
};

pub(super) struct Partitions;

impl Resource for Partitions {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn tell(&self, _view: &View, fields: &mut Fields) -> bool {
        fields.text("partitionname") != DEFAULT_PARTITION
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let mut first = Fields::default();
        first.put("partitionname", DEFAULT_PARTITION);
        let all = std::iter::once(&first).chain(view.appliance.partitions.iter().map(|partition| &partition.set));
        let rows: Vec<Item> = all
            .enumerate()
            .filter(|(_, set)| name.is_none_or(|name| set.text("partitionname") == name))
            // From inside, one partition is all there is.
            .filter(|(_, set)| view.caller.in_default_partition() || set.text("partitionname") == view.caller.partition)
            .map(|(number, set)| {
                let mut now = Fields::default();
                now.put("partitionid", number.to_string());
                if number == 0 {
                    now.put("partitiontype", "Default Partition");
                } else if set.text("partitionname") == view.caller.partition {
                    now.put("partitiontype", "Current Partition");
                }
                TABLE.item(set, &now)
            })
            .collect();
        match name.filter(|_| rows.is_empty()) {
            Some(name) => Err(absent(&TABLE, name)),
            None => Ok(rows),
        }
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let name = fields.text("partitionname");
        if name == DEFAULT_PARTITION || find(cx, name).is_some() {
            return Err(taken(&TABLE, name));
        }
        let line = TABLE.line("add", &fields);
        cx.appliance.partitions.push(Partition { set: fields, config: Config::default() });
        cx.wrote(line);
        Ok(())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = TABLE.line("set", &fields);
        let at = find(cx, fields.text("partitionname")).ok_or(Refusal::new(2755))?;
        cx.appliance.partitions[at].set.merge(changes(&TABLE, fields)?);
        cx.wrote(line);
        Ok(())
    }

    /// Everything in it goes with it; its sessions go back to the default partition.
    fn delete(&self, cx: &mut Cx, name: &str, _args: Fields) -> Outcome {
        let at = find(cx, name).ok_or(Refusal::new(2755))?;
        let partition = cx.appliance.partitions.remove(at);
        let sids: Vec<u64> = cx
            .appliance
            .sessions
            .alive(cx.now)
            .filter(|session| session.partition == name)
            .map(|session| session.sid)
            .collect();
        for sid in sids {
            cx.appliance.sessions.move_to(sid, DEFAULT_PARTITION);
        }
        cx.wrote(TABLE.line("rm", &partition.set.only(&["partitionname"])));
        Ok(())
    }

    /// Moves the session that asks.
    fn act(&self, cx: &mut Cx, _action: &str, fields: Fields) -> Outcome {
        let name = fields.text("partitionname");
        if name != DEFAULT_PARTITION && find(cx, name).is_none() {
            return Err(Refusal::new(2755));
        }
        let sid = cx.caller.sid.ok_or(Refusal::new(257))?;
        cx.appliance.sessions.move_to(sid, name);
        cx.lines.push(TABLE.line("switch", &fields));
        Ok(())
    }
}

fn find(cx: &Cx, name: &str) -> Option<usize> {
    cx.appliance.partitions.iter().position(|partition| partition.name() == name)
}
