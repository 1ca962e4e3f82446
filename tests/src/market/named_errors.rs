//! Names for what the market and the token programs answer.

use joulebook_client::market::errors::MarketError;
use joulebook_sim::Failure;

use crate::refused::NamedError;

impl NamedError for MarketError {
    fn failure(self) -> Failure {
        Failure::Market(self)
    }
}

/// Errors of the token programs.
pub mod token {
    use joulebook_sim::Failure;

    pub const NOT_ENOUGH: Failure = Failure::Custom(1);
    pub const OTHER_MINT: Failure = Failure::Custom(3);
    pub const NOT_OWNER: Failure = Failure::Custom(4);
    /// A transfer fee is waiting in the account: harvest it to the mint first.
    pub const FEES_WITHHELD: Failure = Failure::Custom(35);
}
