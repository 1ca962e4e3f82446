use anchor_lang::prelude::*;
use anchor_spl::token_interface::{close_account, CloseAccount, TokenAccount, TokenInterface};
use registry::state::Community;

use super::require_authority;
use crate::{errors::MarketError, events::MarketClosed, seeds, state::Market};

#[derive(Accounts)]
pub struct CloseMarket<'info> {
    /// Receives the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(
        mut,
        has_one = vault @ MarketError::OtherMarket,
        has_one = token_program @ MarketError::OtherMint,
        close = authority
    )]
    pub market: AccountLoader<'info, Market>,
    #[account(mut)]
    pub vault: InterfaceAccount<'info, TokenAccount>,
    pub token_program: Interface<'info, TokenInterface>,
}

pub fn close_market(ctx: Context<CloseMarket>) -> Result<()> {
    let accounts = ctx.accounts;
    let (community, bump) = {
        let market = accounts.market.load()?;
        require_authority(&accounts.community, &market, &accounts.authority)?;
        let in_use = market.windows > 0
            || market.has_ledger != 0
            || market.has_history != 0
            || accounts.vault.amount > 0;
        require!(!in_use, MarketError::StillInUse);
        (market.community, market.bump)
    };
    let signer: &[&[&[u8]]] = &[&[seeds::MARKET, community.as_ref(), &[bump]]];
    close_account(CpiContext::new_with_signer(
        accounts.token_program.key(),
        CloseAccount {
            account: accounts.vault.to_account_info(),
            destination: accounts.authority.to_account_info(),
            authority: accounts.market.to_account_info(),
        },
        signer,
    ))?;
    emit!(MarketClosed {
        market: accounts.market.key(),
    });
    Ok(())
}
