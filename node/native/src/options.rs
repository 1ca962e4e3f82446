use std::path::PathBuf;

use clap::Parser;
use jiff::Timestamp;
use solana_pubkey::Pubkey;

use crate::fault::Fault;

/// Slots that the clock is moved at the start. The first step counts slots from 0 and not from 31, where Surfpool begins: to less
/// than that, and the finalized slot is below zero.
const FIRST_SLOTS: i64 = 64;
/// That a start lies ahead at least of what is possible, for whoever passes what a message says.
const AHEAD_SECONDS: i64 = 5;
const MS_PER_SECOND: i64 = 1_000;

/// A Solana node on this machine, with Joulebook's programs, that keeps its speed: for load and soak.
///
/// The options and what it prints are those of node/main.mjs.
#[derive(Debug, Parser)]
pub struct Options {
    /// JSON-RPC over HTTP, on loopback; 0 for any that is free
    #[arg(long, default_value_t = 8899)]
    pub rpc_port: u16,
    /// Subscriptions over websockets, on loopback; 0 for any that is free
    #[arg(long, default_value_t = 8900)]
    pub ws_port: u16,
    /// Milliseconds between two blocks
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u64).range(20..=10_000))]
    pub slot_ms: u64,
    /// Seconds of the chain's time in a second, 1 to 3600
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,
    /// Where the chain's clock starts, such as 2027-03-01T00:00:00Z [default: now]
    #[arg(long)]
    start: Option<Timestamp>,
    /// Where registry.so, oracle.so and market.so are
    #[arg(long, value_name = "FOLDER", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/deploy"))]
    pub programs: PathBuf,
    /// Who may upgrade the programs [default: nobody]
    #[arg(long, value_name = "ADDRESS")]
    pub upgrade_authority: Option<Pubkey>,
    /// Take lines such as "speed 60" from stdin, and stop when it ends
    #[arg(long)]
    pub control: bool,
}

impl Options {
    /// Where the chain's clock starts, unix seconds.
    ///
    /// # Errors
    /// If the clock can't be there any more.
    pub fn start_seconds(&self) -> Result<i64, Fault> {
        let slot_ms = i64::try_from(self.slot_ms).unwrap_or(i64::MAX);
        let ahead = FIRST_SLOTS.saturating_mul(slot_ms) / MS_PER_SECOND;
        let earliest = Timestamp::now().as_second().saturating_add(ahead + 1);
        let Some(start) = self.start else {
            return Ok(earliest);
        };
        if start.as_second() < earliest {
            let possible = earliest.saturating_add(AHEAD_SECONDS);
            let possible = Timestamp::from_second(possible).unwrap_or(Timestamp::MAX);
            return Err(Fault::Option {
                option: "--start",
                because: format!("too early, since the chain's clock can't be set back; pass {possible} or later"),
            });
        }
        Ok(start.as_second())
    }
}

/// How fast a clock may be.
///
/// # Errors
/// What is wrong with it.
pub fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if (1.0..=3_600.0).contains(&speed) => Ok(speed),
        _ => Err("a number from 1 to 3600".to_owned()),
    }
}
