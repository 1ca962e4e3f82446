//! An order book in a file, and what its auction gives.

mod csv_book;
mod number;
mod outcome;
mod price_scale;
mod read;
mod ticks;

use joulebook_sim::auction::{self, AuctionResult};

pub use number::{Number, NumberError};
pub use outcome::{Fills, Outcome};
pub use price_scale::PriceScale;
pub use read::{load, parse, BookFileError};
pub use ticks::{TickBook, TooManyPrices, MAX_PRICES};

/// Bids and offers, in the sequence they were placed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderBook {
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
pub fn clear(book: &OrderBook) -> anyhow::Result<Outcome> {
    let ticks = TickBook::new(book)?;
    let result = auction::clear(ticks.ticks(), &ticks.orders)?;
    Outcome::new(book, &ticks, &result)
}

/// Clears a book on chain, where `on_chain` gives the outcome over ticks and its compute units, and off
/// chain as well.
///
/// # Errors
/// Those of [`clear`] and of `on_chain`, and if the two disagree.
pub fn clear_on_chain(
    book: &OrderBook,
    on_chain: impl FnOnce(&TickBook) -> anyhow::Result<(AuctionResult, u64)>,
) -> anyhow::Result<Outcome> {
    let expected = clear(book)?;
    let ticks = TickBook::new(book)?;
    let (result, compute_units) = on_chain(&ticks)?;
    let outcome = Outcome::new(book, &ticks, &result)?;
    anyhow::ensure!(
        outcome == expected,
        "the program and the engine disagree: on chain {outcome:?}, off chain {expected:?}"
    );
    Ok(Outcome {
        compute_units: Some(compute_units),
        ..outcome
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_auctions_must_agree() {
        let order = |price| BookOrder { price, qty: 5 };
        let book = OrderBook {
            bids: vec![order(4)],
            offers: vec![order(-4)],
        };
        let engine = |ticks: &TickBook| auction::clear(ticks.ticks(), &ticks.orders);
        let outcome = clear_on_chain(&book, |ticks| Ok((engine(ticks)?, 7))).expect("agree");
        assert_eq!((outcome.price, outcome.compute_units), (Some(0), Some(7)));
        let wrong = clear_on_chain(&book, |ticks| {
            let mut result = engine(ticks)?;
            result.fills.swap_remove(0);
            Ok((result, 7))
        });
        assert!(wrong.is_err());
        let different = clear_on_chain(&book, |_| {
            let fills = vec![joulebook_units::Wh(0); 2];
            Ok((
                AuctionResult {
                    traded: None,
                    fills,
                },
                7,
            ))
        });
        let error = different
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(error.contains("disagree"), "{error}");
    }
}
