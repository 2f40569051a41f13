//! `systemsession` (3.1): who is logged in, and throwing them out.

use super::{Cx, Resource, View, absent};
use crate::{
    json::Item,
    refusal::{Outcome, Refusal},
    schema::{Fields, Schema, tables::access::SYSTEMSESSION as TABLE},
    sessions::Session,
};

pub(super) struct Sessions;

impl Resource for Sessions {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn told(&self) -> super::Told {
        super::Told::Never
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let row = |session: &Session| {
            let mut now = Fields::default();
            now.put("sid", session.sid.to_string());
            now.put("username", session.user.as_str());
            now.put("logintime", session.begun.nitro());
            now.put("logintimelocal", session.begun.nitro());
            now.put("lastactivitytime", session.last.nitro());
            now.put("lastactivitytimelocal", session.last.nitro());
            now.put("expirytime", (session.ends().since(view.now) / 1000).to_string());
            now.put("numofconnections", "1");
            now.put("currentconn", (view.caller.sid == Some(session.sid)).to_string());
            now.put("partitionname", session.partition.as_str());
            TABLE.item(&Fields::default(), &now)
        };
        let sessions = view.appliance.sessions.alive(view.now);
        let rows: Vec<Item> =
            sessions.filter(|session| name.is_none_or(|name| name == session.sid.to_string())).map(row).collect();
        match name.filter(|_| rows.is_empty()) {
            Some(name) => Err(absent(&TABLE, name)),
            None => Ok(rows),
        }
    }

    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        let line = TABLE.line(action, &fields);
        let sessions = &mut cx.appliance.sessions;
        match (fields.number("sid"), fields.get("all") == Some("true")) {
            (Some(_), true) => return Err(Refusal::about(1092, &["sid", "all"])),
            (None, false) => return Err(Refusal::about(1095, &["sid"])),
            (None, true) => sessions.kill_others(cx.caller.sid),
            (Some(number), false) => {
                if !u64::try_from(number).is_ok_and(|sid| sessions.kill(sid, cx.now)) {
                    return Err(absent(&TABLE, &number.to_string()));
                }
            }
        }
        // Sessions are no part of the configuration.
        cx.lines.push(line);
        Ok(())
    }
}
