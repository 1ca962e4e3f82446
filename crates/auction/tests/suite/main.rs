//! The auction engine, from outside: examples, other systems' cases, and properties against models that
//! are slow and obvious.

mod any_input;
mod book_errors;
mod book_upkeep;
mod clearing_model;
mod examples;
mod fills;
mod huge_quantities;
mod model;
mod outside_cases;
mod price_interval;
mod rationing;
mod support;
mod traps;
