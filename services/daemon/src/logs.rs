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

/// The table `[log]` of a configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct LogOptions {
    pub format: LogFormat,
    /// A word such as `info`, or a filter such as `info,joulebook_keeper=debug`.
    pub level: String,
}

impl Default for LogOptions {
    fn default() -> LogOptions {
        LogOptions {
            format: LogFormat::default(),
            level: "info".into(),
        }
    }
}

/// Begins to log what is at least as important as the level; `RUST_LOG` overrules it. Called a second time, it changes nothing.
///
/// # Errors
/// If the filter means nothing.
pub fn start(LogOptions { format, level }: &LogOptions) -> Result<(), String> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(filter) => filter,
        Err(_) => level.clone(),
    };
    let filter = EnvFilter::try_new(&filter)
        .map_err(|error| format!("the log level {filter} means nothing: {error}"))?;
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        // Saying on stderr that nothing can be written to stderr ends the task that logs: a full disk, say.
        .log_internal_errors(false)
        .with_ansi(false);
    // Somebody listens already: that is enough.
    let _ = match format {
        LogFormat::Text => logs.with_target(false).try_init(),
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
    Ok(())
}
