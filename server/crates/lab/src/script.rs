//! The configuration as the command lines that make it, in an order in which they could be given.
//!
//! Every line comes from a schema table: what a GET shows of an object and an add or a set would take, without what
//! is the default anyway. So a resource is in the text as soon as it is in the list; [`Resource::tell`] corrects
//! what a GET shows otherwise than a command says it.

use crate::{
    json::{Item, Json},
    resources::{Resource, Told, View, all},
    schema::{Access, Fields, Schema, Shape, versions},
};

/// Objects before those that use them (5.1). What is not named here follows, in the order of the list of resources.
const ORDER: &[&str] = &[
    "nsip",
    "nshostname",
    "nsfeature",
    "nsmode",
    "systemparameter",
    "nspartition",
    "systemcmdpolicy",
    "systemgroup",
    "systemuser",
    "hanode",
    "lbparameter",
    "server",
    "service",
    "lbmonitor",
    "servicegroup",
    "lbvserver",
    "lbgroup",
    "sslcertkey",
    "vpnsessionaction",
    "vpnsessionpolicy",
    "vpnvserver",
    "sslvserver",
    "dnsaddrec",
];

/// The whole text: two comments as in a saved file, then commands.
pub(crate) fn text(view: &View, defaults: bool) -> String {
    let mut text = header(view);
    for line in commands(view, defaults) {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn header(view: &View) -> String {
    let saved = view.appliance.saved_at.nitro();
    format!("{}\n# Last modified by `save config`, {saved}\n", view.appliance.version.file_header())
}

/// All commands, in order.
pub(crate) fn commands(view: &View, defaults: bool) -> Vec<String> {
    let mut resources: Vec<&dyn Resource> = all().collect();
    resources.sort_by_key(|resource| rank(resource.schema()));
    let mut lines = vec![format!("set ns config -IPAddress {} -netmask 255.255.255.0", view.appliance.nsip)];
    for resource in resources {
        lines.extend(told(resource, view, defaults));
    }
    lines
}

/// What both have of one and not of the other: `-` for lines that only `before` has, `+` for those of `after`.
pub(crate) fn diff(before: &str, after: &str) -> String {
    let commands = |text: &str| -> Vec<String> {
        text.lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(str::to_owned)
            .collect()
    };
    let (before, after) = (commands(before), commands(after));
    let gone = before.iter().filter(|line| !after.contains(line)).map(|line| format!("- {line}\n"));
    let new = after.iter().filter(|line| !before.contains(line)).map(|line| format!("+ {line}\n"));
    gone.chain(new).collect()
}

/// Objects in their order, then bindings in that of their parents.
fn rank(schema: &Schema) -> (bool, usize) {
    let owner = schema.name.split('_').next().unwrap_or(schema.name);
    let at = ORDER.iter().position(|name| *name == owner).unwrap_or(ORDER.len());
    (schema.shape == Shape::Binding, at)
}

/// The lines of one resource.
fn told(resource: &dyn Resource, view: &View, defaults: bool) -> Vec<String> {
    let schema = resource.schema();
    let sayable = |access| matches!(access, Access::Both | Access::Add);
    let verb = match (resource.told(), schema.shape) {
        (Told::Never, _) => None,
        // A view of what others made.
        (Told::Made, _) if !schema.attributes.iter().any(|attribute| sayable(attribute.access)) => None,
        (Told::Set, _) | (_, Shape::Single) => Some("set"),
        (_, Shape::Named) => Some("add"),
        (_, Shape::Binding) => Some("bind"),
    };
    let mut lines = Vec::new();
    for (verb, item) in verb.into_iter().flat_map(|verb| rows(resource, view).map(move |item| (verb, item))) {
        let mut fields = schema.sayable(&item, defaults);
        let is_told = resource.tell(view, &mut fields);
        let says = fields.names().any(|name| schema.key().is_none_or(|key| key.name != name));
        if is_told && (says || verb == "add") {
            lines.push(schema.line(verb, &fields));
        }
    }
    lines.extend(resource.afterwards(view));
    lines
}

fn rows(resource: &dyn Resource, view: &View) -> impl Iterator<Item = Item> {
    let mut rows = resource.rows(view, None).unwrap_or_default();
    versions::trim(view.appliance.version, resource.schema().name, &mut rows);
    rows.into_iter()
}

impl Schema {
    /// What a command would say of an item. Without `defaults`, only what differs from them.
    fn sayable(&self, item: &Item, defaults: bool) -> Fields {
        let mut fields = Fields::default();
        for attribute in self.attributes.iter().filter(|attribute| !attribute.hidden) {
            let Some(value) = item.get(attribute.name).map(words) else { continue };
            let said = match attribute.access {
                Access::Key | Access::Identity => true,
                Access::Both | Access::Add => {
                    let same = attribute.default == Some(value.as_str());
                    attribute.required || defaults || !same
                }
                Access::Set | Access::Act | Access::Read => false,
            };
            if said && !value.is_empty() {
                fields.put(attribute.name, value);
            }
        }
        fields
    }
}

/// A value as a command takes it.
fn words(value: &Json) -> String {
    match value {
        Json::List(values) => values.iter().map(Json::as_text).collect::<Vec<_>>().join(" "),
        other => other.as_text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_has_the_lines_of_one_side_only() {
        let (before, after) = (
            "# a\nadd server a 10.0.0.1\nadd server b 10.0.0.2\n",
            "# b\nadd server b 10.0.0.2\n\nadd server c 10.0.0.3\n",
        );
        assert_eq!(diff(before, after), "- add server a 10.0.0.1\n+ add server c 10.0.0.3\n");
        assert_eq!(diff(after, after), "");
    }
}
