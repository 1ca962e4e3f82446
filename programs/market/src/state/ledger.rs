use core::result::Result;

use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};
use joulebook_tables::{Carver, DISCRIMINATOR_LEN};
use joulebook_units::{Price, WhSum};

use super::Window;
use crate::errors::MarketError;

/// A market's money: this header, then `capacity` [`Seat`]s. Address: `["ledger", market]`.
///
/// Σ seats (free + locked) + escrow + fees = vault balance × 1000, in milli-atoms.
#[account(zero_copy)]
#[derive(Debug)]
pub struct Ledger {
    pub market: Pubkey,
    /// Fees earned and not yet taken out, milli-atoms.
    pub fees: u64,
    /// Paid by buyers at allocation and not yet passed on to sellers, grid operator and fees,
    /// milli-atoms.
    pub escrow: u64,
    /// Latest start of a window that was allocated, and of the one of these that was settled last; 0 for none.
    /// They are settled one after the other.
    pub last_allocated: i64,
    pub last_settled: i64,
    /// Seats there is room for.
    pub capacity: u16,
    /// Seats now open.
    pub open_seats: u16,
    pub version: u8,
    pub bump: u8,
    pub reserved: [u8; 26],
}

/// A participant's account in the market; its place is the participant's index.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct Seat {
    /// The only one who can take money out.
    pub owner: Pubkey,
    /// May enter and cancel orders; all zero for nobody.
    pub delegate: Pubkey,
    /// Money at the owner's disposal, milli-atoms.
    pub free: u64,
    /// Money that orders and sells to be delivered may cost, milli-atoms.
    pub locked: u64,
    /// Owed to the supplier, milli-atoms: a claim, never money.
    pub debt: u64,
    /// Net energy estimated and not yet measured, Wh: positive is drawn from the grid.
    pub estimated: i64,
    /// Energy totals over all settled windows, Wh.
    pub bought: u64,
    pub sold: u64,
    pub imported: u64,
    pub exported: u64,
    /// Windows in which it has orders or contracts not yet settled.
    pub engaged: u16,
    /// Windows in a row in which a meter of it was estimated.
    pub estimated_windows: u16,
    /// A [`SeatStatus`].
    pub status: u8,
    pub reserved: [u8; 3],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum SeatStatus {
    Vacant = 0,
    Open = 1,
}

const _: () = assert!(size_of::<Ledger>() == 32 + 32 + 4 + 2 + 26);
const _: () = assert!(size_of::<Seat>() == 136);

impl Ledger {
    pub const VERSION: u8 = 1;

    pub fn full_len(capacity: u16) -> usize {
        DISCRIMINATOR_LEN + size_of::<Ledger>() + usize::from(capacity) * size_of::<Seat>()
    }
}

impl Seat {
    pub fn is_open(&self) -> bool {
        self.status == SeatStatus::Open as u8
    }

    /// Whether `key`, which has signed, may enter and cancel orders for the seat. Nobody can sign for the
    /// key of zeros that stands for no delegate.
    #[inline(always)]
    pub fn trades_for(&self, key: &Pubkey) -> bool {
        self.owner == *key || self.delegate == *key
    }

    /// What energy that was paid for as delivered, and that no meter has confirmed, costs at `short` if it never
    /// was, milli-atoms.
    #[inline(always)]
    pub fn unconfirmed(&self, short: Price) -> u64 {
        if self.estimated >= 0 {
            return 0;
        }
        let energy = WhSum(self.estimated.unsigned_abs());
        energy.value(short).map_or(u64::MAX, |money| money.0)
    }

    /// # Errors
    /// [`MarketError::Overflow`].
    pub fn credit(&mut self, amount: u64) -> Result<(), MarketError> {
        self.free = self.free.checked_add(amount).ok_or(MarketError::Overflow)?;
        Ok(())
    }

    /// Pays what it can of the debt out of its free money; returns what it paid, which is the
    /// supplier's.
    #[must_use]
    pub fn pay_debt(&mut self) -> u64 {
        let paid = self.debt.min(self.free);
        self.debt -= paid;
        self.free -= paid;
        paid
    }
}

/// A ledger, cut into its parts.
pub struct LedgerView<'a> {
    pub header: &'a mut Ledger,
    pub seats: &'a mut [Seat],
}

impl<'a> LedgerView<'a> {
    /// # Errors
    /// [`MarketError::TableNotGrown`] if the account has not its full length yet.
    #[inline(always)]
    pub fn load(data: &'a mut [u8]) -> Result<LedgerView<'a>, MarketError> {
        Self::carve(data).ok_or(MarketError::TableNotGrown)
    }

    #[inline(always)]
    fn carve(data: &'a mut [u8]) -> Option<LedgerView<'a>> {
        let mut carver = Carver::new(data)?;
        let header = carver.header::<Ledger>()?;
        let seats = carver.slice(usize::from(header.capacity))?;
        carver.finish()?;
        Some(LedgerView { header, seats })
    }

    /// # Errors
    /// [`MarketError::NoSuchSeat`] if the index is beyond the table or the seat is vacant.
    #[inline(always)]
    pub fn open_seat(&mut self, index: u16) -> Result<&mut Seat, MarketError> {
        match self.seats.get_mut(usize::from(index)) {
            Some(seat) if seat.is_open() => Ok(seat),
            _ => Err(MarketError::NoSuchSeat),
        }
    }

    /// Makes the window that starts at `start` the last one to be settled; returns the one before it. Every window
    /// then waits for earlier ones only, so there is always one that waits for none: one that is late itself has
    /// no place in the order, and none before it ([`Window::NEVER`]).
    pub fn append(&mut self, start: i64) -> i64 {
        if start <= self.header.last_allocated {
            return Window::NEVER;
        }
        core::mem::replace(&mut self.header.last_allocated, start)
    }

    /// # Errors
    /// [`MarketError::EarlierUnsettled`] if it is not `window`'s turn to be settled.
    pub fn require_turn(&self, window: &Window) -> Result<(), MarketError> {
        if window.previous != Window::NEVER && window.previous != self.header.last_settled {
            return Err(MarketError::EarlierUnsettled);
        }
        Ok(())
    }

    /// Notes that `window` is settled.
    pub fn advance(&mut self, window: &Window) {
        if window.previous != Window::NEVER {
            self.header.last_settled = window.start;
        }
    }

    /// Pays a keeper out of the fees, as far as they go.
    ///
    /// # Errors
    /// [`MarketError::NoSuchSeat`] for a reward seat that is not open.
    pub fn reward_keeper(&mut self, seat: Option<u16>, reward: u64) -> Result<u64, MarketError> {
        let Some(seat) = seat else { return Ok(0) };
        let paid = reward.min(self.header.fees);
        self.open_seat(seat)?.credit(paid)?;
        self.header.fees -= paid;
        Ok(paid)
    }
}
