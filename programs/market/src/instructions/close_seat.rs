use anchor_lang::prelude::*;

use super::owned_seat;
use crate::{
    errors::MarketError,
    events::SeatClosed,
    state::{Ledger, LedgerView, Market},
};
use joulebook_units::MILLI_ATOMS_PER_ATOM;

#[derive(Accounts)]
pub struct CloseSeat<'info> {
    pub owner: Signer<'info>,
    pub market: AccountLoader<'info, Market>,
    #[account(mut)]
    pub ledger: AccountLoader<'info, Ledger>,
}

pub fn close_seat(ctx: Context<CloseSeat>, seat: u16) -> Result<()> {
    let accounts = ctx.accounts;
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let mut ledger = LedgerView::load(&mut data)?;
    require_keys_eq!(
        ledger.header.market,
        accounts.market.key(),
        MarketError::OtherMarket
    );
    let market = accounts.market.load()?;
    let is_needed = seat == market.supplier || seat == market.grid_operator;
    // Debtors could neither pay nor take out what is left if there were nobody to be paid.
    let is_owed = seat == market.supplier && ledger.seats.iter().any(|other| other.debt > 0);
    let record = owned_seat(&mut ledger, seat, &accounts.owner)?;
    let in_use = record.locked > 0
        || record.debt > 0
        || record.engaged > 0
        || record.free >= MILLI_ATOMS_PER_ATOM
        // Forgotten, energy that was paid for as estimated would be paid for again once it is measured;
        // without windows it never will be, and the market could not be closed.
        || (record.estimated != 0 && market.windows > 0)
        || is_owed
        || (is_needed && market.windows > 0);
    require!(!in_use, MarketError::SeatInUse);

    // What is left is less than an atom, and nobody can take out less than an atom.
    let dust = record.free;
    *record = bytemuck::Zeroable::zeroed();
    let header = ledger.header;
    header.fees = header.fees.checked_add(dust).ok_or(MarketError::Overflow)?;
    header.open_seats = header.open_seats.saturating_sub(1);
    emit!(SeatClosed {
        market: accounts.market.key(),
        seat,
        owner: accounts.owner.key(),
    });
    Ok(())
}
