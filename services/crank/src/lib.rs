//! Moves a market by a permissionless crank, TukTuk: what its windows and pages need is queued ahead as tasks, which anyone runs
//! for their reward. No process has to be there when a window opens or ends.
//!
//! | module | subject |
//! | --- | --- |
//! | [`configuration`] | what it needs |
//! | [`tuktuk`] | TukTuk's accounts and instructions |
//! | [`plan`](mod@plan) | a market's steps ahead, as tasks |
//! | [`queueing`] | what of it is queued, and how the rest is |
//! | [`cost`] | what it costs |
//! | [`crank`] | reads and sends |

#![forbid(unsafe_code)]

pub mod configuration;
pub mod cost;
pub mod crank;
pub mod plan;
pub mod queueing;
pub mod tuktuk;

pub use configuration::Configuration;
pub use crank::Crank;
