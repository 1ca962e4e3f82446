use core::result::Result;

use joulebook_common::numbered::count;
use joulebook_layout::{
    market::{Owing, Page, PageWindow, Position, PositionStatus, Seat},
    Address,
};
use joulebook_settlement::Tariff;
use joulebook_units::{bounded_sum, bounded_total, NetWh, Price};

use super::owed_event;
use crate::{errors::MarketError, state::LedgerView};

/// The supplier of one window, the other side of every deviation in it, and what goes on from seat to seat. It lies in memory
/// and every seat is settled in a function of its own: in one large function the compiler keeps hardly anything in
/// registers, at twice the cost.
pub struct Counterparty {
    pub tariff: Tariff,
    /// The seat being settled.
    pub index: u16,
    /// Its seat.
    supplier: u16,
    /// Its place in the ledger.
    place: u8,
    /// Its free money, milli-atoms.
    free: u64,
    /// What contracts earn that no meter has confirmed, milli-atoms.
    escrow: u64,
    /// What this supplier owes to all seats, milli-atoms.
    claims: u64,
    /// Events that the ledger has counted.
    events: u64,
    market: Address,
    /// Start of the window, unix seconds.
    start: i64,
}

impl Counterparty {
    /// Of a window, with `index` the first seat.
    ///
    /// # Errors
    /// [`MarketError::NoSuchSeat`].
    pub fn of(
        ledger: &mut LedgerView,
        page: &Page,
        number: u16,
        window: &PageWindow,
        index: u16,
    ) -> Result<Counterparty, MarketError> {
        let length = i64::from(page.window_seconds);
        Ok(Counterparty {
            tariff: Tariff {
                short: Price(window.short),
                long: Price(window.long),
            },
            index,
            supplier: window.supplier,
            place: page.supplier_place,
            free: ledger.row(window.supplier)?.free,
            escrow: ledger.header.escrow,
            claims: ledger.header.supplier(page.supplier_place).claims,
            events: ledger.header.events,
            market: page.market,
            start: page.end_of(number).saturating_sub(length),
        })
    }

    /// Writes what it has now into the ledger.
    ///
    /// # Errors
    /// [`MarketError::NoSuchSeat`].
    pub fn store(self, ledger: &mut LedgerView) -> Result<(), MarketError> {
        ledger.row(self.supplier)?.free = self.free;
        ledger.header.escrow = self.escrow;
        ledger.header.supplier_mut(self.place).claims = self.claims;
        ledger.header.events = self.events;
        Ok(())
    }

    /// The plain case of [`settle`](Counterparty::settle), which nearly every position is: all meters known, confirmed for the
    /// first time, at a seat that owes nothing, of a supplier that owes nobody, with money enough on both sides. `false` if it
    /// is not that; nothing has changed then.
    #[inline(always)]
    pub fn settle_plainly(&mut self, position: &mut Position, seat: &mut Seat, net: NetWh) -> bool {
        let contracted = i64::from(position.bought).wrapping_sub(position.sold.into());
        let deviation = net.0.wrapping_sub(contracted);
        let owing = Owing::with(self.place, &mut seat.owing);
        let was_settled = u64::from(position.status) | position.paid.cast_unsigned();
        // Of 32 bits with its sign: times a price of as many it is 2⁶² at most, and no sum below passes 63 bits.
        let is_large = deviation.wrapping_add(1 << 31).cast_unsigned() >> 32;
        if owing.debt | owing.claim | self.claims | was_settled | is_large != 0 {
            return false;
        }
        let price = if deviation > 0 {
            self.tariff.short
        } else {
            self.tariff.long
        };
        let pays = deviation.wrapping_mul(price.0.into());
        let earned = position.earns.wrapping_add(position.locked);
        let free = seat
            .free
            .wrapping_add(earned)
            .wrapping_sub(pays.cast_unsigned());
        let received = self.free.wrapping_add(pays.cast_unsigned());
        let escrow = self.escrow.wrapping_sub(position.earns);
        let locked = seat.locked.wrapping_sub(position.locked);
        // Each is an amount of money, unless there was not enough of it: then its upper bit is set.
        if (free | received | escrow | locked) >> 63 != 0 {
            return false;
        }
        position.status = PositionStatus::Confirmed as u8;
        position.paid = pays;
        if position.bought | position.sold != 0 {
            (position.earns, position.locked) = (0, 0);
            seat.locked = locked;
            seat.engaged = seat.engaged.saturating_sub(1);
        }
        seat.free = free;
        (self.free, self.escrow) = (received, escrow);
        true
    }

    /// Lets a position have paid what is due by now, `pays` milli-atoms; with `is_confirmed`, what its contracts earn comes
    /// free.
    #[inline(never)]
    pub fn settle(
        &mut self,
        position: &mut Position,
        seat: &mut Seat,
        pays: i64,
        is_confirmed: bool,
    ) -> Result<(), MarketError> {
        let confirms = is_confirmed && position.is(PositionStatus::Open);
        if self.index == self.supplier {
            return self.settle_supplier(position, seat, confirms);
        }
        // Nearly always the first time: a difference that can't overflow costs nothing then.
        let more = if position.paid == 0 {
            pays
        } else {
            pays.saturating_sub(position.paid)
        };
        if more == 0 && !confirms {
            return Ok(());
        }
        position.paid = position.paid.wrapping_add(more);
        if more < 0 {
            self.receive(seat, more.unsigned_abs())?;
        }
        if confirms {
            self.confirm(position, seat)?;
        }
        self.pay(seat, more)
    }

    /// Lets a seat pay an amount that is no position's, milli-atoms; below zero, receive it.
    ///
    /// # Errors
    /// [`MarketError::Overflow`].
    pub fn charge(&mut self, seat: &mut Seat, pays: i64) -> Result<(), MarketError> {
        if pays == 0 || self.index == self.supplier {
            return Ok(());
        }
        if pays < 0 {
            self.receive(seat, pays.unsigned_abs())?;
        }
        self.pay(seat, pays)
    }

    /// Its own seat.
    pub fn own_index(&self) -> u16 {
        self.supplier
    }

    /// Whether the seat being settled is the supplier's own: it would pay its deviations to itself.
    pub fn is_own(&self) -> bool {
        self.index == self.supplier
    }

    #[cold]
    #[inline(never)]
    fn settle_supplier(
        &mut self,
        position: &mut Position,
        seat: &mut Seat,
        confirms: bool,
    ) -> Result<(), MarketError> {
        if confirms {
            seat.free = self.free;
            self.confirm(position, seat)?;
            self.free = seat.free;
        }
        Ok(())
    }

    /// What contracts earn comes out of the escrow, what they locked is free.
    #[inline(always)]
    fn confirm(&mut self, position: &mut Position, seat: &mut Seat) -> Result<(), MarketError> {
        position.status = PositionStatus::Confirmed as u8;
        if position.bought | position.sold == 0 {
            return Ok(());
        }
        if self.escrow < position.earns || seat.locked < position.locked {
            return Err(MarketError::Broken);
        }
        self.escrow = self.escrow.wrapping_sub(position.earns);
        seat.locked = seat.locked.wrapping_sub(position.locked);
        let free = bounded_total([seat.free, position.earns, position.locked]);
        seat.free = free.ok_or(MarketError::Overflow)?;
        seat.engaged = seat.engaged.saturating_sub(1);
        (position.earns, position.locked) = (0, 0);
        Ok(())
    }

    /// The supplier pays for energy left over, if it owes nobody: claims are paid in the order of seats, and whoever is settled
    /// first passes none of them.
    #[inline(always)]
    fn receive(&mut self, seat: &mut Seat, amount: u64) -> Result<(), MarketError> {
        let free = match self.free.checked_sub(amount) {
            Some(free) if self.claims == 0 => free,
            _ => return self.receive_what_there_is(seat, amount),
        };
        self.free = free;
        seat.free = bounded_sum(seat.free, amount).ok_or(MarketError::Overflow)?;
        Ok(())
    }

    /// What the supplier can't pay is taken off the seat's debt, and then becomes its claim: nobody waits for it.
    #[cold]
    #[inline(never)]
    fn receive_what_there_is(&mut self, seat: &mut Seat, amount: u64) -> Result<(), MarketError> {
        let owing = Owing::with(self.place, &mut seat.owing);
        let offset = amount.min(owing.debt);
        let due = amount.wrapping_sub(offset);
        let paid = if self.claims == 0 {
            due.min(self.free)
        } else {
            0
        };
        // All claims together stay at the most that can be written.
        let room = u64::MAX.wrapping_sub(self.claims);
        let claim = due.wrapping_sub(paid).min(room);
        seat.free = seat.free.checked_add(paid).ok_or(MarketError::Overflow)?;
        owing.debt = owing.debt.wrapping_sub(offset);
        owing.claim = owing.claim.wrapping_add(claim);
        self.claims = self.claims.wrapping_add(claim);
        self.free = self.free.wrapping_sub(paid);
        if claim > 0 {
            owed_event::log_claim(
                self.market,
                count(&mut self.events),
                self.start,
                self.index,
                claim,
            );
        }
        Ok(())
    }

    /// The seat pays for energy drawn, and its debt; what it can't pay is debt.
    #[inline(always)]
    fn pay(&mut self, seat: &mut Seat, more: i64) -> Result<(), MarketError> {
        let owing = Owing::with(self.place, &mut seat.owing);
        // A debt has no bound as money has: it stays at the most that can be written.
        let due = owing.debt.saturating_add(more.max(0).unsigned_abs());
        if due == 0 {
            return Ok(());
        }
        let due = if owing.claim == 0 {
            due
        } else {
            offset(&mut self.claims, owing, due)
        };
        let paid = due.min(seat.free);
        self.free = bounded_sum(self.free, paid).ok_or(MarketError::Overflow)?;
        seat.free = seat.free.wrapping_sub(paid);
        let debt = due.wrapping_sub(paid);
        if debt > owing.debt {
            let incurred = debt.wrapping_sub(owing.debt);
            owed_event::log_debt(
                self.market,
                count(&mut self.events),
                self.start,
                self.index,
                incurred,
            );
        }
        owing.debt = debt;
        Ok(())
    }
}

/// Takes what a seat must pay off what the supplier owes it, and off all that it owes; what is still to be paid.
#[cold]
#[inline(never)]
fn offset(claims: &mut u64, owing: &mut Owing, due: u64) -> u64 {
    let offset = due.min(owing.claim);
    owing.claim = owing.claim.wrapping_sub(offset);
    // Part of the sum.
    *claims = claims.wrapping_sub(offset);
    due.wrapping_sub(offset)
}
