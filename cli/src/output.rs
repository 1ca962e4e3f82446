//! Where text leaves: a result on stdout, what is to be said beside it on stderr. `println!` and `eprintln!` would panic
//! when nobody takes it.

use std::{
    io::{self, Write},
    sync::atomic::{AtomicBool, Ordering},
};

use anyhow::Context;
use serde::Serialize;

use crate::command_error::CommandError;

/// There is one standard output.
static HAS_BEGUN: AtomicBool = AtomicBool::new(false);

/// Whether a result is being printed, or was.
pub fn has_begun() -> bool {
    HAS_BEGUN.load(Ordering::SeqCst)
}

/// Prints one JSON value on a line of its own.
///
/// # Errors
/// [`CommandError::Run`] if stdout takes no more.
pub fn json(value: &impl Serialize) -> Result<(), CommandError> {
    let text = serde_json::to_string(value).map_err(anyhow::Error::from)?;
    line(&text)
}

/// Prints `text` and a line end.
///
/// # Errors
/// [`CommandError::Run`] if stdout takes no more.
pub fn line(text: &str) -> Result<(), CommandError> {
    HAS_BEGUN.store(true, Ordering::SeqCst);
    let mut stdout = io::stdout().lock();
    taken(writeln!(stdout, "{text}").and_then(|()| stdout.flush()))
}

/// Prints the help or the version that was asked for.
///
/// # Errors
/// [`CommandError::Run`] if stdout takes no more.
pub fn help(asked: &clap::Error) -> Result<(), CommandError> {
    taken(asked.print().and_then(|()| io::stdout().flush()))
}

/// Says `text` and a line end on stderr. Nobody may be listening any more; that is no reason to stop.
pub fn note(text: &str) {
    // At once: half a line of a run that goes on would be no use.
    let _ = io::stderr().write_all(format!("{text}\n").as_bytes());
}

/// `joulebook … | head` is no failure: its reader has seen what it wants.
fn taken(written: io::Result<()>) -> Result<(), CommandError> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written.context("standard output takes no more")?),
    }
}
