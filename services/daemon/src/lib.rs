//! What Joulebook's daemons have in common.
//!
//! | module | subject |
//! | --- | --- |
//! | [`clock`] | this machine's time |
//! | [`config`] | configuration from a file and the environment |
//! | [`fees`] | what a wallet pays within a day at most |
//! | [`http`] | an HTTP API for others: bounded in all that they could use up |
//! | [`key`] | secret keys from files or commands, never from arguments |
//! | [`logs`] | structured logs |
//! | [`mqtt`] | how a broker is connected to |
//! | [`observe`] | metrics and health over HTTP |
//! | [`stop`] | a clean stop |
//! | [`tls`] | TLS to servers |

#![forbid(unsafe_code)]

pub mod clock;
pub mod config;
pub mod fees;
pub mod http;
pub mod key;
pub mod logs;
pub mod mqtt;
pub mod observe;
pub mod stop;
pub mod tls;
