use joulebook_client::{
    layout::market::{ImbalancePrices, WindowPrices},
    market::instructions as market,
};

use super::{Checked, Walker};

impl Walker {
    /// Sensible and odd ones, below zero too.
    pub fn some_prices(&mut self) -> ImbalancePrices {
        let short = self.random.of_any_size(6) as i32 + self.random.pick(&[100_000, 0, -200_000]);
        let mut long = short - self.random.of_any_size(6) as i32;
        if self.random.percent(1) {
            long = short + 1;
        }
        ImbalancePrices { short, long }
    }

    pub fn post_prices(&mut self) -> Checked {
        // Mostly of the page opened last: earlier ones have begun.
        let last = self.model.last_page.unwrap_or(self.model.now);
        let slot = self.mostly_slot(self.model.page_slot(last), self.model.sizes.pages);
        let windows = u64::from(self.model.windows_of_page());
        let first = self.random.below(windows + 1) as u16;
        let room = (windows + 1).saturating_sub(first.into());
        let count = match self.random.percent(60) {
            true => 1,
            false => self.random.below(room + 1),
        };
        let mut prices = vec![];
        for _ in 0..count {
            let ImbalancePrices { short, long } = self.some_prices();
            let grid_fee = self.random.of_any_size(5) as i32 - self.random.pick(&[0, 0, 0, 0, 1]);
            prices.push(WindowPrices {
                short,
                long,
                grid_fee,
            });
        }
        let page = self.model.pages.get(&slot);
        let turn = page.map_or(0, |page| page.turn);
        let signer = self.trader_for(self.model.turns[turn].seat);
        self.post(slot, signer, first, prices)
    }

    pub fn post(
        &mut self,
        slot: i64,
        signer: u16,
        first_window: u16,
        prices: Vec<WindowPrices>,
    ) -> Checked {
        let trader = self.person(signer).address();
        let at = &self.community.addresses;
        let instruction = market::PostPrices {
            supplier: trader,
            market: at.market,
            ledger: at.ledger,
            page: at.page_slot(slot as u16),
        }
        .instruction(market::PostPricesInstructionArgs {
            first_window,
            prices: prices.clone(),
        });
        let found = self.send(&[instruction], &[signer]);
        let predicted = self.model.post_prices(slot, trader, first_window, &prices);
        let what = format!("{signer} posts {prices:?} from window {first_window} of page {slot}");
        self.agree(what, predicted, found).map(|_| ())
    }
}
