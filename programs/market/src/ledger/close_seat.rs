use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, stored::pubkey, Addressed};
use joulebook_layout::market::{self, Seat};
use joulebook_units::MILLI_ATOMS_PER_ATOM;

use crate::{
    errors::MarketError,
    events::SeatClosed,
    rules::is_idle,
    state::{Ledger, LedgerView, Market},
};

#[accounts]
pub struct CloseSeat<'info> {
    /// The seat's owner; once the market has ended, anyone.
    pub owner: Signer<'info>,
    pub market: AccountLoader<'info, Market>,
    #[account(mut, constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
}

pub fn close_seat(ctx: Context<CloseSeat>, seat: u16) -> Result<()> {
    let accounts = ctx.accounts;
    let mut data = accounts.ledger.as_ref().try_borrow_mut_data()?;
    let mut ledger = LedgerView::load(&mut data)?;
    let market = accounts.market.load()?;
    let is_ending = is_idle(&market, ledger.header)?;
    let now = Clock::get()?.unix_timestamp;
    let has_ended = market.has_ended(ledger.header.last_final, now);
    // Debtors could neither pay nor take out what is left if there were nobody to be paid, and nobody else would pay
    // the claims of others.
    let is_owed = seat == market.supplier
        && (ledger.header.claims > 0 || ledger.seats.iter().any(|other| other.debt > 0));
    // What the supplier has is paid before anybody gives up the rest.
    if ledger.row(seat)?.claim > 0 {
        ledger.pay_claims(market.supplier)?;
    }
    let supplier = ledger.row(market.supplier)?;
    let is_drained = supplier.free | supplier.locked | supplier.held == 0;
    let row = ledger.row(seat)?;
    // What nobody opened a seat for would keep a market that has ended as well.
    let is_left = has_ended && (row.free | row.debt | row.claim > 0);
    let is_open = row.is_open();
    require!(is_open || is_left, MarketError::NoSuchSeat);
    let owner = row.owner;
    let is_owner = owner == accounts.owner.address();
    // Whoever does not come back can't keep the rent of a market that has ended.
    require!(is_owner || has_ended, MarketError::NotOwner);
    let holds = row.locked > 0 || row.held > 0 || row.free >= MILLI_ATOMS_PER_ATOM;
    let owes = row.debt > 0 && is_owner;
    // Its owner may give a claim up once the market has ended; others only what the supplier has nothing left for.
    let is_forgone = is_ending && (is_owner || is_drained);
    let waits = row.claim > 0 && !is_forgone;
    require!(
        !holds && !owes && !waits && !is_owed,
        MarketError::SeatInUse
    );
    if !is_ending {
        require!(!is_bound(row, seat, &market), MarketError::SeatInUse);
    }

    // What is left is less than an atom, and nobody can take out less than an atom.
    let (dust, forgone) = (row.free, row.claim);
    *row = if is_ending {
        Seat::default()
    } else {
        closed(row)
    };
    let header = ledger.header;
    header.claims = header
        .claims
        .checked_sub(forgone)
        .ok_or(MarketError::Broken)?;
    header.fees = header.fees.checked_add(dust).ok_or(MarketError::Overflow)?;
    header.open_seats = header.open_seats.saturating_sub(is_open.into());
    emit_numbered!(
        header,
        SeatClosed {
            market: accounts.market.key(),
            seat,
            owner: pubkey(owner),
        }
    );
    Ok(())
}

/// The row of a seat that nobody has open: its owner's meters are settled with it all the same, so what it knows of them
/// stays.
fn closed(seat: &Seat) -> Seat {
    Seat {
        bought: seat.bought,
        sold: seat.sold,
        owed: seat.owed,
        dearest: seat.dearest,
        lowest: seat.lowest,
        silent_windows: seat.silent_windows,
        ..Default::default()
    }
}

/// Whether windows need the seat.
fn is_bound(seat: &Seat, index: u16, market: &market::Market) -> bool {
    let is_needed = index == market.supplier || index == market.grid_operator;
    is_needed || seat.engaged > 0
}
