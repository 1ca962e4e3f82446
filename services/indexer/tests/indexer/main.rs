//! The indexer against the real programs in a virtual machine, on both databases.

mod api;
mod bills;
mod clickhouse;
mod community;
mod copies;
mod databases;
mod events;
mod gaps;
mod load;
mod openapi;
mod postgres;
mod proof;
mod rows;
mod servers;
mod versions;
