//! Takes signed readings and profiles in, keeps them, and brings them to the oracle.
//!
//! | module | subject |
//! | --- | --- |
//! | [`configuration`] | what a gateway needs |
//! | [`message`] | what meters sign, as it is handed in |
//! | [`intake`] | what is refused at once, and what is kept |
//! | [`fate`] | what became of a message |
//! | [`rules`] | what the oracle will say, by its accounts |
//! | [`store`] | what must outlive a process |
//! | [`decision`], [`batch`] | what is to be sent, in which transactions |
//! | [`view`], [`seen`] | what the chain says, and how old that is |
//! | [`chain_clock`] | which clock of the chain is believed |
//! | `rest` | what was refused is tried again later |
//! | [`delivery`] | sends, and finds out what became of it |
//! | [`api`], `gate`, [`mqtt`] | over HTTP, and from a broker |
//! | [`adapter`], [`device`] | meters as they are, and the keys that sign for them |
//! | [`forward`] | to the next gateway |
//! | [`client`] | asks a gateway over HTTP |
//! | [`vectors`](mod@vectors), [`mod@explain`] | for whoever builds a device |
//! | `figures` | what it says of itself |
//! | [`run`](mod@run) | all of it together |

#![forbid(unsafe_code)]

pub mod adapter;
pub mod api;
pub mod batch;
pub mod chain_clock;
pub mod client;
pub mod configuration;
pub mod decision;
pub mod delivery;
pub mod device;
pub mod explain;
pub mod fate;
mod figures;
pub mod forward;
mod gate;
pub mod intake;
pub mod message;
pub mod mqtt;
mod rest;
pub mod rules;
pub mod run;
pub mod seen;
pub mod store;
pub mod vectors;
pub mod view;

pub use client::GatewayClient;
pub use configuration::Configuration;
pub use run::run;
