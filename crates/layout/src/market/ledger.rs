use joulebook_units::{Price, WhSum};

use crate::Address;

layout! {
    /// A market's money: Σ seats (free + locked + held) + escrow + fees = vault balance × 1000, in milli-atoms.
    /// Address: `["ledger", market]`.
    #[size = 32 + 2 * 8 + 2 * 8 + 2 * 2 + 2 + 26]
    pub struct Ledger {
        /// Part of the address.
        pub market: Address,
        /// Earned and not yet taken out, milli-atoms.
        pub fees: u64,
        /// Paid by buyers and not yet passed on to sellers, grid operator and fees, milli-atoms.
        pub escrow: u64,
        /// Latest start of a window that was allocated, unix seconds; 0 for none. Windows are settled one after
        /// the other.
        pub last_allocated: i64,
        /// Likewise of those, the one settled last.
        pub last_settled: i64,
        /// Seats that there is room for.
        pub capacity: u16,
        /// Seats now open.
        pub open_seats: u16,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Zeros.
        pub reserved: [u8; 26],
    }
}

account!(Ledger of MARKET, rows seats: Seat [capacity]);

layout! {
    /// A participant's account in the market; its place is the participant's index.
    #[size = 144]
    pub struct Seat {
        /// The only one who can take money out.
        pub owner: Address,
        /// May place and cancel orders; zeros for nobody.
        pub delegate: Address,
        /// At the owner's disposal, milli-atoms.
        pub free: u64,
        /// What orders and sells to be delivered may cost, milli-atoms.
        pub locked: u64,
        /// What its owner has set aside for admitted programs, milli-atoms: the sum of the seat's holds.
        pub held: u64,
        /// Owed to the supplier, milli-atoms: a claim, never money.
        pub debt: u64,
        /// Net energy estimated and not yet measured, Wh; positive is drawn from the grid.
        pub estimated: i64,
        /// Wh, all settled windows.
        pub bought: u64,
        /// Wh, all settled windows.
        pub sold: u64,
        /// Wh, all settled windows.
        pub imported: u64,
        /// Wh, all settled windows.
        pub exported: u64,
        /// Windows with orders or contracts not yet settled.
        pub engaged: u16,
        /// Windows in a row in which a meter was estimated.
        pub estimated_windows: u16,
        /// A [`SeatStatus`].
        pub status: u8,
        /// Zeros.
        pub reserved: [u8; 3],
    }
}

code! {
    /// Whether a seat is taken.
    pub enum SeatStatus {
        Vacant,
        Open,
    }
}

impl Seat {
    #[inline(always)]
    pub fn is_open(&self) -> bool {
        self.status == SeatStatus::Open as u8
    }

    /// Whether `key`, which has signed, may place and cancel orders for the seat. Nobody can sign for the key of
    /// zeros that stands for no delegate.
    #[inline(always)]
    pub fn trades_for(&self, key: &Address) -> bool {
        self.owner == *key || self.delegate == *key
    }

    /// All its money, milli-atoms; `None` if that does not fit.
    #[inline(always)]
    pub fn money(&self) -> Option<u64> {
        self.free.checked_add(self.locked)?.checked_add(self.held)
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

    /// Adds free money, milli-atoms; `None` if it does not fit, and nothing is changed.
    #[inline(always)]
    pub fn credit(&mut self, amount: u64) -> Option<()> {
        self.free = self.free.checked_add(amount)?;
        Some(())
    }

    /// Pays what it can of the debt out of its free money; returns what it paid, which is the supplier's,
    /// milli-atoms.
    #[inline(always)]
    #[must_use]
    pub fn pay_debt(&mut self) -> u64 {
        let paid = self.debt.min(self.free);
        self.debt = self.debt.saturating_sub(paid);
        self.free = self.free.saturating_sub(paid);
        paid
    }
}
