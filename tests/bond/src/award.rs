use anchor_lang::prelude::*;

use crate::{contract::BondError, settling::*};

#[derive(Accounts)]
pub struct Award<'info> {
    #[account(constraint = arbiter.key() == settling.contract.arbiter @ BondError::NotArbiter)]
    pub arbiter: Signer<'info>,
    pub settling: Settling<'info>,
}

pub fn award(ctx: Context<Award>, winner: u8) -> Result<()> {
    let settling = &ctx.accounts.settling;
    let bump = ctx.bumps.settling.program_signer;
    let winner = settling.contract.seats.get(usize::from(winner));
    let winner = *winner.ok_or(BondError::NoSuchWinner)?;
    settling.pay(0, winner, bump)?;
    settling.pay(1, winner, bump)
}
