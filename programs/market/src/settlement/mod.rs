//! What settling a window comes to, seat by seat and at its end.

mod record;
mod reward;
mod seats;

pub use record::finish;
pub use reward::reward;
pub use seats::settle_seats;
