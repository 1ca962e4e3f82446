//! Seats, and the money in them.

mod close_seat;
mod deposit;
mod open_seat;
mod pay_claims;
mod pay_out;
mod set_delegate;
mod sweep_surplus;
mod withdraw;
mod withdraw_fees;

pub use close_seat::*;
pub use deposit::*;
pub use open_seat::*;
pub use pay_claims::*;
pub use pay_out::*;
pub use set_delegate::*;
pub use sweep_surplus::*;
pub use withdraw::*;
pub use withdraw_fees::*;
