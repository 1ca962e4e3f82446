use joulebook_client::{
    addresses::Rings,
    layout::market::{limits, ImbalancePrices, MarketTerms},
    market::instructions::CreateMarketInstructionArgs,
};

/// Which token a community's money is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    Classic,
    Token2022,
    /// Token-2022 with a transfer fee, in basis points.
    Token2022WithFee(u16),
    /// Token-2022 whose mint has one extension more, one that a market accepts.
    Token2022With(AcceptedExtension),
    /// Token-2022 whose mint has an extension that a market must refuse.
    Token2022WithRefused(RefusedExtension),
}

/// Extensions of a mint that leave the vault's tokens alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptedExtension {
    InterestBearing,
    MetadataPointer,
}

/// Extensions of a mint by which someone could move, freeze or refuse the vault's tokens, or change the mint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedExtension {
    MintCloseAuthority,
    PermanentDelegate,
    DefaultAccountState,
    NonTransferable,
    TransferHook,
    Pausable,
}

/// In the place of a genesis hash, on a chain of this machine.
pub const LOCAL_CLUSTER: [u8; 32] = *b"a local chain of this machine.. ";

/// What a community is made of. Times in seconds, prices in atoms per kWh.
#[derive(Clone, Debug)]
pub struct Parameters {
    pub name: String,
    pub zones: Vec<String>,
    pub token: TokenKind,
    /// Genesis hash of the chain, which the meters sign.
    pub cluster: [u8; 32],
    /// Unix time the community starts at.
    pub now: i64,
    /// The market's number among the community's.
    pub market: u16,
    pub window_seconds: u32,
    /// Slots of the book ring.
    pub books: u16,
    /// Windows of a page.
    pub page_windows: u16,
    /// Slots of the page ring.
    pub pages: u16,
    /// Readings are taken this long after a page's end.
    pub reading_seconds: u32,
    /// A verifier's values are taken this long after a page's end.
    pub correction_seconds: u32,
    pub meters: u16,
    pub violation_limit: u8,
    /// The most that a meter's limits may be, W.
    pub power_cap: u32,
    pub seats: u16,
    pub orders: u16,
    pub ticks: u16,
    pub history: u16,
    /// Whether there is an account for standing orders.
    pub standing_orders: bool,
    pub max_orders_per_seat: u16,
    /// Orders that each seat has room for, whatever the others do.
    pub room_per_seat: u16,
    /// No imbalance price may ever be below it.
    pub lowest_price: i32,
    /// No imbalance price may ever be above it.
    pub highest_price: i32,
    pub highest_grid_fee: i32,
    /// New terms and prices hold for windows that start at least so long after.
    pub notice_seconds: u32,
    /// What a supplier's seat can't take out, milli-atoms.
    pub supplier_margin: u64,
    pub tariff: ImbalancePrices,
    pub terms: MarketTerms,
}

/// What a meter table is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeterTableParameters {
    /// Length of an interval, seconds.
    pub interval_seconds: u32,
    /// Intervals of a page.
    pub page_intervals: u16,
    /// Slots of the page ring.
    pub ring: u16,
    /// Meters there is room for.
    pub capacity: u16,
    /// Readings are taken this long after a page's end, seconds.
    pub reading_seconds: u32,
    /// A verifier's values are taken this long after a page's end, seconds.
    pub correction_seconds: u32,
    /// The most that a meter's limits may be, W.
    pub power_cap: u32,
    /// Violations that quarantine a meter; 0 for never.
    pub violation_limit: u8,
    /// Genesis hash of the chain.
    pub cluster: [u8; 32],
}

impl Default for MeterTableParameters {
    /// A small table: pages of four intervals of five minutes, twenty meters.
    fn default() -> MeterTableParameters {
        MeterTableParameters {
            interval_seconds: 300,
            page_intervals: 4,
            ring: 4,
            capacity: 20,
            reading_seconds: 600,
            correction_seconds: 1200,
            power_cap: u32::MAX,
            violation_limit: 3,
            cluster: LOCAL_CLUSTER,
        }
    }
}

impl Parameters {
    /// What the addresses of the market and its rings depend on.
    pub fn rings(&self) -> Rings {
        Rings {
            market: self.market,
            window_seconds: self.window_seconds,
            page_windows: self.page_windows,
            books: self.books,
            pages: self.pages,
        }
    }

    pub fn meter_table(&self) -> MeterTableParameters {
        MeterTableParameters {
            interval_seconds: self.window_seconds,
            page_intervals: self.page_windows,
            ring: self.pages,
            capacity: self.meters,
            reading_seconds: self.reading_seconds,
            correction_seconds: self.correction_seconds,
            power_cap: self.power_cap,
            violation_limit: self.violation_limit,
            cluster: self.cluster,
        }
    }

    /// The arguments that create the market.
    pub fn create_market(&self) -> CreateMarketInstructionArgs {
        CreateMarketInstructionArgs {
            number: self.market,
            window_seconds: self.window_seconds,
            books: self.books,
            seats: self.seats,
            orders: self.orders,
            ticks: self.ticks,
            history: self.history,
            max_orders_per_seat: self.max_orders_per_seat,
            room_per_seat: self.room_per_seat,
            nodes: limits::NODES,
            rule: limits::RULE_UNIFORM_PRICE,
            lowest_price: self.lowest_price,
            highest_price: self.highest_price,
            highest_grid_fee: self.highest_grid_fee,
            notice_seconds: self.notice_seconds,
            supplier_margin: self.supplier_margin,
            tariff: self.tariff,
            terms: self.terms,
        }
    }
}

impl Default for Parameters {
    /// A small community: windows of five minutes, four to a page, prices from the feed-in to the retail tariff. Changes hold
    /// from the next window on.
    fn default() -> Parameters {
        Parameters {
            name: "Sonnenhof".to_string(),
            zones: vec!["feeder 1".to_string()],
            token: TokenKind::Classic,
            cluster: LOCAL_CLUSTER,
            // 2026-11-02 00:00 UTC, a Monday.
            now: 1_793_577_600,
            market: 0,
            window_seconds: 300,
            books: 8,
            page_windows: 4,
            pages: 6,
            reading_seconds: 600,
            correction_seconds: 1200,
            meters: 32,
            violation_limit: 3,
            power_cap: u32::MAX,
            seats: 32,
            orders: 64,
            ticks: 128,
            history: 16,
            standing_orders: false,
            max_orders_per_seat: 8,
            room_per_seat: 0,
            lowest_price: -10_000_000,
            highest_price: 10_000_000,
            highest_grid_fee: 1_000_000,
            notice_seconds: 0,
            supplier_margin: 0,
            tariff: ImbalancePrices {
                short: 300_000,
                long: 80_000,
            },
            terms: MarketTerms {
                keeper_reward: 0,
                horizon: 900,
                gate_lead: 60,
                metering_grace: 600,
                floor_price: 50_000,
                tick_size: 2_000,
                min_quantity: 1,
                grid_fee: 20_000,
                utc_offset: 3600,
                holidays: [0; limits::MAX_HOLIDAYS as usize],
                min_lock: 1,
                fee_bps: 100,
                max_silent: 12,
                draw_after: 12,
                reserved: [0; 6],
            },
        }
    }
}
