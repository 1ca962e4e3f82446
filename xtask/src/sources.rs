//! Rules that a compiler could hold if a crate were told to: whether each of them is.

use std::{fs, path::Path};

use anyhow::{bail, Context, Result};
use cargo_metadata::{camino::Utf8Path, Metadata, Package, TargetKind};
use syn::{
    visit::{self, Visit},
    ItemUse, UseTree,
};

use crate::{files, layers};

/// Stands at the root of programs and pure crates, where a panic would stop a transaction and a float or a wrapped
/// sum would be money. Not in Cargo.toml: the workspace has one table of lints for all, and tests may panic.
const STRICT: &str = "\
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used,
    )
)]";

const SAFE: &str = "#![forbid(unsafe_code)]";

/// Crates that read accounts where the runtime put them. Every `unsafe` of theirs has its reason beside it: clippy
/// asks for it.
const UNSAFE: [&str; 2] = ["programs/common", "programs/market"];

/// The module of a program that holds accounts, and the modules of the program that it may know: no instruction.
const STATE: &str = "state";
const KNOWN_TO_STATE: [&str; 2] = ["errors", STATE];

pub fn check(root: &Path, metadata: &Metadata) -> Result<()> {
    let mut wrong = Vec::new();
    for package in metadata.workspace_packages() {
        let folder = package.manifest_path.parent();
        let folder = folder.context("a manifest lies in a folder")?;
        let folder = folder.strip_prefix(&metadata.workspace_root)?.as_str();
        for source in roots(package) {
            let text = fs::read_to_string(source).with_context(|| source.to_string())?;
            let source = source.strip_prefix(&metadata.workspace_root)?;
            let said = said_of_root(folder, &text).into_iter();
            wrong.extend(said.map(|said| format!("{source}: {said}")));
        }
    }
    for source in files::find(&root.join("programs"), ".rs")? {
        let name = source.strip_prefix(root)?;
        if !holds_accounts(name) {
            continue;
        }
        let name = name.display();
        let text = fs::read_to_string(&source)?;
        if knows_more(&text).with_context(|| name.to_string())? {
            wrong.push(format!(
                "{name}: what holds accounts may import {} of the program",
                KNOWN_TO_STATE.join(" and ")
            ));
        }
    }
    if !wrong.is_empty() {
        bail!("sources that keep no rule:\n  {}", wrong.join("\n  "));
    }
    println!("sources keep their rules");
    Ok(())
}

/// The roots of a package's library and binaries.
fn roots(package: &Package) -> impl Iterator<Item = &Utf8Path> {
    let is_one = |kind: &TargetKind| {
        use TargetKind::{Bin, CDyLib, Lib, ProcMacro};
        matches!(kind, Lib | CDyLib | ProcMacro | Bin)
    };
    let targets = package.targets.iter();
    targets
        .filter(move |target| target.kind.iter().any(is_one))
        .map(|target| target.src_path.as_path())
}

fn said_of_root(folder: &str, text: &str) -> Vec<String> {
    let mut said = Vec::new();
    if !UNSAFE.contains(&folder) && !text.contains(SAFE) {
        said.push(format!("lacks `{SAFE}`"));
    }
    let is_strict = layers::is_pure(folder) || folder.starts_with("programs/");
    if is_strict && !text.contains(STRICT) {
        said.push("lacks the lints of STRICT in xtask/src/sources.rs".to_owned());
    }
    said
}

/// `programs/*/src/state.rs`, or anything in the folder `state`.
fn holds_accounts(path: &Path) -> bool {
    let module = path.components().nth(3);
    let module = module.map(|name| name.as_os_str().to_string_lossy().into_owned());
    module.is_some_and(|name| name.trim_end_matches(".rs") == STATE)
}

/// Whether a path leads out of `state` to another module of the program than those it may know.
fn knows_more(text: &str) -> Result<bool> {
    let mut paths = Paths::default();
    paths.visit_file(&syn::parse_file(text)?);
    Ok(paths.0.iter().any(|path| match path.as_slice() {
        [root, module, ..] if root == "crate" => !KNOWN_TO_STATE.contains(&module.as_str()),
        [up, further, ..] => up == "super" && further == "super",
        _ => false,
    }))
}

/// Every path of a source, word by word, those of imports among them.
#[derive(Default)]
struct Paths(Vec<Vec<String>>);

impl Paths {
    fn import(&mut self, before: &[String], tree: &UseTree) {
        let longer = |name: &dyn ToString| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.import(&longer(&path.ident), &path.tree),
            UseTree::Name(name) => self.0.push(longer(&name.ident)),
            UseTree::Rename(rename) => self.0.push(longer(&rename.ident)),
            UseTree::Glob(_) => self.0.push(longer(&"*")),
            UseTree::Group(group) => group
                .items
                .iter()
                .for_each(|tree| self.import(before, tree)),
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.import(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let words = path.segments.iter();
        self.0
            .push(words.map(|word| word.ident.to_string()).collect());
        visit::visit_path(self, path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_a_crate_root_when_its_rules_are_all_there_then_nothing_is_said() {
        let both = format!("//! A crate.\n{SAFE}\n{STRICT}\n");
        assert_eq!(said_of_root("crates/units", &both), [""; 0]);
        assert_eq!(said_of_root("programs/market", STRICT), [""; 0]);
        assert_eq!(said_of_root("cli", SAFE), [""; 0]);
    }

    #[test]
    fn given_a_crate_root_when_a_rule_is_missing_then_it_is_named() {
        for (folder, text, missing) in [
            ("crates/units", SAFE, "STRICT"),
            ("crates/units", STRICT, SAFE),
            ("programs/market", "", "STRICT"),
            ("programs/oracle", STRICT, SAFE),
            ("xtask", "", SAFE),
        ] {
            let said = said_of_root(folder, text);
            assert!(
                said.len() == 1 && said[0].contains(missing),
                "{folder}: {said:?}"
            );
        }
    }

    #[test]
    fn given_a_module_of_accounts_when_it_imports_instructions_then_it_is_seen() {
        for text in [
            "use crate::window::NewOrder;",
            "use crate::{\n    errors::MarketError,\n    setup::MarketParams,\n};",
            "use super::super::window;",
            "use crate::*;",
            "fn new(order: crate::window::NewOrder) {}",
        ] {
            assert!(knows_more(text).unwrap(), "{text}");
        }
        for text in [
            "// as crate::window::place does\nuse crate::errors::MarketError;",
            "use crate::{errors::MarketError, state::Market};\nuse super::LedgerView;",
            "use anchor_lang::prelude::*;",
        ] {
            assert!(!knows_more(text).unwrap(), "{text}");
        }
    }

    #[test]
    fn given_a_path_when_asked_then_state_holds_accounts() {
        for path in [
            "programs/market/src/state/ledger.rs",
            "programs/oracle/src/state.rs",
        ] {
            assert!(holds_accounts(Path::new(path)), "{path}");
        }
        for path in [
            "programs/market/src/window/state.rs",
            "programs/market/src/lib.rs",
        ] {
            assert!(!holds_accounts(Path::new(path)), "{path}");
        }
    }
}
