//! The committed description, against what is answered.
//!
//! `JOULEBOOK_SCHEMAS=write cargo test --workspace --test indexer -- committed` renews it.

use std::{fs, path::Path};

use joulebook_indexer::api::description;
use serde_json::Value;

fn described() -> Value {
    serde_json::to_value(description()).expect("is JSON")
}

#[test]
fn given_the_routes_when_described_then_the_committed_description_is_the_same() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema/indexer.openapi.json");
    let expected = serde_json::to_string_pretty(&described()).expect("is JSON") + "\n";
    if std::env::var("JOULEBOOK_SCHEMAS").is_ok_and(|way| way == "write") {
        fs::write(&path, &expected).expect("can be written");
    }
    let found = fs::read_to_string(&path).expect("is there");
    assert!(
        found == expected,
        "stale: docs/schema/indexer.openapi.json. `make generate` renews it"
    );
}

#[test]
fn given_the_description_when_read_then_each_field_and_parameter_is_described() {
    let described = described();
    assert_eq!(described["openapi"], "3.1.0");
    let schemas = described["components"]["schemas"]
        .as_object()
        .expect("schemas");
    assert!(schemas.len() > 20);
    for (name, schema) in schemas {
        let properties = schema["properties"].as_object().expect("an object");
        for (field, one) in properties {
            let is_plain = one["description"].is_string();
            // Names that say their unit, or refer to a type that is described.
            let is_known = field.ends_with("_wh") || field.ends_with("_w") || refers(one);
            let is_a_name = matches!(
                field.as_str(),
                "seat"
                    | "address"
                    | "community"
                    | "meter_table"
                    | "zone"
                    | "items"
                    | "client_id"
                    | "windows"
                    | "market"
            );
            assert!(is_plain || is_known || is_a_name, "{name}: {field}");
        }
    }
    for (path, item) in described["paths"].as_object().expect("paths") {
        assert!(path.starts_with("/v1/"), "{path}");
        let get = &item["get"];
        assert!(
            get["summary"].is_string() || get["description"].is_string(),
            "{path}"
        );
        for parameter in get["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{path}: {parameter}");
        }
    }
}

fn refers(field: &Value) -> bool {
    let one_of = field["oneOf"].as_array().into_iter().flatten();
    field["$ref"].is_string() || one_of.clone().any(|one| one["$ref"].is_string())
}
