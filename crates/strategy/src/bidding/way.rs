use joulebook_units::{NetWh, Price};

use crate::{
    forecast, gain, newsvendor_orders, orders_in, standing_orders, Contracted, MarketRules, Past,
};

/// What both ways would have brought a household, milli-atoms, fees of transactions not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Bidding in each window.
    pub own: f64,
    /// Standing orders that were entered before the first of them.
    pub standing: f64,
    /// Windows in which bidding would have ordered something that the price was within reach of.
    pub bids: u32,
}

impl Comparison {
    /// Whether bidding in each window brings more than standing orders, where one bid costs so many milli-atoms.
    pub fn is_own_better(&self, fee: f64) -> bool {
        self.own - f64::from(self.bids) * fee > self.standing
    }
}

/// Looks back on the last intervals of a household's past, at the prices that were paid in them, `None` where nothing was traded.
/// `known` says how many intervals were measured when one was bid for. `None` if nobody could have ordered yet, or nothing was
/// traded.
pub fn compare_ways(
    past: &Past,
    prices: &[Option<Price>],
    known: impl Fn(usize) -> usize,
    rules: &MarketRules,
) -> Option<Comparison> {
    let first = past.measured.len().checked_sub(prices.len())?;
    let before = past.until(first);
    if first < past.per_day() {
        return None;
    }
    let entered = standing_orders(&before, rules);
    let mut both = Comparison::default();
    let mut is_empty = true;
    for (interval, (price, NetWh(net))) in
        (first..).zip(prices.iter().zip(past.measured.get(first..)?))
    {
        let Some(price) = *price else { continue };
        is_empty = false;
        let net = *net as f64;
        let start = past.start_of(interval);
        let placed = Contracted::at(price, &orders_in(&entered, start, rules), rules);
        both.standing += gain(net, placed, price, rules);
        let known = past.until(known(interval).min(interval));
        let Some(expected) = forecast(&known, interval) else {
            continue;
        };
        let bid = Contracted::at(price, &newsvendor_orders(&expected, rules), rules);
        if bid != Contracted::default() {
            both.own += gain(net, bid, price, rules);
            both.bids = both.bids.saturating_add(1);
        }
    }
    (!is_empty).then_some(both)
}

#[cfg(test)]
mod tests {
    use joulebook_units::{Seconds, UnixTime};

    use super::*;
    use crate::examples::rules;

    /// Days of 24 hours, which feed in at noon where they are sunny.
    fn measured(days: usize, is_sunny: impl Fn(usize) -> bool) -> Vec<NetWh> {
        let of = |hour: usize| match hour % 24 {
            9..=15 if is_sunny(hour / 24) => NetWh(-2_000),
            9..=15 => NetWh(-100),
            _ => NetWh(300),
        };
        (0..days * 24).map(of).collect()
    }

    fn compared(measured: &[NetWh], prices: &[Option<Price>]) -> Option<Comparison> {
        let past = Past {
            measured,
            start: UnixTime(0),
            length: Seconds(3_600),
        };
        compare_ways(&past, prices, |interval| interval - 1, &rules())
    }

    #[test]
    fn given_a_changing_sky_when_both_are_compared_then_bids_for_each_window_bring_more() {
        let both = compared(
            &measured(28, |day| day % 3 == 0),
            &[Some(Price(200)); 24 * 7],
        );
        let both = both.expect("compared");
        assert!(both.own > both.standing && both.standing > 0.0, "{both:?}");
        assert!(both.is_own_better(0.0));
        let dear = (both.own - both.standing) / f64::from(both.bids) + 1.0;
        assert!(!both.is_own_better(dear));
    }

    #[test]
    fn given_no_trade_or_no_past_when_asked_then_there_is_nothing_to_compare() {
        let month = measured(28, |_| true);
        assert_eq!(compared(&month, &[None; 24]), None);
        assert_eq!(compared(&month[..24 + 23], &[Some(Price(200)); 24]), None);
        assert_eq!(compared(&month[..24], &[Some(Price(200)); 48]), None);
        assert!(compared(&month[..48], &[Some(Price(200)); 24]).is_some());
    }
}
