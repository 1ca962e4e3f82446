//! What a market may be: its mint, its sizes, its terms.

mod mint;
mod terms;

pub use mint::validate_mint;
pub use terms::*;
