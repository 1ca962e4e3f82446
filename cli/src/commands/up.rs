//! `joulebook up`: a whole market on this machine.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::Context;
use clap::Args;
use jiff::{tz::TimeZone, Timestamp, ToSpan};
use joulebook_cluster::{Cluster, ClusterOptions};
use joulebook_daemon::stop;
use joulebook_deployment::{sandbox_authority, Sandbox};
use joulebook_sim::Chain;
use url::Url;

use super::{sandbox::Making, whole_number::whole_number};
use crate::{
    asynchronous,
    command_error::CommandError,
    local::{self, Daemon, Node, Processes, Summary, PAGE_URL},
    output,
};

/// Of a delivery window.
const WINDOW_MINUTES: u32 = 15;
/// Six hours: meters sign several times a day, and something settles soon.
const WINDOWS_PER_PAGE: u16 = 24;
const CORRECTION_HOURS: u32 = 24;
/// How often what is new is looked for.
const POLL: Duration = Duration::from_millis(500);
/// The hour of the day, of UTC, at which the first page starts: the sun shines by then.
const FIRST_HOUR: i64 = 6;
/// Minutes before, at which the clock starts: time enough for everybody to move in.
const FOUNDING_MINUTES: i64 = 20;

/// Bring up a whole market on this machine: node, sandbox community, daemons; and tell what it does.
///
/// A real Solana node runs with a clock that is faster than real time; a community of households is founded on it; daemons move
/// its market along. All of it is in one folder: the state file, keys, configurations, logs. Stops cleanly on Ctrl-C. With --url,
/// another cluster takes the node's place.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  joulebook up                       until Ctrl-C
  joulebook up --speed 300 --windows 12
  joulebook up --url http://127.0.0.1:18899")]
pub struct UpArgs {
    /// Use this cluster, instead of starting a node
    #[arg(long)]
    url: Option<Url>,
    /// Where state, keys, configurations and logs go
    #[arg(long, value_name = "DIR", default_value = "target/sandbox")]
    folder: PathBuf,
    /// Seconds of the chain's time that pass in one
    #[arg(long, default_value_t = 60, value_parser = whole_number::<u16>(1..=1_000))]
    speed: u16,
    /// Port of the node's RPC on loopback; its websocket is on the next one
    #[arg(long, default_value_t = 8899)]
    port: u16,
    /// Households of the community
    #[arg(long, default_value_t = 15, value_parser = whole_number::<u16>(1..=100))]
    households: u16,
    /// Stop once so many windows have cleared; else on Ctrl-C
    #[arg(long, value_parser = whole_number::<usize>(1..=100_000))]
    windows: Option<usize>,
    /// Decides what households draw and feed in
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// # Errors
/// [`CommandError`].
pub fn run(args: &UpArgs) -> Result<(), CommandError> {
    asynchronous::run(bring_up(args))
}

async fn bring_up(args: &UpArgs) -> Result<(), CommandError> {
    let stop = stop::on_signal().context("listening for signals")?;
    fs::create_dir_all(&args.folder)
        .with_context(|| format!("making the folder {}", args.folder.display()))?;
    let folder = args.folder.canonicalize().context("finding the folder")?;
    let state = folder.join("sandbox.json");
    let mut processes = Processes::new(folder.join("logs")).context("making a folder for logs")?;
    let (mut node, url, ws_url) = match &args.url {
        Some(url) => (None, url.clone(), None),
        None => {
            let authority =
                sandbox_authority(&folder).map_err(|error| CommandError::Run(error.into()))?;
            output::note("starting a node");
            let node = Node::start(
                &mut processes,
                (args.port, args.port.saturating_add(1)),
                &clock_start()?,
                &authority.to_string(),
                &Chain::programs_dir(),
            )?;
            // A new node is a new cluster: nothing that daemons kept of the last one is true.
            let kept = Daemon::ALL.into_iter().filter_map(Daemon::kept);
            for kept in kept.chain(["sandbox.json"]) {
                // A database has files beside it.
                for beside in ["", "-wal", "-shm"] {
                    let _ = fs::remove_file(folder.join(format!("{kept}{beside}")));
                }
            }
            let (url, ws_url) = (node.url.clone(), node.ws_url.clone());
            (Some(node), url, Some(ws_url))
        }
    };
    output::note("founding a community");
    let making = Making {
        households: args.households,
        window_minutes: WINDOW_MINUTES,
        windows_per_page: Some(WINDOWS_PER_PAGE),
        correction_hours: CORRECTION_HOURS,
        seed: args.seed,
    };
    let sandbox = tokio::select! {
        founded = making.found(&url, ws_url, &state) => founded?,
        () = stop.cancelled() => return Ok(()),
    };
    if let Some(node) = &mut node {
        node.set_speed(args.speed.into())?;
    }
    for daemon in Daemon::ALL {
        start(&mut processes, &folder, &sandbox, daemon)?;
    }
    let has_page = match local::page_command(&state) {
        Some(mut command) => {
            output::note("starting the web page");
            let started = processes.start("page", &mut command);
            started.context("starting the web page")?;
            true
        }
        None => false,
    };
    output::line(&addresses(&sandbox, &folder, has_page))?;
    let told = tell(args, &sandbox, &mut processes, &stop).await;
    if told.is_ok() {
        let url = Daemon::Indexer.url().unwrap_or_default();
        match local::bills(&sandbox, url).await {
            Ok(bills) => output::line(&bills)?,
            Err(error) => output::note(&format!("no bills: {error:#}")),
        }
    }
    output::note("stopping");
    processes.stop();
    told
}

fn start(
    processes: &mut Processes,
    folder: &Path,
    sandbox: &Sandbox,
    daemon: Daemon,
) -> Result<(), CommandError> {
    let name = daemon.name();
    let arguments = local::arguments(folder, sandbox, daemon)
        .with_context(|| format!("writing the configuration of the {name}"))?;
    let own = std::env::current_exe().context("finding this program")?;
    let mut command = Command::new(own);
    command.args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    output::note(&format!("starting the {name}"));
    processes
        .start(name, &mut command)
        .with_context(|| format!("starting the {name}"))?;
    Ok(())
}

/// Prints what comes of the windows, until there were enough, or somebody stops it.
async fn tell(
    args: &UpArgs,
    sandbox: &Sandbox,
    processes: &mut Processes,
    stop: &tokio_util::sync::CancellationToken,
) -> Result<(), CommandError> {
    let url = sandbox.rpc_url.parse().context("the node's address")?;
    let cluster =
        Cluster::new(ClusterOptions::of(url)).map_err(|error| CommandError::Run(error.into()))?;
    let mut summary = Summary::of(&cluster, sandbox).await?;
    loop {
        for line in summary.news(&cluster).await? {
            output::line(&line)?;
        }
        if let Some(failed) = processes.failed() {
            return Err(CommandError::Run(anyhow::anyhow!(failed)));
        }
        if args
            .windows
            .is_some_and(|enough| summary.windows() >= enough)
        {
            return Ok(());
        }
        tokio::select! {
            () = tokio::time::sleep(POLL) => {}
            () = stop.cancelled() => return Ok(()),
        }
    }
}

fn addresses(sandbox: &Sandbox, folder: &Path, has_page: bool) -> String {
    let page = match has_page {
        true => PAGE_URL,
        false => "not built (`npm run build --workspace @joulebook/app`)",
    };
    let mut lines = vec![
        format!("page       {page}"),
        format!(
            "node       {}  (websocket {})",
            sandbox.rpc_url, sandbox.ws_url
        ),
        format!("market     {}", sandbox.market),
        format!("folder     {}", folder.display()),
    ];
    for daemon in Daemon::ALL {
        let name = daemon.name();
        lines.extend(daemon.url().map(|url| format!("{name:<10} {url}")));
        let shown = |port| format!("{name:<10} http://127.0.0.1:{port}/health and /metrics");
        lines.extend(daemon.port().map(shown));
    }
    lines.join("\n")
}

/// Shortly before the first page of tomorrow: the clock can't be set back.
fn clock_start() -> Result<String, CommandError> {
    let utc = Timestamp::now().to_zoned(TimeZone::UTC);
    let first = utc
        .start_of_day()
        .and_then(|day| day.checked_add(1.day().hours(FIRST_HOUR)));
    let start = first.and_then(|first| first.checked_sub(FOUNDING_MINUTES.minutes()));
    let start = start.context("the clock is at its end")?;
    Ok(start.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}
