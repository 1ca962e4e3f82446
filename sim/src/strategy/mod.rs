//! What a household bids for the next window: how much it expects to need, and at which prices.

mod forecast;
mod quote;

pub use forecast::forecast;
pub use quote::{quote, MAX_ORDERS};
