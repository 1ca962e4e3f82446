//! Pages: what windows leave behind, and how each position in them is settled.

mod finish_page;
mod open_page;
mod post_prices;
mod settle;

pub use finish_page::*;
pub use open_page::*;
pub use post_prices::*;
pub use settle::*;
