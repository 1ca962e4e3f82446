//! Whether the paths in code font in the pages exist. Links are remark's to check.
//!
//! A path is a code span with a slash and no space, such as `crates/auction`, `idl/*.json` or
//! `programs/{registry,oracle}`; it is looked for beside the page and from the top of the checkout. What
//! is built (`target/…`) and what is outside (`~`, `/`, `..`) is left alone, and so are code blocks.

use std::{fs, path::Path};

use anyhow::{bail, Context, Result};

use crate::files;

pub fn check(root: &Path) -> Result<()> {
    let pages = files::find(root, ".md")?;
    let mut wrong = Vec::new();
    for page in &pages {
        let text = fs::read_to_string(page).with_context(|| page.display().to_string())?;
        let name = page.strip_prefix(root)?.display();
        let beside = page.parent().context("a page lies in a folder")?;
        for (number, line) in prose(&text) {
            for path in missing(line, &[beside, root]) {
                wrong.push(format!("{name}:{number}: `{path}` is not there"));
            }
        }
    }
    if !wrong.is_empty() {
        bail!("pages that are not true:\n  {}", wrong.join("\n  "));
    }
    println!("{} pages speak of what is there", pages.len());
    Ok(())
}

/// The lines outside code blocks, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_block = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let is_fence = line.trim_start().starts_with("```");
        in_block ^= is_fence;
        !is_fence && !in_block
    })
}

/// The paths of a line that are in none of `folders`.
fn missing(line: &str, folders: &[&Path]) -> Vec<String> {
    let spans = line.split('`').skip(1).step_by(2);
    let paths = spans.filter(|span| is_path(span)).flat_map(alternatives);
    let is_in = |folder: &Path, path: &str| {
        let found = glob::glob(&folder.join(path).to_string_lossy());
        found.is_ok_and(|mut found| found.next().is_some())
    };
    paths
        .filter(|path| !folders.iter().any(|folder| is_in(folder, path)))
        .collect()
}

fn is_path(span: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/*{},".contains(letter);
    let elsewhere = ["/", "../", "target/"];
    span.contains('/')
        && span.chars().all(plain)
        && !elsewhere.iter().any(|start| span.starts_with(start))
}

/// `a/{b,c}/d` stands for `a/b/d` and `a/c/d`.
fn alternatives(path: &str) -> Vec<String> {
    let parts = path
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    let Some((before, (list, after))) = parts else {
        return vec![path.to_owned()];
    };
    list.split(',')
        .flat_map(|word| alternatives(&format!("{before}{word}{after}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing_in(line: &str) -> Vec<String> {
        let root = crate::root();
        missing(line, &[&root.join("migrations"), &root])
    }

    #[test]
    fn given_paths_that_are_there_when_looked_for_then_none_is_missing() {
        for line in [
            "`crates/auction` and `crates/units/src/lib.rs`",
            "`idl/*.json`, `programs/{registry,oracle,market}/src`",
            "beside the page: `migrations/community.toml`",
            "no path: `a / b`, `make demo`, `target/deploy/market.so`, `~/.cache`, `../shared/x`",
        ] {
            assert_eq!(missing_in(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn given_paths_that_are_not_there_when_looked_for_then_each_is_named() {
        assert_eq!(missing_in("`crates/bakery`"), ["crates/bakery"]);
        assert_eq!(missing_in("`idl/*.toml`"), ["idl/*.toml"]);
        assert_eq!(
            missing_in("`programs/{market,bakery}`"),
            ["programs/bakery"]
        );
    }

    #[test]
    fn given_a_code_block_when_lines_are_taken_then_its_own_are_left_out() {
        let lines: Vec<_> = prose("one\n```sh\n`crates/bakery`\n```\ntwo\n").collect();
        assert_eq!(lines, [(1, "one"), (5, "two")]);
    }
}
