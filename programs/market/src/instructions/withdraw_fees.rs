use anchor_lang::prelude::*;
use joulebook_units::Atoms;
use registry::state::Community;

use super::{
    __client_accounts_payout, __cpi_client_accounts_payout, require_authority, Payout, PayoutBumps,
};
use crate::{errors::MarketError, events::FeesWithdrawn};

#[derive(Accounts)]
pub struct WithdrawFees<'info> {
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    pub payout: Payout<'info>,
}

pub fn withdraw_fees(ctx: Context<WithdrawFees>, amount: u64) -> Result<()> {
    let accounts = ctx.accounts;
    require!(amount > 0, MarketError::ZeroAmount);
    accounts.payout.validate()?;
    require_authority(
        &accounts.community,
        &*accounts.payout.market.load()?,
        &accounts.authority,
    )?;
    let money = Atoms(amount).to_milli().ok_or(MarketError::Overflow)?;
    {
        let mut ledger = accounts.payout.ledger.load_mut()?;
        ledger.fees = ledger
            .fees
            .checked_sub(money.0)
            .ok_or(MarketError::NotEnoughFees)?;
    }
    accounts.payout.send(amount)?;
    emit!(FeesWithdrawn {
        market: accounts.payout.market.key(),
        amount,
    });
    Ok(())
}
