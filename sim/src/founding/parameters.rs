use joulebook_client::market::types::{MarketTerms, TariffEntry};

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
    MintCloseAuthority,
    InterestBearing,
    MetadataPointer,
}

/// Extensions of a mint by which someone could move, freeze or refuse the vault's tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedExtension {
    PermanentDelegate,
    DefaultAccountState,
    NonTransferable,
    TransferHook,
    Pausable,
}

/// What a community is made of. Times in seconds, prices in atoms per kWh.
#[derive(Clone, Debug)]
pub struct Parameters {
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
    pub tariff: TariffEntry,
    pub terms: MarketTerms,
}

impl Default for Parameters {
    /// A small village: windows of five minutes, prices from the feed-in to the retail tariff.
    fn default() -> Parameters {
        Parameters {
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
            tariff: TariffEntry {
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
                holidays: [0; 16],
                fee_bps: 100,
                max_estimated: 12,
                reserved: 0,
            },
        }
    }
}
