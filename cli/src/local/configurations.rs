use std::{
    fs, io,
    path::{Path, PathBuf},
};

use joulebook_deployment::Sandbox;

/// A daemon that can be started beside a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Daemon {
    Keeper,
    /// Simulated: no daemon of a real market.
    Meters,
}

impl Daemon {
    pub const ALL: [Daemon; 2] = [Daemon::Keeper, Daemon::Meters];

    /// Its command.
    pub fn name(self) -> &'static str {
        match self {
            Daemon::Keeper => "keeper",
            Daemon::Meters => "meters",
        }
    }

    /// Where it answers metrics and health, on loopback.
    pub fn port(self) -> Option<u16> {
        match self {
            Daemon::Keeper => Some(9101),
            Daemon::Meters => None,
        }
    }
}

/// The arguments of a daemon that works in a sandbox, whose state file is `folder`'s `sandbox.json`; writes its configuration, if
/// it has one.
///
/// # Errors
/// Those of the file.
pub fn arguments(folder: &Path, sandbox: &Sandbox, daemon: Daemon) -> io::Result<Vec<PathBuf>> {
    let (option, path) = match daemon {
        Daemon::Keeper => ("--config", write_keeper(folder, sandbox)?),
        Daemon::Meters => ("--state", folder.join("sandbox.json")),
    };
    Ok(vec![daemon.name().into(), option.into(), path])
}

fn write_keeper(folder: &Path, sandbox: &Sandbox) -> io::Result<PathBuf> {
    let key = |path: &str| folder.join(path).display().to_string();
    let cluster = format!(
        "[cluster]\nurls = [{:?}]\nconfirmation-poll-ms = 200\n",
        sandbox.rpc_url
    );
    let port = Daemon::Keeper.port().unwrap_or_default();
    let observe = format!("[observe]\nlisten = \"127.0.0.1:{port}\"\n");
    let own = format!(
        "key = {:?}\nmarkets = [{:?}]\npoll-ms = 200\n",
        key(&sandbox.keeper.key),
        sandbox.market
    );
    let path = folder.join("keeper.toml");
    fs::write(&path, format!("{own}\n{cluster}\n{observe}"))?;
    Ok(path)
}
