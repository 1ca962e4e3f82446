//! The indexer against the real programs in a virtual machine, on both databases.

mod api;
mod bills;
mod community;
mod databases;
mod endings;
mod endpoints;
mod events;
mod gaps;
mod node;
mod openapi;
mod outages;
mod postgres;
mod proof;
mod questions;
mod rows;
mod versions;
