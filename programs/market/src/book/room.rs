use core::result::Result;

use joulebook_layout::market;

use crate::errors::MarketError;

/// Orders beyond their seats' room, once a seat has `live` orders, `count` of them new.
///
/// # Errors
/// [`MarketError::BookFull`].
#[inline(always)]
pub fn room_for(book: &market::Book, live: u16, count: u16) -> Result<u16, MarketError> {
    let more = book.beyond(live).min(count);
    let beyond = book.beyond_room.wrapping_add(more);
    if more > 0 && beyond > book.shared_room() {
        return Err(MarketError::BookFull);
    }
    Ok(beyond)
}
