//! Copies of a configuration that begin a life of their own: after a start, and on the other appliance of a pair.

use super::{Called, Config, File, Id, State, Watch};
use std::sync::Arc;

impl Config {
    /// The same objects, about which nothing is known yet: no probe was sent and no client came.
    pub fn reborn(&self) -> Self {
        let mut copy = self.clone();
        for vserver in &mut copy.vservers {
            vserver.traffic = Arc::default();
        }
        for gateway in &mut copy.gateways {
            gateway.traffic = Arc::default();
        }
        let grouped = copy.groups.iter_mut().flat_map(|group| &mut group.members);
        for member in grouped.chain(copy.services.iter_mut().map(|service| &mut service.member)) {
            member.traffic = Arc::default();
            member.watch = Watch::default();
            // Monitors that find a member UP trust it at first; here nobody has seen it yet.
            member.state = State::Down;
        }
        copy
    }

    /// What a start makes of the saved configuration: files are on the disk, saved or not.
    pub fn started(&self, files: Vec<File>) -> Self {
        Self { files, ..self.reborn() }
    }

    /// Nothing but what no clearing takes away: files, the settings of `hanode`, its host name, and who may log in.
    pub fn cleared(&self) -> Self {
        Self {
            // What is new must not be taken for what was there: a probe may still be under way.
            ids: self.ids,
            files: self.files.clone(),
            ha: self.ha.clone(),
            hostname: self.hostname.clone(),
            access: self.access.clone(),
            ..Self::default()
        }
    }

    /// What a synchronisation makes of it on `own`, and the commands that failed there.
    ///
    /// Files, the settings of `hanode` and the host name are each node's own. A certificate key is read from the node's own files, so
    /// it cannot be made where they are missing, and neither can what refers to it.
    pub fn mirrored(&self, own: &Self) -> (Self, Vec<String>) {
        let mut copy =
            Self { files: own.files.clone(), ha: own.ha.clone(), hostname: own.hostname.clone(), ..self.reborn() };
        let there = |path: Option<&str>| path.is_none_or(|path| own.files.iter().any(|file| file.is(path)));
        let (kept, lost): (Vec<_>, Vec<_>) = std::mem::take(&mut copy.certkeys)
            .into_iter()
            .partition(|certkey| there(certkey.set.get("cert")) && there(certkey.set.get("key")));
        copy.certkeys = kept;
        for certkey in &lost {
            copy.forget_certkey(certkey.id);
        }
        let line = |name: &str| format!("add ssl certKey {name}: Input file(s) not present or not accessible");
        (copy, lost.iter().map(|certkey| line(certkey.name())).collect())
    }

    fn forget_certkey(&mut self, id: Id) {
        for certkey in &mut self.certkeys {
            certkey.link = certkey.link.filter(|link| *link != id);
        }
        let balancing = self.vservers.iter_mut().map(|vserver| &mut vserver.ssl);
        for side in balancing.chain(self.gateways.iter_mut().map(|gateway| &mut gateway.ssl)) {
            side.bound.retain(|bound| bound.certkey != id);
        }
    }

    /// Takes over the files of `other` that lie in one of `folders`. What exists here only stays.
    pub fn pull_files(&mut self, other: &[File], folders: &[&str]) {
        for file in other.iter().filter(|file| folders.contains(&file.location.as_str())) {
            match self.files.iter_mut().find(|own| own.name == file.name && own.location == file.location) {
                Some(own) => *own = file.clone(),
                None => self.files.push(file.clone()),
            }
        }
    }
}
