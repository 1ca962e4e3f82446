//! Large zero-copy accounts of the programs.
//!
//! Layout: an 8-byte discriminator, a fixed `repr(C)` header, then slices whose lengths the header
//! gives. [`Carver`] cuts the data into those parts, each bounds-checked once. An account starts with at
//! most [`MAX_GROWTH`] bytes and grows by as many in each instruction, so [`grow`] is called until the
//! length its header asks for is reached; only then do the programs load it.

mod carver;
mod grow;

pub use carver::{Carver, DISCRIMINATOR_LEN};
pub use grow::{first_len, grow, MAX_GROWTH};
