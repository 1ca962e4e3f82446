//! Structured logs on stderr.

use std::io;

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

/// How logs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// A line for people.
    #[default]
    Text,
    /// An object a line, for machines.
    Json,
}

/// Begins to log what is at least as important as `level`, which is a word such as `info` or a filter such as
/// `info,joulebook_keeper=debug`; `RUST_LOG` overrules it. Called a second time, it changes nothing.
///
/// # Errors
/// If the filter means nothing.
pub fn start(format: LogFormat, level: &str) -> Result<(), String> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(filter) => filter,
        Err(_) => level.to_owned(),
    };
    let filter = EnvFilter::try_new(&filter)
        .map_err(|error| format!("the log level {filter} means nothing: {error}"))?;
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(false);
    // Somebody listens already: that is enough.
    let _ = match format {
        LogFormat::Text => logs.with_target(false).try_init(),
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
    Ok(())
}
