use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_common::clock::now;
use joulebook_layout::market::{Book, BookRows, Phase, Standing, Transition};

use crate::errors::MarketError;

/// # Errors
/// [`MarketError::TableNotGrown`] if the account has not its full length yet.
#[inline(always)]
pub fn load_book(data: &mut [u8]) -> Result<BookRows<'_>, MarketError> {
    BookRows::cut(data).ok_or(MarketError::TableNotGrown)
}

/// Whether orders for the window that starts at `start` come and go now.
///
/// # Errors
/// [`MarketError::NotOpen`], [`MarketError::GateClosed`].
#[inline(always)]
pub fn require_open(book: &Book, start: i64) -> Result<(), MarketError> {
    if book.start > start {
        return Err(MarketError::GateClosed);
    }
    if book.start < start || !book.is(Phase::Open) {
        return Err(MarketError::NotOpen);
    }
    let now = now().map_err(|_| MarketError::Broken)?;
    if now.0 >= book.gate {
        return Err(MarketError::GateClosed);
    }
    Ok(())
}

/// Whether a book is at this transition; false if it is through.
///
/// # Errors
/// [`MarketError::WrongPhase`] if another one comes first.
#[inline(always)]
pub fn is_due(book: &Book, transition: Transition) -> Result<bool, MarketError> {
    match book.standing(transition) {
        Standing::Due => Ok(true),
        Standing::Done => Ok(false),
        Standing::Early => Err(MarketError::WrongPhase),
    }
}
