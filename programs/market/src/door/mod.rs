//! The door for other programs: money that a seat's owner sets aside for a program which the community's authority
//! has admitted. It stays in the ledger: the program moves it to that seat or to another one, and nowhere else.

mod admit;
mod capture;
mod close_admission;
mod close_hold;
mod held_money;
mod hold;
mod release;
mod retire;
mod take_back;

pub use admit::*;
pub use capture::*;
pub use close_admission::*;
pub use close_hold::*;
pub use held_money::*;
pub use hold::*;
pub use release::*;
pub use retire::*;
pub use take_back::*;
