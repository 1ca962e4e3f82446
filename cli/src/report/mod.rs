//! What came of a simulation, for people.

mod cost;
mod length;
mod pages;
mod render;
mod rent;
mod statement;

pub use pages::render_pages;
pub use render::render;
pub use rent::render_account_rents;
pub use statement::render_statement;
