use crate::Address;

layout! {
    /// Past windows; the one that starts at t is in row (t / length) mod capacity. Address: `["history", market]`.
    #[size = 32 + 2 * 8 + 2 + 2 + 28]
    pub struct History {
        /// Part of the address.
        pub market: Address,
        /// Ever recorded.
        pub windows: u64,
        /// Ever traded, Wh.
        pub volume: u64,
        /// Records that there is room for.
        pub capacity: u16,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Zeros.
        pub reserved: [u8; 28],
    }
}

account!(History of MARKET, rows records: HistoryRecord [capacity]);

layout! {
    /// One past window; all zero where none was recorded.
    #[size = 40]
    pub struct HistoryRecord {
        /// Unix seconds.
        pub start: i64,
        /// Traded, Wh.
        pub volume: u64,
        /// Atoms per kWh; 0 if nothing traded.
        pub price: i32,
        /// Retail price, atoms per kWh.
        pub short: i32,
        /// Feed-in tariff, atoms per kWh.
        pub long: i32,
        /// Lowest clearing tick.
        pub low: u16,
        /// Highest clearing tick.
        pub high: u16,
        /// Allocated.
        pub orders: u16,
        /// Zeros.
        pub reserved: [u16; 3],
    }
}
