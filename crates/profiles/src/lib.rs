//! The one reader of load profiles: what exports of suppliers, inverters and grid operators look like, from bytes to
//! [`LoadProfiles`].
//!
//! | step | module | subject |
//! | --- | --- | --- |
//! | 1 | `bytes` | a file or stdin, gzip, byte order marks, UTF-16 |
//! | 2 | `table` | separator, quotes, lines before the heading, decimal mark |
//! | 3 | `columns` | what each column holds: by its name, or by [`ColumnChoice`] |
//! | 4 | `times` | stamps with an offset, of a zone, of a clock; length of an interval |
//! | 5 | `survey`, `schedule`, `units`, `cells` | a first look at all rows, their order, their numbers as energy |
//! | 6 | `series`, `registers` | values in the order of time: registers, what is missing and what stands for it |
//! | 7 | `assemble`, `windows` | all that was found; rows split at the boundaries of delivery windows |
//!
//! Nothing is guessed silently: where two readings are possible, [`Question`] names both and the option that decides.
//! No energy is lost: [`Energy`] says how.
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

mod assemble;
mod bytes;
mod cells;
mod columns;
mod energy;
mod error;
mod finding;
mod options;
mod printable;
mod profiles;
mod question;
mod reading;
mod registers;
mod schedule;
mod series;
mod shown;
mod survey;
mod table;
mod times;
mod understood;
mod units;
mod warning;
mod windows;

pub use bytes::{is_wrapped, text_of as text};
pub use columns::{ChoiceError, ColumnChoice, Unit, UnitError};
pub use energy::{Energy, ATTOJOULES_PER_WH};
pub use error::ProfileError;
pub use finding::Finding;
pub use options::{Fill, Options, Stamps, Values};
pub use printable::{printable, printable_whole};
pub use profiles::{is_window_length, LoadProfiles, Profile, TooFewDays, WINDOW_LENGTHS};
pub use question::Question;
pub use reading::{load, parse, Reading};
pub use series::MAX_WATTS;
pub use shown::length as shown_length;
pub use table::{Decimal, DecimalMark, Separator};
pub use times::{DateOrder, LengthError, RowLength, Zone, ZoneError};
pub use understood::Understood;
pub use warning::Warning;
