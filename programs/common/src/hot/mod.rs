//! Instructions that come before Anchor's dispatch.
//!
//! Their accounts and arguments are taken where they lie. What Anchor would check, [`Accounts`] checks, with the same
//! errors. `#[accounts]` and `#[program]` of `programs/macros` write the calls.

mod accounts;
mod arguments;
mod entry;

pub use accounts::{Accounts, HotAccounts, Readable, Signer, TakeAccount, Writable};
pub use arguments::{Argument, Arguments};
pub use entry::{answer, discriminator, dispatch, parts};

/// What a hot instruction is called with, as `Context` is for a cold one.
pub struct Hot<T: HotAccounts> {
    pub accounts: T::Taken,
}
