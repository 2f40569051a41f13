//! `sslcertkey` (3.13): certificates by name, read from real files.

use super::{Cx, Resource, View, changes, chosen, taken};
use crate::{
    certificate::{Facts, Form, certificate, fits},
    clock::LabTime,
    json::Item,
    model::{Called, CertKey, Config, Id, called, called_mut},
    refusal::{Outcome, Refusal},
    schema::{Attribute, Fields, Schema, tables::certificates::SSLCERTKEY as TABLE},
};
use rustls::sign::SigningKey;
use std::sync::Arc;

pub(super) struct CertKeys;

impl Resource for CertKeys {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn afterwards(&self, view: &View) -> Vec<String> {
        let config = &view.appliance.config;
        let link = |certkey: &CertKey| {
            let mut fields = Fields::default();
            fields.put("certkey", certkey.name());
            fields.put("linkcertkeyname", config.certkey(certkey.link?)?.name());
            Some(TABLE.line("link", &fields))
        };
        config.certkeys.iter().filter_map(link).collect()
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let rows = chosen(&config.certkeys, &TABLE, name)?;
        Ok(rows.into_iter().map(|certkey| item(config, certkey, view.now)).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let name = fields.text("certkey");
        if called(&config.certkeys, name).is_some() {
            return Err(taken(&TABLE, name));
        }
        let (facts, signer) = load(config, &fields)?;
        let line = line("add", &fields);
        let id = config.new_id();
        warn(cx, &facts);
        cx.appliance.config.certkeys.push(CertKey { id, set: public(fields), facts, signer, link: None });
        cx.needs_features(&["SSL"]);
        cx.wrote(line);
        Ok(())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = TABLE.line("set", &fields);
        let name = fields.text("certkey").to_owned();
        let certkey = called_mut(&mut cx.appliance.config.certkeys, &name).ok_or(Refusal::new(1540))?;
        certkey.set.merge(changes(&TABLE, fields)?);
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        let certkeys = &mut cx.appliance.config.certkeys;
        let certkey = called_mut(certkeys, key.text("certkey")).ok_or(Refusal::new(1540))?;
        for attribute in unset {
            certkey.set.remove(attribute.name);
        }
        cx.wrote(TABLE.unset_line(&key, unset));
        Ok(())
    }

    /// The files stay.
    fn delete(&self, cx: &mut Cx, name: &str, args: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let certkey = called(&config.certkeys, name).ok_or(Refusal::new(1540))?;
        let (id, line) = (certkey.id, TABLE.line("rm", &certkey.set.clone().only(&["certkey"])));
        let linked = config.certkeys.iter().any(|other| other.link == Some(id));
        if linked || config.ssl_sides().any(|(_, side)| side.uses(id)) {
            return Err(Refusal::new(1541));
        }
        if args.get("deletefromdevice") == Some("true") || args.get("deletecertkeyfilesonremoval") == Some("YES") {
            let paths = ["cert", "key"].map(|part| certkey.set.get(part).map(str::to_owned));
            config.files.retain(|file| !paths.iter().flatten().any(|path| file.is(path)));
        }
        config.certkeys.retain(|certkey| certkey.id != id);
        cx.wrote(line);
        Ok(())
    }

    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        let line = line(action, &fields);
        let config = &mut cx.appliance.config;
        let certkey = called(&config.certkeys, fields.text("certkey")).ok_or(Refusal::new(1540))?;
        let id = certkey.id;
        let after = match action {
            "link" => CertKey { link: Some(issuer(config, certkey, &fields)?), ..certkey.clone() },
            "unlink" if certkey.link.is_none() => return Err(Refusal::new(1542)),
            "unlink" => CertKey { link: None, ..certkey.clone() },
            _ => updated(config, certkey, fields)?,
        };
        if action == "update" {
            warn(cx, &after.facts);
        }
        if let Some(certkey) = cx.appliance.config.certkeys.iter_mut().find(|certkey| certkey.id == id) {
            *certkey = after;
        }
        cx.wrote(line);
        Ok(())
    }
}

/// The certificate to link with.
fn issuer(config: &Config, certkey: &CertKey, fields: &Fields) -> Outcome<Id> {
    let name = fields.get("linkcertkeyname").ok_or_else(|| Refusal::about(1095, &["linkCertKeyName"]))?;
    let issuer = called(&config.certkeys, name).ok_or(Refusal::new(1540))?;
    if certkey.link.is_some() { Err(Refusal::new(273)) } else { Ok(issuer.id) }
}

/// Other files under the same name; bindings stay, and so does what the request leaves out.
fn updated(config: &Config, certkey: &CertKey, fields: Fields) -> Outcome<CertKey> {
    let mut set = certkey.set.clone();
    set.merge(fields);
    let (facts, signer) = load(config, &set)?;
    Ok(CertKey { set: public(set), facts, signer, ..certkey.clone() })
}

/// Reads the files that the fields name.
fn load(config: &Config, fields: &Fields) -> Outcome<(Facts, Option<Arc<dyn SigningKey>>)> {
    let form = match fields.get("inform") {
        Some("PFX") => return Err(Refusal::about(460, &["PFX"])),
        Some("DER") => Form::Der,
        _ => Form::Pem,
    };
    let file = |path: &str| {
        let file = config.files.iter().find(|file| file.is(path));
        file.map(|file| &file.content).ok_or(Refusal::new(1647))
    };
    let facts = certificate(file(fields.text("cert"))?, form)?;
    let open = |key: &str| fits(&facts, file(key)?, form, fields.get("passplain"));
    let signer = fields.get("key").map(open).transpose()?;
    Ok((facts, signer))
}

fn warn(cx: &mut Cx, facts: &Facts) {
    match facts.status(cx.now) {
        "Expired" => cx.warnings.push(Refusal::new(1589)),
        "Not yet valid" => cx.warnings.push(Refusal::new(1588)),
        _ => {}
    }
}

/// What is kept and shown: no pass phrase.
fn public(mut fields: Fields) -> Fields {
    for name in ["passplain", "password", "nodomaincheck", "linkcertkeyname"] {
        fields.remove(name);
    }
    fields
}

/// The command, in which `-password` stands for whatever was typed at its prompt.
fn line(verb: &str, fields: &Fields) -> String {
    let mut fields = fields.clone();
    if fields.remove("passplain").is_some() {
        fields.put("password", "true");
    }
    TABLE.line(verb, &fields)
}

fn item(config: &Config, certkey: &CertKey, now: LabTime) -> Item {
    let facts = &certkey.facts;
    let mut row = Fields::default();
    row.put("signaturealg", facts.signature.as_str());
    row.put("certificatetype", facts.kinds);
    row.put("serial", facts.serial.as_str());
    row.put("issuer", facts.issuer.as_str());
    row.put("subject", facts.subject.as_str());
    row.put("clientcertnotbefore", facts.not_before.validity());
    row.put("clientcertnotafter", facts.not_after.validity());
    row.put("daystoexpiration", facts.days_left(now).to_string());
    row.put("publickey", facts.public_key.as_str());
    row.put("publickeysize", facts.key_size.to_string());
    row.put("version", facts.version.to_string());
    row.put("status", facts.status(now));
    if !facts.dns.is_empty() {
        row.put("sandns", facts.dns.join(", "));
    }
    if !facts.addresses.is_empty() {
        row.put("sanipadd", facts.addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
    }
    if let Some(issuer) = certkey.link.and_then(|link| config.certkey(link)) {
        row.put("linkcertkeyname", issuer.name());
    }
    TABLE.item(&certkey.set, &row)
}
