use anchor_lang::prelude::*;
use anchor_spl::token_interface::{
    transfer_checked, Mint, TokenAccount, TokenInterface, TransferChecked,
};
use joulebook_common::{accounts, emit_numbered, Addressed};
use joulebook_units::Atoms;

use crate::{
    errors::MarketError,
    events::Deposited,
    settlement::report_set_off,
    state::{Ledger, LedgerView, Market},
};

/// What all money together may not reach, milli-atoms: the bound of `joulebook_units::bounded_total`.
pub const MOST_MONEY: u64 = 1 << 62;

#[accounts]
pub struct Deposit<'info> {
    /// Owns or is delegate of `source`; need not be the seat's owner.
    pub depositor: Signer<'info>,
    #[account(constraint = market.load()?.vault == vault.address() @ MarketError::WrongMarket, constraint = market.load()?.quote_mint == quote_mint.address() @ MarketError::WrongMint, constraint = market.load()?.token_program == token_program.address() @ MarketError::WrongTokenProgram)]
    pub market: AccountLoader<'info, Market>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut)]
    pub source: InterfaceAccount<'info, TokenAccount>,
    #[account(mut)]
    pub vault: InterfaceAccount<'info, TokenAccount>,
    pub quote_mint: InterfaceAccount<'info, Mint>,
    pub token_program: Interface<'info, TokenInterface>,
}

impl<'info> Deposit<'info> {
    /// Moves the tokens; returns what arrived in the vault, which a transfer fee may make less.
    fn receive(&mut self, amount: u64) -> Result<u64> {
        let before = self.vault.amount;
        let accounts = TransferChecked {
            from: self.source.to_account_info(),
            mint: self.quote_mint.to_account_info(),
            to: self.vault.to_account_info(),
            authority: self.depositor.to_account_info(),
        };
        let context = CpiContext::new(self.token_program.key(), accounts);
        transfer_checked(context, amount, self.quote_mint.decimals)?;
        self.vault.reload()?;
        Ok(self.vault.amount.saturating_sub(before))
    }
}

pub fn deposit(ctx: Context<Deposit>, seat: u16, amount: u64) -> Result<()> {
    let accounts = ctx.accounts;
    require!(amount > 0, MarketError::ZeroAmount);
    let arrived = accounts.receive(amount)?;
    require!(arrived > 0, MarketError::NothingArrived);
    let money = Atoms(arrived).to_milli().ok_or(MarketError::Overflow)?;
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let mut ledger = LedgerView::load(&mut data)?;
    // With all of it within a bound, so is every sum of money inside: nothing that counts it can fail. What the vault
    // was given without a deposit is not counted: a gift must not keep anybody out.
    ledger.header.money = ledger
        .header
        .money
        .checked_add(money.0)
        .filter(|money| *money < MOST_MONEY)
        .ok_or(MarketError::Overflow)?;
    let record = ledger.open_seat(seat)?;
    record.credit(money.0).ok_or(MarketError::Overflow)?;
    let set_off = ledger.set_off_for(seat)?;
    let debt_paid = ledger.pay_debt(seat)?;
    report_set_off(ledger.header, accounts.market.key(), set_off);
    emit_numbered!(
        ledger.header,
        Deposited {
            market: accounts.market.key(),
            seat,
            amount: arrived,
            debt_paid,
        }
    );
    Ok(())
}
