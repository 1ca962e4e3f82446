use crate::Address;

layout! {
    /// A market's money: Σ seats (free + locked + held) + escrow + fees = `money`, in milli-atoms, and the vault holds that or,
    /// after a gift, more.
    /// Address: `["ledger", market]`.
    #[size = 2 * 32 + 7 * 8 + 2 * 32 + 2 * 2 + 3 + 1]
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
        /// What the seat of a supplier can't take out of its free money before its windows are final and its claims paid,
        /// milli-atoms.
        pub supplier_margin: u64,
        /// Start of the first page that the supplier in place `supplying` is the other side of, unix seconds; −2⁶³ for all. Pages
        /// before that have the one in the other place.
        pub supplier_from: i64,
        /// Start of the latest page whose positions are all final, unix seconds; −2⁶³ for none. Pages become final one
        /// after the other.
        pub last_final: i64,
        /// Events it has counted: those of money and orders.
        pub events: u64,
        /// The suppliers, by place: each in turn takes the place that the last but one has left.
        pub suppliers: [Supplier; 2],
        /// Seats that there is room for.
        pub capacity: u16,
        /// Seats now open.
        pub open_seats: u16,
        /// Place of the supplier that was named last.
        pub supplying: u8,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Zeros.
        pub reserved: [u8; 1],
    }
}

account!(Ledger of MARKET, rows seats: Seat [capacity]);

layout! {
    /// A supplier of some pages: the other side of every imbalance in them.
    #[size = 3 * 8 + 2 + 6]
    pub struct Supplier {
        /// Σ seats' claims on it, milli-atoms: what it owes and could not pay yet. Claims, never money.
        pub claims: u64,
        /// Start of the latest page that was opened with it, unix seconds; −2⁶³ for none.
        pub last_page: i64,
        /// When the latest of its pages that are final became so, unix seconds; −2⁶³ for none.
        pub final_at: i64,
        /// Its seat; 65,535 for nobody.
        pub seat: u16,
        /// Zeros.
        pub reserved: [u8; 6],
    }
}

layout! {
    /// What a seat and one supplier owe each other: a debt or a claim, never both.
    #[size = 16]
    pub struct Owing {
        /// Owed to the supplier, milli-atoms: a claim, never money.
        pub debt: u64,
        /// Owed by the supplier, milli-atoms: a claim, never money.
        pub claim: u64,
    }
}

layout! {
    /// A participant's account in the market; its place is the participant's index. One that nobody has opened yet is
    /// settled all the same: what it owes and what it earned waits for its owner.
    #[size = 192]
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
        /// What it and each supplier owe each other, by the supplier's place in the ledger.
        pub owing: [Owing; 2],
        /// Paid back once the seat's meters are heard again, milli-atoms; see `silent_windows`.
        pub owed: i64,
        /// How far orders placed by the delegate may go.
        pub delegate_bounds: DelegateBounds,
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
        /// Place of the supplier of the latest silent windows.
        pub silent_place: u8,
        /// Zeros.
        pub reserved: [u8; 4],
    }
}

layout! {
    /// How far a delegate's orders may go, those by hand and standing ones together: within these, and at no worse price than the
    /// supplier's.
    #[size = 16]
    pub struct DelegateBounds {
        /// The most that they may lock in a day of UTC, milli-atoms.
        pub daily_limit: u64,
        /// The most that a kWh which they buy may cost, fees included, atoms per kWh.
        pub highest_buy: i32,
        /// The lowest price that they may sell at, atoms per kWh.
        pub lowest_sell: i32,
    }
}

impl DelegateBounds {
    /// At any price, and no more than so much in a day of UTC, milli-atoms.
    pub const fn of_a_day(daily_limit: u64) -> DelegateBounds {
        DelegateBounds {
            daily_limit,
            highest_buy: i32::MAX,
            lowest_sell: i32::MIN,
        }
    }
}

code! {
    /// Whether a seat is taken.
    pub enum SeatStatus {
        Vacant,
        Open,
    }
}

impl Supplier {
    /// The seat of a place that nobody has taken.
    pub const NOBODY: u16 = u16::MAX;
    /// The last page of a supplier that has none yet.
    pub const NEVER: i64 = i64::MIN;

    /// In the seat `seat`, before its first page.
    pub fn new(seat: u16) -> Supplier {
        Supplier {
            claims: 0,
            last_page: Supplier::NEVER,
            final_at: Supplier::NEVER,
            seat,
            reserved: [0; 6],
        }
    }
}

/// What is in one of two places; any number but 0 is the second.
#[inline(always)]
fn in_place<T>([first, second]: &[T; 2], place: u8) -> &T {
    if place == 0 {
        first
    } else {
        second
    }
}

/// The same, to be changed.
#[inline(always)]
fn in_place_mut<T>([first, second]: &mut [T; 2], place: u8) -> &mut T {
    if place == 0 {
        first
    } else {
        second
    }
}

impl Owing {
    /// That of a seat and the supplier in `place`. Not of the seat: what else is in it can be changed beside it.
    #[inline(always)]
    pub fn with(place: u8, owing: &mut [Owing; 2]) -> &mut Owing {
        in_place_mut(owing, place)
    }
}

impl Ledger {
    #[inline(always)]
    pub fn supplier(&self, place: u8) -> &Supplier {
        in_place(&self.suppliers, place)
    }

    #[inline(always)]
    pub fn supplier_mut(&mut self, place: u8) -> &mut Supplier {
        in_place_mut(&mut self.suppliers, place)
    }

    /// Both places, that of the former supplier first.
    pub fn places(&self) -> [u8; 2] {
        [self.supplying ^ 1, self.supplying]
    }

    /// Place of the supplier of a page that is not open yet and starts at `start`, unix seconds.
    pub fn place_at(&self, start: i64) -> u8 {
        let [before, from] = self.places();
        if start >= self.supplier_from {
            from
        } else {
            before
        }
    }

    /// Whether another supplier was named, and no page was opened with it yet.
    #[inline(always)]
    pub fn awaits_supplier(&self) -> bool {
        let [before, named] = self.places();
        let has_before = self.supplier(before).seat != Supplier::NOBODY;
        has_before && self.supplier(named).last_page == Supplier::NEVER
    }

    /// Whether the supplier in `place` is to stand in for windows that are not final, or for claims.
    #[inline(always)]
    pub fn is_bound(&self, place: u8) -> bool {
        let supplier = self.supplier(place);
        place == self.supplying
            || self.awaits_supplier()
            || supplier.last_page > self.last_final
            || supplier.claims > 0
    }

    /// Whether the seat has one of the two places, bound or not.
    #[inline(always)]
    pub fn has_place(&self, seat: u16) -> bool {
        let [first, second] = &self.suppliers;
        first.seat == seat || second.seat == seat
    }

    /// Whether the seat is that of a supplier that is bound.
    #[inline(always)]
    pub fn binds(&self, seat: u16) -> bool {
        let is_bound = |place| self.supplier(place).seat == seat && self.is_bound(place);
        is_bound(0) || is_bound(1)
    }

    /// Whether other seats have claims on this one.
    #[inline(always)]
    pub fn owes_others(&self, seat: u16) -> bool {
        let [first, second] = &self.suppliers;
        (first.claims > 0 && first.seat == seat) || (second.claims > 0 && second.seat == seat)
    }

    /// What the seat can't take out of its free money, milli-atoms.
    #[inline(always)]
    pub fn margin_of(&self, seat: u16) -> u64 {
        if self.binds(seat) {
            self.supplier_margin
        } else {
            0
        }
    }

    /// All claims on suppliers, milli-atoms; at most what fits.
    pub fn claims(&self) -> u64 {
        let [first, second] = &self.suppliers;
        first.claims.saturating_add(second.claims)
    }

    /// When the latest page that is final became so, unix seconds; −2⁶³ for none.
    pub fn final_at(&self) -> i64 {
        let [first, second] = &self.suppliers;
        first.final_at.max(second.final_at)
    }
}

impl Seat {
    /// What it and the supplier in `place` owe each other.
    #[inline(always)]
    pub fn owing(&self, place: u8) -> &Owing {
        in_place(&self.owing, place)
    }

    /// What it owes both suppliers, milli-atoms; at most what fits.
    #[inline(always)]
    pub fn debt(&self) -> u64 {
        let [first, second] = &self.owing;
        first.debt.saturating_add(second.debt)
    }

    /// What both suppliers owe it, milli-atoms; at most what fits.
    #[inline(always)]
    pub fn claim(&self) -> u64 {
        let [first, second] = &self.owing;
        first.claim.saturating_add(second.claim)
    }

    /// Whether it owes a supplier something and has money for it.
    #[inline(always)]
    pub fn can_pay_debt(&self) -> bool {
        let [first, second] = &self.owing;
        self.free > 0 && first.debt | second.debt > 0
    }

    /// Whether its meters have been silent for as many windows as a market stands; 0 for any number.
    #[inline(always)]
    pub fn is_silent(&self, max_silent: u16) -> bool {
        max_silent > 0 && self.silent_windows >= u32::from(max_silent)
    }

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
        if locked > self.delegate_bounds.daily_limit {
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

    /// Pays what it can of its debt to the supplier in `place` out of its free money; returns what it paid, which is that
    /// supplier's, milli-atoms.
    #[inline(always)]
    #[must_use]
    pub fn pay_debt(&mut self, place: u8) -> u64 {
        let owing = Owing::with(place, &mut self.owing);
        let paid = owing.debt.min(self.free);
        owing.debt = owing.debt.saturating_sub(paid);
        self.free = self.free.saturating_sub(paid);
        paid
    }
}
