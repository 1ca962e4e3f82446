use anchor_lang::prelude::*;
use joulebook_client::{
    market::instructions::{
        CaptureCpi, CaptureCpiAccounts, CaptureInstructionArgs, ReleaseCpi, ReleaseCpiAccounts,
        ReleaseInstructionArgs,
    },
    MARKET_ID,
};

use crate::contract::{BondError, Contract};

/// The accounts that ending a contract needs.
#[derive(Accounts)]
pub struct Settling<'info> {
    #[account(
        mut,
        constraint = contract.market == market.key() @ BondError::WrongMarket,
        // Or the holds of others that trust this program would do as well.
        constraint = contract.holds == [first_hold.key(), second_hold.key()] @ BondError::WrongHold,
        close = payer
    )]
    pub contract: Account<'info, Contract>,
    /// CHECK: gets the contract's rent.
    #[account(mut, address = contract.owners[0])]
    pub payer: UncheckedAccount<'info>,
    /// CHECK: signs for this program alone.
    #[account(seeds = [b"joulebook", market.key().as_ref()], bump)]
    pub program_signer: UncheckedAccount<'info>,
    /// CHECK: the contract's.
    pub market: UncheckedAccount<'info>,
    /// CHECK: the market checks it.
    pub admission: UncheckedAccount<'info>,
    /// CHECK: the market checks it.
    #[account(mut)]
    pub ledger: UncheckedAccount<'info>,
    /// CHECK: the contract's.
    #[account(mut)]
    pub first_hold: UncheckedAccount<'info>,
    /// CHECK: the contract's.
    #[account(mut)]
    pub second_hold: UncheckedAccount<'info>,
    /// CHECK: no other program than the market.
    #[account(address = MARKET_ID)]
    pub market_program: UncheckedAccount<'info>,
}

impl Settling<'_> {
    /// Gives the bond of seat number `of` of the contract to the seat `to`: captures it, or releases it if that is
    /// the seat it came from.
    pub fn pay(&self, of: usize, to: u16, bump: u8) -> Result<()> {
        let Contract { amount, seats, .. } = *self.contract;
        let hold = [&self.first_hold, &self.second_hold][of];
        let market = self.market.key();
        let signer: &[&[&[u8]]] = &[&[b"joulebook", market.as_ref(), &[bump]]];
        if to == seats[of] {
            let held = ReleaseCpiAccounts {
                program_signer: &self.program_signer,
                market: &self.market,
                admission: &self.admission,
                ledger: &self.ledger,
                hold,
            };
            let args = ReleaseInstructionArgs { amount };
            ReleaseCpi::new(&self.market_program, held, args).invoke_signed(signer)?;
        } else {
            let held = CaptureCpiAccounts {
                program_signer: &self.program_signer,
                market: &self.market,
                admission: &self.admission,
                ledger: &self.ledger,
                hold,
            };
            let args = CaptureInstructionArgs {
                amount,
                to_seat: to,
            };
            CaptureCpi::new(&self.market_program, held, args).invoke_signed(signer)?;
        }
        Ok(())
    }
}
