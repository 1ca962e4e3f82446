//! Dependencies point one way:
//!
//! ```text
//! units ← layout ← auction, metering, settlement ← standing ← programs/common ← programs
//!                                                           ← clients/rust ← sim ← cli
//!                                                                          ← services ← cli
//! services/cluster, services/daemon ← other services
//! units ← profiles ← sim, cli, services
//! units, auction, settlement ← strategy ← sim, services
//!                                      clients/ts ← app
//! ```
//!
//! What a package needs for its tests alone is its own affair.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{bail, Context, Result};
use cargo_metadata::{camino::Utf8Path, DependencyKind, Metadata, NodeDep};
use serde_json::Value;

use crate::files;

/// Every folder that holds a package, and the folders whose packages it may use. A last `*` is any one name.
const MAY_USE: &[(&str, &[&str])] = &[
    ("crates/units", &[]),
    ("crates/layout", &["crates/units"]),
    ("crates/auction", &["crates/units", "crates/layout"]),
    ("crates/metering", &["crates/units", "crates/layout"]),
    ("crates/settlement", &["crates/units", "crates/layout"]),
    (
        "crates/standing",
        &["crates/units", "crates/layout", "crates/settlement"],
    ),
    (
        "crates/strategy",
        &["crates/units", "crates/auction", "crates/settlement"],
    ),
    ("crates/profiles", &["crates/units"]),
    ("programs/macros", &[]),
    ("programs/common", &["crates/*", "programs/macros"]),
    ("programs/registry", &["crates/*", "programs/common"]),
    ("programs/oracle", &["crates/*", "programs/common"]),
    (
        "programs/market",
        &["crates/*", "programs/common", "programs/oracle"],
    ),
    ("clients/rust", &["crates/*"]),
    ("sim", &["crates/*", "clients/rust"]),
    ("services/cluster", &["clients/rust"]),
    ("services/daemon", &[]),
    (
        "services/*",
        &[
            "crates/*",
            "clients/rust",
            "services/cluster",
            "services/daemon",
        ],
    ),
    ("cli", &["crates/*", "clients/rust", "sim", "services/*"]),
    ("codegen", &[]),
    ("clients/ts", &[]),
    ("node", &[]),
    ("app", &["clients/ts"]),
];

/// Pure crates that need a computer's standard library: no program may use them.
const OFF_CHAIN: [&str; 2] = ["crates/profiles", "crates/strategy"];

/// Folders that may use everything, and that nothing above may use. The first is the top of the checkout.
const FREE: &[&str] = &[
    "",
    "tests",
    "tests/bank",
    "tests/bond",
    "fuzz",
    "xtask",
    "bench",
];

/// What a pure crate must not reach, however far away: everything of Solana's.
const FAMILIES: [&str; 4] = ["solana", "anchor", "spl", "pinocchio"];

pub fn check(root: &Path, metadata: &Metadata) -> Result<()> {
    let mut folders = cargo_folders(metadata)?;
    folders.extend(npm_folders(root)?);
    let mut wrong = wrong_uses(&folders);

    let graph = package_graph(metadata)?;
    for (folder, _) in folders.iter().filter(|(folder, _)| is_pure(folder)) {
        let package = package_in(metadata, folder)?;
        let path = path_to(&graph, package, is_of_solana);
        wrong.extend(path.map(|path| format!("a pure crate reaches {}", path.join(" → "))));
    }
    if !wrong.is_empty() {
        bail!(
            "dependencies that point the wrong way:\n  {}",
            wrong.join("\n  ")
        );
    }
    println!("dependencies of {} folders point one way", folders.len());
    Ok(())
}

/// Crates that hold rules and nothing of Solana's.
pub fn is_pure(folder: &str) -> bool {
    matches("crates/*", folder)
}

fn wrong_uses(folders: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (folder, uses) in folders {
        if FREE.contains(&folder.as_str()) {
            continue;
        }
        let known = MAY_USE.iter().find(|(known, _)| matches(known, folder));
        let Some((_, allowed)) = known else {
            wrong.push(format!(
                "{folder} is not known: add it to MAY_USE in xtask/src/layers.rs, with what it may use"
            ));
            continue;
        };
        for used in uses {
            let is_on_chain = matches("programs/*", folder);
            let is_for_others = is_on_chain && OFF_CHAIN.contains(&used.as_str());
            if is_for_others || !allowed.iter().any(|allowed| matches(allowed, used)) {
                wrong.push(format!("{folder} uses {used}"));
            }
        }
    }
    wrong
}

fn matches(pattern: &str, folder: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => folder
            .strip_prefix(start)
            .is_some_and(|rest| !rest.contains('/')),
        None => pattern == folder,
    }
}

fn cargo_folders(metadata: &Metadata) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let inside = |path: &Utf8Path| -> Result<String> {
        Ok(path.strip_prefix(&metadata.workspace_root)?.to_string())
    };
    metadata
        .workspace_packages()
        .iter()
        .map(|package| {
            let manifest = package.manifest_path.parent();
            let folder = inside(manifest.context("a manifest lies in a folder")?)?;
            let uses = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind != DependencyKind::Development)
                .filter_map(|dependency| dependency.path.as_deref().map(inside))
                .collect::<Result<_>>()?;
            Ok((folder, uses))
        })
        .collect()
}

fn npm_folders(root: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut packages = BTreeMap::new();
    for file in files::find(root, "package.json")? {
        let text = fs::read_to_string(&file)?;
        let package: Value = serde_json::from_str(&text).with_context(|| text.clone())?;
        let folder = file.parent().context("a file lies in a folder")?;
        let folder = folder.strip_prefix(root)?.to_string_lossy().into_owned();
        packages.insert(folder, package);
    }
    let uses_of = |package: &Value| {
        let is_used = |other: &Value| {
            ["dependencies", "peerDependencies", "optionalDependencies"]
                .iter()
                .any(|kind| {
                    package[kind]
                        .get(other["name"].as_str().unwrap_or_default())
                        .is_some()
                })
        };
        let used = packages.iter().filter(|(_, other)| is_used(other));
        used.map(|(folder, _)| folder.clone()).collect()
    };
    Ok(packages
        .iter()
        .map(|(folder, package)| (folder.clone(), uses_of(package)))
        .collect())
}

fn package_in<'a>(metadata: &'a Metadata, folder: &str) -> Result<&'a str> {
    let manifest = metadata.workspace_root.join(folder).join("Cargo.toml");
    metadata
        .workspace_packages()
        .into_iter()
        .find(|package| package.manifest_path == manifest)
        .map(|package| package.name.as_str())
        .with_context(|| format!("{folder} holds no package of the workspace"))
}

type Graph<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// Which packages, by name, each package is built with.
fn package_graph(metadata: &Metadata) -> Result<Graph<'_>> {
    let names: BTreeMap<_, _> = metadata
        .packages
        .iter()
        .map(|package| (&package.id, package.name.as_str()))
        .collect();
    let resolve = metadata.resolve.as_ref();
    let mut graph = Graph::new();
    for node in &resolve
        .context("cargo metadata resolves unless told not to")?
        .nodes
    {
        let is_needed = |dependency: &&NodeDep| {
            let mut kinds = dependency.dep_kinds.iter();
            kinds.any(|info| info.kind != DependencyKind::Development)
        };
        let needed = node.deps.iter().filter(is_needed);
        graph
            .entry(names[&node.id])
            .or_default()
            .extend(needed.map(|dependency| names[&dependency.pkg]));
    }
    Ok(graph)
}

fn is_of_solana(name: &str) -> bool {
    let family = name.split(['-', '_']).next().unwrap_or_default();
    FAMILIES.contains(&family)
}

/// The names from `start` to a package that it must not reach.
fn path_to<'a>(
    graph: &Graph<'a>,
    start: &'a str,
    is_forbidden: fn(&str) -> bool,
) -> Option<Vec<&'a str>> {
    let mut seen = BTreeSet::from([start]);
    let mut paths = vec![vec![start]];
    while let Some(path) = paths.pop() {
        let nexts = path.last().and_then(|last| graph.get(last));
        for next in nexts.into_iter().flatten() {
            let longer = [path.as_slice(), &[next]].concat();
            if is_forbidden(next) {
                return Some(longer);
            }
            if seen.insert(next) {
                paths.push(longer);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of one folder that uses others.
    fn said_of(folder: &str, uses: &[&str]) -> Vec<String> {
        let uses = uses.iter().map(|used| (*used).to_owned()).collect();
        wrong_uses(&BTreeMap::from([(folder.to_owned(), uses)]))
    }

    #[test]
    fn given_dependencies_that_point_down_when_checked_then_nothing_is_said() {
        for (folder, uses) in [
            ("crates/units", &[][..]),
            ("crates/layout", &["crates/units"]),
            ("crates/settlement", &["crates/units", "crates/layout"]),
            (
                "crates/strategy",
                &["crates/units", "crates/auction", "crates/settlement"],
            ),
            ("crates/profiles", &["crates/units"]),
            ("programs/common", &["crates/layout"]),
            (
                "programs/market",
                &["crates/auction", "programs/common", "programs/oracle"],
            ),
            ("clients/rust", &["crates/layout", "crates/metering"]),
            (
                "sim",
                &["clients/rust", "crates/auction", "crates/profiles"],
            ),
            ("cli", &["sim", "clients/rust"]),
            (
                "services/gateway",
                &["clients/rust", "crates/units", "crates/profiles"],
            ),
            ("services/keeper", &["services/cluster", "services/daemon"]),
            ("cli", &["services/keeper"]),
            ("app", &["clients/ts"]),
            ("tests", &["programs/market", "sim"]),
            ("", &["codegen", "clients/ts"]),
        ] {
            assert_eq!(said_of(folder, uses), [""; 0], "{folder}");
        }
    }

    #[test]
    fn given_a_dependency_that_points_up_when_checked_then_both_ends_are_named() {
        for (folder, used) in [
            ("crates/units", "crates/layout"),
            ("crates/layout", "crates/auction"),
            ("crates/auction", "crates/metering"),
            ("crates/settlement", "crates/metering"),
            ("crates/metering", "programs/common"),
            ("crates/profiles", "crates/layout"),
            ("crates/metering", "crates/profiles"),
            ("programs/common", "crates/profiles"),
            ("programs/oracle", "crates/profiles"),
            ("programs/common", "programs/market"),
            ("programs/registry", "programs/oracle"),
            ("clients/rust", "programs/market"),
            ("clients/rust", "programs/common"),
            ("clients/rust", "sim"),
            ("clients/rust", "cli"),
            ("sim", "cli"),
            ("cli", "programs/market"),
            ("services/keeper", "programs/oracle"),
            ("services/keeper", "tests"),
            ("services/keeper", "services/gateway"),
            ("services/cluster", "services/daemon"),
            ("services/keeper", "sim"),
            ("clients/ts", "app"),
            ("app", "codegen"),
        ] {
            assert_eq!(said_of(folder, &[used]), [format!("{folder} uses {used}")]);
        }
    }

    #[test]
    fn given_a_folder_that_nobody_entered_when_checked_then_it_is_refused_and_the_place_named() {
        for folder in [
            "crates/bakery",
            "bakery",
            "programs/bakery",
            "services/a/b",
            "clients",
        ] {
            let said = said_of(folder, &[]);
            assert_eq!(said.len(), 1, "{folder}");
            assert!(
                said[0].starts_with(&format!("{folder} is not known: ")),
                "{said:?}"
            );
            assert!(
                said[0].contains("MAY_USE in xtask/src/layers.rs"),
                "{said:?}"
            );
        }
    }

    #[test]
    fn given_a_graph_when_a_pure_crate_reaches_solana_by_others_then_the_path_is_found() {
        let graph = Graph::from([
            (
                "joulebook-units",
                BTreeSet::from(["bytemuck", "split-iter"]),
            ),
            (
                "joulebook-auction",
                BTreeSet::from(["joulebook-units", "shop"]),
            ),
            ("shop", BTreeSet::from(["shop", "solana-pubkey"])),
        ]);
        assert_eq!(path_to(&graph, "joulebook-units", is_of_solana), None);
        assert_eq!(
            path_to(&graph, "joulebook-auction", is_of_solana),
            Some(vec!["joulebook-auction", "shop", "solana-pubkey"])
        );
    }

    #[test]
    fn given_package_names_when_told_apart_then_the_first_word_counts() {
        assert!(["solana-pubkey", "anchor-lang", "spl_token", "pinocchio"]
            .iter()
            .all(|name| is_of_solana(name)));
        assert!(!["split-iter", "bytemuck", "insolana"]
            .iter()
            .any(|name| is_of_solana(name)));
    }
}
