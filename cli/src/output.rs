//! Results go to stdout; `println!` would panic when the reader has gone.

use std::io::{self, Write};

use serde::Serialize;

use crate::command_error::CommandError;

/// Prints one JSON value on a line of its own.
///
/// # Errors
/// [`CommandError::Run`] if stdout can't be written to.
pub fn json(value: &impl Serialize) -> Result<(), CommandError> {
    let text = serde_json::to_string(value).map_err(anyhow::Error::from)?;
    line(&text)
}

/// Prints `text` and a line end.
///
/// # Errors
/// [`CommandError::Run`] if stdout can't be written to.
pub fn line(text: &str) -> Result<(), CommandError> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}")?;
    stdout.flush()?;
    Ok(())
}
