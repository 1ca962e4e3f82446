//! JSON Schemas (draft 2020-12) of what commands print with `--json`, from the types that they print.

use joulebook_operations::status::Status;
use joulebook_sim::{bench::Figures, simulation::Report};
use schemars::{
    generate::SchemaSettings,
    transform::{transform_subschemas, Transform},
    JsonSchema, Schema,
};
use serde_json::Value;

use crate::{
    book::Outcome,
    load::{communities::CommunitiesReport, LoadReport},
};

/// A command's name, and the schema of its JSON.
pub fn schemas() -> [(&'static str, Schema); 6] {
    [
        ("simulate", schema::<Report>("joulebook simulate --json")),
        ("clear", schema::<Outcome>("joulebook clear")),
        (
            "admin-status",
            schema::<Status>("joulebook admin status --json"),
        ),
        ("bench", schema::<Figures>("joulebook bench --json")),
        ("load", schema::<LoadReport>("joulebook load --json")),
        (
            "load-communities",
            schema::<CommunitiesReport>("joulebook load --communities NUMBER --json"),
        ),
    ]
}

fn schema<T: JsonSchema>(title: &str) -> Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let settings = settings.with_transform(Strict);
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema
}

/// A field that is not described is an error, and a description is one line.
#[derive(Clone, Debug)]
struct Strict;

impl Transform for Strict {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(text) = schema.get("description").and_then(Value::as_str) {
            let line = text.replace('\n', " ");
            schema.insert("description".to_owned(), line.into());
        }
        if schema.get("properties").is_some() {
            schema.insert("additionalProperties".to_owned(), false.into());
        }
        transform_subschemas(self, schema);
    }
}
