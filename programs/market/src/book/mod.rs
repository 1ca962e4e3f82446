//! A window's book: orders that come and go, and the sums that they clear by.

mod check;
mod enter;
mod event;
mod lock;
mod remove;

pub use check::check_orders;
pub use event::PlacedEvent;

use core::result::Result;

use joulebook_auction::{Depth, Level};
use joulebook_layout::market::{Order, Window};

use crate::errors::MarketError;

/// A window's orders, with the book of their sums.
pub struct WindowOrders<'a> {
    pub window: &'a mut Window,
    pub book: Depth<'a>,
    pub orders: &'a mut [Order],
}

/// The book of a window's only node.
///
/// # Errors
/// [`MarketError::Broken`]; never for a window that was loaded.
#[inline(always)]
pub fn book_of<'a>(
    levels: &'a mut [Level],
    blocks: &'a mut [Level],
) -> Result<Depth<'a>, MarketError> {
    Depth::new(levels, blocks).map_err(|_| MarketError::Broken)
}
