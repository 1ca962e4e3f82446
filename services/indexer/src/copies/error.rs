use std::fmt::Display;

use joulebook_daemon::key::KeyError;

use crate::store::StoreError;

/// Characters of what a server says that are shown.
const SHOWN: usize = 300;

/// Why rows can't be copied. No row is lost by it.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error("clickhouse: {url} does not answer ({error}); rows are copied once it does")]
    Silent { url: String, error: String },
    #[error("clickhouse: {url} refuses: {said}; does the database exist, and may the user make tables, insert, select and delete?")]
    Refuses { url: String, said: String },
    #[error("clickhouse: the database {database} holds tables of something else ({table}); name an empty one")]
    NotEmpty { database: String, table: String },
    #[error("clickhouse: the database {database} was made by another version of the indexer ({found}, and this is {version}); run that one, or name an empty database: everything is copied anew")]
    OtherVersion {
        database: String,
        found: String,
        version: &'static str,
    },
    #[error("clickhouse: the database {database} has copies of another indexer's database than {of}; name an empty one: everything is copied anew")]
    OtherCopies { database: String, of: String },
    #[error("clickhouse: the database {database} has later rows than {of} ({table}: write {revision}, of {last}), which was restored from a backup, it seems; name an empty one: everything is copied anew")]
    Ahead {
        database: String,
        of: String,
        table: &'static str,
        revision: u64,
        last: i64,
    },
    #[error("clickhouse.password: {0}")]
    NoPassword(#[from] KeyError),
    #[error("clickhouse.ca: {0}")]
    NoCertificates(String),
    #[error("rows can't be written as JSON: {0}; report it")]
    NoLines(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CopyError {
    pub(super) fn no_lines(error: impl Display) -> CopyError {
        CopyError::NoLines(error.to_string())
    }
}

/// The beginning, in one line.
pub(super) fn shown(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(SHOWN).collect()
}
