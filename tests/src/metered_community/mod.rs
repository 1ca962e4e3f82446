//! A community with a meter table whose settlement key is at hand, instead of a market's.

mod founding;
mod meters;
mod pages;

pub use joulebook_sim::founding::MeterTableParameters;

pub use founding::MeteredCommunity;
pub use meters::{details, ACTIVE, LIMIT, QUARANTINED, RETIRED};
pub use pages::{event, results, INTERVALS, LENGTH, SPAN};
