use anchor_lang::prelude::*;
use anchor_spl::token_interface::{
    transfer_checked, Mint, TokenAccount, TokenInterface, TransferChecked,
};

use crate::{
    errors::MarketError,
    seeds,
    state::{Ledger, Market},
};

/// The accounts that a payment out of the vault needs.
#[derive(Accounts)]
pub struct Payout<'info> {
    #[account(has_one = vault @ MarketError::OtherMarket, has_one = quote_mint @ MarketError::OtherMint, has_one = token_program @ MarketError::OtherMint)]
    pub market: AccountLoader<'info, Market>,
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut)]
    pub vault: InterfaceAccount<'info, TokenAccount>,
    #[account(mut)]
    pub destination: InterfaceAccount<'info, TokenAccount>,
    pub quote_mint: InterfaceAccount<'info, Mint>,
    pub token_program: Interface<'info, TokenInterface>,
}

impl<'info> Payout<'info> {
    pub fn validate(&self) -> Result<()> {
        require_keys_eq!(
            self.ledger.load()?.market,
            self.market.key(),
            MarketError::OtherMarket
        );
        require_keys_neq!(
            self.destination.key(),
            self.vault.key(),
            MarketError::OtherMarket
        );
        Ok(())
    }

    /// Sends `amount` atoms from the vault to the destination. The ledger must not be borrowed.
    pub fn send(&self, amount: u64) -> Result<()> {
        let (community, bump) = {
            let market = self.market.load()?;
            (market.community, market.bump)
        };
        let signer: &[&[&[u8]]] = &[&[seeds::MARKET, community.as_ref(), &[bump]]];
        let accounts = TransferChecked {
            from: self.vault.to_account_info(),
            mint: self.quote_mint.to_account_info(),
            to: self.destination.to_account_info(),
            authority: self.market.to_account_info(),
        };
        let context = CpiContext::new_with_signer(self.token_program.key(), accounts, signer);
        transfer_checked(context, amount, self.quote_mint.decimals)
    }
}
