use std::{
    fs, io,
    path::{Path, PathBuf},
};

use joulebook_deployment::Sandbox;

/// A daemon that can be started beside a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Daemon {
    Keeper,
}

impl Daemon {
    pub const ALL: [Daemon; 1] = [Daemon::Keeper];

    /// Its command.
    pub fn name(self) -> &'static str {
        match self {
            Daemon::Keeper => "keeper",
        }
    }

    /// Where it answers metrics and health, on loopback.
    pub fn port(self) -> u16 {
        match self {
            Daemon::Keeper => 9101,
        }
    }
}

/// Writes the configuration of a daemon that works in a sandbox, whose state file is in `folder`.
///
/// # Errors
/// Those of the file.
pub fn write(folder: &Path, sandbox: &Sandbox, daemon: Daemon) -> io::Result<PathBuf> {
    let key = |path: &str| folder.join(path).display().to_string();
    let cluster = format!(
        "[cluster]\nurls = [{:?}]\nconfirmation-poll-ms = 200\n",
        sandbox.rpc_url
    );
    let observe = format!("[observe]\nlisten = \"127.0.0.1:{}\"\n", daemon.port());
    let own = match daemon {
        Daemon::Keeper => format!(
            "key = {:?}\nmarkets = [{:?}]\npoll-ms = 200\n",
            key(&sandbox.keeper.key),
            sandbox.market
        ),
    };
    let path = folder.join(daemon.name()).with_extension("toml");
    fs::write(&path, format!("{own}\n{cluster}\n{observe}"))?;
    Ok(path)
}
