use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, stored::pubkey, Addressed};
use joulebook_layout::{
    market::{
        self,
        limits::{LIMITATION_PERIOD, MAX_PAYMENTS},
        Seat,
    },
    Address,
};
use joulebook_units::MILLI_ATOMS_PER_ATOM;

use crate::{
    errors::MarketError,
    events::SeatClosed,
    rules::is_idle,
    settlement::report_paid,
    state::{Ledger, LedgerView, Market},
};

#[accounts]
pub struct CloseSeat<'info> {
    /// The seat's owner; once the market has ended, anyone, or the supplier that a debt is owed to.
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
    let now = now()?.0;
    let has_ended = market.has_ended(ledger.header.last_final, now);
    // What can be paid is paid before anybody gives up the rest. A seat that owes nothing, is owed nothing and is no supplier's has
    // nothing to do with it.
    let row = *ledger.row(seat)?;
    if row.claim() | row.debt() > 0 || ledger.header.has_place(seat) {
        let paid = ledger.pay_all_owing(MAX_PAYMENTS)?;
        report_paid(ledger.header, accounts.market.key(), &paid);
    }
    let row = *ledger.row(seat)?;
    // What nobody opened a seat for would keep a market that has ended as well.
    let is_left = has_ended && (row.free | row.debt() | row.claim() > 0);
    let is_open = row.is_open();
    require!(is_open || is_left, MarketError::NoSuchSeat);
    let signer = accounts.owner.address();
    // Whoever does not come back can't keep the rent of a market that has ended.
    require!(row.owner == signer || has_ended, MarketError::NotOwner);
    let holds = row.locked > 0 || row.held > 0 || row.free >= MILLI_ATOMS_PER_ATOM;
    require!(!holds, MarketError::SeatInUse);
    let has_lapsed = has_ended && now >= lapses_at(&market, ledger.header);
    let is_needed = is_owed(&ledger, seat) && !has_lapsed;
    require!(!is_needed, MarketError::SeatInUse);
    let may_drop = has_ended && may_drop(&mut ledger, &row, signer, has_lapsed)?;
    let owes = row.debt() > 0 || row.claim() > 0;
    require!(!owes || may_drop, MarketError::SeatInUse);
    if !is_ending {
        let is_needed = ledger.header.binds(seat) || seat == market.grid_operator;
        let is_bound = is_needed || row.engaged > 0;
        require!(!is_bound, MarketError::SeatInUse);
    }

    *ledger.row(seat)? = if is_ending {
        Seat::default()
    } else {
        closed(&row)
    };
    let header = ledger.header;
    for (supplier, owing) in header.suppliers.iter_mut().zip(row.owing) {
        let left = supplier.claims.checked_sub(owing.claim);
        supplier.claims = left.ok_or(MarketError::Broken)?;
    }
    // What is left is less than an atom, and nobody can take out less than an atom.
    let dust = row.free;
    header.fees = header.fees.checked_add(dust).ok_or(MarketError::Overflow)?;
    header.open_seats = header.open_seats.saturating_sub(is_open.into());
    emit_numbered!(
        header,
        SeatClosed {
            market: accounts.market.key(),
            seat,
            owner: pubkey(row.owner),
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
        silent_place: seat.silent_place,
        ..Default::default()
    }
}

/// Whether others owe the seat something as a supplier, or it them: debtors could neither pay nor take out what is left if
/// there were nobody to be paid, and nobody else would pay the claims of others.
fn is_owed(ledger: &LedgerView, seat: u16) -> bool {
    let is_owed_in = |place: u8| {
        let owes = |row: &Seat| row.owing(place).debt > 0;
        ledger.header.supplier(place).seat == seat && ledger.seats.iter().any(owes)
    };
    ledger.header.owes_others(seat) || is_owed_in(0) || is_owed_in(1)
}

/// When nobody is waited for any more, unix seconds.
fn lapses_at(market: &market::Market, ledger: &market::Ledger) -> i64 {
    let ended_at = market.ends_at.max(ledger.final_at());
    ended_at.saturating_add(LIMITATION_PERIOD.into())
}

/// Whether all that a row owes and is owed may be dropped by `signer`: each debt by the supplier that it is owed to, unless
/// others have claims on that, each claim by the row's owner. Once it `has_lapsed`, anybody may drop debts, and claims that
/// the supplier has nothing left for.
fn may_drop(
    ledger: &mut LedgerView,
    row: &Seat,
    signer: Address,
    has_lapsed: bool,
) -> Result<bool> {
    for (place, owing) in (0u8..).zip(row.owing) {
        if owing.debt > 0 && !has_lapsed {
            let market::Supplier { seat, claims, .. } = *ledger.header.supplier(place);
            let supplier = ledger.row(seat)?;
            if claims > 0 || !supplier.is_open() || supplier.owner != signer {
                return Ok(false);
            }
        }
        let is_owner = row.is_open() && row.owner == signer;
        if owing.claim > 0 && !is_owner && !(has_lapsed && ledger.is_drained(place)?) {
            return Ok(false);
        }
    }
    Ok(true)
}
