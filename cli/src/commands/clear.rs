//! `joulebook clear`: one auction, from a file.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use joulebook_sim::auction::{AuctionResult, MarketSize, TickOrder};

use super::profile_args;
use crate::{
    book::{self, OrderBook, PriceScale, TickBook},
    command_error::CommandError,
    output,
};

/// Clear one order book and print price and fills.
///
/// Finds the uniform price at which the most energy trades, and what each order gets of it. Orders at the marginal price
/// share pro rata what is short.
///
/// The book is JSON, or a table with the columns side, price and quantity; there is an example of each below. Prices and
/// quantities (Wh) are whole numbers, also written 30.0 or 5e2; prices may be negative, may have decimals with
/// --price-scale, and at most 8,192 may differ.
///
/// Prints one JSON object: volume, price, price_lo, price_hi, welfare, and fills, the quantities that bids and offers
/// got, in the sequence of the book. The book clears at every price from price_lo to price_hi; price is their middle,
/// rounded down. If nothing trades, volume is 0 and the prices are null.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  echo '{\"bids\":[{\"price\":30,\"qty\":500}],\"offers\":[{\"price\":10,\"qty\":800}]}' |
    joulebook clear --book -
  printf 'side,price,quantity\\nbuy,0.30,500\\nsell,0.10,800\\n' |
    joulebook clear --book - --price-scale 100")]
pub struct ClearArgs {
    /// The book; - reads it from standard input
    #[arg(long, value_name = "FILE")]
    book: PathBuf,
    /// What prices are multiplied by to be whole: 1, 10, 100 …; 100 for prices like 0.30
    #[arg(long, value_name = "SCALE", default_value = "1")]
    price_scale: PriceScale,
    /// Hold the auction in the market program as well, on this machine, order by order, and add the
    /// compute units that the program took for it
    #[arg(long)]
    on_chain: bool,
}

/// Prints a book's auction; `on_chain` holds it in the market program.
///
/// # Errors
/// [`CommandError::Input`] for a file that is no book, or a book that no market can hold; [`CommandError::Run`] if
/// the chain refuses a step, or its outcome is another one.
pub fn run(
    args: &ClearArgs,
    on_chain: impl FnOnce(&[TickOrder], MarketSize) -> anyhow::Result<(AuctionResult, u64)>,
) -> Result<(), CommandError> {
    let name = profile_args::name_of(&args.book);
    let book = book::load(&args.book, args.price_scale)
        .with_context(|| name.clone())
        .map_err(CommandError::Input)?;
    if !args.on_chain {
        let outcome = book::clear(&book)
            .context(name)
            .map_err(CommandError::Input)?;
        return output::line(&outcome.to_json(args.price_scale)?);
    }
    let size = market_size(&book)
        .context(name)
        .map_err(CommandError::Input)?;
    let outcome = book::clear_on_chain(&book, |ticks| on_chain(&ticks.orders, size))?;
    output::line(&outcome.to_json(args.price_scale)?)
}

fn market_size(book: &OrderBook) -> anyhow::Result<MarketSize> {
    let book = TickBook::new(book)?;
    Ok(MarketSize::of(book.ticks(), &book.orders)?)
}
