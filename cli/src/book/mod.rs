//! An order book in a file, and what its auction gives.

mod outcome;
mod read;
mod ticks;

pub use outcome::{Fills, Outcome};
pub use read::{load, parse, BookFileError};
pub use ticks::{TickBook, TooManyPrices, MAX_PRICES};

/// Bids and offers, in the sequence they were placed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    pub bids: Vec<BookOrder>,
    pub offers: Vec<BookOrder>,
}

/// One order of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookOrder {
    /// Limit price, in any unit: only the order of prices matters to the auction.
    pub price: i64,
    /// Wh, at least 1.
    pub qty: u32,
}

/// Clears a book off chain.
///
/// # Errors
/// [`TooManyPrices`], or quantities that add up to more than 64 bits hold.
pub fn clear(book: &Book) -> anyhow::Result<Outcome> {
    let ticks = TickBook::new(book)?;
    let cleared = crate::auction::clear(ticks.ticks(), &ticks.orders)?;
    Outcome::new(book, &ticks, &cleared)
}
