//! What is in a book: orders that come and go, and the depth that they clear by.

mod check;
mod connections;
mod enter;
mod event;
mod lock;
mod remove;

pub use check::{check_orders, Means};
pub use connections::connect;
pub use event::PlacedEvent;

use core::result::Result;

use joulebook_auction::{Depth, Level};
use joulebook_layout::market::{Book, Order};

use crate::errors::MarketError;

/// A book's orders, with their depth.
pub struct BookOrders<'a> {
    pub header: &'a mut Book,
    pub depth: Depth<'a>,
    pub orders: &'a mut [Order],
}

/// The depth of a book's only node.
///
/// # Errors
/// [`MarketError::Broken`]; never for a book that was loaded.
#[inline(always)]
pub fn depth_of<'a>(
    levels: &'a mut [Level],
    blocks: &'a mut [Level],
) -> Result<Depth<'a>, MarketError> {
    Depth::new(levels, blocks).map_err(|_| MarketError::Broken)
}
