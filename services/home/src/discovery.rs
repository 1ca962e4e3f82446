use serde_json::{json, Value};

use crate::{
    household::{Household, Topics},
    sensors::{Language, Quantity, Sensor, Source, SENSORS},
};

pub const ONLINE: &str = "online";
pub const OFFLINE: &str = "offline";
const VERSION: &str = env!("CARGO_PKG_VERSION");
const DAY_START: &str = "{{ value_json.day_start }}";
const MONTH_START: &str = "{{ value_json.month_start }}";

/// What Home Assistant hears of a household's sensors: its form of one message for a whole device.
#[derive(Clone, Copy, Debug)]
pub struct Device<'a> {
    pub household: &'a Household,
    pub topics: &'a Topics,
    pub name: &'a str,
    pub currency: &'a str,
    pub language: Language,
    pub expire_seconds: u32,
    pub has_indexer: bool,
}

type Field = (&'static str, Value);

impl Device<'_> {
    pub fn message(&self) -> Value {
        let components = SENSORS
            .iter()
            .map(|sensor| (sensor.key, self.component(sensor)));
        json!({
            "device": {
                "identifiers": [self.household.id()],
                "name": self.name,
                "manufacturer": "Joulebook",
                "model": "Household in a local energy market",
                "sw_version": VERSION,
            },
            "origin": { "name": "Joulebook", "sw_version": VERSION },
            "state_topic": self.topics.state,
            "availability_topic": self.topics.availability,
            "payload_available": ONLINE,
            "payload_not_available": OFFLINE,
            "qos": 1,
            "components": object(components),
        })
    }

    fn component(&self, sensor: &Sensor) -> Value {
        let mut fields: Vec<Field> = vec![("platform", "sensor".into())];
        if sensor.source == Source::Indexer && !self.has_indexer {
            // Nothing but its platform: Home Assistant takes it away, if it was there.
            return object(fields);
        }
        let key = sensor.key;
        fields.extend([
            ("unique_id", format!("{}_{key}", self.household.id()).into()),
            (
                "default_entity_id",
                format!("sensor.{}_{key}", slug(self.name)).into(),
            ),
            ("name", sensor.name(self.language).into()),
            ("icon", sensor.icon.into()),
            (
                "value_template",
                format!("{{{{ value_json.{key} }}}}").into(),
            ),
            ("expire_after", self.expire_seconds.into()),
        ]);
        fields.extend(self.quantity(sensor.quantity));
        if sensor.has_attributes {
            let attributes = format!("{{{{ value_json.attributes.{key} | tojson }}}}");
            fields.push(("json_attributes_topic", self.topics.state.clone().into()));
            fields.push(("json_attributes_template", attributes.into()));
        }
        object(fields)
    }

    /// How Home Assistant shows a quantity, and what statistics it keeps. What is counted from a day or a month on may become less,
    /// as values are corrected: `total` with the moment at which it was zero, where `total_increasing` would see a new meter.
    fn quantity(&self, quantity: Quantity) -> Vec<Field> {
        // Money for energy is of no class.
        let price = format!("{}/kWh", self.currency);
        match quantity {
            Quantity::Price => shown(&price, "measurement", 4),
            Quantity::Money => self.money(),
            Quantity::Bill => {
                let since = ("last_reset_value_template", MONTH_START.into());
                self.money().into_iter().chain([since]).collect()
            }
            Quantity::Energy => {
                let class = ("device_class", "energy".into());
                let since = ("last_reset_value_template", DAY_START.into());
                let all = shown("kWh", "total", 2).into_iter();
                all.chain([class, since]).collect()
            }
            Quantity::Share => shown("%", "measurement", 0),
            Quantity::Moment => vec![("device_class", "timestamp".into())],
        }
    }

    fn money(&self) -> Vec<Field> {
        let mut fields = shown(self.currency, "total", 2);
        if is_currency(self.currency) {
            fields.push(("device_class", "monetary".into()));
        }
        fields
    }
}

fn shown(unit: &str, statistics: &str, decimals: u8) -> Vec<Field> {
    vec![
        ("unit_of_measurement", unit.into()),
        ("state_class", statistics.into()),
        ("suggested_display_precision", decimals.into()),
    ]
}

fn object(fields: impl IntoIterator<Item = Field>) -> Value {
    let fields = fields.into_iter();
    Value::Object(fields.map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Whether it has the form of a code of ISO 4217: Home Assistant knows no other unit of money.
fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// As entities are called: small letters, digits and underscores.
fn slug(name: &str) -> String {
    let letter = |letter: char| match letter {
        letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
        _ => '_',
    };
    let slug: String = name.chars().map(letter).collect();
    match slug.trim_matches('_') {
        "" => "joulebook".to_owned(),
        slug => slug.to_owned(),
    }
}
