//! How a command ends when it can't do what was asked.

use std::process::ExitCode;

use crate::{output, paragraph};

/// Exit code for arguments or files that can't be used.
pub const UNUSABLE: u8 = 2;

/// A command's failure, and with it the exit code.
#[derive(Debug)]
pub enum CommandError {
    /// The arguments or a file can't be used: exit code [`UNUSABLE`].
    Input(anyhow::Error),
    /// The input was fine, and yet a step failed, a check did not hold or the result can't be written: exit code 1.
    Run(anyhow::Error),
}

impl CommandError {
    /// For `map_err`, where the user's input is to blame.
    pub fn input(error: impl Into<anyhow::Error>) -> CommandError {
        CommandError::Input(error.into())
    }

    /// Says on stderr what is wrong; returns the exit code.
    pub fn report(&self) -> ExitCode {
        let (error, code) = match self {
            CommandError::Input(error) => (error, UNUSABLE),
            CommandError::Run(error) => (error, 1),
        };
        output::note(&paragraph::fill(&format!("error: {error:#}")));
        ExitCode::from(code)
    }
}

impl From<anyhow::Error> for CommandError {
    fn from(error: anyhow::Error) -> CommandError {
        CommandError::Run(error)
    }
}
