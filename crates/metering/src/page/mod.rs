//! What a page of many intervals makes of a meter's readings.
//!
//! A reading is the meter's two registers at a boundary (IEC 62056: OBIS 1.8.0 import and 2.8.0 export). A page has W
//! intervals and W + 1 boundaries, and keeps of each meter the registers at the last boundary it knows
//! ([`PageRegisters`](joulebook_layout::oracle::PageRegisters)) and an entry for each interval
//! ([`PageEntry`](joulebook_layout::oracle::PageEntry)). The registers at an earlier boundary are those at the
//! next known one less that one's entry.
//!
//! | question | answer |
//! | --- | --- |
//! | may a reading move a meter's row on | [`LastReading::is_moved_by`], [`LastReading::check_follower`] |
//! | what becomes of a reading | [`MeterPage::take_reading`] |
//! | what becomes of a load profile | [`MeterPage::take_profile`] |
//! | what becomes of a verifier's values | [`MeterPage::replace`] |
//! | what is left over when the page is finished | [`Counting::finish`], [`finish`] |
//! | what counts as settled where the counting begins | [`begin`], [`baseline`] |
//! | do all energies fit, for a meter's power limits | [`PowerLimits::fit_page`] |
//! | when pages begin, and which comes next | [`PageRing`] |
//!
//! **The order of arrival does not matter.** Known boundaries and entries are a function of what was taken, so readings
//! that agree with each other give the same page in any order, and one that comes again changes nothing. Nothing gets
//! worse by a reading: a measured interval stays measured, a gap can only become shorter.
//!
//! **A replaced value stays**, whatever is read later. It takes the place of the difference that led back to the
//! boundary before, so that registers further back can't be computed any more. Once the end of a replaced interval is
//! known, readings before that end are rejected as [`Replaced`](Rejection::Replaced); there alone the order matters.
//! See [`MeterPage::replace`].
//!
//! **The seam.** The reading at boundary W of a page is that of boundary 0 of the next, and may be handed in with
//! either, or with both, in any order. A page also learns the last reading of the meter's row from the row, if a newer
//! one comes to it first. So a meter that is heard in order needs each reading once; if the order was another and the
//! first intervals of a page are missing, handing in the reading at the seam once more, with that page, fills them.
//!
//! [`LastReading::is_moved_by`]: crate::register::LastReading::is_moved_by
//! [`LastReading::check_follower`]: crate::register::LastReading::check_follower
//! [`PowerLimits::fit_page`]: crate::register::PowerLimits::fit_page

mod baseline;
mod counting;
mod earlier;
mod energy;
mod finish;
mod limits;
mod meter_page;
mod meter_row;
mod profile;
mod reading;
mod rejection;
mod replace;
mod ring;

pub use baseline::{baseline, begin, Baseline, Beginning};
pub use counting::{Begins, Counting, Span};
pub use energy::{Energy, EnergySum};
pub use finish::{attributed, finish, Finished};
pub use meter_page::MeterPage;
pub use profile::PageProfile;
pub use rejection::{Rejection, Taken};
pub use replace::ReplaceError;
pub use ring::PageRing;
