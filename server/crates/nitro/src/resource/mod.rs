//! The objects that we read, one file each. They hold what the console uses; everything else stays in [`Item::raw`].
//!
//! These structs are for reading. Writes are made of plain JSON with allow-listed attributes, because NITRO refuses
//! attributes that are fine in an answer (`nitro.md` 5.2).

mod binding;
mod hanode;
mod lbvserver;
mod login;
mod nsconfig;
mod nsfeature;
mod nsip;
mod nsversion;
mod server;
mod servicegroup;
mod words;

use crate::{Error, Object};
pub use binding::{LbVserverServiceGroupBinding, ServiceGroupEntityMonBinding, ServiceGroupMember};
pub use hanode::HaNode;
pub use lbvserver::LbVserver;
pub use login::Login;
pub use nsconfig::NsConfig;
pub use nsfeature::NsFeature;
pub use nsip::NsIp;
pub use nsversion::{NsVersion, Version};
use serde::de::DeserializeOwned;
use serde_json::Value;
pub use server::Server;
pub use servicegroup::ServiceGroup;
use std::{borrow::Cow, ops::Deref};
pub use words::{AdminState, GroupState, HaRole, IpType, Persistence, ServiceType, StateWord, SystemType};

/// A kind of object.
pub trait Resource: DeserializeOwned {
    /// Its name in the path and its key in the answer.
    const NAME: &'static str;
    /// The attributes without which an item is not one; all others may be absent.
    const KEYS: &'static [&'static str];
}

/// An object as we understand it, and as the appliance wrote it. Dereferences to the former.
#[derive(Debug, Clone, PartialEq)]
pub struct Item<T> {
    /// As we understand it.
    pub value: T,
    /// As written, with the attributes that we do not know.
    pub raw: Object,
}

impl<T: Resource> Item<T> {
    /// Reads one item.
    ///
    /// # Errors
    /// [`Error::Decode`] when a key attribute is missing.
    pub fn read(raw: Object) -> Result<Self, Error> {
        let failed = |reason: String| Error::Decode {
            status: 200,
            resource: T::NAME.to_owned(),
            excerpt: wire::excerpt(Value::Object(raw.clone()).to_string().as_bytes()),
            reason,
        };
        let known = folded(&raw);
        for key in T::KEYS {
            match known.get(*key) {
                None | Some(Value::Null) => return Err(failed(format!("an item has no {key}"))),
                Some(Value::String(text)) if text.is_empty() => {
                    return Err(failed(format!("the {key} of an item is empty")));
                }
                Some(_) => {}
            }
        }
        match T::deserialize(known.as_ref()) {
            Ok(value) => Ok(Self { value, raw }),
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

/// With keys in lower case, as the documentation has them; some builds write `serviceGroupName`. Where both are there,
/// the lower one counts.
fn folded(raw: &Object) -> Cow<'_, Object> {
    let odd = |key: &str| key.bytes().any(|byte| byte.is_ascii_uppercase());
    if !raw.keys().any(|key| odd(key)) {
        return Cow::Borrowed(raw);
    }
    let mut lower = raw.clone();
    for (key, value) in raw.iter().filter(|(key, _)| odd(key)) {
        lower.entry(key.to_ascii_lowercase()).or_insert_with(|| value.clone());
    }
    Cow::Owned(lower)
}

impl<T> Deref for Item<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
