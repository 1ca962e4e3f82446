//! A Solana node on this machine, with Joulebook's programs, that keeps its speed however much it has seen: see node/README.md.
//!
//! The options and what it prints are those of node/main.mjs: one line of JSON on stdout says that it is ready, everything else goes
//! to stderr.

mod clock;
mod control;
mod fault;
mod options;
mod ports;
mod programs;
mod surfpool;

use std::{io::Write, process::exit, sync::Arc, thread};

use clap::Parser;
use serde_json::json;

use clock::Clock;
use fault::Fault;
use options::Options;

#[tokio::main]
async fn main() {
    let options = Options::parse();
    if let Err(fault) = run(&options).await {
        eprintln!("node: {fault}");
        exit(fault.exit_code());
    }
}

async fn run(options: &Options) -> Result<(), Fault> {
    let programs = programs::read(&options.programs)?;
    let start = options.start_seconds()?;
    let ports = ports::free(options.rpc_port, options.ws_port)?;
    let surfpool = surfpool::start(options.slot_ms, ports)?;
    // Time first: programs are loaded in the slot that is then the current one.
    let clock = Clock::begin(
        surfpool.node.clone(),
        surfpool.commands.clone(),
        start,
        options.speed,
    )?;
    let clock = Arc::new(clock);
    for program in &programs {
        programs::load(&surfpool.node, program, options.upgrade_authority).await?;
        eprintln!("node: {} is at {}", program.name, program.address);
    }
    let genesis = surfpool.node.get_genesis_hash(&None).await;
    let genesis = genesis.map_err(|error| Fault::Surfpool(error.to_string()))?;
    let addresses = programs
        .iter()
        .map(|program| (program.name.to_owned(), json!(program.address.to_string())));
    let ready = json!({
        "rpcUrl": format!("http://127.0.0.1:{}", ports.0),
        "wsUrl": format!("ws://127.0.0.1:{}", ports.1),
        "genesisHash": genesis.inner.to_string(),
        "pid": std::process::id(),
        "programs": addresses.collect::<serde_json::Map<_, _>>(),
    });
    let running = Arc::clone(&clock);
    thread::spawn(move || {
        let fault = running.run();
        eprintln!("node: {fault}");
        exit(fault.exit_code());
    });
    if options.control {
        thread::spawn(move || {
            control::listen(std::io::stdin().lock(), &clock);
            end("the end of its input");
        });
    }
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{ready}")?;
    stdout.flush()?;
    tokio::select! {
        _ = terminated.recv() => end("SIGTERM"),
        interrupted = tokio::signal::ctrl_c() => {
            interrupted?;
            end("SIGINT")
        }
    }
}

/// Nothing is kept, so nothing needs to be put away.
fn end(because: &str) -> ! {
    eprintln!("node: stopped by {because}");
    exit(0)
}
