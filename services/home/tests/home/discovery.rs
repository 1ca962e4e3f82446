//! What Home Assistant hears of the sensors, and what it takes.

use joulebook_daemon::config;
use joulebook_home::{
    configuration::BrokerOptions,
    discovery::Device,
    household::Topics,
    sensors::{Language, SENSORS},
};
use serde_json::{json, Value};

use crate::household;

const EXAMPLE: &str = include_str!("discovery.json");

fn topics() -> Topics {
    let options: BrokerOptions = config::parse("url = 'mqtt://broker.example'").expect("options");
    household().topics(&options)
}

fn message(change: impl FnOnce(&mut Device)) -> Value {
    let (household, topics) = (household(), topics());
    let mut device = Device {
        household: &household,
        topics: &topics,
        name: "Joulebook",
        currency: "EUR",
        language: Language::English,
        expire_seconds: 300,
        has_indexer: true,
    };
    change(&mut device);
    device.message()
}

/// What Home Assistant asks of a device's message, and of a sensor in it.
fn schema() -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    json!({
        "type": "object",
        "required": ["device", "origin", "components", "state_topic", "availability_topic"],
        "properties": {
            "device": { "required": ["identifiers", "name"] },
            "origin": { "required": ["name"] },
            "components": { "additionalProperties": { "anyOf": [
                { "properties": { "platform": { "const": "sensor" } }, "additionalProperties": false },
                { "$ref": "#/$defs/sensor" }
            ] } }
        },
        "$defs": { "sensor": {
            "type": "object",
            "required": ["platform", "unique_id", "default_entity_id", "name", "value_template", "expire_after"],
            "additionalProperties": false,
            "properties": {
                "platform": { "const": "sensor" },
                "unique_id": text, "name": text, "value_template": text,
                "default_entity_id": { "type": "string", "pattern": "^sensor\\.[a-z0-9_]+$" },
                "icon": { "type": "string", "pattern": "^mdi:[a-z-]+$" },
                "expire_after": { "type": "integer", "minimum": 1 },
                "json_attributes_topic": text, "json_attributes_template": text,
                "device_class": { "enum": ["monetary", "energy", "timestamp"] },
                "state_class": { "enum": ["measurement", "total"] },
                "unit_of_measurement": text,
                "last_reset_value_template": text,
                "suggested_display_precision": { "type": "integer", "minimum": 0 }
            },
            "allOf": [
                {
                    "if": { "required": ["device_class"], "properties": { "device_class": { "const": "monetary" } } },
                    "then": { "required": ["state_class"], "properties": {
                        "state_class": { "const": "total" }, "unit_of_measurement": { "pattern": "^[A-Z]{3}$" }
                    } }
                },
                {
                    "if": { "required": ["device_class"], "properties": { "device_class": { "const": "energy" } } },
                    "then": { "required": ["state_class"], "properties": {
                        "state_class": { "const": "total" }, "unit_of_measurement": { "const": "kWh" }
                    } }
                },
                {
                    "if": { "required": ["device_class"], "properties": { "device_class": { "const": "timestamp" } } },
                    "then": { "not": { "anyOf": [
                        { "required": ["state_class"] }, { "required": ["unit_of_measurement"] }
                    ] } }
                },
                {
                    "if": { "required": ["last_reset_value_template"] },
                    "then": { "required": ["state_class"], "properties": { "state_class": { "const": "total" } } }
                }
            ]
        } }
    })
}

#[test]
fn given_a_household_when_home_assistant_is_told_of_it_then_it_is_what_it_was() {
    let mut expected: Value = serde_json::from_str(EXAMPLE).expect("JSON");
    for part in ["device", "origin"] {
        expected[part]["sw_version"] = env!("CARGO_PKG_VERSION").into();
    }
    let said = message(|_| ());
    assert_eq!(
        said,
        expected,
        "{}",
        serde_json::to_string_pretty(&said).expect("text")
    );
}

#[test]
fn given_any_device_when_home_assistant_is_told_of_it_then_it_is_in_its_form() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let of_euros = message(|_| ());
    let of_tokens = message(|device| device.currency = "tokens");
    let german = message(|device| device.language = Language::German);
    let alone = message(|device| device.has_indexer = false);
    for said in [of_euros, of_tokens, german, alone] {
        let wrong: Vec<String> = validator
            .iter_errors(&said)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(wrong, Vec::<String>::new());
        let components = said["components"].as_object().expect("components");
        assert_eq!(components.len(), SENSORS.len());
    }
}

#[test]
fn given_a_token_that_is_no_currency_when_told_then_it_is_no_money_to_home_assistant() {
    let said = message(|device| device.currency = "tokens");
    let balance = &said["components"]["balance"];
    assert_eq!(balance["unit_of_measurement"], "tokens");
    assert_eq!(balance.get("device_class"), None);
    let price = &said["components"]["price_now"]["unit_of_measurement"];
    assert_eq!(price, "tokens/kWh");
}

#[test]
fn given_no_indexer_when_told_then_what_it_would_know_is_taken_away() {
    let said = message(|device| device.has_indexer = false);
    assert_eq!(said["components"]["bill"], json!({ "platform": "sensor" }));
    assert_ne!(
        said["components"]["balance"],
        json!({ "platform": "sensor" })
    );
}

#[test]
fn given_another_name_when_told_then_entities_are_called_by_it_and_stay_the_same() {
    let said = message(|device| device.name = "Omas Häuschen");
    let price = &said["components"]["price_next"];
    assert_eq!(
        price["default_entity_id"],
        "sensor.omas_h_uschen_price_next"
    );
    let expected: Value = serde_json::from_str(EXAMPLE).expect("JSON");
    assert_eq!(
        price["unique_id"],
        expected["components"]["price_next"]["unique_id"]
    );
}
