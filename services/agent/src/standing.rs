//! A seat's standing orders, as far as they concern who bids for it.

use joulebook_client::layout::market::{Book, Side, StandingRule, StandingSeat};
use joulebook_settlement::Terms;
use joulebook_standing::{limit_price, tick_within, Grid};
use joulebook_units::{Price, Wh};

use crate::configuration::Prices;

/// A seat's standing orders.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    pub row: Option<&'a StandingSeat>,
    /// Places of those that the delegate entered.
    pub by_delegate: Vec<u8>,
    pub by_owner: Vec<u8>,
}

impl Standing<'_> {
    pub fn is_empty(&self) -> bool {
        self.by_delegate.is_empty() && self.by_owner.is_empty()
    }

    /// Whether they order in the window of that book, in which the delegate's have these prices: then nobody bids beside them. Those
    /// of the delegate that have no price there, or lock more than they may, don't; the owner's are the owner's affair.
    pub fn orders_in(&self, book: &Book, prices: &Prices) -> bool {
        let rules = self.by_delegate.iter().filter_map(|place| {
            let order = self.row?.orders.get(usize::from(*place))?;
            Some(&order.rule)
        });
        let mut rules = rules.filter(|rule| can_be_placed(rule, book, prices));
        !self.by_owner.is_empty() || rules.next().is_some()
    }
}

/// Whether a rule of a delegate has a price in a window: its own, or the one next to it that is within its prices.
fn can_be_placed(rule: &StandingRule, book: &Book, prices: &Prices) -> bool {
    let grid = Grid {
        floor: Price(book.floor_price),
        tick_size: book.tick_size,
        ticks: book.ticks,
    };
    let limit = limit_price(rule, Price(book.short), Price(book.long));
    let side = Side::from_byte(rule.side);
    let tick = side.and_then(|side| {
        let limit = match side {
            Side::Buy => limit.min(prices.highest_buy.0.into()),
            Side::Sell => limit.max(prices.lowest_sell.0.into()),
        };
        tick_within(side, limit, &grid)
    });
    let (Some(side), Some(tick)) = (side, tick) else {
        return false;
    };
    let locks = Terms::from(book).locks();
    let lock = match side {
        Side::Buy => locks.buy(Wh(1), grid.price(tick)),
        Side::Sell => locks.sell(Wh(1), grid.price(tick)),
    };
    let most = u64::try_from(rule.unit_lock_cap).unwrap_or(0);
    lock.is_some_and(|lock| lock.0 <= most)
}

#[cfg(test)]
mod tests {
    use joulebook_client::layout::market::{LimitKind, StandingOrder};

    use super::*;

    /// Ticks at 80, 90 … 300.
    fn book() -> Book {
        Book {
            floor_price: 80,
            tick_size: 10,
            ticks: 23,
            short: 300,
            long: 80,
            grid_fee: 20,
            min_lock: 1,
            ..Book::default()
        }
    }

    fn rule(side: Side, limit_kind: LimitKind, limit: i32) -> StandingRule {
        StandingRule {
            side: side as u8,
            limit_kind: limit_kind as u8,
            limit,
            unit_lock_cap: 400,
            ..StandingRule::default()
        }
    }

    fn orders(rules: &[StandingRule], prices: (i32, i32), is_owners: bool) -> bool {
        let mut row = StandingSeat::default();
        for (order, rule) in row.orders.iter_mut().zip(rules) {
            *order = StandingOrder {
                rule: *rule,
                ..StandingOrder::default()
            };
        }
        let places: Vec<u8> = (0..rules.len() as u8).collect();
        let (by_owner, by_delegate) = match is_owners {
            true => (places, vec![]),
            false => (vec![], places),
        };
        let standing = Standing {
            row: Some(&row),
            by_delegate,
            by_owner,
        };
        let prices = Prices {
            highest_buy: Price(prices.0),
            lowest_sell: Price(prices.1),
        };
        standing.orders_in(&book(), &prices)
    }

    #[test]
    fn given_a_rule_of_the_delegate_when_it_has_no_price_in_a_window_then_it_is_as_if_it_were_not_there(
    ) {
        let buy = rule(Side::Buy, LimitKind::Short, -50);
        assert!(orders(&[buy], (277, 80), false));
        // Moved to 100.
        assert!(orders(&[buy], (105, 80), false));
        assert!(!orders(&[buy], (79, 80), false), "below the grid");
        let sell = rule(Side::Sell, LimitKind::Long, 50);
        assert!(orders(&[sell], (277, 300), false));
        assert!(!orders(&[sell], (277, 301), false), "above the grid");
        assert!(orders(&[buy, sell], (79, 80), false), "one of them has");
        assert!(!orders(&[], (277, 80), false));
        // 250 and 20.
        let capped = StandingRule {
            unit_lock_cap: 269,
            ..buy
        };
        assert!(!orders(&[capped], (277, 80), false));
        let malformed = StandingRule { side: 7, ..buy };
        assert!(!orders(&[malformed], (277, 80), false));
    }

    #[test]
    fn given_a_rule_of_the_owner_when_asked_then_it_is_there_whatever_the_prices_are() {
        let buy = rule(Side::Buy, LimitKind::Fixed, -500);
        assert!(orders(&[buy], (277, 80), true));
        assert!(!orders(&[buy], (277, 80), false));
    }
}
