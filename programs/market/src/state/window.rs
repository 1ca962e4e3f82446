use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_layout::{
    cut,
    market::{History, HistoryRecord, Phase, Window, WindowRows},
};
use joulebook_settlement::{Tariff, Terms};
use joulebook_units::Price;

use crate::errors::MarketError;

/// # Errors
/// [`MarketError::TableNotGrown`] if the account has not its full length yet.
#[inline(always)]
pub fn load_window(data: &mut [u8]) -> Result<WindowRows<'_>, MarketError> {
    WindowRows::cut(data).ok_or(MarketError::TableNotGrown)
}

/// Whether orders for the window that starts at `start` come and go now.
///
/// # Errors
/// [`MarketError::NotOpen`], [`MarketError::GateClosed`].
#[inline(always)]
pub fn require_open(window: &Window, start: i64) -> Result<(), MarketError> {
    if window.start > start {
        return Err(MarketError::GateClosed);
    }
    if window.start < start || !window.is(Phase::Open) {
        return Err(MarketError::NotOpen);
    }
    let now = Clock::get().map_err(|_| MarketError::Broken)?;
    if now.unix_timestamp >= window.gate {
        return Err(MarketError::GateClosed);
    }
    Ok(())
}

/// The prices that a window settles at, beside its clearing price.
#[inline(always)]
pub fn terms_of(window: &Window) -> Terms {
    Terms {
        tariff: Tariff {
            short: Price(window.short),
            long: Price(window.long),
        },
        grid_fee: Price(window.grid_fee),
        fee_bps: window.fee_bps,
    }
}

/// A history, cut into its parts.
pub struct HistoryView<'a> {
    pub header: &'a mut History,
    pub records: &'a mut [HistoryRecord],
}

impl<'a> HistoryView<'a> {
    /// # Errors
    /// [`MarketError::TableNotGrown`] if the account has not its full length yet.
    #[inline(always)]
    pub fn load(data: &'a mut [u8]) -> Result<HistoryView<'a>, MarketError> {
        let (header, records) = cut(data).ok_or(MarketError::TableNotGrown)?;
        Ok(HistoryView { header, records })
    }
}
