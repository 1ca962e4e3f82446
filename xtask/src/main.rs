//! Chores of this workspace, called as `cargo xtask <command>`.

#![forbid(unsafe_code)]

mod comments;
mod costs;
mod docs;
mod files;
mod formats;
mod idl;
mod keys;
mod layers;
mod services;
mod sizes;
mod sources;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{bail, Result};
use cargo_metadata::MetadataCommand;

/// The on-chain programs: packages of that name in `programs/`.
const PROGRAMS: [&str; 3] = ["registry", "oracle", "market"];

const USAGE: &str = "\
cargo xtask <command>

  idl [--check]      write idl/*.json from the programs, or say which are stale
  formats [--check]  write the tables of docs/message-format.md from crates/layout, or say that they are stale
  docs               check that the paths in the pages exist, the cost table, the programs' size, the daemons' units
  layers             check that dependencies between the folders point one way, and which rules the sources keep
  keys [--registry ID] [--oracle ID] [--market ID]
                     write these program ids into the sources; without any, print those in force";

fn main() -> ExitCode {
    // The IDL builder reads this as an order to install the named toolchain, and rustup sets it for
    // everything that `cargo run` starts.
    env::remove_var("RUSTUP_TOOLCHAIN");

    match run(&env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["idl"] => idl::write(&root()),
        ["idl", "--check"] => idl::check(&root()),
        ["formats"] => formats::write(&root()),
        ["formats", "--check"] => formats::check(&root()),
        ["docs"] => pages(&root()),
        ["layers"] => layers(&root()),
        ["keys", ref ids @ ..] => keys::run(&root(), ids),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("{USAGE}"),
    }
}

fn pages(root: &Path) -> Result<()> {
    docs::check(root)?;
    costs::check(root)?;
    sizes::check(root)?;
    services::check(root)
}

fn layers(root: &Path) -> Result<()> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .exec()?;
    let both = [
        layers::check(root, &metadata),
        sources::check(root, &metadata),
    ];
    // Both have their say before either fails.
    let said: Vec<String> = both
        .into_iter()
        .filter_map(|result| result.err().map(|error| format!("{error:#}")))
        .collect();
    if !said.is_empty() {
        bail!("{}", said.join("\n"));
    }
    Ok(())
}

/// The checkout that cargo was called in, whichever one this binary was built from.
fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    manifest
        .parent()
        .expect("xtask is a folder of the workspace")
        .to_path_buf()
}
