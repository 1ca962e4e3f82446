//! Terms, prices, delegates, and the auctions of two windows.

use joulebook_client::layout::market::{DelegateBounds, ImbalancePrices, OrderRef, WindowPrices};
use joulebook_sim::{Failure, LocalCommunity};
use joulebook_tests::market::{buy, close_gate, instructions, pass_until, sell, BUYER, SELLER};

use super::{send, Story};

impl Story {
    /// Returns the start of the first of the two windows, a page's first; both are allocated.
    pub fn trade(&mut self) -> Result<i64, Failure> {
        self.terms_and_delegates()?;
        self.standing_orders_are_entered()?;
        let start = self.community.first_start();
        pass_until(&mut self.community, start - 840);
        self.community.open_pages(start)?;
        self.prices(start)?;
        let (first, second) = (start, start + self.community.window_length());
        self.beside(|other| {
            other.open_window(first)?;
            first_orders(other, first)
        })?;
        self.community.open_window(first)?;
        first_orders(&mut self.community, first)?;
        self.delegate_and_cancel(first)?;
        self.standing_orders_are_placed(first)?;
        pass_until(&mut self.community, first - 600);
        second_orders(&mut self.community, second)?;
        self.standing_orders_are_placed(second)?;
        self.beside(|other| second_orders(other, second))?;
        self.auction(first)?;
        self.beside(|other| {
            let clear = other.addresses.clear(first);
            send(other, clear)?;
            let allocate = other.addresses.allocate(first, 3, None);
            send(other, allocate)?;
            Ok(())
        })?;
        self.auction(second)?;
        self.beside(|other| {
            other.clear_and_allocate(first)?;
            other.clear_and_allocate(second)?;
            Ok(())
        })?;
        Ok(first)
    }

    fn terms_and_delegates(&mut self) -> Result<(), Failure> {
        let mut terms = self.community.parameters.terms;
        terms.fee_bps = 200;
        // The supplier signs, too.
        terms.holidays[0] = 20_000;
        let set = instructions::set_terms(&self.community, terms);
        self.send(set)?;
        let prices = ImbalancePrices {
            short: 310_000,
            long: 70_000,
        };
        let set = instructions::set_tariff(&self.community, true, 0, vec![prices; 3]);
        self.send(set)?;
        let delegate = self.operator.address();
        let buyer = &self.community.households[BUYER];
        let set = instructions::set_bounded_delegate(
            &self.community,
            buyer,
            Some(delegate),
            DelegateBounds {
                daily_limit: 1_000_000_000,
                highest_buy: 200_000,
                lowest_sell: 60_000,
            },
        );
        self.send(set)?;
        Ok(())
    }

    fn prices(&mut self, start: i64) -> Result<(), Failure> {
        let prices = WindowPrices {
            short: 320_000,
            long: 60_000,
            grid_fee: 30_000,
        };
        // Not of the windows that open first.
        let last = start + 3 * self.community.window_length();
        let post = instructions::post_prices(&self.community, last, vec![prices]);
        self.send(post)?;
        Ok(())
    }

    fn delegate_and_cancel(&mut self, start: i64) -> Result<(), Failure> {
        let at = self.community.addresses.clone();
        let (delegate, owner) = (
            self.operator.address(),
            self.community.households[BUYER].address(),
        );
        self.send(at.place_orders(delegate, &owner, start, vec![buy(20, 2)]))?;
        let seat = self.community.households[BUYER].seat;
        let book = self.community.book(start);
        let low = |index: u16| OrderRef {
            index,
            sequence: book.orders[usize::from(index)].sequence,
        };
        self.send(at.cancel_orders(owner, seat, start, vec![low(1)]))?;
        self.send(at.cancel_orders(delegate, seat, start, vec![low(3)]))?;
        Ok(())
    }

    /// Order by order, seat by seat; who takes the last step is paid for it.
    fn auction(&mut self, start: i64) -> Result<(), Failure> {
        close_gate(&mut self.community, start);
        let at = self.community.addresses.clone();
        self.send(at.clear(start))?;
        let keeper = self.community.households[3].seat;
        for limit in [1, 1, 2, 3] {
            self.send(at.allocate(start, limit, None))?;
        }
        self.send(at.allocate(start, u16::MAX, Some(keeper)))?;
        Ok(())
    }
}

fn first_orders(community: &mut LocalCommunity, start: i64) -> Result<(), Failure> {
    community.place(BUYER, start, vec![buy(1000, 60), buy(10, 1)])?;
    community.place(SELLER, start, vec![sell(1200, 50)])?;
    Ok(())
}

fn second_orders(community: &mut LocalCommunity, start: i64) -> Result<(), Failure> {
    community.open_window(start)?;
    community.place(BUYER, start, vec![buy(900, 40)])?;
    community.place(SELLER, start, vec![sell(500, 40)])?;
    Ok(())
}
