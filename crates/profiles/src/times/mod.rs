//! When each row is: stamps as they are written, the zone they are of, how long a row lasts, and their order.

mod length;
mod order;
mod stamp;
mod zone;

pub use length::{most_frequent, LengthError, RowLength};
pub use order::{Budget, Order, RowTime};
pub use stamp::{DateOrder, DateSurvey, RawStamp, Stamp};
pub use zone::{Moment, Moments, Zone, ZoneError};
