use anchor_lang::prelude::*;

use crate::{contract::BondError, settling::*};

#[derive(Accounts)]
pub struct Dissolve<'info> {
    pub first: Signer<'info>,
    #[account(constraint = settling.contract.owners == [first.key(), second.key()] @ BondError::NotOwners)]
    pub second: Signer<'info>,
    pub settling: Settling<'info>,
}

pub fn dissolve(ctx: Context<Dissolve>) -> Result<()> {
    let settling = &ctx.accounts.settling;
    let bump = ctx.bumps.settling.program_signer;
    let [first, second] = settling.contract.seats;
    settling.pay(0, first, bump)?;
    settling.pay(1, second, bump)
}
