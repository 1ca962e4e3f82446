//! Comments of the sources as other readers see them.

/// The lines of a comment without its links, which lead nowhere outside Rust.
pub fn plain(docs: &[&str]) -> Vec<String> {
    docs.iter()
        .map(|line| line.trim().replace("[`", "`").replace("`]", "`"))
        .collect()
}

pub fn one_line(docs: &[&str]) -> String {
    plain(docs).join(" ")
}
