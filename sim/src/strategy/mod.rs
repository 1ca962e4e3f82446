//! What a household bids: for the next window by hand ([`quote`]), from what it expects ([`forecast`]), or once for all of them
//! ([`standing_orders`]).

mod forecast;
mod quote;
mod standing;

pub use forecast::forecast;
pub use quote::{quote, MAX_ORDERS};
pub use standing::{
    is_review, orders_in, standing_orders, Limit, Quantity, StandingOrder, ENTERED, HALF_HOURS,
    MAX_STANDING,
};
