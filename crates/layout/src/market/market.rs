use joulebook_units::Seconds;

use super::limits::{HALF_HOURS_PER_DAY, MAX_HOLIDAYS};
use crate::Address;

layout! {
    /// A market's parameters. Address: `["market", community, number]`.
    #[size = 5 * 32 + 2 * 120 + 6 * 8 + 4 * 4 + 2 * 4 + 14 * 2 + 8 + 20 + 4 * 48 * 8]
    pub struct Market {
        /// Part of the address.
        pub community: Address,
        /// The oracle's, whose intervals it settles.
        pub meter_table: Address,
        /// The token its money is in.
        pub quote_mint: Address,
        /// The token's program.
        pub token_program: Address,
        /// The token account that holds all money.
        pub vault: Address,
        /// What may change from one window to the next.
        pub terms: MarketTerms,
        /// What they are to be.
        pub planned_terms: MarketTerms,
        /// Start of the first window that `planned_terms` hold for, unix seconds; that of `terms` before.
        pub planned_terms_from: i64,
        /// Start of the first window that `planned_tariffs` hold for, unix seconds; that of `tariffs` before.
        pub planned_tariffs_from: i64,
        /// Start of the page opened last, unix seconds; −2⁶³ for none.
        pub last_page: i64,
        /// No page that starts then or later is opened, unix seconds; 2⁶³ − 1 for no end.
        pub ends_at: i64,
        /// Events it has counted: those about what is agreed in it. The ledger counts those of money and orders.
        pub events: u64,
        /// What the seat of a supplier can't take out of its free money, milli-atoms; see the ledger.
        pub supplier_margin: u64,
        /// No imbalance price may be below it, atoms per kWh.
        pub lowest_price: i32,
        /// No imbalance price may be above it, atoms per kWh.
        pub highest_price: i32,
        /// The highest grid fee, atoms per kWh.
        pub highest_grid_fee: i32,
        /// New terms, tariffs and prices hold for windows that start at least so long after, seconds.
        pub notice_seconds: u32,
        /// Length of a delivery window, that of the meter table's interval.
        pub window_seconds: u32,
        /// The meter table's: a page of readings is corrected this long after its end, seconds.
        pub correction_seconds: u32,
        /// Slots of the book ring.
        pub books: u16,
        /// Windows of a page: the meter table's intervals of a page.
        pub page_windows: u16,
        /// Slots of the page ring: the meter table's.
        pub pages: u16,
        /// Seats of the ledger and positions of a window.
        pub seats: u16,
        /// Orders that a book has room for.
        pub orders: u16,
        /// Ticks of a book's price grid.
        pub ticks: u16,
        /// Records that the history keeps.
        pub history: u16,
        /// Live orders that one seat may have in a window.
        pub max_orders_per_seat: u16,
        /// Its own among the community's markets; part of the address.
        pub number: u16,
        /// Live orders that each seat has room for in a book, whatever the others do.
        pub room_per_seat: u16,
        /// Seat of the supplier that it began with; the ledger has those of now.
        pub first_supplier: u16,
        /// Seat that receives the grid fee.
        pub grid_operator: u16,
        /// Book accounts that exist.
        pub book_accounts: u16,
        /// Page accounts that exist.
        pub page_accounts: u16,
        /// Of a window: 1.
        pub nodes: u8,
        /// Auction rule; 0, the uniform price.
        pub rule: u8,
        /// 1 once the ledger's account exists.
        pub has_ledger: u8,
        /// 1 once the history's account exists.
        pub has_history: u8,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Of the vault's address.
        pub vault_bump: u8,
        /// 1 once the account of standing orders exists.
        pub has_standing_orders: u8,
        /// Zeros.
        pub reserved: [u8; 20],
        /// Imbalance prices: working days, then other days.
        pub tariffs: [DayTariff; 2],
        /// Those from `planned_tariffs_from` on.
        pub planned_tariffs: [DayTariff; 2],
    }
}

account!(Market of MARKET);

layout! {
    /// What may change from one window to the next.
    #[size = 8 + 8 * 4 + 16 * 4 + 4 + 3 * 2 + 6]
    pub struct MarketTerms {
        /// What a keeper gets for finishing an allocation, out of that window's own market fee at most, milli-atoms.
        pub keeper_reward: u64,
        /// A window opens this long before it starts, seconds.
        pub horizon: u32,
        /// Its gate closes this long before it starts, seconds.
        pub gate_lead: u32,
        /// A silent meter is charged its standard draw this long after it ends, seconds.
        pub metering_grace: u32,
        /// Price of tick 0, atoms per kWh.
        pub floor_price: i32,
        /// Price step, atoms per kWh.
        pub tick_size: u32,
        /// Smallest order, Wh.
        pub min_quantity: u32,
        /// Local grid fee on bought energy, atoms per kWh; not below zero.
        pub grid_fee: i32,
        /// How far local clocks are ahead of UTC, seconds.
        pub utc_offset: i32,
        /// Days, since 1970-01-01 in local time, that have the tariff of a free day; 0 for none.
        pub holidays: [u32; MAX_HOLIDAYS as usize],
        /// The least that an order locks, atoms per kWh: room in a book is not for nothing. At least 1.
        pub min_lock: i32,
        /// Market fee on the value of bought energy, basis points.
        pub fee_bps: u16,
        /// Windows that became final with a missing meter, since all were heard, before a seat may place no more orders;
        /// 0 for any number.
        pub max_silent: u16,
        /// Windows in a row that a meter may be silent for before its standard draw is charged.
        pub draw_after: u16,
        /// Zeros.
        pub reserved: [u8; 6],
    }
}

layout! {
    /// Prices of one window, from the supplier; `long ≤ short`.
    #[size = 12]
    pub struct WindowPrices {
        /// What a seat pays for energy beyond its contracts, atoms per kWh.
        pub short: i32,
        /// What a seat receives for energy left over, atoms per kWh.
        pub long: i32,
        /// Local grid fee on bought energy, atoms per kWh; not below zero.
        pub grid_fee: i32,
    }
}

layout! {
    /// Imbalance prices of one half hour; `long ≤ short`.
    #[size = 8]
    pub struct ImbalancePrices {
        /// What a seat pays for energy beyond its contracts, atoms per kWh: the retail price.
        pub short: i32,
        /// What a seat receives for energy left over, atoms per kWh: the feed-in tariff.
        pub long: i32,
    }
}

layout! {
    /// Imbalance prices of one kind of day.
    #[size = 48 * 8]
    pub struct DayTariff {
        /// By half hour of the local day.
        pub half_hours: [ImbalancePrices; HALF_HOURS_PER_DAY as usize],
    }
}

impl Market {
    /// When a market ends that has no end yet, unix seconds.
    pub const ENDLESS: i64 = i64::MAX;

    /// Whether no page can be opened any more, unix seconds: those before its end are all final, or nobody could bring
    /// values for them now.
    pub fn is_over(&self, now: i64) -> bool {
        now >= self.ends_at.saturating_add(self.correction_seconds.into())
    }

    /// Whether nothing of it changes any more but that money leaves it. `last_final` is the ledger's.
    pub fn has_ended(&self, last_final: i64, now: i64) -> bool {
        self.is_over(now) && self.last_page == last_final
    }

    /// The terms of a window that starts at `start`, unix seconds.
    pub fn terms_at(&self, start: i64) -> &MarketTerms {
        if start >= self.planned_terms_from {
            &self.planned_terms
        } else {
            &self.terms
        }
    }

    /// The tariffs of a window that starts at `start`, unix seconds: working days, then other days.
    pub fn tariffs_at(&self, start: i64) -> &[DayTariff; 2] {
        if start >= self.planned_tariffs_from {
            &self.planned_tariffs
        } else {
            &self.tariffs
        }
    }

    pub fn window_length(&self) -> Seconds {
        Seconds(i64::from(self.window_seconds))
    }

    /// From the start of a page to that of the next.
    pub fn page_length(&self) -> Seconds {
        let length = u64::from(self.window_seconds).wrapping_mul(self.page_windows.into());
        // 48 bits.
        Seconds(length as i64)
    }
}
