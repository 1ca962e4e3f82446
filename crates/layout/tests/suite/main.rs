//! The layouts, from outside: accounts cut into their rows, and what headers and rows say of themselves.

mod address;
mod book;
mod interval_page;
mod market;
mod meter_table;
mod order;
mod page;
mod phase;
mod seat;
mod tables;
