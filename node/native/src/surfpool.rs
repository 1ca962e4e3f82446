//! Surfpool, the node itself, as a library: it profiles nothing, so that it keeps its speed.

use std::{net::Ipv4Addr, thread, time::Duration};

use crossbeam_channel::{Receiver, Sender};
use surfpool_core::{
    runloops::start_local_surfnet_runloop,
    surfnet::{
        locker::SurfnetSvmLocker,
        svm::{SurfnetSvm, SurfnetSvmConfig},
    },
};
use surfpool_types::{
    BlockProductionMode, RpcConfig, SimnetCommand, SimnetConfig, SimnetEvent, SurfpoolConfig,
};

use crate::fault::Fault;

/// How long it may take to get ready.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Surfpool {
    pub node: SurfnetSvmLocker,
    pub commands: Sender<SimnetCommand>,
}

/// A node that makes a block every `slot_ms`, on two ports of loopback; waits until it is ready.
///
/// # Errors
/// If it can't run.
pub fn start(slot_ms: u64, (rpc_port, ws_port): (u16, u16)) -> Result<Surfpool, Fault> {
    let (svm, events, geyser) = SurfnetSvm::new(SurfnetSvmConfig {
        slot_time: slot_ms,
        instruction_profiling_enabled: false,
        ..SurfnetSvmConfig::default()
    })
    .map_err(|error| Fault::Surfpool(error.to_string()))?;
    let config = SurfpoolConfig {
        simnets: vec![SimnetConfig {
            // Otherwise it asks a network for accounts that it does not have.
            offline_mode: true,
            remote_rpc_url: None,
            slot_time: slot_ms,
            block_production_mode: BlockProductionMode::Clock,
            instruction_profiling_enabled: false,
            ..SimnetConfig::default()
        }],
        rpc: RpcConfig {
            bind_host: Ipv4Addr::LOCALHOST.to_string(),
            bind_port: rpc_port,
            ws_port,
            ..RpcConfig::default()
        },
        ..SurfpoolConfig::default()
    };
    let node = SurfnetSvmLocker::new(svm);
    let (commands, received) = crossbeam_channel::unbounded();
    let (own, own_commands) = (node.clone(), commands.clone());
    let (failed, failure) = crossbeam_channel::bounded(1);
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build();
        let ended = match runtime {
            Ok(runtime) => runtime
                .block_on(start_local_surfnet_runloop(
                    own,
                    config,
                    own_commands,
                    received,
                    geyser,
                ))
                .map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        let because = ended.err().unwrap_or_else(|| "it has ended".to_owned());
        let _ = failed.send(because);
    });
    wait_until_ready(&events, &failure)?;
    thread::spawn(move || tell(&events));
    thread::spawn(move || {
        if let Ok(because) = failure.recv() {
            eprintln!("node: Surfpool: {because}");
            std::process::exit(1);
        }
    });
    Ok(Surfpool { node, commands })
}

fn wait_until_ready(
    events: &Receiver<SimnetEvent>,
    failure: &Receiver<String>,
) -> Result<(), Fault> {
    loop {
        crossbeam_channel::select! {
            recv(events) -> event => match event {
                Ok(SimnetEvent::CoreStarted(_)) => return Ok(()),
                Ok(event) => say(&event),
                Err(_) => return Err(Fault::Surfpool("it has ended".to_owned())),
            },
            recv(failure) -> because => {
                return Err(Fault::Surfpool(because.unwrap_or_default()));
            }
            default(PATIENCE) => {
                return Err(Fault::Surfpool("it does not get ready".to_owned()));
            }
        }
    }
}

/// Takes all of its events: it waits for whoever has not.
fn tell(events: &Receiver<SimnetEvent>) {
    events.iter().for_each(|event| say(&event));
}

/// What is wrong, and nothing else.
fn say(event: &SimnetEvent) {
    match event {
        SimnetEvent::ErrorLog(_, said) | SimnetEvent::WarnLog(_, said) => {
            eprintln!("node: {said}");
        }
        SimnetEvent::Aborted(said) => eprintln!("node: Surfpool: {said}"),
        _ => {}
    }
}
