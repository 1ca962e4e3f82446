//! Daemons as processes, on a real node of this machine: they are killed, and what they talk to drops, delays, repeats and lies.
//!
//! Short by default. `JOULEBOOK_SERVICE_WINDOWS` says how many windows the long runs take, `JOULEBOOK_SERVICE_SEED` repeats one.

// The local node is for this kind of machine alone.
#![cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]

mod admin;
mod day;
mod deployment;
#[path = "../described/mod.rs"]
mod described;
mod founding;
mod gateway;
mod home;
mod indexer;
mod keepers;
mod load;
mod measured;
#[path = "../../../services/gateway/tests/gateway/mosquitto.rs"]
mod mosquitto;
mod node;
mod observed;
mod outlived;
mod process;
mod proxy;
mod replay;
mod ways;
mod world;

/// How many windows a run takes.
fn windows(short: usize) -> usize {
    let asked = std::env::var("JOULEBOOK_SERVICE_WINDOWS").ok();
    asked
        .and_then(|windows| windows.parse().ok())
        .unwrap_or(short)
}

/// Decides all that is random; printed, so that a run can be repeated.
fn seed() -> u64 {
    let asked = std::env::var("JOULEBOOK_SERVICE_SEED").ok();
    let now = || {
        let since = std::time::UNIX_EPOCH.elapsed();
        since.map_or(0, |since| since.as_secs())
    };
    let seed = asked.and_then(|seed| seed.parse().ok()).unwrap_or_else(now);
    println!("JOULEBOOK_SERVICE_SEED={seed} repeats this run");
    seed
}
