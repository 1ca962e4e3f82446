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
    Gateway,
    Agent,
    Indexer,
    /// Simulated: no daemon of a real market.
    Meters,
}

impl Daemon {
    pub const ALL: [Daemon; 5] = [
        Daemon::Keeper,
        Daemon::Gateway,
        Daemon::Agent,
        Daemon::Indexer,
        Daemon::Meters,
    ];

    /// Its command.
    pub fn name(self) -> &'static str {
        match self {
            Daemon::Keeper => "keeper",
            Daemon::Gateway => "gateway",
            Daemon::Agent => "agent",
            Daemon::Indexer => "indexer",
            Daemon::Meters => "meters",
        }
    }

    /// Where it answers metrics and health, on loopback.
    pub fn port(self) -> Option<u16> {
        match self {
            Daemon::Keeper => Some(9101),
            Daemon::Gateway => Some(9102),
            Daemon::Agent => Some(9103),
            Daemon::Indexer => Some(9104),
            Daemon::Meters => None,
        }
    }

    /// Where others ask it for something, or hand something in.
    pub fn url(self) -> Option<&'static str> {
        match self {
            Daemon::Gateway => Some("http://127.0.0.1:9110"),
            Daemon::Indexer => Some("http://127.0.0.1:9105"),
            Daemon::Keeper | Daemon::Agent | Daemon::Meters => None,
        }
    }

    /// The file that it keeps, in the sandbox's folder: true for one chain only.
    pub fn kept(self) -> Option<&'static str> {
        match self {
            Daemon::Gateway => Some("gateway.redb"),
            Daemon::Agent => Some("agent.redb"),
            Daemon::Indexer => Some("indexer.sqlite"),
            Daemon::Keeper | Daemon::Meters => None,
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
        Daemon::Gateway => gateway(folder, sandbox),
        Daemon::Agent => agent(folder, sandbox),
        Daemon::Indexer => indexer(folder, sandbox),
        Daemon::Meters => {
            let state = folder.join("sandbox.json");
            let gateway = Daemon::Gateway
                .url()
                .map(|url| ["--gateway".into(), url.into()]);
            let own = [daemon.name().into(), "--state".into(), state];
            return Ok(own
                .into_iter()
                .chain(gateway.into_iter().flatten())
                .collect());
        }
    };
    let cluster = format!(
        "[cluster]\nurls = [{:?}]\nconfirmation-poll-ms = 200\n",
        sandbox.rpc_url
    );
    let listens = |table: &str, address: &str| format!("\n[{table}]\nlisten = {address:?}\n");
    let http = daemon.url().and_then(|url| url.split_once("//"));
    let http = http.map(|(_, address)| listens("http", address));
    let observe = daemon
        .port()
        .map(|port| listens("observe", &format!("127.0.0.1:{port}")));
    let path = folder.join(daemon.name()).with_extension("toml");
    let tables = [Some(cluster), http, observe].into_iter().flatten();
    fs::write(&path, format!("{own}\n{}", tables.collect::<String>()))?;
    Ok(vec![daemon.name().into(), "--config".into(), path])
}

fn keeper(folder: &Path, sandbox: &Sandbox) -> String {
    format!(
        "key = {}\nmarkets = [{:?}]\npoll-ms = 200\n",
        quoted(folder, &sandbox.keeper.key),
        sandbox.market
    )
}

fn gateway(folder: &Path, sandbox: &Sandbox) -> String {
    let store = Daemon::Gateway.kept().unwrap_or_default();
    format!(
        "key = {}\nmarket = {:?}\nstore = {}\npoll-ms = 200\n",
        quoted(folder, &sandbox.gateway.key),
        sandbox.market,
        quoted(folder, store)
    )
}

/// For whoever names it: all of them are of this machine. Without a lookup table: Surfpool 1.5.0 lists transactions by the addresses
/// that they name, not by those that they look up, and the indexer would find no orders of the agent. Surfpool 1.6.1 and Agave list
/// them by both.
fn agent(folder: &Path, sandbox: &Sandbox) -> String {
    let store = Daemon::Agent.kept().unwrap_or_default();
    format!(
        "key = {}\nmarket = {:?}\nstore = {}\npoll-ms = 200\nsol-price = {SOL_PRICE:?}\nlookup-table = false\n\
         only-listed = false\n",
        quoted(folder, &sandbox.agent.key),
        sandbox.market,
        quoted(folder, store)
    )
}

fn indexer(folder: &Path, sandbox: &Sandbox) -> String {
    let database = Daemon::Indexer.kept().unwrap_or_default();
    format!(
        "database = {}\nmarkets = [{:?}]\npoll-ms = 200\nevents-poll-ms = 1000\n",
        quoted(folder, database),
        sandbox.market
    )
}

/// The path of a file in a folder, as TOML has it.
fn quoted(folder: &Path, file: &str) -> String {
    format!("{:?}", folder.join(file).display().to_string())
}
