//! What money may depend on: contracts, entries and prices alone (docs/architecture.md, Invariants). The same story is told
//! several times, and only what must not matter differs.

mod another_meter;
mod any_order;
mod late;
mod provisional;
mod story;
mod withheld;

use story::{Ending, Story, Telling};
