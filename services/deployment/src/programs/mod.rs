//! Programs on a cluster, through the instructions of the upgradeable loader.
//!
//! Code is written into a buffer whose address follows from the payer and the code, so that an interrupted deployment finds it
//! again and writes what is missing. What a program runs is compared byte for byte.

mod buffer;
mod deployer;
mod error;
mod leftover;
mod program;

pub use deployer::Deployer;
pub use error::ProgramError;
pub use leftover::Leftover;
pub use program::{Program, ProgramStatus};
