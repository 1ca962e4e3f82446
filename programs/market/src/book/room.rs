use core::result::Result;

use joulebook_layout::market;

use crate::errors::MarketError;

/// Orders beyond their seats' room, once a seat has `live` orders, `count` of them new.
///
/// # Errors
/// [`MarketError::BookFull`].
#[inline(always)]
pub fn room_for(book: &market::Book, live: u16, count: u16) -> Result<u16, MarketError> {
    book.room_for(live, count).ok_or(MarketError::BookFull)
}
