//! A small NetScaler configuration that answers to requests alone. It shares no table and no rule with the planner, so
//! that a wrong request is found out; where the reference is uncertain it takes the strict side (`nitro.md` 6).

use model::plan::Call;
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// NITRO's error code and text.
pub type Refusal = (i64, String);
/// One object as the appliance keeps it.
pub type Row = Map<String, Json>;
pub(super) type Answer = Result<(), Refusal>;

const SERVER: &str = "server";
const GROUP: &str = "servicegroup";
const MEMBER: &str = "servicegroup_servicegroupmember_binding";
const VSERVER: &str = "lbvserver";
const BINDING: &str = "lbvserver_servicegroup_binding";

/// Key, attributes that may be changed, attributes that may only be given at the beginning.
struct Schema {
    key: &'static [&'static str],
    settable: &'static [&'static str],
    once: &'static [&'static str],
}

fn schema(resource: &str) -> Result<Schema, Refusal> {
    let of = |key, settable, once| Ok(Schema { key, settable, once });
    match resource {
        SERVER => of(&["name"], &["ipaddress", "comment"], &["domain", "td", "state"]),
        GROUP => {
            let once = &["servicetype", "td", "state", "autoscale"];
            of(&["servicegroupname"], &["healthmonitor", "comment", "clttimeout"], once)
        }
        MEMBER => of(&["servicegroupname", "servername", "port"], &["weight", "customserverid", "hashid"], &["state"]),
        VSERVER => of(
            &["name"],
            &[
                "ipv46",
                "persistencetype",
                "timeout",
                "persistencebackup",
                "persistmask",
                "rule",
                "lbmethod",
                "clttimeout",
                "comment",
            ],
            &["servicetype", "port", "td", "state"],
        ),
        BINDING => of(&["name", "servicegroupname"], &[], &[]),
        _ => Err((1232, format!("Invalid object name [{resource}]"))),
    }
}

/// What an appliance shows where nothing was given, spelled as it spells it (3.0).
fn presets(resource: &str) -> Row {
    let object = match resource {
        SERVER => json!({ "state": "ENABLED", "td": "0", "translationip": "0.0.0.0" }),
        GROUP => {
            json!({ "td": "0", "healthmonitor": "YES", "clttimeout": 9000, "state": "ENABLED", "autoscale": "DISABLED", "cip": "DISABLED" })
        }
        MEMBER => json!({
            "weight": "1", "customserverid": "None", "hashid": "0", "serverid": "0", "svrstate": "UP", "state": "ENABLED"
        }),
        VSERVER => json!({
            "ipv46": "0.0.0.0", "port": 0, "td": "0", "persistencetype": "NONE", "timeout": 2, "persistencebackup": "NONE",
            "persistmask": "255.255.255.255", "lbmethod": "LEASTCONNECTION", "clttimeout": "9000", "state": "ENABLED"
        }),
        _ => json!({}),
    };
    object.as_object().cloned().unwrap_or_default()
}

/// The running configuration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Store {
    pub rows: BTreeMap<(String, Vec<String>), Row>,
    pub features: BTreeSet<String>,
    pub unsaved: bool,
}

impl Store {
    /// One request; nothing changes when it is refused.
    pub fn handle(&mut self, call: &Call) -> Answer {
        let body = call.body.as_ref().and_then(Json::as_object).cloned().unwrap_or_default();
        if let Some(answer) = self.edges(call, &body) {
            answer?;
            self.unsaved = true;
            return Ok(());
        }
        match (call.method.word(), call.resource.as_str(), call.action.as_deref()) {
            ("POST", "nsconfig", Some("save")) => {
                self.unsaved = false;
                return Ok(());
            }
            ("POST", "nsfeature", Some("enable")) => self.enable(&body),
            ("POST", SERVER | GROUP | VSERVER, None) | ("PUT", MEMBER | BINDING, None) => {
                self.make(&call.resource, body)
            }
            ("PUT", GROUP, None) if body.contains_key("servername") => self.set(MEMBER, &body),
            ("PUT", SERVER | GROUP | VSERVER, None) => self.set(&call.resource, &body),
            ("POST", GROUP, Some("unset")) if body.contains_key("servername") => self.unset(MEMBER, &body),
            ("POST", SERVER | GROUP | VSERVER, Some("unset")) => self.unset(&call.resource, &body),
            ("POST", SERVER | GROUP | VSERVER, Some("enable")) => self.switch(&call.resource, &body, "ENABLED"),
            ("POST", SERVER | GROUP | VSERVER, Some("disable")) => self.switch(&call.resource, &body, "DISABLED"),
            ("DELETE", ..) => self.delete(call),
            _ => Err((1240, "Invalid nitro action or operation".into())),
        }?;
        self.unsaved = true;
        Ok(())
    }

    fn enable(&mut self, body: &Row) -> Answer {
        let list = body.get("feature").and_then(Json::as_array).ok_or_else(|| missing("feature"))?;
        self.features.extend(list.iter().filter_map(Json::as_str).map(str::to_ascii_uppercase));
        Ok(())
    }

    /// The key and nothing else. A server that is enabled enables what stands on it (3.6).
    fn switch(&mut self, resource: &str, body: &Row, word: &str) -> Answer {
        let of_member = resource == GROUP && body.contains_key("servername");
        let resource = if of_member { MEMBER } else { resource };
        let schema = schema(resource)?;
        let key = key_of(&schema, body)?;
        if let Some(name) = body.keys().find(|name| !schema.key.contains(&name.as_str())) {
            return Err((278, format!("Invalid argument [{name}]")));
        }
        let row = self.rows.get_mut(&(resource.to_owned(), key.clone())).ok_or_else(|| absent(&key))?;
        row.insert("state".into(), word.into());
        if (resource, word) == (SERVER, "ENABLED") {
            let on_it = |place: &(String, Vec<String>)| place.0 == MEMBER && place.1.get(1) == key.first();
            for (_, row) in self.rows.iter_mut().filter(|(place, _)| on_it(place)) {
                row.insert("state".into(), word.into());
            }
        }
        Ok(())
    }

    fn make(&mut self, resource: &str, body: Row) -> Answer {
        let schema = schema(resource)?;
        let key = key_of(&schema, &body)?;
        let known = |name: &str| [schema.key, schema.settable, schema.once].iter().any(|set| set.contains(&name));
        if let Some(name) = body.keys().find(|name| !known(name)) {
            return Err((278, format!("Invalid argument [{name}]")));
        }
        let place = (resource.to_owned(), key);
        if self.rows.contains_key(&place) {
            return Err((273, format!("Resource already exists [{}]", place.1.join(", "))));
        }
        let mut row = presets(resource);
        row.extend(body.into_iter().map(|(name, value)| (name.clone(), echo(&name, value))));
        self.check(&place, &row)?;
        self.rows.insert(place, row);
        Ok(())
    }

    fn set(&mut self, resource: &str, body: &Row) -> Answer {
        let schema = schema(resource)?;
        let place = (resource.to_owned(), key_of(&schema, body)?);
        let mut row = self.rows.get(&place).cloned().ok_or_else(|| absent(&place.1))?;
        let changes: Vec<_> = body.iter().filter(|(name, _)| !schema.key.contains(&name.as_str())).collect();
        if changes.is_empty() {
            return Err((431, "No arguments to set".into()));
        }
        for (name, value) in changes {
            if !schema.settable.contains(&name.as_str()) {
                return Err((278, format!("Invalid argument [{name}]")));
            }
            row.insert(name.clone(), echo(name, value.clone()));
        }
        self.check(&place, &row)?;
        self.rows.insert(place, row);
        Ok(())
    }

    fn unset(&mut self, resource: &str, body: &Row) -> Answer {
        let schema = schema(resource)?;
        let place = (resource.to_owned(), key_of(&schema, body)?);
        let row = self.rows.get_mut(&place).ok_or_else(|| absent(&place.1))?;
        for (name, value) in body.iter().filter(|(name, _)| !schema.key.contains(&name.as_str())) {
            if *value != Json::Bool(true) || !schema.settable.contains(&name.as_str()) {
                return Err((278, format!("Invalid argument [{name}]")));
            }
            match presets(resource).remove(name) {
                Some(preset) => row.insert(name.clone(), preset),
                None => row.remove(name),
            };
        }
        Ok(())
    }

    fn delete(&mut self, call: &Call) -> Answer {
        let schema = schema(&call.resource)?;
        let mut key: Vec<String> = call.name.iter().cloned().collect();
        for part in schema.key.iter().skip(1) {
            let arg = call.args.iter().find(|(name, _)| name == part).ok_or_else(|| missing(part))?;
            key.push(arg.1.clone());
        }
        if call.args.len() + 1 != schema.key.len() || call.body.is_some() {
            return Err((278, "Invalid argument".into()));
        }
        let name = key.first().cloned().unwrap_or_default();
        let used = match call.resource.as_str() {
            SERVER => self.any(MEMBER, "servername", &name),
            // With `allowboundsvcremoval DISABLED`; a member left behind would be deleted with its group.
            GROUP => self.any(BINDING, "servicegroupname", &name) || self.any(MEMBER, "servicegroupname", &name),
            VSERVER => self.any(BINDING, "name", &name) || self.has_certificate(&name),
            _ => false,
        };
        if used {
            return Err((315, format!("Resource in use [{name}]")));
        }
        self.rows.remove(&(call.resource.clone(), key.clone())).map(|_| ()).ok_or_else(|| absent(&key))
    }

    /// What the whole configuration has to say about a row before it is taken.
    fn check(&self, place: &(String, Vec<String>), row: &Row) -> Answer {
        let others = |resource: &'static str| {
            self.rows.iter().filter(move |(other, _)| other.0 == resource && *other != place).map(|(_, row)| row)
        };
        let same = |other: &Row, name: &str| other.get(name) == row.get(name);
        match place.0.as_str() {
            SERVER if row.get("ipaddress").is_none() && row.get("domain").is_none() => Err(missing("ipaddress")),
            SERVER if others(SERVER).any(|other| same(other, "ipaddress") && same(other, "td")) => {
                Err((273, format!("Resource already exists [ipaddress, {}]", text(row, "ipaddress"))))
            }
            GROUP if text(row, "servicetype").is_empty() => Err(missing("serviceType")),
            VSERVER if others(VSERVER).any(|o| ["ipv46", "port", "td"].iter().all(|name| same(o, name))) => {
                Err((273, "Resource already exists [IPAddress, port]".into()))
            }
            VSERVER => check_persistence(row),
            MEMBER => self.check_member(row),
            BINDING => self.check_binding(row),
            _ => Ok(()),
        }
    }

    fn check_member(&self, row: &Row) -> Answer {
        let (group, server) = (text(row, "servicegroupname"), text(row, "servername"));
        for (resource, name) in [(GROUP, &group), (SERVER, &server)] {
            if !self.rows.contains_key(&(resource.to_owned(), vec![name.clone()])) {
                return Err(absent(std::slice::from_ref(name)));
            }
        }
        let endpoint = (server, text(row, "port"));
        let vservers = self.of(BINDING).filter(|binding| text(binding, "servicegroupname") == group);
        for vserver in vservers.map(|binding| text(binding, "name")) {
            let beside = self.of(BINDING).filter(|binding| text(binding, "name") == vserver);
            let mut groups = beside.map(|binding| text(binding, "servicegroupname")).filter(|other| *other != group);
            if groups.any(|other| self.endpoints(&other).contains(&endpoint)) {
                return Err(twice());
            }
        }
        Ok(())
    }

    fn check_binding(&self, row: &Row) -> Answer {
        let (name, group) = (text(row, "name"), text(row, "servicegroupname"));
        let find = |resource: &str, name: &String| {
            self.rows
                .get(&(resource.to_owned(), vec![name.clone()]))
                .map(|row| text(row, "servicetype"))
                .ok_or_else(|| absent(std::slice::from_ref(name)))
        };
        if find(VSERVER, &name)? != find(GROUP, &group)? {
            return Err((1304, "Service type mismatch between the vserver and service".into()));
        }
        let others = self.of(BINDING).filter(|other| text(other, "name") == name);
        for other in others.map(|other| text(other, "servicegroupname")) {
            if self.endpoints(&other).intersection(&self.endpoints(&group)).next().is_some() {
                return Err(twice());
            }
        }
        Ok(())
    }

    fn endpoints(&self, group: &str) -> BTreeSet<(String, String)> {
        let members = self.of(MEMBER).filter(|row| text(row, "servicegroupname") == group);
        members.map(|row| (text(row, "servername"), text(row, "port"))).collect()
    }

    fn of(&self, resource: &'static str) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |(place, _)| place.0 == resource).map(|(_, row)| row)
    }

    fn any(&self, resource: &'static str, name: &str, value: &str) -> bool {
        self.of(resource).any(|row| text(row, name) == value)
    }
}

/// Which persistence fits `SSL_BRIDGE`, and how long (3.11).
fn check_persistence(row: &Row) -> Answer {
    let kind = text(row, "persistencetype");
    if text(row, "servicetype") == "SSL_BRIDGE" && !["NONE", "SOURCEIP", "SSLSESSION"].contains(&kind.as_str()) {
        return Err((1332, "Invalid Persistence type".into()));
    }
    match text(row, "timeout").parse::<u32>() {
        Ok(2..=1440) => Ok(()),
        _ => Err((2136, "Timeout value out of range; enter a value between 2 minutes and 1440 minutes".into())),
    }
}

fn key_of(schema: &Schema, body: &Row) -> Result<Vec<String>, Refusal> {
    let part = |name: &&str| {
        let text = text(body, name);
        if text.is_empty() { Err(missing(name)) } else { Ok(text) }
    };
    schema.key.iter().map(part).collect()
}

/// As the appliance gives a value back: some numbers as text, enumerations in upper case (3.0).
fn echo(name: &str, value: Json) -> Json {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match name {
        "td" | "weight" | "hashid" => text.into(),
        "port" | "timeout" => text.parse::<i64>().map_or(value, Json::from),
        "servicetype" | "persistencetype" | "lbmethod" | "healthmonitor" | "state" => text.to_ascii_uppercase().into(),
        _ => value,
    }
}

pub(super) fn text(row: &Row, name: &str) -> String {
    match row.get(name) {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

pub(super) fn absent(key: &[String]) -> Refusal {
    (258, format!("No such resource [{}]", key.join(", ")))
}

fn twice() -> Refusal {
    (428, "IP, port conflict with another entity bound to the same vserver".into())
}

pub(super) fn missing(name: &str) -> Refusal {
    (1095, format!("Required argument missing [{name}]"))
}
