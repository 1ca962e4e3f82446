//! A community with a meter table whose settlement key is at hand, instead of a market's.

mod founding;
mod intervals;
mod meters;

pub use joulebook_sim::founding::MeterTableParameters;

pub use founding::MeteredCommunity;
pub use intervals::{event, results, LENGTH};
pub use meters::{details, ACTIVE, LIMIT, QUARANTINED, RETIRED};
