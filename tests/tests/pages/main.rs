//! The examples in `docs/message-format.md` and the sizes in `docs/operating.md`, computed anew. A page that lags
//! behind fails with the lines it should have.

mod message_format;
mod operating;

use std::{fs, path::PathBuf};

fn page(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../docs")
        .join(name);
    fs::read_to_string(path).expect("the page is there")
}

/// The text under a heading, up to the next one.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let start = page.find(&format!("\n### {heading}\n"));
    let start = start.unwrap_or_else(|| panic!("no heading '### {heading}'")) + 1;
    let rest = &page[start + 4..];
    &rest[..rest.find("\n#").unwrap_or(rest.len())]
}
