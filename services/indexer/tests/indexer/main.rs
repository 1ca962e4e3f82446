//! The indexer against the real programs in a virtual machine, on both databases.

mod api;
mod bills;
mod community;
mod databases;
mod events;
mod gaps;
mod openapi;
mod postgres;
mod proof;
mod rows;
mod versions;
