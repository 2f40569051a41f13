//! A NITRO request as plain data: planned, shown, stored and sent as one value (`nitro.md` 1.1, 1.10, 2.1).

use crate::{Error, Method, Object, OnError, encode, redact::redact};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt;

/// One request. Made by the constructors, which read as English; the fields are public because plans show them.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are NITRO's own independent query options")]
pub struct Request {
    /// The HTTP verb. NITRO's own verbs (enable, save, unset) are a `Post` with an [`action`](Self::action).
    pub method: Method,
    /// The resource's name, such as `lbvserver` or `lbvserver_servicegroup_binding`.
    pub resource: String,
    /// The object's name in the path, not encoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `args=key:value,…`, not encoded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(String, String)>,
    /// `filter=key:value,…`, not encoded; a value between slashes is a regular expression.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filter: Vec<(String, String)>,
    /// `attrs=a,b`: only these attributes are wanted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attrs: Vec<String>,
    /// `action=…`, case-sensitive as printed: `enable`, `unset`, `save`, `Switch`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// `bulkbindings=yes`: the bindings of all parents in one answer; from 11.1 on.
    #[serde(default, skip_serializing_if = "is_false")]
    pub bulkbindings: bool,
    /// `statbindings=yes`: the statistics of what is bound along with those of the object.
    #[serde(default, skip_serializing_if = "is_false")]
    pub statbindings: bool,
    /// `count=yes`: the number of objects instead of the objects.
    #[serde(default, skip_serializing_if = "is_false")]
    pub count: bool,
    /// `/stat/` instead of `/config/`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub stat: bool,
    /// `warning=yes`: without it a warning (1067 feature off, 1028 secondary node) is a silent success.
    #[serde(default, skip_serializing_if = "is_false")]
    pub warning: bool,
    /// What a bulk write does after the first refusal; the appliance's choice when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_error: Option<OnError>,
    /// The whole body, with the resource's name as its one key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Request {
    fn new(method: Method, resource: impl Into<String>) -> Self {
        Self {
            method,
            resource: resource.into(),
            name: None,
            args: Vec::new(),
            filter: Vec::new(),
            attrs: Vec::new(),
            action: None,
            bulkbindings: false,
            statbindings: false,
            count: false,
            stat: false,
            warning: false,
            on_error: None,
            body: None,
        }
    }

    fn carrying(mut self, object: impl Into<Value>) -> Self {
        let mut body = Object::new();
        body.insert(self.resource.clone(), object.into());
        self.body = Some(Value::Object(body));
        self
    }

    /// Reads all objects of a resource; with [`named`](Self::named) one of them.
    pub fn get(resource: impl Into<String>) -> Self {
        Self::new(Method::Get, resource)
    }

    /// Reads counters: `/stat/` instead of `/config/`.
    pub fn stat(resource: impl Into<String>) -> Self {
        Self { stat: true, ..Self::new(Method::Get, resource) }
    }

    /// Adds an object; an array adds several (bulk).
    pub fn add(resource: impl Into<String>, object: impl Into<Value>) -> Self {
        Self::new(Method::Post, resource).carrying(object)
    }

    /// Changes the attributes that `object` carries beside its key; all others stay as they are.
    pub fn set(resource: impl Into<String>, object: impl Into<Value>) -> Self {
        Self::new(Method::Put, resource).carrying(object)
    }

    /// Returns attributes to their defaults. `key` is an object with the key attributes only.
    pub fn unset<A: Into<String>>(
        resource: impl Into<String>,
        key: impl Into<Value>,
        attrs: impl IntoIterator<Item = A>,
    ) -> Self {
        let mut object = key.into();
        if let Value::Object(map) = &mut object {
            map.extend(attrs.into_iter().map(|attr| (attr.into(), Value::Bool(true))));
        }
        Self::act(resource, "unset", object)
    }

    /// Runs an action such as `enable`, `disable`, `rename`, `link`.
    pub fn act(resource: impl Into<String>, action: impl Into<String>, object: impl Into<Value>) -> Self {
        Self { action: Some(action.into()), ..Self::new(Method::Post, resource) }.carrying(object)
    }

    /// Creates a binding. Bindings are never updated: unbind, then bind.
    pub fn bind(resource: impl Into<String>, object: impl Into<Value>) -> Self {
        Self::new(Method::Put, resource).carrying(object)
    }

    /// Deletes a binding of `parent`; `args` say which.
    pub fn unbind<K: Into<String>, V: Into<String>>(
        resource: impl Into<String>,
        parent: impl Into<String>,
        args: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let args = args.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        Self { name: Some(parent.into()), args, ..Self::new(Method::Delete, resource) }
    }

    /// Deletes an object.
    pub fn remove(resource: impl Into<String>, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::new(Method::Delete, resource) }
    }

    /// Saves the running configuration, everybody's changes included.
    pub fn save() -> Self {
        Self::act("nsconfig", "save", json!({}))
    }

    /// Names the object.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds one `args` pair: lookup or deletion by something else than the key.
    #[must_use]
    pub fn arg(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.args.push((key.into(), value.into()));
        self
    }

    /// Adds one `filter` pair; several must all match.
    #[must_use]
    pub fn filter(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.filter.push((key.into(), value.into()));
        self
    }

    /// Asks for these attributes only.
    #[must_use]
    pub fn attrs<A: Into<String>>(mut self, attrs: impl IntoIterator<Item = A>) -> Self {
        self.attrs.extend(attrs.into_iter().map(Into::into));
        self
    }

    /// Asks for the bindings of all parents; from 11.1 on.
    #[must_use]
    pub fn bulk_bindings(mut self) -> Self {
        self.bulkbindings = true;
        self
    }

    /// Asks for the statistics of what is bound as well.
    #[must_use]
    pub fn stat_bindings(mut self) -> Self {
        self.statbindings = true;
        self
    }

    /// Asks for the number of objects only; read it with [`Reply::count`](crate::Reply::count).
    #[must_use]
    pub fn counted(mut self) -> Self {
        self.count = true;
        self
    }

    /// Asks the appliance to report warnings, which it otherwise swallows.
    #[must_use]
    pub fn with_warnings(mut self) -> Self {
        self.warning = true;
        self
    }

    /// Says what a bulk write does after the first refusal. With [`OnError::Continue`] each item's fate is known.
    #[must_use]
    pub fn on_error(mut self, on_error: OnError) -> Self {
        self.on_error = Some(on_error);
        self
    }

    /// Whether the request may change the appliance.
    pub fn is_write(&self) -> bool {
        self.method != Method::Get
    }

    /// Path and query, encoded as `nitro.md` 1.10 says: names twice, values once.
    pub fn path_and_query(&self) -> String {
        let door = if self.stat { "stat" } else { "config" };
        let mut path = format!("/nitro/v1/{door}/{}", self.resource);
        if let Some(name) = &self.name {
            path.push('/');
            path.push_str(&encode::twice(name));
        }
        let mut query = Vec::new();
        if !self.args.is_empty() {
            query.push(format!("args={}", pairs(&self.args)));
        }
        if !self.filter.is_empty() {
            query.push(format!("filter={}", pairs(&self.filter)));
        }
        if !self.attrs.is_empty() {
            let attrs: Vec<_> = self.attrs.iter().map(|attr| encode::once(attr)).collect();
            query.push(format!("attrs={}", attrs.join(",")));
        }
        if let Some(action) = &self.action {
            query.push(format!("action={}", encode::once(action)));
        }
        for (flag, text) in [
            (self.bulkbindings, "bulkbindings=yes"),
            (self.statbindings, "statbindings=yes"),
            (self.count, "count=yes"),
            (self.warning, "warning=yes"),
        ] {
            if flag {
                query.push(text.to_owned());
            }
        }
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    /// Refuses what would address something else than meant: a deletion without a name, a resource that is no word.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        if self.resource.is_empty() || !self.resource.bytes().all(word) {
            return Err(Error::Build(format!("“{}” is not the name of a resource", self.resource)));
        }
        if self.name.as_deref().is_some_and(str::is_empty) {
            return Err(Error::Build(format!("the name of the {} is empty", self.resource)));
        }
        if self.method == Method::Delete && self.name.is_none() && self.args.is_empty() {
            return Err(Error::Build(format!("a deletion of {} must say of what", self.resource)));
        }
        Ok(())
    }

    /// The same request with the values of secret attributes replaced by `***`; what `Debug` prints.
    #[must_use]
    pub fn redacted(&self) -> Self {
        let mut copy = self.clone();
        if let Some(body) = &mut copy.body {
            redact(body);
        }
        copy
    }
}

fn pairs(pairs: &[(String, String)]) -> String {
    let pairs: Vec<_> =
        pairs.iter().map(|(key, value)| format!("{}:{}", encode::once(key), encode::once(value))).collect();
    pairs.join(",")
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path_and_query())
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        match self.redacted().body {
            Some(body) => write!(f, " {body}"),
            None => Ok(()),
        }
    }
}
