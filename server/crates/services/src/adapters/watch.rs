//! What the observer reads beside a plan's snapshot, and how it gets along with less.

use super::{
    bindings, counters, edges,
    merge::{self, About, Moved, Ours, PROBE},
    narrow::Narrow,
    netscaler::{Head, NetScaler, collect},
    reading::list,
    upkeep,
};
use model::{
    object::{Kind, ObjectRef, Value},
    read_error::ReadError,
    snapshot::{Seen, Snapshot},
    state::StateWord,
};
use nitro::{Error, Object, Request, Resource, resource::ServiceGroupEntityMonBinding};
use std::collections::BTreeSet;

impl NetScaler {
    /// What an observer wants beside: why members do not serve, and how much passes.
    /// `known`: what it runs and may is the same as then.
    async fn whole_after(
        &self,
        head: Head,
        before: Option<&Snapshot>,
        known: Option<&Snapshot>,
        about: &About,
    ) -> Result<Snapshot, Error> {
        let (role, at) = (head.role.clone(), head.at);
        let other = self.usable.look_at_the_other(&role, at);
        let (snapshot, halves) = futures::join!(Box::pin(self.take(head, known)), other);
        let mut snapshot = snapshot?;
        snapshot.halves = halves;
        snapshot.glances = known.map_or(0, |known| known.glances.saturating_add(1));
        snapshot.whole_at = Some(snapshot.at);
        upkeep::add(&self.usable.client, &mut snapshot, before).await?;
        match (known, before) {
            // Twenty GETs are enough: the next look brings the numbers.
            (None, Some(before)) => counters::carry_over(before, &mut snapshot),
            (None, None) => {}
            (Some(_), _) => {
                counters::add(&self.usable.client, &self.usable.filters, &mut snapshot, about.only.as_ref()).await?;
            }
        }
        for group in troubled(&snapshot, about) {
            self.explain(&group, &mut snapshot).await?;
        }
        Ok(snapshot)
    }

    /// Adds how much passes, where that can be read: a plan that takes members out says what it cuts.
    pub async fn count(&self, snapshot: &mut Snapshot) {
        if let Err(error) = counters::add(&self.usable.client, &self.usable.filters, snapshot, None).await {
            let error = self.failed(error).await;
            tracing::debug!("The counters could not be read: {error}");
        }
    }

    /// Everything, for pages and checks. A plan takes [`engine::Observe::snapshot`] and does without the rest.
    pub async fn whole(&self, before: Option<&Snapshot>, about: &About) -> Result<Snapshot, ReadError> {
        let look = async { self.whole_after(self.head().await?, before, None, about).await };
        self.told(look.await).await
    }

    /// What moves by itself, in at most eight GETs, on top of `before`; everything when the configuration was changed
    /// since. The appliance tells the time of that to the second, so two more signs count: whether anything is unsaved,
    /// and the configuration of what is read here anyway. A snapshot half old and half new would raise false alarms.
    pub async fn glance(&self, before: &Snapshot, about: &About) -> Result<Snapshot, ReadError> {
        self.told(self.moved_since(before, about, false).await).await
    }

    /// The same, and what is read beside load balancing: certificates, the Gateway, the licence. For when it is certain that
    /// the rest of the configuration is as it was.
    pub async fn glance_around(&self, before: &Snapshot, about: &About) -> Result<Snapshot, ReadError> {
        self.told(self.moved_since(before, about, true).await).await
    }

    async fn moved_since(&self, before: &Snapshot, about: &About, around: bool) -> Result<Snapshot, Error> {
        let head = self.head().await?;
        // Another release only answers after a restart, when looks fail.
        let known = Some(before).filter(|_| about.steady && !around);
        if head.nsip != before.nsip || head.changed != before.changed || head.unsaved != before.unsaved {
            return self.whole_after(head, Some(before), known, about).await;
        }
        let moved = self.moving(before, about).await?;
        if merge::is_changed(before, &moved) {
            return self.whole_after(head, Some(before), known, about).await;
        }
        let mut snapshot = merge::onto(before, moved);
        let role = head.role.clone();
        head.put(&mut snapshot);
        if around {
            merge::take_out(&mut snapshot, &edges::MOVING);
            let around = async { Ok(edges::ask(&self.usable.client, &edges::MOVING).await) };
            let other = async { Ok(self.usable.look_at_the_other(&role, snapshot.at).await) };
            let (running, answers, halves) = futures::try_join!(self.running(), around, other)?;
            snapshot.halves = halves;
            running.put(&mut snapshot);
            edges::add(&self.usable.client, answers, &mut snapshot).await?;
            snapshot.settle();
            snapshot.glances = 0;
        }
        self.refresh(snapshot, about).await
    }

    async fn moving(&self, before: &Snapshot, about: &About) -> Result<Moved, Error> {
        if let Some(ours) = &about.only
            && let Some(seen) = self.moving_of(before, ours).await?
        {
            return Ok(Moved { seen, only: Some(ours.clone()) });
        }
        let [groups, vservers] = [Kind::ServiceGroup, Kind::LbVserver].map(list);
        let (groups, vservers) =
            futures::try_join!(self.usable.client.perform(&groups), self.usable.client.perform(&vservers))?;
        let members = bindings::members(&self.usable.client, &groups).await?;
        Ok(Moved { seen: moving(groups.items, vservers.items, members), only: None })
    }

    /// `None`: that can only be told by asking for all of them.
    async fn moving_of(&self, before: &Snapshot, ours: &Ours) -> Result<Option<Snapshot>, Error> {
        let [groups, vservers, members] = [Kind::ServiceGroup, Kind::LbVserver, Kind::Member].map(list);
        let narrow = |key, names| Narrow { client: &self.usable.client, filters: &self.usable.filters, key, names };
        let (of_vservers, of_groups) = (narrow("name", &ours.vservers), narrow("servicegroupname", &ours.groups));
        let expected = |kind: Kind, names: &BTreeSet<String>| -> BTreeSet<&str> {
            let there = before.of_kind(kind).map(|seen| seen.object.part(0));
            there.filter(|name| names.contains(*name)).collect()
        };
        let (some_groups, some_vservers, some_members) = (
            expected(Kind::ServiceGroup, &ours.groups),
            expected(Kind::LbVserver, &ours.vservers),
            expected(Kind::Member, &ours.groups),
        );
        let answers = futures::try_join!(
            of_groups.rows(&groups, &some_groups),
            of_vservers.rows(&vservers, &some_vservers),
            of_groups.rows(&members, &some_members),
        )?;
        Ok(match answers {
            (Some(groups), Some(vservers), Some(members)) => Some(moving(groups, vservers, members)),
            _ => None,
        })
    }

    async fn refresh(&self, mut snapshot: Snapshot, about: &About) -> Result<Snapshot, Error> {
        counters::add(&self.usable.client, &self.usable.filters, &mut snapshot, about.only.as_ref()).await?;
        // One group a look: those that nobody has explained yet first, then each in its turn.
        let troubled = troubled(&snapshot, about);
        let silent = troubled.iter().find(|group| snapshot.members(group).any(is_silent));
        let turn = usize::try_from(snapshot.glances).unwrap_or_default() % troubled.len().max(1);
        if let Some(group) = silent.or_else(|| troubled.iter().nth(turn)).cloned() {
            self.explain(&group, &mut snapshot).await?;
        }
        Ok(snapshot)
    }

    /// Why members of a group do not serve: what their monitors heard last. Asked only where something is not UP, one GET
    /// a group, so that a healthy look stays cheap.
    async fn explain(&self, group: &str, snapshot: &mut Snapshot) -> Result<(), Error> {
        let request = Request::get(ServiceGroupEntityMonBinding::NAME).named(group);
        let rows = match self.usable.client.fetch::<ServiceGroupEntityMonBinding>(&request).await {
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
            // What serves needs no explanation.
            if let Some(member) = snapshot.find_mut(&object).filter(|seen| !is_up(seen)) {
                let probe = Value::from(format!("{}: {heard}", row.monitor_name));
                member.facts.insert(PROBE.to_owned(), probe);
            }
        }
        Ok(())
    }
}

fn moving(groups: Vec<Object>, vservers: Vec<Object>, members: Vec<Object>) -> Snapshot {
    let mut moved = Snapshot::default();
    for (kind, items) in [(Kind::ServiceGroup, groups), (Kind::LbVserver, vservers), (Kind::Member, members)] {
        collect(kind, &items, &mut moved);
    }
    moved.settle();
    moved
}

/// Groups of our own with members that do not serve.
fn troubled(snapshot: &Snapshot, about: &About) -> BTreeSet<String> {
    let ours = about.owned_groups.iter();
    ours.filter(|group| snapshot.members(group).any(|member| !is_up(member))).cloned().collect()
}

fn is_up(seen: &Seen) -> bool {
    seen.state.as_ref().is_some_and(StateWord::is_up)
}

fn is_silent(seen: &Seen) -> bool {
    !is_up(seen) && !seen.facts.contains_key(PROBE)
}
