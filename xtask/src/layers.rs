//! Dependencies point one way:
//!
//! ```text
//! units ← auction, metering ← programs → idl → clients ← keeper, gateway, cli | app
//! ```
//!
//! Only normal dependencies count: tests may look wherever they like.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{bail, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

use crate::PROGRAMS;

/// Crates that hold arithmetic and nothing of Solana's.
const PURE: [&str; 3] = ["crates/units", "crates/auction", "crates/metering"];

/// Folders that know the programs by their IDL alone.
const OUTSIDE: [&str; 4] = ["clients", "cli", "keeper", "gateway"];

pub fn check(root: &Path) -> Result<()> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .exec()?;
    let graph = Graph::new(&metadata);

    let mut broken = Vec::new();
    for package in metadata.workspace_packages() {
        let folder = package
            .manifest_path
            .parent()
            .expect("a manifest lies in a folder");
        let folder = folder.strip_prefix(&metadata.workspace_root)?.as_str();
        let forbidden: fn(&str) -> bool = if PURE.contains(&folder) {
            of_solana
        } else if folder
            .split('/')
            .next()
            .is_some_and(|top| OUTSIDE.contains(&top))
        {
            of_a_program
        } else {
            continue;
        };
        broken.extend(
            graph
                .path_to(&package.id, forbidden)
                .map(|path| path.join(" → ")),
        );
    }

    if !broken.is_empty() {
        bail!(
            "dependencies that point the wrong way:\n  {}",
            broken.join("\n  ")
        );
    }
    println!("dependencies point one way");
    Ok(())
}

fn of_solana(name: &str) -> bool {
    ["solana", "anchor", "spl"]
        .iter()
        .any(|family| name.split(['-', '_']).next() == Some(family))
}

fn of_a_program(name: &str) -> bool {
    PROGRAMS.contains(&name)
}

/// Which package has which others as normal dependencies.
struct Graph<'a> {
    names: BTreeMap<&'a PackageId, &'a str>,
    edges: BTreeMap<&'a PackageId, Vec<&'a PackageId>>,
}

impl<'a> Graph<'a> {
    fn new(metadata: &'a Metadata) -> Self {
        let nodes = &metadata
            .resolve
            .as_ref()
            .expect("cargo metadata resolves unless told not to")
            .nodes;
        Self {
            names: metadata
                .packages
                .iter()
                .map(|package| (&package.id, package.name.as_str()))
                .collect(),
            edges: nodes
                .iter()
                .map(|node| {
                    let normal = node.deps.iter().filter(|dependency| {
                        dependency
                            .dep_kinds
                            .iter()
                            .any(|info| info.kind == DependencyKind::Normal)
                    });
                    (&node.id, normal.map(|dependency| &dependency.pkg).collect())
                })
                .collect(),
        }
    }

    /// The names from `start` to a package it must not reach.
    fn path_to(&self, start: &'a PackageId, forbidden: fn(&str) -> bool) -> Option<Vec<&'a str>> {
        let mut seen = BTreeSet::from([start]);
        let mut paths = vec![vec![start]];
        while let Some(path) = paths.pop() {
            for &next in &self.edges[path.last().expect("a path has a start")] {
                let mut longer = path.clone();
                longer.push(next);
                if forbidden(self.names[next]) {
                    return Some(longer.iter().map(|id| self.names[id]).collect());
                }
                if seen.insert(next) {
                    paths.push(longer);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_told_by_the_first_word() {
        assert!(of_solana("solana-pubkey") && of_solana("anchor-lang") && of_solana("spl_token"));
        assert!(!of_solana("split-iter") && !of_solana("bytemuck"));
    }
}
