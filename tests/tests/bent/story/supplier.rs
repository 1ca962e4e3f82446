//! Another supplier for pages to come, what is dropped of the former one, and that one again.

use joulebook_client::layout::market::{
    limits::LIMITATION_PERIOD, DelegateBounds, ImbalancePrices, WindowPrices,
};
use joulebook_sim::Failure;
use joulebook_tests::market::{instructions, pass_until, DEPOSIT, SELLER};

use super::{energy::POOR, send, Story};

/// The household without meters.
pub const KEEPER: usize = 3;

impl Story {
    /// From the page behind that of `first` on; somebody else was named before, and has no page.
    pub fn name_supplier(&mut self, first: i64) -> Result<(), Failure> {
        self.community.deposit(KEEPER, DEPOSIT)?;
        for place in [SELLER, KEEPER] {
            let household = &self.community.households[place];
            let replace = instructions::replace_supplier(&self.community, household);
            self.send(replace)?;
        }
        self.beside(|other| {
            let replace = instructions::replace_supplier(other, &other.households[SELLER]);
            send(other, replace)?;
            Ok(())
        })?;
        let start = first + self.community.page_length();
        assert_eq!(self.community.ledger().header.supplier_from, start);
        self.community.open_pages(start)?;
        self.its_prices(start)?;
        let keeper = &self.community.households[KEEPER];
        let (owner, tokens, seat) = (keeper.address(), keeper.tokens, keeper.seat);
        let at = self.community.addresses.clone();
        self.send(at.withdraw(owner, tokens, seat, DEPOSIT - super::MARGIN / 1000))?;
        Ok(())
    }

    /// The first window of its page.
    pub fn another_supplier(&mut self, first: i64) -> Result<(), Failure> {
        let start = first + self.community.page_length();
        let length = self.community.window_length();
        let flows = [(100, 0), (0, 8000), (800, 0), (0, 0), (300, 0)];
        pass_until(&mut self.community, start);
        self.community.read_start(start)?;
        pass_until(&mut self.community, start + length);
        let readings = self.community.read_meters(start, &flows);
        self.hear(start, readings)
    }

    fn its_prices(&mut self, start: i64) -> Result<(), Failure> {
        let at = self.community.addresses.clone();
        let supplier = self.community.households[KEEPER].address();
        let prices = ImbalancePrices {
            short: 305_000,
            long: 75_000,
        };
        self.send(at.set_tariff(self.authority(), supplier, false, 3, vec![prices]))?;
        let prices = WindowPrices {
            short: 330_000,
            long: 50_000,
            grid_fee: 10_000,
        };
        let delegate = self.operator.address();
        let keeper = &self.community.households[KEEPER];
        let set = instructions::set_bounded_delegate(
            &self.community,
            keeper,
            Some(delegate),
            DelegateBounds::of_a_day(0),
        );
        self.send(set)?;
        let length = self.community.window_length();
        for (window, by) in [(2, delegate), (3, supplier)] {
            let start = start + window * length;
            self.send(at.post_prices(by, start, vec![prices]))?;
        }
        Ok(())
    }

    /// Long after its last page, with something left that nobody has paid.
    pub fn former_supplier(&mut self) -> Result<(), Failure> {
        let former = self.community.ledger().header.suppliers[0];
        let debt = self.community.seat(POOR).owing(0).debt;
        assert!(debt > 0, "nothing is dropped");
        let later = former.final_at + i64::from(LIMITATION_PERIOD);
        self.community.finish_pages_before(i64::MAX)?;
        pass_until(&mut self.community, later);
        let replace = instructions::replace_supplier(&self.community, &self.community.supplier);
        self.send(replace)?;
        let debt = self.community.seat(POOR).owing(0).debt;
        assert_eq!(debt, 0);
        Ok(())
    }
}
