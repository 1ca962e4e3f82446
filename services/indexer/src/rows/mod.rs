//! Rows of the database, as the accounts say them. Each is keyed within its market; the writer adds the market and the slot of
//! the read.
//!
//! All numbers are of 64 bits with a sign, as both databases have them. Energies of windows and positions fit: they are sums of
//! 32-bit numbers. Of money, what a contract moves is energy times price, 32 bits by 31, and all money of a market is whole
//! tokens of a mint: only one with more than 9.2 · 10¹⁸ milli-atoms in it, nine billion tokens of six decimals, would not fit.
//! Such a number is refused by name ([`RowError`]) and never cut.

mod column;
mod gaps;
mod meters;
mod seats;
mod table;
mod windows;

pub use column::{number, Field, Kind, RowError, Value};
pub use gaps::GapRow;
pub use meters::{MeterRow, ReadingRow};
pub use seats::{MovementRow, OwnerRow, SeatRow};
pub use table::{Row, Table};
pub use windows::{
    CorrectionRow, EndingRow, OrderRow, PageRow, PastWindowRow, PositionRow, WindowRow,
};
