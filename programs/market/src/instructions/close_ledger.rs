use anchor_lang::prelude::*;
use registry::state::Community;

use super::require_authority;
use crate::{
    errors::MarketError,
    state::{Ledger, Market},
};

#[derive(Accounts)]
pub struct CloseLedger<'info> {
    /// Receives the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    #[account(mut, has_one = market @ MarketError::OtherMarket, close = authority)]
    pub ledger: AccountLoader<'info, Ledger>,
}

pub fn close_ledger(ctx: Context<CloseLedger>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut market = accounts.market.load_mut()?;
    require_authority(&accounts.community, &market, &accounts.authority)?;
    let is_empty = {
        let ledger = accounts.ledger.load()?;
        ledger.open_seats == 0 && ledger.fees == 0 && ledger.escrow == 0
    };
    require!(market.windows == 0 && is_empty, MarketError::StillInUse);

    market.has_ledger = 0;
    Ok(())
}
