//! The committed JSON Schemas, against the types that they describe.
//!
//! `JOULEBOOK_SCHEMAS=write cargo test -p joulebook --test schemas` renews them.

use std::{fs, path::Path};

use joulebook_cli::schema::schemas;
use serde_json::Value;

#[test]
fn given_the_types_when_described_then_the_committed_schemas_are_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schema");
    let is_to_write = std::env::var("JOULEBOOK_SCHEMAS").is_ok_and(|way| way == "write");
    for (command, schema) in schemas() {
        let path = folder.join(format!("{command}.schema.json"));
        let expected = serde_json::to_string_pretty(&schema).expect("is JSON") + "\n";
        if is_to_write {
            fs::write(&path, &expected).expect("can be written");
        }
        let found = fs::read_to_string(&path).expect("is there");
        assert!(
            found == expected,
            "stale: docs/schema/{command}.schema.json. `make generate` renews it"
        );
    }
}

#[test]
fn given_output_with_a_field_too_many_or_too_few_when_checked_then_it_is_refused() {
    let [_, (_, schema), ..] = schemas();
    let described = jsonschema::draft202012::new(schema.as_value()).expect("is a schema");
    let outcome = serde_json::json!({
        "volume": 0, "price": null, "price_lo": null, "price_hi": null, "welfare": 0,
        "fills": {"bids": [], "offers": [0]},
    });
    assert!(described.is_valid(&outcome));
    let mut more = outcome.clone();
    more["colour"] = "red".into();
    assert!(!described.is_valid(&more));
    let mut less = outcome.clone();
    less.as_object_mut().expect("an object").remove("volume");
    assert!(!described.is_valid(&less));
    let mut other = outcome;
    other["fills"]["bids"] = serde_json::json!([-1]);
    assert!(!described.is_valid(&other));
}

/// Every object of a schema that describes fields.
fn objects<'a>(schema: &'a Value, found: &mut Vec<&'a Value>) {
    if schema["properties"].is_object() {
        found.push(schema);
    }
    let parts = schema
        .as_object()
        .into_iter()
        .flat_map(|fields| fields.values());
    let items = schema.as_array().into_iter().flatten();
    for part in parts.chain(items) {
        objects(part, found);
    }
}

#[test]
fn given_a_schema_when_read_then_each_field_is_described_and_no_other_is_allowed() {
    for (command, schema) in schemas() {
        let mut found = Vec::new();
        objects(schema.as_value(), &mut found);
        assert!(!found.is_empty(), "{command}");
        for object in found {
            assert_eq!(object["additionalProperties"], false, "{command}: {object}");
            for (name, field) in object["properties"].as_object().expect("fields") {
                assert!(field["description"].is_string(), "{command}: {name}");
            }
        }
    }
}
