//! A window's book: orders that come and go.

mod enter;
mod event;
mod lock;
mod remove;

pub use enter::{check_orders, Entry};
pub use event::PlacedEvent;
pub use remove::Removal;

use core::result::Result;

use joulebook_auction::{Book, Level};

use crate::errors::MarketError;

/// The book of a window's only node.
///
/// # Errors
/// [`MarketError::Broken`]; never for a window that was loaded.
#[inline(always)]
pub fn book_of<'a>(
    levels: &'a mut [Level],
    blocks: &'a mut [Level],
) -> Result<Book<'a>, MarketError> {
    Book::new(levels, blocks).map_err(|_| MarketError::Broken)
}
