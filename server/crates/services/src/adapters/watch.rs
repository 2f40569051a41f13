//! What the observer reads beside a plan's snapshot, and how it gets along with less.

use super::{
    counters,
    merge::{self, PROBE},
    netscaler::{Head, NetScaler, collect, names},
    reading::list,
    upkeep,
};
use engine::ReadError;
use model::{
    object::{Kind, ObjectRef, Value},
    snapshot::{Seen, Snapshot},
    state::StateWord,
};
use nitro::{Error, Request, Resource, resource::ServiceGroupEntityMonBinding};
use std::collections::BTreeSet;

impl NetScaler {
    /// What an observer wants beside: why members do not serve, and how much passes.
    async fn whole_after(&self, head: Head, before: Option<&Snapshot>) -> Result<Snapshot, Error> {
        let mut snapshot = self.take(head).await?;
        snapshot.whole_at = Some(snapshot.at);
        upkeep::add(&self.client, &mut snapshot, before).await?;
        counters::add(&self.client, &mut snapshot).await?;
        let troubled = self.troubled(&snapshot).await;
        for group in troubled {
            self.explain(&group, &mut snapshot).await?;
        }
        Ok(snapshot)
    }

    /// Adds how much passes, where that can be read: a plan that takes members out says what it cuts.
    pub async fn count(&self, snapshot: &mut Snapshot) {
        if let Err(error) = counters::add(&self.client, snapshot).await {
            let error = self.failed(error).await;
            tracing::debug!("The counters could not be read: {error}");
        }
    }

    /// Everything, for pages and checks. A plan takes [`Observe::snapshot`] and does without the rest.
    pub async fn whole(&self, before: Option<&Snapshot>) -> Result<Snapshot, ReadError> {
        let look = async { self.whole_after(self.head().await?, before).await };
        match look.await {
            Ok(snapshot) => Ok(snapshot),
            Err(error) => Err(self.failed(error).await),
        }
    }

    /// What moves by itself, in at most eight GETs, on top of `before`; everything when the configuration was changed
    /// since. The appliance tells the time of that to the second, so two more signs count: whether anything is unsaved,
    /// and the configuration of what is read here anyway. A snapshot half old and half new would raise false alarms.
    pub async fn glance(&self, before: Snapshot) -> Result<Snapshot, ReadError> {
        let look = async {
            let head = self.head().await?;
            if head.changed != before.changed || head.unsaved != before.unsaved {
                return self.whole_after(head, Some(&before)).await;
            }
            let moved = self.moving().await?;
            if merge::is_changed(&before, &moved) {
                return self.whole_after(head, Some(&before)).await;
            }
            self.refresh(head, before, moved).await
        };
        match look.await {
            Ok(snapshot) => Ok(snapshot),
            Err(error) => Err(self.failed(error).await),
        }
    }

    async fn moving(&self) -> Result<Snapshot, Error> {
        let [groups, vservers] = [Kind::ServiceGroup, Kind::LbVserver].map(list);
        let (groups, vservers) = futures::try_join!(self.client.perform(&groups), self.client.perform(&vservers))?;
        let members = self.bindings(Kind::Member, names(&groups, "servicegroupname")).await?;
        let mut moved = Snapshot::default();
        for (kind, items) in
            [(Kind::ServiceGroup, groups.items), (Kind::LbVserver, vservers.items), (Kind::Member, members)]
        {
            collect(kind, &items, &mut moved);
        }
        Ok(moved)
    }

    async fn refresh(&self, head: Head, before: Snapshot, moved: Snapshot) -> Result<Snapshot, Error> {
        let mut snapshot = merge::onto(before, moved);
        head.put(&mut snapshot);
        counters::add(&self.client, &mut snapshot).await?;
        // One group a look: those that nobody has explained yet first, then each in its turn.
        let troubled = self.troubled(&snapshot).await;
        let silent = troubled.iter().find(|group| snapshot.members(group).any(is_silent));
        let turn = usize::try_from(snapshot.glances).unwrap_or_default() % troubled.len().max(1);
        if let Some(group) = silent.or_else(|| troubled.iter().nth(turn)).cloned() {
            self.explain(&group, &mut snapshot).await?;
        }
        Ok(snapshot)
    }

    /// Groups of our own with members that do not serve.
    async fn troubled(&self, snapshot: &Snapshot) -> BTreeSet<String> {
        let owned = self.services.owned_groups(self.id).await;
        let down = snapshot.of_kind(Kind::Member).filter(|member| !is_up(member));
        down.map(|member| member.object.part(0).to_owned()).filter(|group| owned.contains(group)).collect()
    }

    /// Why members of a group do not serve: what their monitors heard last. Asked only where something is not UP, one GET
    /// a group, so that a healthy look stays cheap.
    async fn explain(&self, group: &str, snapshot: &mut Snapshot) -> Result<(), Error> {
        let request = Request::get(ServiceGroupEntityMonBinding::NAME).named(group);
        let rows = match self.client.fetch::<ServiceGroupEntityMonBinding>(&request).await {
            Ok(rows) => rows,
            // A reader without the right sees the state without its reason.
            Err(error) if error.is_absent() || error.not_permitted() || error.unsupported() => return Ok(()),
            Err(error) => return Err(error),
        };
        for row in rows {
            let (Some((_, server, port)), Some(heard)) = (row.member(), row.lastresponse.as_deref()) else {
                continue;
            };
            let object = ObjectRef::member(group, server, port);
            let member = snapshot.objects.iter_mut().find(|seen| seen.object == object);
            // What serves needs no explanation.
            if let Some(member) = member.filter(|seen| !is_up(seen)) {
                let probe = Value::from(format!("{}: {heard}", row.monitor_name));
                member.facts.insert(PROBE.to_owned(), probe);
            }
        }
        Ok(())
    }
}

fn is_up(seen: &Seen) -> bool {
    seen.state.as_ref().is_some_and(StateWord::is_up)
}

fn is_silent(seen: &Seen) -> bool {
    !is_up(seen) && !seen.facts.contains_key(PROBE)
}
