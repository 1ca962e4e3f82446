use core::result::Result;

use joulebook_layout::{
    cut,
    market::{StandingOrders, StandingSeat},
};

use crate::errors::MarketError;

/// The account of standing orders, cut into its parts.
pub struct StandingView<'a> {
    pub header: &'a mut StandingOrders,
    pub seats: &'a mut [StandingSeat],
}

impl<'a> StandingView<'a> {
    /// # Errors
    /// [`MarketError::TableNotGrown`] if the account has not its full length yet.
    #[inline(always)]
    pub fn load(data: &'a mut [u8]) -> Result<StandingView<'a>, MarketError> {
        let (header, seats) = cut(data).ok_or(MarketError::TableNotGrown)?;
        Ok(StandingView { header, seats })
    }

    /// # Errors
    /// [`MarketError::NoSuchSeat`] if the index is beyond the table.
    pub fn row(&mut self, index: u16) -> Result<&mut StandingSeat, MarketError> {
        self.seats
            .get_mut(usize::from(index))
            .ok_or(MarketError::NoSuchSeat)
    }
}
