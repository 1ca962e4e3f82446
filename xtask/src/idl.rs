//! `idl/*.json`, from the programs' sources.

use std::{env, fs, path::Path};

use anchor_lang_idl::build::IdlBuilder;
use anyhow::{bail, Context, Result};

use crate::PROGRAMS;

/// Rows of a program's tables are in no instruction, account or event, so they would be in no IDL. A program
/// names them in an event of this name that exists for the IDL alone:
///
/// ```ignore
/// #[cfg(feature = "idl-build")]
/// #[event]
/// pub struct Rows { pub meter: Meter }
/// ```
const ROWS: &str = "Rows";

pub fn write(root: &Path) -> Result<()> {
    let folder = root.join("idl");
    fs::create_dir_all(&folder)?;
    for program in PROGRAMS {
        let text = generate(root, program)?;
        fs::write(folder.join(format!("{program}.json")), text)?;
        println!("idl/{program}.json written");
    }
    Ok(())
}

pub fn check(root: &Path) -> Result<()> {
    let mut stale = Vec::new();
    for program in PROGRAMS {
        let name = format!("idl/{program}.json");
        // A file that is missing is as stale as one that differs.
        if fs::read_to_string(root.join(&name)).ok() != Some(generate(root, program)?) {
            stale.push(name);
        }
    }
    if !stale.is_empty() {
        bail!(
            "stale: {}. `make generate` renews the IDLs and the clients",
            stale.join(", ")
        );
    }
    println!("the IDLs are those of the programs");
    Ok(())
}

fn generate(root: &Path, program: &str) -> Result<String> {
    // The builder sets RUSTFLAGS, which would compile every dependency a second time; cargo prefers this one.
    env::set_var("CARGO_ENCODED_RUSTFLAGS", "");
    // Without this, cargo gives the same file name to a program's library with and without `idl-build`.
    env::set_var("__CARGO_DEFAULT_LIB_METADATA", "idl");

    let mut idl = IdlBuilder::new()
        .program_path(root.join("programs").join(program))
        .cargo_args(vec!["--lib".into()])
        .build()
        .with_context(|| format!("no IDL from programs/{program}"))?;
    idl.events.retain(|event| event.name != ROWS);
    idl.types.retain(|definition| definition.name != ROWS);
    idl.errors.sort_by_key(|error| error.code);
    for error in &idl.errors {
        // Anchor drops the quote and keeps the backslash before it.
        if error
            .msg
            .iter()
            .any(|message| message.contains(['"', '\\']))
        {
            bail!(
                "{program}: the message of {} holds a quote or a backslash; use ` instead",
                error.name
            );
        }
    }

    Ok(serde_json::to_string_pretty(&idl)? + "\n")
}
