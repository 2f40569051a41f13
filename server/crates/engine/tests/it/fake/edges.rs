//! Certificates, the Gateway and address records, as far as requests can change them (`nitro.md` 3.13 to 3.16).

use super::store::{Answer, Row, Store, absent, missing, text};
use model::plan::Call;
use serde_json::{Map, json};

/// Where a link lies: in life it is an attribute of the certificate key.
pub const LINK: &str = "sslcertkey link";

const FILE: &str = "systemfile";
const CERT_KEY: &str = "sslcertkey";
const CERT_BINDING: &str = "sslvserver_sslcertkey_binding";
const RECORD: &str = "dnsaddrec";
const CONTROLLER: &str = "vpnvserver_appcontroller_binding";
const ACTION: &str = "vpnsessionaction";
const GATEWAY: &str = "vpnvserver";

impl Store {
    /// `None`: not one of these resources.
    pub(super) fn edges(&mut self, call: &Call, body: &Row) -> Option<Answer> {
        let (method, action) = (call.method.word(), call.action.as_deref());
        Some(match (method, call.resource.as_str(), action) {
            ("POST", FILE, None) => self.upload(body),
            ("POST", CERT_KEY, None) => self.certificate(body),
            ("POST", CERT_KEY, Some("link")) => self.link(body),
            ("POST", CERT_KEY, Some("unlink")) => self.take(LINK, vec![text(body, "certkey")]),
            ("PUT", CERT_BINDING, None) => self.bind_certificate(body),
            ("POST", RECORD, None) => self.fresh(RECORD, &["hostname", "ipaddress"], body),
            ("PUT", CONTROLLER, None) => match self.known(GATEWAY, &text(body, "name")) {
                Ok(()) => self.fresh(CONTROLLER, &["name", "appcontroller"], body),
                refused => refused,
            },
            ("PUT", "vpnvserver_vpnsessionpolicy_binding", None) => {
                self.fresh("vpnvserver_vpnsessionpolicy_binding", &["name", "policy"], body)
            }
            ("POST", GATEWAY | ACTION | "vpnsessionpolicy", None) => self.fresh(&call.resource, &["name"], body),
            ("POST", "nsip", None) => self.fresh("nsip", &["ipaddress"], body),
            ("PUT", ACTION, None) => self.repoint(body),
            ("POST", ACTION, Some("unset")) => self.forget(body),
            ("DELETE", FILE | CERT_KEY | CERT_BINDING | RECORD | CONTROLLER, None) => self.take_away(call),
            _ => return None,
        })
    }

    pub(super) fn has_certificate(&self, vserver: &str) -> bool {
        self.rows.contains_key(&(CERT_BINDING.to_owned(), vec![vserver.to_owned()]))
    }

    fn known(&self, resource: &str, name: &str) -> Answer {
        let there = self.rows.contains_key(&(resource.to_owned(), vec![name.to_owned()]));
        if there { Ok(()) } else { Err(absent(&[name.to_owned()])) }
    }

    fn fresh(&mut self, resource: &str, key: &[&str], body: &Row) -> Answer {
        let key: Vec<String> = key.iter().map(|part| text(body, part)).collect();
        if key.iter().any(String::is_empty) {
            return Err(missing("name"));
        }
        let place = (resource.to_owned(), key);
        if self.rows.contains_key(&place) {
            // 6.2 A2
            return Err(match resource {
                RECORD => (304, "Address already in use".into()),
                _ => (273, format!("Resource already exists [{}]", place.1.join(", "))),
            });
        }
        self.rows.insert(place, body.clone());
        Ok(())
    }

    fn take(&mut self, resource: &str, key: Vec<String>) -> Answer {
        match self.rows.remove(&(resource.to_owned(), key.clone())) {
            Some(_) => Ok(()),
            None => Err(absent(&key)),
        }
    }

    fn upload(&mut self, body: &Row) -> Answer {
        if text(body, "filecontent").is_empty() {
            return Err(missing("fileContent"));
        }
        let mut row = body.clone();
        row.remove("filecontent");
        self.fresh(FILE, &["filename", "filelocation"], &row)
    }

    fn certificate(&mut self, body: &Row) -> Answer {
        for part in ["cert", "key"] {
            let name = text(body, part);
            let there = name.is_empty() || self.rows.contains_key(&file(&name));
            if !there || (part == "cert" && name.is_empty()) {
                return Err((1647, format!("Certificate file does not exist [{name}]")));
            }
        }
        let mut row = body.clone();
        // As some releases echo it (3.13, unverified).
        row.insert("cert".into(), json!(format!("/nsconfig/ssl/{}", text(body, "cert"))));
        self.fresh(CERT_KEY, &["certkey"], &row)
    }

    fn link(&mut self, body: &Row) -> Answer {
        for part in ["certkey", "linkcertkeyname"] {
            self.known(CERT_KEY, &text(body, part))?;
        }
        self.fresh(LINK, &["certkey"], body)
    }

    /// A second server certificate replaces the first (1546).
    fn bind_certificate(&mut self, body: &Row) -> Answer {
        let (vserver, name) = (text(body, "vservername"), text(body, "certkeyname"));
        self.known(CERT_KEY, &name)?;
        let kind = self.rows.get(&("lbvserver".to_owned(), vec![vserver.clone()])).map(|row| text(row, "servicetype"));
        match kind.as_deref() {
            Some("SSL") => {}
            Some(_) => return Err((1544, "Operation not permitted on SSL_BRIDGE virtual servers".into())),
            None => return Err((461, format!("Invalid SSL virtual server [{vserver}]"))),
        }
        self.rows.insert((CERT_BINDING.to_owned(), vec![vserver]), body.clone());
        Ok(())
    }

    fn repoint(&mut self, body: &Row) -> Answer {
        let name = text(body, "name");
        let changes: Map<_, _> = body.clone().into_iter().filter(|(attribute, _)| attribute != "name").collect();
        if changes.is_empty() {
            return Err((431, "No arguments to set".into()));
        }
        let row = self.rows.get_mut(&(ACTION.to_owned(), vec![name.clone()])).ok_or_else(|| absent(&[name]))?;
        row.extend(changes);
        Ok(())
    }

    fn forget(&mut self, body: &Row) -> Answer {
        let name = text(body, "name");
        let row = self.rows.get_mut(&(ACTION.to_owned(), vec![name.clone()])).ok_or_else(|| absent(&[name]))?;
        for attribute in body.keys().filter(|attribute| *attribute != "name") {
            row.remove(attribute);
        }
        Ok(())
    }

    fn take_away(&mut self, call: &Call) -> Answer {
        let name = call.name.clone().unwrap_or_default();
        let arg = |wanted: &str| call.args.iter().find(|(arg, _)| arg == wanted).map(|(_, value)| value.clone());
        let used = |store: &Self, resource: &str, part: &str, value: &str| {
            store.rows.iter().any(|((other, _), row)| other == resource && text(row, part) == value)
        };
        match call.resource.as_str() {
            CERT_KEY
                if used(self, LINK, "linkcertkeyname", &name) || used(self, CERT_BINDING, "certkeyname", &name) =>
            {
                Err((
                    1541,
                    format!(
                        "Certificate is referenced by a CRL, OCSP responder, virtual server or other certificate [{name}]"
                    ),
                ))
            }
            CERT_KEY => {
                self.rows.remove(&(LINK.to_owned(), vec![name.clone()]));
                self.take(CERT_KEY, vec![name])
            }
            FILE => self.take(FILE, vec![name, arg("filelocation").ok_or_else(|| missing("fileLocation"))?]),
            RECORD => self.take(RECORD, vec![name, arg("ipaddress").ok_or_else(|| missing("ipAddress"))?]),
            CONTROLLER => {
                self.take(CONTROLLER, vec![name, arg("appcontroller").ok_or_else(|| missing("appController"))?])
            }
            _ => {
                let bound =
                    self.rows.get(&(CERT_BINDING.to_owned(), vec![name.clone()])).map(|row| text(row, "certkeyname"));
                if bound.is_none() || bound != arg("certkeyname") {
                    return Err(absent(&[name]));
                }
                self.take(CERT_BINDING, vec![name])
            }
        }
    }
}

fn file(name: &str) -> (String, Vec<String>) {
    (FILE.to_owned(), vec![name.to_owned(), "/nsconfig/ssl".to_owned()])
}
