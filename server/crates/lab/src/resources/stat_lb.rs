//! `stat/lbvserver`, `stat/servicegroup` and `stat/servicegroupmember` (3.17).

use super::{Resource, View, chosen, stat_service};
use crate::{
    json::Item,
    model::{Called, Config, Gauge, Group, Member, Traffic, Vserver, same},
    refusal::{Outcome, Refusal},
    schema::{
        Fields, Schema,
        tables::statistics::{STAT_LBVSERVER, STAT_MEMBER, STAT_SERVICEGROUP},
    },
};

pub(super) struct VserverStatistics;
pub(super) struct GroupStatistics;
pub(super) struct MemberStatistics;

impl Resource for VserverStatistics {
    fn schema(&self) -> &'static Schema {
        &STAT_LBVSERVER
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let vservers = chosen(&config.vservers, &STAT_LBVSERVER, name)?;
        let row = |vserver: &Vserver| {
            let item = vserver_item(view, vserver);
            let members: Vec<Item> = config
                .groups_of(vserver)
                .flat_map(|group| group.members.iter().map(|member| member_item(config, group, member)))
                .collect();
            let single = vserver.services.iter().filter_map(|bound| config.service(bound.service));
            let services: Vec<Item> = single.map(|service| stat_service::item(config, service)).collect();
            view.cleared(&vserver.traffic);
            [("servicegroupmember", members), ("service", services)]
                .into_iter()
                .filter(|(_, rows)| view.nested && !rows.is_empty())
                .fold(item, |item, (name, rows)| item.with(name, rows))
        };
        Ok(vservers.into_iter().map(row).collect())
    }
}

impl Resource for GroupStatistics {
    fn schema(&self) -> &'static Schema {
        &STAT_SERVICEGROUP
    }

    /// The members come along when `statbindings=yes` asks for them.
    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let groups = chosen(&config.groups, &STAT_SERVICEGROUP, name)?;
        let row = |group: &Group| {
            let mut now = Fields::default();
            now.put("servicegroupname", group.name());
            now.put("state", group.switch.word());
            now.put("servicetype", group.kind());
            let item = STAT_SERVICEGROUP.item(&Fields::default(), &now);
            let members: Vec<Item> = group.members.iter().map(|member| member_item(config, group, member)).collect();
            group.members.iter().for_each(|member| view.cleared(&member.traffic));
            if view.nested && !members.is_empty() { item.with("servicegroupmember", members) } else { item }
        };
        Ok(groups.into_iter().map(row).collect())
    }
}

impl Resource for MemberStatistics {
    fn schema(&self) -> &'static Schema {
        &STAT_MEMBER
    }

    fn needed_args(&self) -> &'static [&'static str] {
        &["servicegroupname", "port"]
    }

    /// Not a matter of columns: the row's name holds group, server and port.
    fn narrows<'a>(&self, _arg: &'a str) -> Option<&'a str> {
        None
    }

    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let arg = |name: &str| view.args.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let (server, ip) = (arg("servername"), arg("ip"));
        if server.is_none() && ip.is_none() {
            return Err(Refusal::about(1095, &["serverName"]));
        }
        let groups = chosen(&config.groups, &STAT_MEMBER, arg("servicegroupname"))?;
        let fits = |member: &&Member| {
            let owner = config.server(member.server);
            let by = |wanted: Option<&str>, found: Option<&str>| {
                wanted.is_none_or(|wanted| found.is_some_and(|found| same(wanted, found)))
            };
            by(server, owner.map(Called::name))
                && by(ip, owner.and_then(|owner| owner.set.get("ipaddress")))
                && arg("port") == Some(member.port.to_string().as_str())
        };
        let mut found = groups.into_iter().flat_map(|group| group.members.iter().map(move |member| (group, member)));
        let (group, member) = found.find(|(_, member)| fits(member)).ok_or(Refusal::new(344))?;
        let item = member_item(config, group, member);
        view.cleared(&member.traffic);
        Ok(vec![item])
    }
}

fn vserver_item(view: &View, vserver: &Vserver) -> Item {
    let config = &view.appliance.config;
    let load = vserver.load(config);
    let persistent = view.appliance.persistence.count(config, vserver.id, view.now);
    let mut now = Fields::default();
    now.put("name", vserver.name());
    now.put("type", vserver.kind());
    now.put("state", vserver.state.word());
    now.put("primaryipaddress", vserver.set.get("ipv46").unwrap_or("0.0.0.0"));
    now.put("primaryport", vserver.port().to_string());
    now.put("vslbhealth", load.health.to_string());
    now.put("actsvcs", load.active.to_string());
    now.put("inactsvcs", (load.total - load.active).to_string());
    now.put("tothits", vserver.traffic.hits().to_string());
    now.put("hitsrate", vserver.traffic.rates().hits.to_string());
    now.put("totvserverdownbackuphits", vserver.traffic.counts().detours.to_string());
    now.put("establishedconn", vserver.traffic.now(Gauge::Clients).to_string());
    now.put("curpersistencesessions", persistent.to_string());
    counters(&mut now, &vserver.traffic);
    STAT_LBVSERVER.item(&Fields::default(), &now)
}

fn member_item(config: &Config, group: &Group, member: &Member) -> Item {
    let server = config.server(member.server);
    let mut now = Fields::default();
    let name = server.map_or("", Called::name);
    now.put("servicegroupname", format!("{}?{name}?{}", group.name(), member.port));
    now.put("primaryipaddress", server.and_then(|server| server.set.get("ipaddress")).unwrap_or("0.0.0.0"));
    now.put("primaryport", member.port.to_string());
    now.put("servicetype", group.kind());
    now.put("state", member.state.word());
    behind(&mut now, &member.traffic);
    now.put("maxclients", group.set.get("maxclient").unwrap_or("0"));
    counters(&mut now, &member.traffic);
    STAT_MEMBER.item(&Fields::default(), &now)
}

/// The connections to a server.
pub(super) fn behind(now: &mut Fields, traffic: &Traffic) {
    let servers = traffic.now(Gauge::Servers);
    now.put("svrestablishedconn", servers.to_string());
    // Open and nothing to do: only where requests are read.
    now.put("curreusepool", servers.saturating_sub(traffic.open()).to_string());
}

/// What all have: counters, their rates, and what is open.
pub(super) fn counters(now: &mut Fields, traffic: &Traffic) {
    let (counts, rates) = (traffic.counts(), traffic.rates());
    for (total, rate, of) in [
        ("totalrequests", "requestsrate", (counts.requests, rates.requests)),
        ("totalresponses", "responsesrate", (counts.responses, rates.responses)),
        ("totalrequestbytes", "requestbytesrate", (counts.received, rates.received)),
        ("totalresponsebytes", "responsebytesrate", (counts.sent, rates.sent)),
        ("totalpktsrecvd", "pktsrecvdrate", (counts.packets_received, rates.packets_received)),
        ("totalpktssent", "pktssentrate", (counts.packets_sent, rates.packets_sent)),
    ] {
        now.put(total, of.0.to_string());
        now.put(rate, of.1.to_string());
    }
    now.put("curclntconnections", traffic.now(Gauge::Clients).to_string());
    now.put("cursrvrconnections", traffic.now(Gauge::Servers).to_string());
}
