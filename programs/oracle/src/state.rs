//! The accounts of this program, as Anchor knows them, and its tables cut into header and rows.

use anchor_lang::prelude::*;
use joulebook_layout::{
    cut,
    oracle::{self, IntervalPageRows, Meter, MeterStatus},
};

use crate::errors::OracleError;

joulebook_common::stored! {
    oracle::{IntervalPage, MeterTable},
    registry::{Community, Participant},
}

/// A meter table, cut into its parts.
pub struct MeterTableView<'a> {
    pub header: &'a mut oracle::MeterTable,
    pub meters: &'a mut [Meter],
}

impl<'a> MeterTableView<'a> {
    /// # Errors
    /// [`OracleError::TableNotGrown`] if the account has not its full length yet.
    pub fn load(data: &'a mut [u8]) -> Result<MeterTableView<'a>> {
        let (header, meters) = cut(data).ok_or(OracleError::TableNotGrown)?;
        Ok(MeterTableView { header, meters })
    }

    /// `None` for a number that was never given to a meter, or whose row has another meter by now.
    #[inline(always)]
    pub fn meter_mut(&mut self, number: u32) -> Option<&mut Meter> {
        let row = Meter::row(number);
        if row >= self.header.count {
            return None;
        }
        let meter = self.meters.get_mut(usize::from(row))?;
        (meter.number(row) == number).then_some(meter)
    }

    /// A meter that is not retired.
    ///
    /// # Errors
    /// [`OracleError::NoSuchMeter`], [`OracleError::MeterRetired`].
    pub fn meter_in_use(&mut self, number: u32) -> Result<&mut Meter> {
        let meter = self.meter_mut(number).ok_or(OracleError::NoSuchMeter)?;
        require!(!meter.is(MeterStatus::Retired), OracleError::MeterRetired);
        Ok(meter)
    }

    /// A meter that is not retired with final registers: its device's messages may count.
    ///
    /// # Errors
    /// [`OracleError::NoSuchMeter`], [`OracleError::MeterRetired`].
    pub fn meter_that_signs(&mut self, number: u32) -> Result<&mut Meter> {
        let meter = self.meter_mut(number).ok_or(OracleError::NoSuchMeter)?;
        require!(!meter.has_final_registers(), OracleError::MeterRetired);
        Ok(meter)
    }

    /// Rows that meters were registered in, those of retired ones too, in their order.
    pub fn registered(&self) -> impl Iterator<Item = &Meter> {
        self.meters.iter().take(usize::from(self.header.count))
    }
}

/// A page, cut into its parts.
///
/// # Errors
/// [`OracleError::TableNotGrown`] if the account has not its full length yet.
pub fn load_page(data: &mut [u8]) -> Result<IntervalPageRows<'_>> {
    Ok(IntervalPageRows::cut(data).ok_or(OracleError::TableNotGrown)?)
}
