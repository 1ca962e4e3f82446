use super::limits::{HALF_HOURS_PER_DAY, STANDING_ORDERS};
use crate::Address;

layout! {
    /// What seats order in every window without signing again. Address: `["standing", market]`.
    #[size = 32 + 2 + 2 + 4]
    pub struct StandingOrders {
        /// Part of the address.
        pub market: Address,
        /// Seats that there is room for: those of the ledger.
        pub capacity: u16,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Zeros.
        pub reserved: [u8; 4],
    }
}

account!(StandingOrders of MARKET, rows seats: StandingSeat [capacity]);

layout! {
    /// The standing orders of a seat; its place is the participant's index.
    #[size = 72 + 8 * 184]
    pub struct StandingSeat {
        /// The seat's owner when they were entered: they stand for nobody else.
        pub owner: Address,
        /// The seat's delegate when one of its orders was entered by that; zeros for nobody.
        pub delegate: Address,
        /// The participant's roles when somebody looked last.
        pub roles: u16,
        /// 1 if the participant was active then.
        pub is_active: u8,
        /// Places that have an order, a bit for each.
        pub entered: u8,
        /// Zeros.
        pub reserved: [u8; 4],
        pub orders: [StandingOrder; STANDING_ORDERS as usize],
    }
}

layout! {
    /// An order for each window that it names, as long as its caps last. What is used of these stays when another order is entered
    /// in its place.
    #[size = 184]
    pub struct StandingOrder {
        pub rule: StandingRule,
        /// Wh that its orders were for on `day`.
        pub used_energy: u64,
        /// Milli-atoms that they locked.
        pub used_lock: u64,
        /// Start of the window that `outcome` is of, unix seconds.
        pub window: i64,
        /// Of the latest use, days of UTC since 1970-01-01.
        pub day: u32,
        /// A [`StandingOutcome`]: of the latest window in which it was due.
        pub outcome: u8,
        /// 1 if the delegate entered it: its limit holds.
        pub by_delegate: u8,
        /// 1 if what is used is of orders that a delegate entered.
        pub used_by_delegate: u8,
        /// Zero.
        pub reserved: u8,
    }
}

layout! {
    /// What is ordered, when, and how much of it.
    #[size = 152]
    pub struct StandingRule {
        /// Nothing is ordered for windows that start then or later, unix seconds; 2⁶³ − 1 for no end.
        pub valid_until: i64,
        /// Half hours of the local day in which windows start, a bit for each, 00:00 the lowest.
        pub half_hours: u64,
        /// The most that its orders may lock in a day of UTC, milli-atoms.
        pub lock_cap: u64,
        /// The most that its orders may be for in a day of UTC, Wh.
        pub energy_cap: u64,
        /// The most that its orders may lock, atoms per kWh: what a kWh costs at worst, with fees, or with what replaces it.
        pub unit_lock_cap: i32,
        /// Fixed, atoms per kWh, or how far above the price that `limit_kind` names.
        pub limit: i32,
        /// Fixed, Wh; of a profile, the Wh that one of it stands for; or basis points of what the seat's meters moved.
        pub quantity: u32,
        /// Of its orders.
        pub client_id: u16,
        /// A `Side`.
        pub side: u8,
        /// 0, the only node.
        pub node: u8,
        /// A [`LimitKind`].
        pub limit_kind: u8,
        /// A [`QuantityKind`].
        pub quantity_kind: u8,
        /// Days of the local week, a bit for each, Monday the lowest.
        pub weekdays: u8,
        /// Zeros.
        pub reserved: [u8; 5],
        /// How many times `quantity` in a window that starts in each half hour of the local day; zeros but for a profile.
        pub profile: [u16; HALF_HOURS_PER_DAY as usize],
    }
}

code! {
    /// What the limit price of a standing order is measured from.
    pub enum LimitKind {
        /// Nothing: it is the price.
        Fixed,
        /// The window's retail price.
        Short,
        /// The window's feed-in tariff.
        Long,
    }
}

code! {
    /// How much a standing order is for.
    pub enum QuantityKind {
        Fixed,
        /// As much as its profile says for the half hour.
        Profile,
        /// A share of what the seat's meters moved in the same window a day before: drew for a buy, fed in for a sell, the one
        /// less the other.
        DayBefore,
        /// The same a week before.
        WeekBefore,
    }
}

code! {
    /// What became of a standing order in a window in which it was due.
    pub enum StandingOutcome {
        /// It was never due.
        Never,
        Placed,
        /// The participant is not active.
        NotActive,
        /// The participant has not the role for it.
        NotPermitted,
        /// The seat has another owner, or the delegate that entered it is none any more.
        NotYours,
        /// The seat owes a supplier.
        InDebt,
        /// The seat's meters are silent.
        MetersSilent,
        /// The seat is a supplier's, and others have claims on it.
        ClaimsUnpaid,
        /// Too little free money.
        NotEnoughFree,
        /// Beyond what the delegate may lock in a day.
        DelegateLimit,
        /// No price is within what the owner allows its delegate, and no worse than the supplier's.
        DelegatePrice,
        /// Nothing is left of a daily cap.
        CapReached,
        /// A kWh would lock more than it may.
        UnitLockTooHigh,
        /// No price of the grid is within its limit.
        OffGrid,
        /// What is to be ordered is less than the least.
        TooLittle,
        /// Not all values of the seat's meters are there, of a day or a week before.
        NoValues,
        /// The seat has as many live orders as it may, or the book has no room.
        NoRoom,
        /// The meters' connections carry no more.
        BeyondConnection,
        /// A number would not fit.
        Overflow,
    }
}

impl StandingOrder {
    /// What is used of its caps on this day of UTC: Wh, and milli-atoms.
    #[inline(always)]
    pub fn used(&self, day: u32) -> (u64, u64) {
        if self.day == day {
            (self.used_energy, self.used_lock)
        } else {
            (0, 0)
        }
    }
}

impl StandingSeat {
    /// Whether the place has an order.
    #[inline(always)]
    pub fn has(&self, place: u8) -> bool {
        self.entered >> (place & 7) & 1 == 1
    }
}
