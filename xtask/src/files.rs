//! Looking for files of the checkout.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// What is built or fetched.
const NOT_OURS: [&str; 3] = ["target", "node_modules", "dist"];

/// Every file below `folder` whose name ends so, in order, but those that are hidden, built or fetched.
pub fn find(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') || NOT_OURS.contains(&&*name) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            found.extend(find(&entry.path(), ending)?);
        } else if name.ends_with(ending) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}
