//! Terms that no market may have.

use joulebook_client::{layout::market::MarketTerms, market::errors::MarketError};
use joulebook_sim::Parameters;

type Change = fn(&mut MarketTerms);

/// What is wrong, how to get there from the default terms, and the answer, for windows of five minutes
/// in eight books and six pages of four windows, with 128 ticks and a grid fee of at most 1,000,000.
pub const BAD_TERMS: [(&str, Change, MarketError); 21] = [
    (
        "gate at the opening",
        |t| t.gate_lead = t.horizon,
        MarketError::GateBeforeOpening,
    ),
    (
        "gate before the opening",
        |t| t.gate_lead = u32::MAX,
        MarketError::GateBeforeOpening,
    ),
    (
        "no horizon",
        |t| t.horizon = 0,
        MarketError::GateBeforeOpening,
    ),
    (
        "horizon too long",
        |t| t.horizon = 1801,
        MarketError::RingTooShort,
    ),
    (
        "huge horizon",
        |t| t.horizon = u32::MAX,
        MarketError::RingTooShort,
    ),
    (
        "fee above a tenth",
        |t| t.fee_bps = 1001,
        MarketError::FeeInvalid,
    ),
    (
        "huge fee",
        |t| t.fee_bps = u16::MAX,
        MarketError::FeeInvalid,
    ),
    (
        "orders of nothing",
        |t| t.min_quantity = 0,
        MarketError::MinQuantityInvalid,
    ),
    (
        "clock too far east",
        |t| t.utc_offset = 14 * 3600 + 1,
        MarketError::UtcOffsetInvalid,
    ),
    (
        "clock too far west",
        |t| t.utc_offset = -14 * 3600 - 1,
        MarketError::UtcOffsetInvalid,
    ),
    (
        "no clock",
        |t| t.utc_offset = i32::MIN,
        MarketError::UtcOffsetInvalid,
    ),
    (
        "no tick",
        |t| t.tick_size = 0,
        MarketError::PriceGridInvalid,
    ),
    (
        "huge ticks",
        |t| t.tick_size = u32::MAX,
        MarketError::PriceGridInvalid,
    ),
    (
        "huge floor",
        |t| t.floor_price = i32::MAX,
        MarketError::PriceGridInvalid,
    ),
    (
        "a floor without an opposite",
        |t| t.floor_price = i32::MIN,
        MarketError::PriceGridInvalid,
    ),
    (
        "top price without room for fees",
        top_without_fees,
        MarketError::PriceGridInvalid,
    ),
    (
        "a grid fee below zero",
        |t| t.grid_fee = -1,
        MarketError::FeeInvalid,
    ),
    (
        "a grid fee beyond the market's bound",
        |t| t.grid_fee = 1_000_001,
        MarketError::FeeInvalid,
    ),
    (
        "huge grid fee",
        |t| t.grid_fee = i32::MAX,
        MarketError::FeeInvalid,
    ),
    (
        "orders that lock nothing",
        |t| t.min_lock = 0,
        MarketError::MinLockInvalid,
    ),
    (
        "orders that lock less than nothing",
        |t| t.min_lock = i32::MIN,
        MarketError::MinLockInvalid,
    ),
];

/// The grid itself fits 32 bits, its highest price does not with the highest grid fee that may be posted and without any
/// market fee.
fn top_without_fees(terms: &mut MarketTerms) {
    let Parameters {
        ticks,
        highest_grid_fee,
        ..
    } = Parameters::default();
    let steps = u32::from(ticks - 1) * terms.tick_size;
    terms.floor_price = i32::MAX.saturating_sub_unsigned(steps) - highest_grid_fee + 1;
    terms.grid_fee = 0;
    terms.fee_bps = 0;
}

/// Terms with every parameter at its bound.
pub fn extreme_terms() -> MarketTerms {
    MarketTerms {
        horizon: 1800,
        gate_lead: 1799,
        metering_grace: u32::MAX,
        fee_bps: 1000,
        min_quantity: u32::MAX,
        grid_fee: 1_000_000,
        utc_offset: -14 * 3600,
        holidays: [u32::MAX; 16],
        max_silent: u16::MAX,
        draw_after: u16::MAX,
        keeper_reward: u64::MAX,
        min_lock: i32::MAX,
        ..Parameters::default().terms
    }
}
