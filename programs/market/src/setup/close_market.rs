use anchor_lang::prelude::*;
use anchor_spl::token_interface::{close_account, CloseAccount, TokenAccount, TokenInterface};

use joulebook_common::{accounts, emit_numbered, Addressed};

use crate::{
    errors::MarketError,
    events::MarketClosed,
    signing::signed,
    state::{Community, Market},
};

#[accounts]
pub struct CloseMarket<'info> {
    /// Receives the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    pub community: AccountLoader<'info, Community>,
    #[account(
        mut,
        constraint = market.load()?.vault == vault.address() @ MarketError::WrongMarket,
        constraint = market.load()?.token_program == token_program.address() @ MarketError::WrongTokenProgram,
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority,
        close = authority
    )]
    pub market: AccountLoader<'info, Market>,
    #[account(mut)]
    pub vault: InterfaceAccount<'info, TokenAccount>,
    pub token_program: Interface<'info, TokenInterface>,
}

pub fn close_market(ctx: Context<CloseMarket>) -> Result<()> {
    let accounts = ctx.accounts;
    let in_use = {
        let market = accounts.market.load()?;
        market.book_accounts > 0
            || market.page_accounts > 0
            || market.has_ledger != 0
            || market.has_history != 0
            || market.has_standing_orders != 0
            || accounts.vault.amount > 0
    };
    require!(!in_use, MarketError::StillInUse);
    let close = CloseAccount {
        account: accounts.vault.to_account_info(),
        destination: accounts.authority.to_account_info(),
        authority: accounts.market.to_account_info(),
    };
    signed(&accounts.market, |signer| {
        close_account(CpiContext::new_with_signer(
            accounts.token_program.key(),
            close,
            signer,
        ))
    })?;
    emit_numbered!(
        &mut *accounts.market.load_mut()?,
        MarketClosed {
            market: accounts.market.key(),
        }
    );
    Ok(())
}
