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

/// What a community is made of. Times in seconds, prices in atoms per kWh.
#[derive(Clone, Debug)]
pub struct Parameters {
    pub name: String,
    pub zones: Vec<String>,
    pub token: TokenKind,
    /// Unix time the community starts at.
    pub now: i64,
    pub window_seconds: u32,
    pub ring: u16,
    pub interval_ring: u16,
    pub meters: u16,
    pub violation_limit: u8,
    pub seats: u16,
    pub orders: u16,
    pub ticks: u16,
    pub history: u16,
    pub max_orders_per_seat: u16,
    pub tariff: ImbalancePrices,
    pub terms: MarketTerms,
}

/// What a meter table is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeterTableParameters {
    /// Length of an interval, seconds.
    pub interval_seconds: u32,
    /// Meters there is room for.
    pub capacity: u16,
    /// Slots of the interval ring.
    pub ring: u16,
    /// Violations that quarantine a meter; 0 for never.
    pub violation_limit: u8,
}

impl Default for MeterTableParameters {
    /// A small table: intervals of five minutes, twenty meters.
    fn default() -> MeterTableParameters {
        MeterTableParameters {
            interval_seconds: 300,
            capacity: 20,
            ring: 4,
            violation_limit: 3,
        }
    }
}

impl Parameters {
    /// What ring addresses depend on.
    pub fn rings(&self) -> Rings {
        Rings {
            window_seconds: self.window_seconds,
            windows: self.ring,
            intervals: self.interval_ring,
        }
    }

    pub fn meter_table(&self) -> MeterTableParameters {
        MeterTableParameters {
            interval_seconds: self.window_seconds,
            capacity: self.meters,
            ring: self.interval_ring,
            violation_limit: self.violation_limit,
        }
    }

    /// The arguments that create the market.
    pub fn create_market(&self) -> CreateMarketInstructionArgs {
        CreateMarketInstructionArgs {
            window_seconds: self.window_seconds,
            ring: self.ring,
            seats: self.seats,
            orders: self.orders,
            ticks: self.ticks,
            history: self.history,
            max_orders_per_seat: self.max_orders_per_seat,
            nodes: limits::NODES,
            rule: limits::RULE_UNIFORM_PRICE,
            tariff: self.tariff,
            terms: self.terms,
        }
    }
}

impl Default for Parameters {
    /// A small community: windows of five minutes, prices from the feed-in to the retail tariff.
    fn default() -> Parameters {
        Parameters {
            name: "Sonnenhof".to_string(),
            zones: vec!["feeder 1".to_string()],
            token: TokenKind::Classic,
            // 2026-11-02 00:00 UTC, a Monday.
            now: 1_793_577_600,
            window_seconds: 300,
            ring: 8,
            interval_ring: 8,
            meters: 32,
            violation_limit: 3,
            seats: 32,
            orders: 64,
            ticks: 128,
            history: 16,
            max_orders_per_seat: 8,
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
                fee_bps: 100,
                max_estimated: 12,
                min_lock: 1,
            },
        }
    }
}
