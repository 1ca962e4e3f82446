use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_layout::market::{Phase, Standing, Transition, Window, WindowRows};

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

/// Whether a window is at this transition; false if it is through.
///
/// # Errors
/// [`MarketError::WrongPhase`] if another one comes first.
#[inline(always)]
pub fn is_due(window: &Window, transition: Transition) -> Result<bool, MarketError> {
    match window.standing(transition) {
        Standing::Due => Ok(true),
        Standing::Done => Ok(false),
        Standing::Early => Err(MarketError::WrongPhase),
    }
}
