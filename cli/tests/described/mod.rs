//! Whether a command prints what its committed JSON Schema describes.

use std::{fs, path::Path};

use serde_json::Value;

/// Looks at one object that `joulebook <command>` has printed.
pub fn check(command: &str, printed: &Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schema");
    let text = fs::read_to_string(folder.join(format!("{command}.schema.json")));
    let schema: Value = serde_json::from_str(&text.expect("is there")).expect("is JSON");
    let described = jsonschema::draft202012::new(&schema).expect("is a schema");
    let faults: Vec<String> = described
        .iter_errors(printed)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{command}: {faults:#?}");
}
