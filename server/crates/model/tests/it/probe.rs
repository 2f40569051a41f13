//! Reads JSON as a type and notes, on the way, which fields each type asked for and whether they were there.

use serde::{
    Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
        Visitor, value::StrDeserializer,
    },
    forward_to_deserialize_any,
};
use serde_json::Value;
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

type Wrong = serde::de::value::Error;

/// What the types asked for.
#[derive(Default)]
pub struct Met {
    /// Type and field; whether it was there with something in it at least once.
    pub fields: BTreeMap<(String, String), bool>,
    /// Enums.
    pub enums: BTreeSet<&'static str>,
}

impl Met {
    pub fn absorb(&mut self, other: Self) {
        for (field, there) in other.fields {
            *self.fields.entry(field).or_default() |= there;
        }
        self.enums.extend(other.enums);
    }
}

pub fn read<T: DeserializeOwned>(json: &Value) -> (Result<T, String>, Met) {
    let met = RefCell::new(Met::default());
    let value = T::deserialize(Probe { json, met: &met }).map_err(|error| error.to_string());
    (value, met.into_inner())
}

#[derive(Clone, Copy)]
struct Probe<'p> {
    json: &'p Value,
    met: &'p RefCell<Met>,
}

impl<'p> Probe<'p> {
    fn on(self, json: &'p Value) -> Self {
        Self { json, ..self }
    }
}

impl<'de> Deserializer<'de> for Probe<'de> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.json {
            Value::Null => visitor.visit_unit(),
            Value::Bool(yes) => visitor.visit_bool(*yes),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (_, Some(number)) => visitor.visit_i64(number),
                _ => visitor.visit_f64(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(list) => visitor.visit_seq(Items(list.iter().map(|item| self.on(item)).collect())),
            Value::Object(map) => {
                let entries = map.iter().map(|(name, value)| (name.as_str(), self.on(value))).collect();
                visitor.visit_map(Entries { entries, value: None })
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.json.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        for field in fields {
            let there = self.json.get(field).is_some_and(|value| !value.is_null());
            *self.met.borrow_mut().fields.entry((name.to_owned(), (*field).to_owned())).or_default() |= there;
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.met.borrow_mut().enums.insert(name);
        match self.json {
            Value::String(word) => visitor.visit_enum(word.as_str().into_deserializer()),
            Value::Object(map) if map.len() == 1 => visitor.visit_enum(Variant(self)),
            other => Err(Wrong::custom(format!("{other} is no {name}"))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

struct Items<'p>(std::collections::VecDeque<Probe<'p>>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        self.0.pop_front().map(|item| seed.deserialize(item)).transpose()
    }
}

struct Entries<'p> {
    entries: std::collections::VecDeque<(&'p str, Probe<'p>)>,
    value: Option<Probe<'p>>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some((name, value)) = self.entries.pop_front() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Name { name, met: value.met }).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        seed.deserialize(self.value.take().ok_or_else(|| Wrong::custom("a value without a name"))?)
    }
}

/// A key of a map: a word, or a number written as one.
struct Name<'p> {
    name: &'p str,
    met: &'p RefCell<Met>,
}

impl<'de> Deserializer<'de> for Name<'de> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_str(self.name)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_u16(self.name.parse().map_err(Wrong::custom)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.met.borrow_mut().enums.insert(name);
        let word: StrDeserializer<'_, Wrong> = self.name.into_deserializer();
        visitor.visit_enum(word)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}

/// A word with something behind it.
struct Variant<'p>(Probe<'p>);

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Wrong;
    type Variant = Probe<'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self::Variant), Wrong> {
        let map = self.0.json.as_object().ok_or_else(|| Wrong::custom("no object"))?;
        let (word, value) = map.iter().next().ok_or_else(|| Wrong::custom("an empty object"))?;
        let word: StrDeserializer<'_, Wrong> = word.as_str().into_deserializer();
        Ok((seed.deserialize(word)?, self.0.on(value)))
    }
}

impl<'de> VariantAccess<'de> for Probe<'de> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        serde::Deserialize::deserialize(self)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_struct("variant", fields, visitor)
    }
}
