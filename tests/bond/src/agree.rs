use anchor_lang::prelude::*;
use joulebook_client::{
    market::instructions::{HoldCpi, HoldCpiAccounts, HoldInstructionArgs},
    MARKET_ID,
};

use crate::contract::Contract;

#[derive(Accounts)]
#[instruction(seats: [u16; 2])]
pub struct Agree<'info> {
    #[account(mut)]
    pub first: Signer<'info>,
    #[account(mut)]
    pub second: Signer<'info>,
    /// CHECK: whoever the two agree on.
    pub arbiter: UncheckedAccount<'info>,
    #[account(
        init,
        payer = first,
        space = Contract::DISCRIMINATOR.len() + Contract::INIT_SPACE,
        seeds = [b"contract", market.key().as_ref(), &seats[0].to_le_bytes(), &seats[1].to_le_bytes()],
        bump
    )]
    pub contract: Account<'info, Contract>,
    /// CHECK: the market program checks it, as the others that are passed on to it.
    pub market: UncheckedAccount<'info>,
    /// CHECK: this program's own. Held for another, the bonds would be out of reach.
    #[account(
        mut,
        seeds = [b"admission", market.key().as_ref(), crate::ID.as_ref()],
        bump,
        seeds::program = MARKET_ID
    )]
    pub admission: UncheckedAccount<'info>,
    /// CHECK: as `market`.
    #[account(mut)]
    pub ledger: UncheckedAccount<'info>,
    /// CHECK: as `market`.
    #[account(mut)]
    pub first_hold: UncheckedAccount<'info>,
    /// CHECK: as `market`.
    #[account(mut)]
    pub second_hold: UncheckedAccount<'info>,
    /// CHECK: no other program than the market.
    #[account(address = MARKET_ID)]
    pub market_program: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn agree(ctx: Context<Agree>, seats: [u16; 2], amount: u64) -> Result<()> {
    let accounts = ctx.accounts;
    *accounts.contract = Contract {
        market: accounts.market.key(),
        arbiter: accounts.arbiter.key(),
        owners: [accounts.first.key(), accounts.second.key()],
        holds: [accounts.first_hold.key(), accounts.second_hold.key()],
        seats,
        amount,
    };
    // An owner's signature goes on to the market: nobody else can set the money aside.
    let parties = [
        (&accounts.first, &accounts.first_hold),
        (&accounts.second, &accounts.second_hold),
    ];
    for ((owner, hold), seat) in parties.into_iter().zip(seats) {
        let held = HoldCpiAccounts {
            owner: owner.as_ref(),
            market: &accounts.market,
            admission: &accounts.admission,
            ledger: &accounts.ledger,
            hold,
            system_program: accounts.system_program.as_ref(),
        };
        let args = HoldInstructionArgs { seat, amount };
        HoldCpi::new(&accounts.market_program, held, args).invoke()?;
    }
    Ok(())
}
