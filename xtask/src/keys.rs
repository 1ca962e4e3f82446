//! The programs' ids: each is written in its `declare_id!` and in Anchor.toml, nowhere else by hand.

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

fn write(root: &Path, program: &str, id: &str) -> Result<()> {
    let (source, anchor) = (
        format!("programs/{program}/src/lib.rs"),
        "Anchor.toml".to_string(),
    );
    for (file, before, after) in [
        (source, "declare_id!(\"".to_string(), "\""),
        (anchor, format!("\n{program} = \""), "\""),
    ] {
        let path = root.join(&file);
        let text = fs::read_to_string(&path).with_context(|| file.clone())?;
        let new = replace_between(&text, &before, after, id)
            .with_context(|| format!("{file} has no {before:?}"))?;
        fs::write(&path, new)?;
    }
    Ok(())
}

fn read(root: &Path, program: &str) -> Result<String> {
    let file = format!("programs/{program}/src/lib.rs");
    let text = fs::read_to_string(root.join(&file)).with_context(|| file.clone())?;
    let id = text
        .split_once("declare_id!(\"")
        .and_then(|(_, rest)| rest.split_once('"'));
    Ok(id
        .with_context(|| format!("{file} has no declare_id!"))?
        .0
        .to_string())
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
