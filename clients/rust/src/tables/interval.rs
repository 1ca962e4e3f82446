use bytemuck::{Pod, Zeroable};

use super::{
    cut::{check_discriminator, Cut},
    TableError,
};
use crate::oracle::accounts::{Interval, INTERVAL_DISCRIMINATOR};

/// What each meter moved in one interval; an entry's place is the meter's number.
#[derive(Clone, Debug)]
pub struct IntervalTable {
    pub header: Interval,
    pub entries: Vec<IntervalEntry>,
}

impl IntervalTable {
    /// # Errors
    /// [`TableError`] if the bytes are not a full table of this kind.
    pub fn from_bytes(data: &[u8]) -> Result<IntervalTable, TableError> {
        check_discriminator(data, &INTERVAL_DISCRIMINATOR)?;
        let header = Interval::from_bytes(data).map_err(|_| TableError::Length)?;
        let entries = Cut::behind(data, Interval::LEN)?.last_records(header.capacity.into())?;
        Ok(IntervalTable { header, entries })
    }
}

/// What one meter moved, Wh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct IntervalEntry {
    pub import: u32,
    pub export: u32,
    pub participant: u16,
    /// A [`Quality`].
    pub quality: u8,
    /// 1 if the interval waits, or waited, for the meter.
    pub awaited: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    NotExpected,
    Missing,
    Measured,
    /// Holds energy of earlier intervals too.
    CaughtUp,
}

impl IntervalEntry {
    /// `None` for a quality that this client does not know.
    pub fn quality(&self) -> Option<Quality> {
        match self.quality {
            0 => Some(Quality::NotExpected),
            1 => Some(Quality::Missing),
            2 => Some(Quality::Measured),
            3 => Some(Quality::CaughtUp),
            _ => None,
        }
    }
}
