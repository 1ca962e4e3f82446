use std::{
    fs, io,
    path::{Path, PathBuf},
};

use joulebook_deployment::Sandbox;

/// Test tokens that a SOL costs.
const SOL_PRICE: f64 = 150.0;

/// A daemon that can be started beside a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Daemon {
    Keeper,
    Agent,
    /// Simulated: no daemon of a real market.
    Meters,
}

impl Daemon {
    pub const ALL: [Daemon; 3] = [Daemon::Keeper, Daemon::Agent, Daemon::Meters];

    /// Its command.
    pub fn name(self) -> &'static str {
        match self {
            Daemon::Keeper => "keeper",
            Daemon::Agent => "agent",
            Daemon::Meters => "meters",
        }
    }

    /// Where it answers metrics and health, on loopback.
    pub fn port(self) -> Option<u16> {
        match self {
            Daemon::Keeper => Some(9101),
            Daemon::Agent => Some(9103),
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
    let own = match daemon {
        Daemon::Keeper => keeper(folder, sandbox),
        Daemon::Agent => agent(folder, sandbox),
        Daemon::Meters => {
            let state = folder.join("sandbox.json");
            return Ok(vec![daemon.name().into(), "--state".into(), state]);
        }
    };
    let cluster = format!(
        "[cluster]\nurls = [{:?}]\nconfirmation-poll-ms = 200\n",
        sandbox.rpc_url
    );
    let observe = daemon
        .port()
        .map(|port| format!("\n[observe]\nlisten = \"127.0.0.1:{port}\"\n"));
    let path = folder.join(daemon.name()).with_extension("toml");
    fs::write(
        &path,
        format!("{own}\n{cluster}{}", observe.unwrap_or_default()),
    )?;
    Ok(vec![daemon.name().into(), "--config".into(), path])
}

fn keeper(folder: &Path, sandbox: &Sandbox) -> String {
    format!(
        "key = {:?}\nmarkets = [{:?}]\npoll-ms = 200\n",
        folder.join(&sandbox.keeper.key).display().to_string(),
        sandbox.market
    )
}

fn agent(folder: &Path, sandbox: &Sandbox) -> String {
    format!(
        "key = {:?}\nmarket = {:?}\nstore = {:?}\npoll-ms = 200\nsol-price = {SOL_PRICE:?}\n",
        folder.join(&sandbox.agent.key).display().to_string(),
        sandbox.market,
        folder.join("agent.redb").display().to_string()
    )
}
