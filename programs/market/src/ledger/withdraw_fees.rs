use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, Addressed};
use joulebook_units::Atoms;

use crate::{errors::MarketError, events::FeesWithdrawn, payout::*, state::Community};

#[accounts]
pub struct WithdrawFees<'info> {
    pub authority: Signer<'info>,
    #[account(
        constraint = payout.market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority
    )]
    pub community: AccountLoader<'info, Community>,
    pub payout: Payout<'info>,
}

pub fn withdraw_fees(ctx: Context<WithdrawFees>, amount: u64) -> Result<()> {
    let accounts = ctx.accounts;
    require!(amount > 0, MarketError::ZeroAmount);
    let money = Atoms(amount).to_milli().ok_or(MarketError::Overflow)?;
    {
        let mut ledger = accounts.payout.ledger.load_mut()?;
        ledger.fees = ledger
            .fees
            .checked_sub(money.0)
            .ok_or(MarketError::NotEnoughFees)?;
        ledger.money = ledger
            .money
            .checked_sub(money.0)
            .ok_or(MarketError::Broken)?;
    }
    accounts.payout.send(amount)?;
    emit_numbered!(
        &mut *accounts.payout.ledger.load_mut()?,
        FeesWithdrawn {
            market: accounts.payout.market.key(),
            amount,
        }
    );
    Ok(())
}
