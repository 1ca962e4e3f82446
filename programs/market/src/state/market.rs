use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};
use joulebook_metering::tariff::{tariff_slot, DayKind, Tariff, HALF_HOURS_PER_DAY};
use joulebook_units::{Price, PriceGrid, Seconds, UnixTime};

use crate::errors::MarketError;

pub const MAX_HOLIDAYS: usize = 16;

/// Bounds of what an operator may choose.
pub struct Limits;

impl Limits {
    pub const WINDOW_SECONDS: core::ops::RangeInclusive<u32> = 60..=86_400;
    pub const RING: core::ops::RangeInclusive<u16> = 2..=1024;
    pub const SEATS: core::ops::RangeInclusive<u16> = 1..=16_384;
    pub const ORDERS: core::ops::RangeInclusive<u16> = 1..=16_384;
    pub const TICKS: core::ops::RangeInclusive<u16> = 1..=8192;
    pub const HISTORY: core::ops::RangeInclusive<u16> = 1..=32_768;
    pub const FEE_BPS: u16 = 1000;
    /// Fourteen hours, the furthest a clock is from UTC.
    pub const UTC_OFFSET: i32 = 14 * 3600;
    /// One node clears now; the layouts hold more.
    pub const NODES: u8 = 1;
}

/// A market's parameters. Address: `["market", community]`.
#[account(zero_copy)]
#[derive(Debug)]
pub struct Market {
    pub community: Pubkey,
    pub meter_table: Pubkey,
    pub quote_mint: Pubkey,
    pub token_program: Pubkey,
    pub vault: Pubkey,
    pub terms: MarketTerms,
    /// Length of a delivery window in seconds, that of the meter table's interval.
    pub window_seconds: u32,
    /// Slots of the window ring.
    pub ring: u16,
    /// Slots of the meter table's interval ring.
    pub interval_ring: u16,
    /// Seats of the ledger and positions of a window.
    pub seats: u16,
    /// Orders a window has room for.
    pub orders: u16,
    /// Ticks of a window's price grid.
    pub ticks: u16,
    /// Records the history keeps.
    pub history: u16,
    /// Live orders one seat may have in a window.
    pub max_orders_per_seat: u16,
    /// Seat of the supplier, the other side of every deviation.
    pub supplier: u16,
    /// Seat that receives the grid fee.
    pub grid_operator: u16,
    /// Window accounts that exist.
    pub windows: u16,
    /// Nodes of a window.
    pub nodes: u8,
    /// Auction rule; 0 is the uniform price.
    pub rule: u8,
    /// 1 once the ledger's account exists; likewise the history's.
    pub has_ledger: u8,
    pub has_history: u8,
    pub version: u8,
    pub bump: u8,
    pub vault_bump: u8,
    /// 1 once its last window slot was closed: it will have no windows any more.
    pub ended: u8,
    pub reserved: [u8; 32],
    /// Imbalance prices: working days, then other days.
    pub tariffs: [DayTariff; 2],
}

/// What may change from one window to the next.
#[derive(Clone, Copy, Debug, Pod, Zeroable, AnchorSerialize, AnchorDeserialize)]
#[repr(C)]
pub struct MarketTerms {
    /// What a keeper gets out of the fees for finishing an allocation or a settlement, milli-atoms.
    pub keeper_reward: u64,
    /// A window opens this long before it starts, seconds.
    pub horizon: u32,
    /// Its gate closes this long before it starts, seconds.
    pub gate_lead: u32,
    /// Readings are awaited this long after it ends, seconds.
    pub metering_grace: u32,
    /// Price of tick 0, quote atoms per kWh.
    pub floor_price: u32,
    /// Price step, quote atoms per kWh.
    pub tick_size: u32,
    /// Smallest order, Wh.
    pub min_quantity: u32,
    /// Local grid fee on bought energy, quote atoms per kWh.
    pub grid_fee: u32,
    /// How far local clocks are ahead of UTC, seconds.
    pub utc_offset: i32,
    /// Days, since 1970-01-01 in local time, that have the tariff of a free day; 0 for none.
    pub holidays: [u32; MAX_HOLIDAYS],
    /// Market fee on the value of bought energy, basis points.
    pub fee_bps: u16,
    /// Windows in a row that a seat may be estimated for before it may enter no more orders; 0 for
    /// any number.
    pub max_estimated: u16,
    pub reserved: u32,
}

/// Imbalance prices of one half hour, quote atoms per kWh; `long ≤ short`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable, AnchorSerialize, AnchorDeserialize,
)]
#[repr(C)]
pub struct TariffEntry {
    /// What a seat pays for energy beyond its contracts: the retail price.
    pub short: u32,
    /// What a seat receives for energy left over: the feed-in tariff.
    pub long: u32,
}

/// Imbalance prices of one kind of day.
#[zero_copy]
#[derive(Debug)]
pub struct DayTariff {
    /// By half hour of the local day.
    pub half_hours: [TariffEntry; HALF_HOURS_PER_DAY],
}

/// What is chosen once, at creation.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize)]
pub struct MarketParams {
    /// Length of a delivery window in seconds: 60 to 86,400, and that of the meter table's interval.
    pub window_seconds: u32,
    /// Slots of the window ring, 2 to 1,024.
    pub ring: u16,
    /// Seats of the ledger, 1 to 16,384: above every participant's index.
    pub seats: u16,
    /// Orders a window has room for, 1 to 16,384.
    pub orders: u16,
    /// Ticks of a window's price grid, 1 to 8,192.
    pub ticks: u16,
    /// Past windows the history keeps, 1 to 32,768.
    pub history: u16,
    /// Live orders one seat may have in a window.
    pub max_orders_per_seat: u16,
    /// Nodes of a window; 1.
    pub nodes: u8,
    /// Auction rule; 0, the uniform price.
    pub rule: u8,
    /// The tariff of every half hour, until `set_tariff` says otherwise.
    pub tariff: TariffEntry,
    pub terms: MarketTerms,
}

const _: () = assert!(size_of::<MarketTerms>() == 8 + 8 * 4 + MAX_HOLIDAYS * 4 + 8);
const _: () = assert!(
    size_of::<Market>() == 5 * 32 + size_of::<MarketTerms>() + 4 + 10 * 2 + 8 + 32 + 2 * 48 * 8
);

impl MarketTerms {
    /// # Errors
    /// The first parameter that can't be, for windows of `window_seconds` in `ring` slots.
    pub fn validate(&self, window_seconds: u32, ring: u16, ticks: u16) -> Result<()> {
        require!(
            self.gate_lead < self.horizon,
            MarketError::GateBeforeOpening
        );
        // While a slot waits for its readings, the windows behind it open in the others.
        let length = u64::from(window_seconds);
        let life = u64::from(self.horizon) + u64::from(self.metering_grace) + 2 * length;
        require!(life <= u64::from(ring) * length, MarketError::RingTooShort);
        require!(self.fee_bps <= Limits::FEE_BPS, MarketError::FeeTooHigh);
        require!(self.min_quantity > 0, MarketError::MinQuantityZero);
        require!(
            self.utc_offset.unsigned_abs() <= Limits::UTC_OFFSET.unsigned_abs(),
            MarketError::UtcOffset
        );
        let grid = self.grid(ticks)?;
        joulebook_metering::settlement::Terms {
            grid_fee: Price(self.grid_fee),
            fee_bps: self.fee_bps,
            ..Default::default()
        }
        .all_in(grid.top())
        .ok_or(MarketError::PriceGrid)?;
        Ok(())
    }

    /// # Errors
    /// [`MarketError::IntervalRingTooShort`] if an interval's slot might be needed before its window is metered:
    /// whoever opened a later interval then would skip one.
    pub fn validate_intervals(&self, window_seconds: u32, interval_ring: u16) -> Result<()> {
        let length = u64::from(window_seconds);
        let life = u64::from(self.metering_grace) + 2 * length;
        require!(
            life <= u64::from(interval_ring) * length,
            MarketError::IntervalRingTooShort
        );
        Ok(())
    }

    /// # Errors
    /// [`MarketError::PriceGrid`].
    pub fn grid(&self, ticks: u16) -> Result<PriceGrid> {
        PriceGrid::new(Price(self.floor_price), self.tick_size, ticks)
            .map_err(|_| MarketError::PriceGrid.into())
    }
}

impl TariffEntry {
    /// # Errors
    /// [`MarketError::TariffInverted`] if leaving energy over paid more than drawing it costs.
    pub fn validate(&self) -> Result<()> {
        require!(self.long <= self.short, MarketError::TariffInverted);
        Ok(())
    }
}

impl Market {
    pub const VERSION: u8 = 1;
    pub const UNIFORM_PRICE: u8 = 0;

    pub fn window_length(&self) -> Seconds {
        Seconds(i64::from(self.window_seconds))
    }

    /// The highest price of energy drawn beyond a contract, in any half hour.
    pub fn highest_short(&self) -> Price {
        let days = self.tariffs.iter().flat_map(|day| &day.half_hours);
        Price(days.map(|entry| entry.short).max().unwrap_or_default())
    }

    /// The imbalance prices of a window that starts at `start`; `None` on overflow.
    pub fn tariff_at(&self, start: UnixTime) -> Option<Tariff> {
        let offset = Seconds(i64::from(self.terms.utc_offset));
        let slot = tariff_slot(start, offset, &self.terms.holidays)?;
        let day = match slot.day {
            DayKind::Working => 0,
            DayKind::Free => 1,
        };
        let entry = self.tariffs.get(day)?.half_hours.get(slot.half_hour)?;
        Some(Tariff {
            short: Price(entry.short),
            long: Price(entry.long),
        })
    }
}
