use core::result::Result;

use joulebook_layout::{
    cut,
    market::{History, HistoryRecord},
};

use crate::errors::MarketError;

/// A history, cut into its parts.
pub struct HistoryView<'a> {
    pub header: &'a mut History,
    pub records: &'a mut [HistoryRecord],
}

impl<'a> HistoryView<'a> {
    /// # Errors
    /// [`MarketError::TableNotGrown`] if the account has not its full length yet.
    #[inline(always)]
    pub fn load(data: &'a mut [u8]) -> Result<HistoryView<'a>, MarketError> {
        let (header, records) = cut(data).ok_or(MarketError::TableNotGrown)?;
        Ok(HistoryView { header, records })
    }
}
