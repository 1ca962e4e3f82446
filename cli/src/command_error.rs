//! How a command ends when it can't do what was asked.

use std::{io, process::ExitCode};

/// A command's failure, and with it the exit code.
#[derive(Debug)]
pub enum CommandError {
    /// The arguments or a file can't be used: exit code 2, as for arguments clap refuses.
    Input(anyhow::Error),
    /// The input was fine, and yet a step failed or a check did not hold: exit code 1.
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
            CommandError::Input(error) => (error, 2),
            CommandError::Run(error) if reader_has_gone(error) => return ExitCode::SUCCESS,
            CommandError::Run(error) => (error, 1),
        };
        eprintln!("error: {error:#}");
        ExitCode::from(code)
    }
}

impl From<anyhow::Error> for CommandError {
    fn from(error: anyhow::Error) -> CommandError {
        CommandError::Run(error)
    }
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> CommandError {
        CommandError::Run(error.into())
    }
}

/// `joulebook … | head` is no failure.
fn reader_has_gone(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
