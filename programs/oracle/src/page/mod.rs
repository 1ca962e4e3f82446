//! Slots of the page ring.

mod carry_retired;
mod close_page;
mod create_page;
mod finish_page;
mod open_page;
mod replace_values;

pub use close_page::*;
pub use create_page::*;
pub use finish_page::*;
pub use open_page::*;
pub use replace_values::*;
