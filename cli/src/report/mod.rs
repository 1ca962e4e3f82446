//! What came of a simulation, for people.

mod render;
mod rent;

pub use render::render;
pub use rent::render_account_rents;
