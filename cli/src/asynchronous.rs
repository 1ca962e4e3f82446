//! Commands that talk with a cluster run in a runtime of their own.

use std::future::Future;

use anyhow::Context;

use crate::command_error::CommandError;

/// Runs a command to its end.
///
/// # Errors
/// Those of the command; if the system has no room for a runtime, too.
pub fn run<T>(command: impl Future<Output = Result<T, CommandError>>) -> Result<T, CommandError> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime
        .enable_all()
        .build()
        .context("no runtime can be started")?;
    runtime.block_on(command)
}
