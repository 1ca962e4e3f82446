use core::result::Result;

use joulebook_layout::{
    market::PageRows,
    oracle::{IntervalPageView, Meter, MeterTable, PageEntry, PageRegisters},
    view,
};

use crate::errors::MarketError;

/// # Errors
/// [`MarketError::TableNotGrown`] if the account has not its full length yet.
#[inline(always)]
pub fn load_page(data: &mut [u8]) -> Result<PageRows<'_>, MarketError> {
    PageRows::cut(data).ok_or(MarketError::TableNotGrown)
}

/// The oracle's page of a page's windows, and whose meters they are.
pub struct Readings<'a> {
    meters: &'a [Meter],
    page: IntervalPageView<'a>,
}

impl<'a> Readings<'a> {
    /// # Errors
    /// [`MarketError::TableNotGrown`] if an account has not its full length yet.
    #[inline(always)]
    pub fn load(meter_table: &'a [u8], page: &'a [u8]) -> Result<Readings<'a>, MarketError> {
        let (header, meters) = view::<MeterTable>(meter_table).ok_or(MarketError::TableNotGrown)?;
        let page = IntervalPageView::view(page).ok_or(MarketError::TableNotGrown)?;
        let meters = meters.get(..usize::from(header.count));
        Ok(Readings {
            meters: meters.ok_or(MarketError::Broken)?,
            page,
        })
    }

    /// All meters, whether they are in service or not.
    #[inline(always)]
    pub fn meters(&self) -> &'a [Meter] {
        self.meters
    }

    /// Start of the page, unix seconds.
    #[inline(always)]
    pub fn start(&self) -> i64 {
        self.page.header.start
    }

    /// Intervals of the page.
    #[inline(always)]
    pub fn width(&self) -> usize {
        self.page.header.intervals.into()
    }

    /// The entries of all meters, one meter after the other.
    #[inline(always)]
    pub fn entries(&self) -> &'a [PageEntry] {
        self.page.entries
    }

    /// The meters in service, with what the page has of each.
    #[inline(always)]
    pub fn in_service(
        &self,
    ) -> impl Iterator<Item = (&'a Meter, &'a PageRegisters, &'a [PageEntry])> + use<'a> {
        let intervals = usize::from(self.page.header.intervals).max(1);
        let start = self.page.header.start;
        self.meters
            .iter()
            .zip(self.page.registers)
            .zip(self.page.entries.chunks_exact(intervals))
            .filter(move |((meter, _), _)| meter.serves(start))
            .map(|((meter, registers), entries)| (meter, registers, entries))
    }
}
