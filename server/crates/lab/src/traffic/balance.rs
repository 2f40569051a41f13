//! Which member gets a connection or a request: persistence first, then the method.

use super::{
    rule,
    seat::{Seat, seats},
};
use crate::{
    appliance::Appliance,
    clock::LabTime,
    model::{Config, Entry, Id, Key, Member, Scope, State, Traffic, Vserver, by_id, scope},
};
use http::request::Parts;
use sha2::{Digest, Sha256};
use std::{
    cmp::Ordering,
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

/// What is known about somebody who wants to be served.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub client: SocketAddr,
    pub destination: SocketAddr,
    /// The TLS session that a client wants to go on with.
    pub session: Option<&'a [u8]>,
    pub request: Option<&'a Parts>,
}

/// The member that was chosen.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The virtual server itself, or the backup that stands in.
    pub vserver: Id,
    pub member: Id,
    pub server: Id,
    pub address: IpAddr,
    pub port: u16,
    /// Whether the way there is encrypted.
    pub tls: bool,
    pub traffic: Arc<Traffic>,
    /// The entries of the table that lead here; they are in use from now on.
    pub held: Vec<Key>,
    /// A cookie that leads here next time, to be added to the answer.
    pub cookie: Option<String>,
}

/// Whose turn it is: what each member of a virtual server is still owed, by its weight.
pub(crate) type Turns = BTreeMap<(Id, Id), i64>;

/// How a client finds its member again.
#[derive(Default)]
struct Ties {
    /// Entries that exist or are to be made, with their lives, the most important first.
    keys: Vec<(Key, Duration, bool)>,
    /// A member that the request itself names.
    named: Option<Id>,
}

/// Chooses, and notes what persistence has to remember. Nothing when nobody can serve.
pub(super) fn choose(appliance: &mut Appliance, vserver: Id, ask: &Ask, now: LabTime) -> Option<Choice> {
    let Appliance { config, persistence, turns, .. } = appliance;
    let front = by_id(&config.vservers, vserver)?;
    let vserver = front.standing(config).unwrap_or(front);
    let seats = seats(config, vserver);
    let ties = ties(config, vserver, &seats, ask);
    // A member on its way out keeps those that belong to it (3.25), unless somebody said otherwise.
    let keeps = vserver.set.get("trofspersistence") != Some("DISABLED");
    let usable = |seat: &&Seat| seat.serves() && (keeps || seat.member.state == State::Up);
    let by_request = ties.named.and_then(|id| seats.iter().filter(usable).find(|seat| seat.member.id == id));
    let by_table = || {
        let entries = ties.keys.iter().filter_map(|(key, _, _)| persistence.find(key, now));
        entries.filter_map(|entry| seat_of(&seats, entry)).find(usable)
    };
    let seat = if let Some(seat) = by_request.or_else(by_table) {
        *seat
    } else {
        let fresh: Vec<Seat> = seats.iter().filter(|seat| seat.member.state == State::Up).copied().collect();
        by_method(turns, vserver, fresh, ask)?
    };
    let place = (seat.member.server, seat.member.port);
    let mut held = Vec::new();
    for (key, life, by_address) in ties.keys {
        let leads_here = persistence.find(&key, now).and_then(|entry| seat_of(&seats, entry));
        if leads_here.is_none_or(|found| found.member.id != seat.member.id) {
            if key.kind == "SSLSESSION" {
                // Whether there will be such a session is for the server to say.
                continue;
            }
            let client = by_address.then(|| scope(config, vserver).masked(ask.client.ip()));
            persistence.tie(key.clone(), Entry::new(vserver.id, place, client, life, now), now);
        }
        persistence.begin(&key);
        held.push(key);
    }
    seat.member.traffic.hit();
    if vserver.id != front.id {
        front.traffic.detour();
        vserver.traffic.hit();
    }
    Some(Choice {
        vserver: vserver.id,
        member: seat.member.id,
        server: seat.member.server,
        address: seat.address,
        port: seat.member.port,
        tls: seat.tls(),
        traffic: Arc::clone(&seat.member.traffic),
        held,
        cookie: cookie(config, vserver, seat, ties.named, now),
    })
}

/// Notes that a TLS session was made with a member, and says which entry that is.
pub(super) fn remember(appliance: &mut Appliance, choice: &Choice, session: &[u8], now: LabTime) -> Option<Key> {
    let Appliance { config, persistence, .. } = appliance;
    let vserver = by_id(&config.vservers, choice.vserver)?;
    let scope = scope(config, vserver);
    let key = Key { owner: scope.owner, kind: "SSLSESSION", param: hex::encode(session) };
    if scope.kind() != "SSLSESSION" || choice.held.contains(&key) {
        return None;
    }
    persistence.tie(key.clone(), Entry::new(vserver.id, (choice.server, choice.port), None, scope.life(), now), now);
    persistence.begin(&key);
    Some(key)
}

/// The member that an entry means: the very one, else another port of the same server.
fn seat_of<'a, 'b>(seats: &'a [Seat<'b>], entry: &Entry) -> Option<&'a Seat<'b>> {
    let on_server = |seat: &&Seat| seat.member.server == entry.server;
    seats.iter().filter(on_server).find(|seat| seat.member.port == entry.port).or_else(|| seats.iter().find(on_server))
}

fn ties(config: &Config, vserver: &Vserver, seats: &[Seat], ask: &Ask) -> Ties {
    let scope = scope(config, vserver);
    let key = |kind, param| Key { owner: scope.owner, kind, param };
    let client = scope.masked(ask.client.ip()).to_string();
    let destination = ask.destination;
    let mut ties = Ties::default();
    let found = || ask.request.and_then(|head| rule::value(scope.rule()?, head));
    let entry = match scope.kind() {
        "SOURCEIP" => Some((key("SOURCEIP", client.clone()), true)),
        "DESTIP" => Some((key("DESTIP", destination.ip().to_string()), false)),
        "SRCIPDESTIP" => Some((key("SRCIPDESTIP", format!("{client} {}", destination.ip())), true)),
        "SSLSESSION" => ask.session.map(|session| (key("SSLSESSION", hex::encode(session)), false)),
        "RULE" => found().map(|value| (key("RULE", value), false)),
        "CUSTOMSERVERID" => {
            ties.named =
                found().and_then(|id| seats.iter().find(|seat| is_called(seat.member, &id))).map(|seat| seat.member.id);
            None
        }
        "COOKIEINSERT" => {
            let value = ask.request.and_then(|head| rule::cookie(&head.headers, &scope.cookie()));
            ties.named = value
                .and_then(|value| seats.iter().find(|seat| mark(&scope, seat) == value))
                .map(|seat| seat.member.id);
            None
        }
        _ => None,
    };
    ties.keys.extend(entry.map(|(key, by_address)| (key, scope.life(), by_address)));
    // The source address helps out where the first way can find nothing.
    if let Some(life) = scope.backup().filter(|_| matches!(scope.kind(), "SSLSESSION" | "RULE" | "COOKIEINSERT")) {
        ties.keys.push((key("SOURCEIP", client), life, true));
    }
    ties
}

/// The text of `customserverid`; else the number of `serverid`, its older brother.
fn is_called(member: &Member, id: &str) -> bool {
    match member.set.get("customserverid").filter(|set| *set != "None") {
        Some(set) => set == id,
        None => member.set.get("serverid").is_some_and(|set| set != "0" && set == id),
    }
}

/// What a cookie of the appliance's own says. Members of a persistency group differ in their ports.
fn mark(scope: &Scope, seat: &Seat) -> String {
    hex::encode(if scope.shared { seat.address.to_string() } else { format!("{}:{}", seat.address, seat.member.port) })
}

fn cookie(config: &Config, vserver: &Vserver, seat: Seat, named: Option<Id>, now: LabTime) -> Option<String> {
    let scope = scope(config, vserver);
    let is_wanted = scope.kind() == "COOKIEINSERT" && named != Some(seat.member.id);
    is_wanted.then(|| {
        let end = Some(scope.life()).filter(|life| !life.is_zero()).map(|life| now.plus(life).http());
        let end = end.map(|end| format!(";expires={end}")).unwrap_or_default();
        format!("{}={}{end};path=/;httponly", scope.cookie(), mark(&scope, &seat))
    })
}

fn by_method<'a>(turns: &mut Turns, vserver: &Vserver, fresh: Vec<Seat<'a>>, ask: &Ask) -> Option<Seat<'a>> {
    let method = vserver.set.get("lbmethod").unwrap_or("LEASTCONNECTION");
    match hashed(method, vserver, ask) {
        Some(text) => fresh.into_iter().max_by_key(|seat| score(&text, seat)),
        None if method.starts_with("LEAST") || method == "LRTM" => in_turn(turns, vserver.id, least(fresh)),
        None => in_turn(turns, vserver.id, fresh),
    }
}

/// What a hash method looks at; nothing for the other methods.
fn hashed(method: &str, vserver: &Vserver, ask: &Ask) -> Option<String> {
    let (client, destination) = (ask.client, ask.destination.ip());
    let header = |name: &str| ask.request?.headers.get(name)?.to_str().ok().map(str::to_owned);
    match method {
        "SOURCEIPHASH" => Some(client.ip().to_string()),
        "DESTINATIONIPHASH" => Some(destination.to_string()),
        "SRCIPDESTIPHASH" => Some(format!("{} {destination}", client.ip())),
        "SRCIPSRCPORTHASH" => Some(client.to_string()),
        "URLHASH" => ask.request.map(|head| head.uri.to_string()),
        "DOMAINHASH" => header("host"),
        "TOKEN" => ask.request.and_then(|head| rule::value(vserver.set.get("rule")?, head)),
        _ => None,
    }
}

/// The highest score wins, so that a member that comes or goes moves only its own clients.
fn score(text: &str, seat: &Seat) -> [u8; 32] {
    Sha256::digest(format!("{text} {}:{}", seat.address, seat.member.port)).into()
}

/// Those with the least to do for their weight.
fn least(fresh: Vec<Seat>) -> Vec<Seat> {
    let load = |seat: &Seat| (seat.member.traffic.open(), seat.weight.unsigned_abs());
    // a/b < c/d without a division.
    let less = |(a, b): (u64, u64), (c, d): (u64, u64)| (a * d).cmp(&(c * b));
    let Some(lowest) = fresh.iter().map(load).min_by(|left, right| less(*left, *right)) else { return fresh };
    fresh.into_iter().filter(|seat| less(load(seat), lowest) == Ordering::Equal).collect()
}

/// Smooth weighted turns: everybody gets as much credit as it weighs, and who has most pays for all.
fn in_turn<'a>(turns: &mut Turns, vserver: Id, fresh: Vec<Seat<'a>>) -> Option<Seat<'a>> {
    let all: i64 = fresh.iter().map(|seat| seat.weight).sum();
    for seat in &fresh {
        *turns.entry((vserver, seat.member.id)).or_default() += seat.weight;
    }
    let credit = |turns: &Turns, seat: &Seat| turns.get(&(vserver, seat.member.id)).copied().unwrap_or(0);
    // The first one among equals.
    let seat = fresh.into_iter().rev().max_by_key(|seat| credit(turns, seat))?;
    *turns.entry((vserver, seat.member.id)).or_default() -= all;
    Some(seat)
}
