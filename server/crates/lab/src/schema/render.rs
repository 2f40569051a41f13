//! GET items from the tables.

use super::{Attribute, Fields, Kind, Schema};
use crate::json::{Item, Json};
use sha2::{Digest, Sha256};

impl Schema {
    /// One item: what the lab computes now, else what was set, else the table's default, else nothing.
    pub fn item(&self, set: &Fields, now: &Fields) -> Item {
        let mut item = Item::default();
        for attribute in self.attributes.iter().filter(|attribute| !attribute.hidden) {
            let value = now.get(attribute.name).or_else(|| set.get(attribute.name)).or(attribute.default);
            if let Some(value) = value {
                let json = if attribute.secret { encrypted(value).into() } else { attribute.render(value) };
                item = item.with(attribute.name, json);
            }
        }
        item
    }
}

/// Stands for the appliance's own encryption: the same for the same secret, and no way back.
fn encrypted(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

impl Attribute {
    /// The typing rule of `nitro.md` 3.0.
    fn render(&self, value: &str) -> Json {
        let as_number = || match (value.parse::<i64>(), value.parse::<f64>()) {
            (Ok(number), _) => Json::Int(number),
            (_, Ok(number)) if number.is_finite() => Json::Decimal(value.to_owned()),
            _ => value.into(),
        };
        match self.kind {
            Kind::Integer => as_number(),
            Kind::Double if self.as_number => as_number(),
            Kind::Boolean => Json::Bool(value == "true"),
            Kind::Texts => Json::List(value.split_whitespace().map(Json::from).collect()),
            Kind::Text | Kind::Name { .. } | Kind::Ip | Kind::Choice(_) | Kind::Double | Kind::Addresses => {
                value.into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            Schema, Shape,
            attribute::{boolean, double, integer, text},
        },
        *,
    };

    const SAMPLE: Schema = Schema {
        name: "sample",
        noun: "sample",
        shape: Shape::Named,
        attributes: &[
            text("name").key(),
            integer("port"),
            double("td").default("0"),
            double("timeout").as_number().default("2"),
            text("comment"),
            text("state").hidden(),
            boolean("isgslb").fixed("false"),
        ],
        actions: &[],
        get_args: &[],
        delete_args: &[],
    };

    #[test]
    fn types_follow_the_documentation_and_its_exceptions() {
        let mut set = Fields::default();
        set.put("name", "a");
        set.put("port", "443");
        set.put("state", "DISABLED");
        assert_eq!(
            SAMPLE.item(&set, &Fields::default()).to_string(),
            r#"{ "name": "a", "port": 443, "td": "0", "timeout": 2, "isgslb": false }"#
        );
    }
}
