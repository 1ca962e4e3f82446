use anchor_lang::prelude::*;
use anchor_spl::token_interface::{
    transfer_checked, Mint, TokenAccount, TokenInterface, TransferChecked,
};
use joulebook_common::{accounts, Addressed};

use crate::{
    errors::MarketError,
    signing::signed,
    state::{Ledger, Market},
};

/// The accounts that a payment out of the vault needs.
#[accounts]
pub struct Payout<'info> {
    #[account(constraint = market.load()?.vault == vault.address() @ MarketError::WrongMarket, constraint = market.load()?.quote_mint == quote_mint.address() @ MarketError::WrongMint, constraint = market.load()?.token_program == token_program.address() @ MarketError::WrongTokenProgram)]
    pub market: AccountLoader<'info, Market>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut)]
    pub vault: InterfaceAccount<'info, TokenAccount>,
    #[account(mut, constraint = destination.key() != vault.key() @ MarketError::WrongMarket)]
    pub destination: InterfaceAccount<'info, TokenAccount>,
    pub quote_mint: InterfaceAccount<'info, Mint>,
    pub token_program: Interface<'info, TokenInterface>,
}

impl<'info> Payout<'info> {
    /// Sends `amount` atoms from the vault to the destination. The ledger must not be borrowed.
    pub fn send(&self, amount: u64) -> Result<()> {
        let accounts = TransferChecked {
            from: self.vault.to_account_info(),
            mint: self.quote_mint.to_account_info(),
            to: self.destination.to_account_info(),
            authority: self.market.to_account_info(),
        };
        signed(&self.market, |signer| {
            let context = CpiContext::new_with_signer(self.token_program.key(), accounts, signer);
            transfer_checked(context, amount, self.quote_mint.decimals)
        })
    }
}
