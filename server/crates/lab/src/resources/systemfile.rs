//! `systemfile` (3.13, 3.28): add, delete, look. There is no update: replacing is deleting and adding.

use super::{Cx, Resource, View, absent};
use crate::{
    json::Item,
    model::File,
    refusal::{Outcome, Refusal},
    schema::{Fields, Schema, tables::certificates::SYSTEMFILE as TABLE},
};
use base64::{Engine, prelude::BASE64_STANDARD};

pub(super) struct SystemFiles;

/// Folders that are there; none is made by an upload.
pub(crate) const FOLDERS: &[&str] =
    &["/nsconfig", "/nsconfig/ssl", "/nsconfig/monitors", "/nsconfig/license", "/var/tmp", "/var/netscaler/locdb"];

impl Resource for SystemFiles {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn needed_args(&self) -> &'static [&'static str] {
        &["filelocation"]
    }

    fn told(&self) -> super::Told {
        super::Told::Never
    }

    /// The folder is looked at here: an empty one is there all the same.
    fn narrows<'a>(&self, arg: &'a str) -> Option<&'a str> {
        (arg != "filelocation").then_some(arg)
    }

    /// The content is part of one file's answer and not of a listing.
    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let location = view.args.iter().find(|(arg, _)| arg == "filelocation").map(|(_, value)| value.as_str());
        if let Some(location) = location.filter(|location| !FOLDERS.contains(location)) {
            return Err(Refusal::absent("fileLocation", location));
        }
        let files = view.appliance.config.files.iter().chain(&view.appliance.saved_files);
        let rows: Vec<Item> = files
            .filter(|file| location.is_none_or(|location| file.location == location))
            .filter(|file| name.is_none_or(|name| file.name == name))
            .map(|file| {
                let mut now = Fields::default();
                now.put("filename", file.name.as_str());
                now.put("filelocation", file.location.as_str());
                if name.is_some() {
                    now.put("filecontent", BASE64_STANDARD.encode(&file.content));
                }
                now.put("fileaccesstime", file.modified.nitro());
                now.put("filemodifiedtime", file.modified.nitro());
                now.put("filesize", file.content.len().to_string());
                TABLE.item(&Fields::default(), &now)
            })
            .collect();
        match name {
            Some(name) if rows.is_empty() => Err(absent(&TABLE, name)),
            _ => Ok(rows),
        }
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let (name, location) = (fields.text("filename"), folder(&fields)?);
        if name.contains('/') || matches!(name, "." | "..") {
            return Err(Refusal::about(1097, &[name]));
        }
        let content = BASE64_STANDARD
            .decode(fields.text("filecontent"))
            .map_err(|_| Refusal::about(1097, &["fileContent"]))?
            .into();
        let saved = |file: &File| file.name == name && file.location == location;
        if find(cx, name, location).is_some() || cx.appliance.saved_files.iter().any(saved) {
            return Err(Refusal::new(1642));
        }
        let file = File { name: name.to_owned(), location: location.to_owned(), content, modified: cx.now };
        cx.appliance.config.files.push(file);
        // Not `wrote`: a file is no part of the configuration. What is in it is nobody's business.
        cx.lines.push(TABLE.line("add", &fields.only(&["filename", "filelocation", "fileencoding"])));
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        let location = folder(&args)?;
        let at = find(cx, name, location).ok_or_else(|| absent(&TABLE, name))?;
        cx.appliance.config.files.remove(at);
        args.put("filename", name);
        cx.lines.push(TABLE.line("rm", &args));
        Ok(())
    }
}

fn find(cx: &Cx, name: &str, location: &str) -> Option<usize> {
    cx.appliance.config.files.iter().position(|file| file.name == name && file.location == location)
}

fn folder(fields: &Fields) -> Outcome<&'static str> {
    let location = fields.get("filelocation").ok_or_else(|| Refusal::about(1095, &["fileLocation"]))?;
    let plain = location.trim_end_matches('/');
    FOLDERS.iter().find(|folder| **folder == plain).copied().ok_or_else(|| Refusal::absent("fileLocation", location))
}
