//! The programs' ids: each is written in crates/layout and in Anchor.toml, nowhere else by hand.

use std::{fs, path::Path};

use anyhow::{bail, Context, Result};

use crate::PROGRAMS;

pub fn run(root: &Path, arguments: &[&str]) -> Result<()> {
    for pair in arguments.chunks(2) {
        let &[flag, id] = pair else {
            bail!("{} wants a program id", pair[0])
        };
        let program = flag.strip_prefix("--").unwrap_or_default();
        if !PROGRAMS.contains(&program) {
            bail!("{flag}: the programs are {}", PROGRAMS.join(", "));
        }
        if !bs58::decode(id)
            .into_vec()
            .is_ok_and(|bytes| bytes.len() == 32)
        {
            bail!("{id} is not a public key (base58, 32 bytes)");
        }
        write(root, program, id)?;
    }
    for program in PROGRAMS {
        println!("{program} {}", read(root, program)?);
    }
    if !arguments.is_empty() {
        println!(
            "now `make generate build`: the IDLs, the clients and the programs hold these ids too"
        );
    }
    Ok(())
}

const LAYOUT: &str = "crates/layout/src/programs.rs";

/// What an id stands behind in crates/layout. Formatting breaks the line after the parenthesis.
fn in_layout(program: &str) -> String {
    format!(
        "pub const {}: Address = Address(decode_32_const(\n    \"",
        program.to_uppercase()
    )
}

fn write(root: &Path, program: &str, id: &str) -> Result<()> {
    for (file, before) in [
        (LAYOUT, in_layout(program)),
        ("Anchor.toml", format!("\n{program} = \"")),
    ] {
        let path = root.join(file);
        let text = fs::read_to_string(&path).context(file)?;
        let new = replace_between(&text, &before, "\"", id)
            .with_context(|| format!("{file} has no {before:?}"))?;
        fs::write(&path, new)?;
    }
    Ok(())
}

fn read(root: &Path, program: &str) -> Result<String> {
    let text = fs::read_to_string(root.join(LAYOUT)).context(LAYOUT)?;
    let before = in_layout(program);
    let (_, rest) = text
        .split_once(&before)
        .with_context(|| format!("{LAYOUT} has no {before:?}"))?;
    let (id, _) = rest.split_once('"').context(LAYOUT)?;
    Ok(id.to_string())
}

/// `text` with `new` for what stands between every `before` and the next `after`; none if there is no such place.
fn replace_between(text: &str, before: &str, after: &str, new: &str) -> Option<String> {
    let mut parts = text.split(before);
    let mut result = parts.next()?.to_string();
    let mut found = false;
    for part in parts {
        let (_, rest) = part.split_once(after)?;
        result.extend([before, new, after, rest]);
        found = true;
    }
    found.then_some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_a_text_with_two_places_when_replaced_then_both_change_and_the_rest_stays() {
        let text = "[a]\nmarket = \"1\"\n[b]\nmarket = \"2\"\n";
        let new = replace_between(text, "\nmarket = \"", "\"", "9").unwrap();
        assert_eq!(new, "[a]\nmarket = \"9\"\n[b]\nmarket = \"9\"\n");
        assert_eq!(replace_between(text, "\noracle = \"", "\"", "9"), None);
    }
}
