//! The secondary's copy: files once a minute or on demand, the configuration when something happened.

use super::{Due, Role, Sync};
use crate::{
    clock::LabTime,
    engine::Event,
    refusal::{Outcome, Refusal},
    resources::FOLDERS,
    shared::World,
};

impl World {
    /// The secondary's minute: files come, and the configuration follows if the two are out of step.
    pub(super) fn pull(&mut self, index: usize, now: LabTime) {
        let Some(ha) = self.appliances.get(index).and_then(|first| first.ha.as_ref()) else { return };
        self.queue.put(now.plus(ha.knobs.file_pull), Event::Pair { appliance: index, due: Due::Pull });
        let pair = self.both_on(index, now).filter(|(_, secondary)| self.enabled(*secondary).is_ok());
        if let Some((primary, secondary)) = pair {
            self.bring_files(primary, secondary, FOLDERS, now);
        }
    }

    /// `hafiles?action=sync`, from either node.
    pub(super) fn send_files(&mut self, index: usize, folders: &[&str], now: LabTime) -> Outcome {
        self.peer_index(index).ok_or(Refusal::new(363))?;
        let (primary, secondary) = self.both_on(index, now).ok_or(Refusal::new(364))?;
        self.enabled(secondary)?;
        self.bring_files(primary, secondary, folders, now);
        Ok(())
    }

    /// `hasync?action=Force`, from either node.
    pub(super) fn force_sync(&mut self, index: usize, save: bool, now: LabTime) -> Outcome {
        self.peer_index(index).ok_or(Refusal::new(363))?;
        let (primary, secondary) = self.both_on(index, now).ok_or(Refusal::new(364))?;
        self.enabled(secondary)?;
        if [primary, secondary].iter().any(|side| self.appliances[*side].ha_switch("hasync") == "DISABLED") {
            return Err(Refusal::new(410));
        }
        if self.appliances[secondary].ha.as_ref().is_some_and(|ha| ha.syncing.is_some()) {
            return Err(Refusal::new(412));
        }
        self.begin_sync(secondary, save, now);
        Ok(())
    }

    fn enabled(&self, secondary: usize) -> Outcome {
        let disabled = self.appliances[secondary].ha_switch("hastatus") == "DISABLED";
        if disabled { Err(Refusal::new(411)) } else { Ok(()) }
    }

    /// A synchronisation that nobody asked for: after a start, a change of roles, or a command that failed there.
    pub(super) fn sync_by_itself(&mut self, index: usize, now: LabTime) {
        let Some((_, secondary)) = self.both_on(index, now) else { return };
        let switches = ["hastatus", "hasync"].map(|name| self.appliances[secondary].ha_switch(name));
        let busy = self.appliances[secondary].ha.as_ref().is_none_or(|ha| ha.syncing.is_some());
        if !busy && !switches.contains(&"DISABLED") {
            self.begin_sync(secondary, false, now);
        }
    }

    /// The files come at once, the configuration at the end; in between there is none.
    fn begin_sync(&mut self, secondary: usize, save: bool, now: LabTime) {
        let Some(primary) = self.peer_index(secondary) else { return };
        let files = self.appliances[primary].config.files.clone();
        let own = &mut self.appliances[secondary];
        own.config.pull_files(&files, FOLDERS);
        let Some(ha) = own.ha.as_mut() else { return };
        let until = now.plus(ha.knobs.sync);
        let cleared = own.config.cleared();
        let before = Box::new(std::mem::replace(&mut own.config, cleared));
        ha.syncing = Some(Sync { until, before, save });
        if until <= now {
            self.end_sync(secondary, now);
        } else {
            self.queue.put(until, Event::Pair { appliance: secondary, due: Due::EndSync });
        }
    }

    /// The secondary has cleared its configuration and loaded the primary's.
    pub(super) fn end_sync(&mut self, secondary: usize, now: LabTime) {
        let Some(ha) = self.appliances.get_mut(secondary).and_then(|own| own.ha.as_mut()) else { return };
        let (peer, Some(sync)) = (ha.peer, ha.syncing.take_if(|sync| sync.until == now)) else { return };
        let Ok([own, primary]) = self.appliances.get_disjoint_mut([secondary, peer]) else { return };
        let Some((ha, theirs)) = own.ha.as_mut().zip(primary.ha.as_mut()) else { return };
        theirs.out_of_step = false;
        (own.config, ha.failures) = primary.config.mirrored(&own.config);
        ha.sync_failures += u64::from(!ha.failures.is_empty());
        own.dirty |= primary.dirty || !ha.failures.is_empty();
        own.changed_at = now;
        own.forget_clients();
        if sync.save {
            own.save(now);
        }
        self.settle(secondary, now);
    }

    /// Nothing comes of a synchronisation: the primary is gone, or the secondary has to be primary.
    pub(super) fn stop_sync(&mut self, index: usize) {
        let own = &mut self.appliances[index];
        if let Some(sync) = own.ha.as_mut().and_then(|ha| ha.syncing.take()) {
            own.config = sync.before.mirrored(&own.config).0;
        }
    }

    fn bring_files(&mut self, primary: usize, secondary: usize, folders: &[&str], now: LabTime) {
        let Ok([from, to]) = self.appliances.get_disjoint_mut([primary, secondary]) else { return };
        to.config.pull_files(&from.config.files, folders);
        if from.ha.as_ref().is_some_and(|ha| ha.out_of_step) {
            self.sync_by_itself(secondary, now);
        }
    }

    /// Primary and secondary, if both can talk.
    fn both_on(&self, index: usize, now: LabTime) -> Option<(usize, usize)> {
        let peer = self.peer_index(index)?;
        let ready = |index: usize| self.appliances[index].is_on() && !self.appliances[index].is_booting(now);
        let pair = if self.appliances[index].role() == Role::Primary { (index, peer) } else { (peer, index) };
        (ready(index) && ready(peer)).then_some(pair)
    }
}
