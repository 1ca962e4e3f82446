//! What a household orders that knows how uncertain it is: for one window ([`newsvendor_orders`]), or once for all of them
//! ([`standing_orders`]). The simulation's households trade by it, and so does whoever trades for real ones.
//!
//! | module | subject |
//! | --- | --- |
//! | `past` | what a household's meter showed |
//! | `distribution` | what a meter may show, and how likely that is |
//! | `forecast` | that of a coming interval, from the household's own past |
//! | `kernel` | how much a time counts that is like another one |
//! | `newsvendor` | how much to have a contract for at a price, and the orders along that curve |
//! | `standing` | the same for each half hour of the day |
//! | `standing_rule` | these as the market takes them |
//! | `gain` | what a contract saves on average |
//! | [`bidding`] | what somebody orders who bids for several households at once |
//! | `random`, `foresight` | what others do, to compare with: orders at random prices, orders of who knows what will flow |
//!
//! Floating point is used for weights and quantiles alone, and of it addition, multiplication, division and square root, which
//! IEEE 754 rounds the same everywhere: the same past gives the same orders on every machine.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used,
    )
)]

#[expect(clippy::float_arithmetic, reason = "what is expected, not money")]
pub mod bidding;
#[expect(clippy::float_arithmetic, reason = "probabilities, not money")]
mod distribution;
#[cfg(test)]
mod examples;
#[expect(clippy::float_arithmetic, reason = "weights, not money")]
mod forecast;
mod foresight;
#[expect(clippy::float_arithmetic, reason = "what is expected, not money")]
mod gain;
#[expect(clippy::float_arithmetic, reason = "weights, not money")]
mod kernel;
mod market_rules;
#[expect(clippy::float_arithmetic, reason = "probabilities, not money")]
mod newsvendor;
mod past;
mod random;
#[expect(clippy::float_arithmetic, reason = "weights, not money")]
mod standing;
mod standing_rule;

pub use distribution::{Distribution, Weighted};
pub use forecast::forecast;
pub use foresight::foresight_orders;
pub use gain::{expected_gain, gain, Contracted};
pub use market_rules::MarketRules;
pub use newsvendor::{net_at, newsvendor_orders};
pub use past::Past;
pub use random::{persistence, random_orders, MAX_PARTS};
pub use standing::{
    is_review, orders_in, standing_orders, Limit, StandingOrder, ENTERED, HALF_HOURS, LIMITS,
};
