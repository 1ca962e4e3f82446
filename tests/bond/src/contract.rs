use anchor_lang::prelude::*;

/// Address: `["contract", market, first seat, second seat]`.
#[account]
#[derive(InitSpace)]
pub struct Contract {
    pub market: Pubkey,
    /// Says who wins.
    pub arbiter: Pubkey,
    /// Of the two seats. The first one's paid the rent.
    pub owners: [Pubkey; 2],
    /// Where the bonds are.
    pub holds: [Pubkey; 2],
    pub seats: [u16; 2],
    /// Each one's bond, milli-atoms.
    pub amount: u64,
}

/// Codes that no program of Joulebook has.
#[error_code(offset = 7000)]
pub enum BondError {
    #[msg("Only the contract's arbiter may do this; sign with the arbiter's key")]
    NotArbiter,
    #[msg("Only the owners of both seats may do this together; sign with both keys")]
    NotOwners,
    #[msg("The contract is of another market; pass its own")]
    WrongMarket,
    #[msg("These are not the contract's holds; pass them in its order")]
    WrongHold,
    #[msg("There are two seats; choose 0 or 1")]
    NoSuchWinner,
}
