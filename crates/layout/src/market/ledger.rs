use crate::Address;

layout! {
    /// A market's money: Σ seats (free + locked + held) + escrow + fees = `money`, in milli-atoms, and the vault holds that or,
    /// after a gift, more.
    /// Address: `["ledger", market]`.
    #[size = 2 * 32 + 6 * 8 + 2 * 2 + 2 + 2]
    pub struct Ledger {
        /// Part of the address.
        pub market: Address,
        /// The market's: no other meters are settled with it.
        pub meter_table: Address,
        /// All that is somebody's, milli-atoms: whole atoms, of which the vault holds as many.
        pub money: u64,
        /// Earned and not yet taken out, milli-atoms.
        pub fees: u64,
        /// Paid by buyers and not yet passed on to sellers, grid operator and fees, milli-atoms.
        pub escrow: u64,
        /// Σ seats' claims, milli-atoms: what the supplier owes and could not pay yet. Claims, never money.
        pub claims: u64,
        /// Start of the latest page whose positions are all final, unix seconds; −2⁶³ for none. Pages become final one
        /// after the other.
        pub last_final: i64,
        /// Events it has counted: those of money and orders.
        pub events: u64,
        /// Seats that there is room for.
        pub capacity: u16,
        /// Seats now open.
        pub open_seats: u16,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Zeros.
        pub reserved: [u8; 2],
    }
}

account!(Ledger of MARKET, rows seats: Seat [capacity]);

layout! {
    /// A participant's account in the market; its place is the participant's index. One that nobody has opened yet is
    /// settled all the same: what it owes and what it earned waits for its owner.
    #[size = 168]
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
        /// Owed by the supplier, milli-atoms: a claim, never money. A seat has a debt or a claim, never both.
        pub claim: u64,
        /// Paid back once the seat's meters are heard again, milli-atoms; see `silent_windows`.
        pub owed: i64,
        /// The most that orders placed by the delegate may lock in a day of UTC, milli-atoms.
        pub delegate_limit: u64,
        /// What they have locked on `delegate_day`, milli-atoms.
        pub delegate_locked: u64,
        /// Wh, in all windows.
        pub bought: u64,
        /// Wh, in all windows.
        pub sold: u64,
        /// The highest short price of the silent windows, atoms per kWh.
        pub dearest: i32,
        /// The lowest long price of the silent windows, atoms per kWh.
        pub lowest: i32,
        /// Windows that became final behind the last registers heard of its meters, or with one missing, since all were heard.
        pub silent_windows: u32,
        /// Day of the delegate's last order, days of UTC since 1970-01-01.
        pub delegate_day: u32,
        /// Windows with live orders, or contracts that are not confirmed.
        pub engaged: u16,
        /// A [`SeatStatus`].
        pub status: u8,
        /// Zeros.
        pub reserved: [u8; 5],
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

    /// Counts what an order of the delegate locks on this day, milli-atoms; `None` beyond the day's limit, and nothing is
    /// changed. A cancelled order counts as well: what it freed may be the owner's own.
    pub fn lock_as_delegate(&mut self, lock: u64, day: u32) -> Option<()> {
        let before = if self.delegate_day == day {
            self.delegate_locked
        } else {
            0
        };
        let locked = before.checked_add(lock)?;
        if locked > self.delegate_limit {
            return None;
        }
        self.delegate_day = day;
        self.delegate_locked = locked;
        Some(())
    }

    /// All its money, milli-atoms; `None` if that does not fit.
    #[inline(always)]
    pub fn money(&self) -> Option<u64> {
        self.free.checked_add(self.locked)?.checked_add(self.held)
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
