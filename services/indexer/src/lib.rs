//! Keeps the history of markets beyond the chain's rings, and answers for it.
//!
//! | module | subject |
//! | --- | --- |
//! | [`configuration`] | what an indexer needs |
//! | [`view`] | all accounts of a market, decoded |
//! | [`rows`] | what the database holds |
//! | [`changes`](mod@changes) | what is to be written, from accounts alone |
//! | [`told`] | what events tell that accounts don't keep |
//! | [`store`] | SQLite or PostgreSQL |
//! | [`writing`] | what the database has of a market, and what is to be written next |
//! | [`indexing`], [`following`] | the loops of one market: accounts, events |
//! | [`bill`], [`month`](mod@month) | what a household pays, and when |
//! | [`copies`] | copies of all rows in ClickHouse |
//! | [`proof`] | a bill from accounts, transactions and device signatures alone |
//! | [`api`] | questions over HTTP |
//! | [`run`](mod@run) | all of it together |

#![forbid(unsafe_code)]

pub mod api;
pub mod bill;
pub mod changes;
pub mod configuration;
pub mod copies;
mod figures;
pub mod following;
pub mod indexing;
pub mod month;
pub mod proof;
pub mod rows;
pub mod run;
pub mod store;
pub mod told;
pub mod view;
pub mod writing;

pub use api::decimal;
pub use configuration::Configuration;
pub use run::run;
