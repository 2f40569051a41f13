//! Where a lab starts from. Seeds are made through NITRO itself, so they cannot hold what a client could not make.

mod accounts;
mod floor;

use crate::{
    clock::LabTime,
    fleet,
    model::Config,
    nitro::internally,
    refusal::Outcome,
    shared::{Shared, World},
};
pub(crate) use floor::GATEWAY;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What is there at the start and after a reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seed {
    /// What the procedure presupposes and no more: addresses, certificates, a gateway; LB and SSL are off.
    #[default]
    Empty,
    /// Besides, an MDM virtual server on 443 with its group and a member per node, saved.
    SetUp,
}

/// The superuser.
pub(crate) const USER: &str = "nsroot";

/// Puts every appliance back to the seed and forgets sessions, faults and logs. Time goes on.
pub(crate) fn plant(shared: &Shared, seed: Seed) -> Outcome {
    let mut world = shared.world();
    let now = world.clock.now();
    world.queue.clear();
    world.faults.remove(None, None);
    for appliance in &mut world.appliances {
        appliance.config = Config::default();
        appliance.forget_clients();
        appliance.partitions.clear();
        appliance.choose((*appliance.choices).clone());
        appliance.sessions.close_all();
        (appliance.dirty, appliance.saving) = (false, false);
        (appliance.changed_at, appliance.saved_at) = (now, now);
        appliance.off_since = None;
    }
    let outcome = make(&mut world, seed, shared, now);
    world.start_pairs(now);
    world.journal.clear();
    world.appliances.iter_mut().for_each(|appliance| appliance.audit.clear());
    outcome
}

/// The first appliance is made through NITRO, and so is what makes the appliances of a fleet differ from it. The two of a
/// pair do not.
fn make(world: &mut World, seed: Seed, shared: &Shared, now: LabTime) -> Outcome {
    floor::lay(world, 0, shared)?;
    let nodes = addresses(shared);
    let is_pair = world.appliances.iter().any(|appliance| appliance.ha.is_some());
    if seed == Seed::SetUp && is_pair {
        set_up(world, 0, &nodes)?;
    }
    world.copy_the_first(now);
    match seed {
        Seed::SetUp if !is_pair => (0..world.appliances.len()).try_for_each(|index| set_up(world, index, &nodes)),
        _ => Ok(()),
    }
}

impl World {
    /// All others are like the first; what never changes, such as the contents of files, they share.
    fn copy_the_first(&mut self, now: LabTime) {
        let [first, others @ ..] = self.appliances.as_mut_slice() else { return };
        for other in others {
            other.config = first.config.reborn();
            other.saved = Arc::clone(&first.saved);
        }
        for index in 1..self.appliances.len() {
            self.settle(index, now);
        }
    }
}

fn addresses(shared: &Shared) -> Vec<String> {
    shared.nodes_of(&shared.cluster).iter().map(|node| node.ip.to_string()).collect()
}

/// Steps 1, 2, 4, 7, 11, 14 and 19 of `nitro.md` 4.3.
fn set_up(world: &mut World, index: usize, nodes: &[String]) -> Outcome {
    let group = "sg_xm_mdm_443";
    let (fqdn, vip) = fleet::cluster(index);
    let vserver = format!("_XM_LB_MDM_{fqdn}_{vip}_443");
    let mut post = |method: &str, path: &str, body: String| internally(world, index, method, path, &body);
    post("POST", "nsfeature?action=enable", r#"{"nsfeature":{"feature":["LB","SSL"]}}"#.to_owned())?;
    for (at, ip) in nodes.iter().enumerate() {
        post("POST", "server", format!(r#"{{"server":{{"name":"{}","ipaddress":"{ip}"}}}}"#, name(at)))?;
    }
    post(
        "POST",
        "servicegroup",
        format!(r#"{{"servicegroup":{{"servicegroupname":"{group}","servicetype":"SSL_BRIDGE"}}}}"#),
    )?;
    for at in 0..nodes.len() {
        let binding = "servicegroup_servicegroupmember_binding";
        let server = name(at);
        let body = format!(r#"{{"{binding}":{{"servicegroupname":"{group}","servername":"{server}","port":443}}}}"#);
        post("PUT", binding, body)?;
    }
    post(
        "POST",
        "lbvserver",
        format!(
            r#"{{"lbvserver":{{"name":"{vserver}","servicetype":"SSL_BRIDGE","ipv46":"{vip}","port":443,"persistencetype":"SOURCEIP","timeout":20}}}}"#
        ),
    )?;
    let binding = "lbvserver_servicegroup_binding";
    post("PUT", binding, format!(r#"{{"{binding}":{{"name":"{vserver}","servicegroupname":"{group}"}}}}"#))?;
    save(world, index)
}

fn save(world: &mut World, index: usize) -> Outcome {
    internally(world, index, "POST", "nsconfig?action=save", r#"{"nsconfig":{}}"#)?;
    if let Some(appliance) = world.appliances.get_mut(index) {
        // Its answer has nowhere to go out to.
        appliance.saving = false;
    }
    Ok(())
}

/// `xms01`, `xms02`, …: the names of 4.3, for servers and for the lab's name service alike.
pub(crate) fn name(at: usize) -> String {
    format!("xms{:02}", at + 1)
}
