//! Times that follow from the Clock sysvar.

use anchor_lang::prelude::*;
pub use joulebook_common::clock::now;
use joulebook_metering::page::PageRing;
use joulebook_units::{Seconds, UnixTime};

use crate::errors::OracleError;

/// The last interval boundary that is not after `now`.
///
/// # Errors
/// [`OracleError::Overflow`] for a Clock no chain shows.
pub fn last_boundary(now: UnixTime, length: Seconds) -> Result<UnixTime> {
    Ok(now.boundary(length).ok_or(OracleError::Overflow)?)
}

/// The start of the page after the one that holds `now`: service begins and ends with pages.
///
/// # Errors
/// [`OracleError::Overflow`] for a Clock no chain shows.
pub fn next_page(now: UnixTime, ring: &PageRing) -> Result<UnixTime> {
    Ok(ring.following(now).ok_or(OracleError::Overflow)?)
}
