//! Two seats bind themselves to each other with a bond each, and an arbiter says who wins the other's. An example of
//! a program that uses the market's door: it holds no tokens and has no vault, the market keeps the money.
//!
//! | instruction | signs | calls of the market |
//! | --- | --- | --- |
//! | `agree` | both owners | `hold`, twice |
//! | `award` | the arbiter | `capture` of the loser's bond, `release` of the winner's |
//! | `dissolve` | both owners | `release`, twice |
#![forbid(unsafe_code)]

use anchor_lang::prelude::*;

mod agree;
mod award;
mod contract;
mod dissolve;
mod settling;

use agree::*;
use award::*;
use dissolve::*;

declare_id!("BondExamp1e11111111111111111111111111111111");

#[program]
pub mod bond {
    use super::*;

    /// Makes the contract; each of the two seats holds `amount` milli-atoms for it.
    pub fn agree(ctx: Context<Agree>, seats: [u16; 2], amount: u64) -> Result<()> {
        agree::agree(ctx, seats, amount)
    }

    /// Ends the contract: seat number `winner` of it, 0 or 1, gets both bonds.
    pub fn award(ctx: Context<Award>, winner: u8) -> Result<()> {
        award::award(ctx, winner)
    }

    /// Ends the contract: each seat gets its own bond back.
    pub fn dissolve(ctx: Context<Dissolve>) -> Result<()> {
        dissolve::dissolve(ctx)
    }
}
