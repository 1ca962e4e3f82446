//! Whether the pages speak of what is there: paths in code font exist, links lead somewhere.
//!
//! A path is a code span with a slash and no space, such as `crates/auction`, `idl/*.json` or
//! `programs/{registry,oracle}`; it is looked for beside the page and from the top of the checkout. What
//! is built (`target/…`) and what is outside (`~`, `/`, `..`) is left alone, and so are code blocks.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{bail, Context, Result};

pub fn check(root: &Path) -> Result<()> {
    let mut pages = Vec::new();
    find_pages(root, &mut pages)?;
    pages.sort();

    let mut wrong = Vec::new();
    for page in &pages {
        let name = page.strip_prefix(root)?.display();
        for (number, line) in prose(&read(page)?) {
            for complaint in complaints(root, page, &line)? {
                wrong.push(format!("{name}:{number}: {complaint}"));
            }
        }
    }
    if !wrong.is_empty() {
        bail!("pages that are not true:\n  {}", wrong.join("\n  "));
    }
    println!("{} pages speak of what is there", pages.len());
    Ok(())
}

fn read(page: &Path) -> Result<String> {
    fs::read_to_string(page).with_context(|| page.display().to_string())
}

/// Every `.md` that is not hidden, built or fetched.
fn find_pages(folder: &Path, pages: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if entry.file_type()?.is_dir() {
            if !name.starts_with('.') && !["target", "node_modules", "dist"].contains(&&*name) {
                find_pages(&entry.path(), pages)?;
            }
        } else if name.ends_with(".md") {
            pages.push(entry.path());
        }
    }
    Ok(())
}

/// The lines outside code blocks, with their numbers.
fn prose(text: &str) -> Vec<(usize, String)> {
    let mut in_block = false;
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| {
            let is_fence = line.trim_start().starts_with("```");
            in_block ^= is_fence;
            !is_fence && !in_block
        })
        .map(|(number, line)| (number, line.to_owned()))
        .collect()
}

fn complaints(root: &Path, page: &Path, line: &str) -> Result<Vec<String>> {
    let beside = page.parent().expect("a page lies in a folder");
    let paths = code_spans(line)
        .filter(|span| is_path(span))
        .flat_map(alternatives)
        .filter(|path| !exists(&beside.join(path)) && !exists(&root.join(path)))
        .map(|path| format!("`{path}` is not there"));
    let mut found: Vec<String> = paths.collect();
    for target in link_targets(line) {
        if !leads_somewhere(page, target)? {
            found.push(format!("the link to {target} leads nowhere"));
        }
    }
    Ok(found)
}

fn code_spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
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
    let parts = path.split_once('{').and_then(|(before, rest)| {
        rest.split_once('}')
            .map(|(list, after)| (before, list, after))
    });
    match parts {
        Some((before, list, after)) => list
            .split(',')
            .flat_map(|word| alternatives(&format!("{before}{word}{after}")))
            .collect(),
        None => vec![path.to_owned()],
    }
}

/// Whether there is such a file or folder; the last name may hold one `*`.
fn exists(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some((before, after)) = name.split_once('*') else {
        return path.exists();
    };
    let Some(Ok(entries)) = path.parent().map(fs::read_dir) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with(before) && name.ends_with(after)
    })
}

fn link_targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target)
}

fn leads_somewhere(page: &Path, target: &str) -> Result<bool> {
    if target.contains("://") {
        return Ok(true);
    }
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let file = match file {
        "" => page.to_path_buf(),
        _ => page.parent().expect("a page lies in a folder").join(file),
    };
    if heading.is_empty() {
        return Ok(file.exists());
    }
    let is_heading = |line: &str| line.starts_with('#') && anchor(line) == heading;
    Ok(file.is_file()
        && prose(&read(&file)?)
            .iter()
            .any(|(_, line)| is_heading(line)))
}

/// What a heading is called in a link.
fn anchor(heading: &str) -> String {
    heading
        .trim_start_matches('#')
        .trim()
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter))
        .map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said_of(line: &str) -> Vec<String> {
        let root = crate::root();
        complaints(&root, &root.join("migrations/README.md"), line).unwrap()
    }

    #[test]
    fn a_path_that_is_there_is_fine() {
        for line in [
            "`crates/auction` and `crates/units/src/lib.rs`",
            "`idl/*.json`, `programs/{registry,oracle,market}/src`",
            "beside the page: `migrations/deploy`",
            "no path: `a / b`, `make demo`, `target/deploy/market.so`, `~/.cache`, `../shared/x`",
        ] {
            assert_eq!(said_of(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn a_path_that_is_not_there_is_named() {
        assert_eq!(said_of("`crates/bakery`"), ["`crates/bakery` is not there"]);
        assert_eq!(said_of("`idl/*.toml`"), ["`idl/*.toml` is not there"]);
        assert_eq!(
            said_of("`programs/{market,bakery}`"),
            ["`programs/bakery` is not there"]
        );
    }

    #[test]
    fn a_link_leads_to_a_file_and_a_heading_of_it() {
        assert_eq!(
            said_of("[a](deploy) [b](https://x.y) [c](#deploying)"),
            [""; 0]
        );
        assert_eq!(
            said_of("[a](gone.md)"),
            ["the link to gone.md leads nowhere"]
        );
        assert_eq!(said_of("[a](#gone)"), ["the link to #gone leads nowhere"]);
    }

    #[test]
    fn code_blocks_are_left_alone() {
        let lines = prose("one\n```sh\n`crates/bakery`\n```\ntwo\n");
        assert_eq!(lines, [(1, "one".to_owned()), (5, "two".to_owned())]);
    }

    #[test]
    fn headings_are_called_as_on_the_web() {
        assert_eq!(anchor("## The life of a window"), "the-life-of-a-window");
        assert_eq!(anchor("# 1. Units, `Wh`"), "1-units-wh");
    }
}
