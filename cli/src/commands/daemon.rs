//! What commands have in common that run until they are asked to stop.

use std::{future::Future, path::Path};

use anyhow::Context;
use joulebook_daemon::{
    config,
    logs::{self, LogOptions},
};
use serde::de::DeserializeOwned;

use crate::{asynchronous, command_error::CommandError, local::follow_parent};

/// Reads a configuration, which variables that begin with `prefix` overrule, begins to log, and runs a daemon to its stop.
///
/// # Errors
/// [`CommandError::Input`] if the configuration can't be used, [`CommandError::Run`] if the daemon ends otherwise than by a stop.
pub fn run<C, E, F>(
    path: &Path,
    prefix: &str,
    log: impl Fn(&C) -> &LogOptions,
    check: impl Fn(&C) -> Result<(), E>,
    daemon: impl FnOnce(C) -> F,
) -> Result<(), CommandError>
where
    C: DeserializeOwned,
    E: std::error::Error + Send + Sync + 'static,
    F: Future<Output = anyhow::Result<()>>,
{
    follow_parent().context("following the process that started this one")?;
    let configuration: C = config::read(path, prefix).map_err(CommandError::input)?;
    logs::start(log(&configuration))
        .map_err(|error| CommandError::Input(anyhow::Error::msg(error)))?;
    check(&configuration).map_err(CommandError::input)?;
    asynchronous::run(async { daemon(configuration).await.map_err(CommandError::Run) })
}
