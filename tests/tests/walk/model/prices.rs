use joulebook_client::{layout::market::WindowPrices, market::errors::MarketError};
use solana_address::Address;

use super::{Model, Reasons, WindowStatus, SUPPLIER};

impl Model {
    /// Prices of consecutive windows of the page in `slot`, from number `first` on.
    pub fn post_prices(
        &mut self,
        slot: i64,
        trader: Address,
        first: u16,
        prices: &[WindowPrices],
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        let end = usize::from(first) + prices.len();
        let is_inside = end <= usize::from(self.windows_of_page());
        reasons.when(prices.is_empty() || !is_inside, MarketError::WrongPage);
        // A page that was never opened is of a time long ago.
        let page = self.pages.get(&slot);
        let supplier = page.map_or(SUPPLIER, |page| self.turns[page.turn].seat);
        self.require_supplier(&mut reasons, supplier, trader);
        let start = page.map(|page| page.start + self.length() * i64::from(first));
        let is_late = start.is_none_or(|start| start < self.notice_over());
        reasons.when(is_late, MarketError::PricesStand);
        let windows = page.and_then(|page| page.windows.get(usize::from(first)..end));
        let mut windows = windows.unwrap_or_default().iter();
        let stand = windows.any(|window| window.status != WindowStatus::Unopened);
        reasons.when(stand, MarketError::PricesStand);
        for new in prices {
            let fit = self.are_possible(new.short, new.long);
            reasons.when(!fit, MarketError::TariffInvalid);
            let fees = 0..=self.sizes.highest_grid_fee;
            reasons.when(!fees.contains(&new.grid_fee), MarketError::FeeInvalid);
        }
        reasons.found()?;

        if let Some(page) = self.pages.get_mut(&slot) {
            for (window, new) in page.windows[usize::from(first)..].iter_mut().zip(prices) {
                window.short = new.short.into();
                window.long = new.long.into();
                window.grid_fee = new.grid_fee.into();
            }
        }
        Ok(())
    }

    /// The supplier's owner, or whom it made its delegate.
    fn require_supplier(&self, reasons: &mut Reasons, supplier: u16, trader: Address) {
        let Some(seat) = self.seats.get(&supplier).filter(|seat| seat.is_open) else {
            reasons.when(true, MarketError::NoSuchSeat);
            return;
        };
        let is_owner = self.members[&supplier].wallet == trader;
        let may = is_owner || seat.delegate == Some(trader);
        reasons.when(!may, MarketError::NotSupplier);
    }
}
