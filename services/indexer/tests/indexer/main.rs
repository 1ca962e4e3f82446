//! The indexer against the real programs in a virtual machine, on both databases.

mod api;
mod bills;
mod clickhouse;
mod community;
mod copies;
mod corrections;
mod databases;
mod endings;
mod endpoints;
mod events;
mod gaps;
mod load;
mod node;
mod openapi;
mod outages;
mod postgres;
mod proof;
mod questions;
mod rows;
mod servers;
mod versions;
