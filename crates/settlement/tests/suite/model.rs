//! The rules in 128 bits, as plainly as they can be said. `None` where a price does not fit.

use joulebook_settlement::{position::Flow, Contract, Tariff, Terms};
use joulebook_units::{Price, Wh};

fn price_of(value: i128) -> Option<i128> {
    i32::try_from(value).ok().map(i128::from)
}

/// What does not fit stays at the most that does.
fn amount_of(value: i128) -> i128 {
    value.clamp(i64::MIN.into(), i64::MAX.into())
}

/// The market fee per kWh: of a price above zero, rounded up.
pub fn market_fee(terms: &Terms, price: Price) -> i128 {
    let parts = i128::from(price.0.max(0)) * i128::from(terms.fee_bps);
    parts / 10_000 + i128::from(parts % 10_000 > 0)
}

pub fn all_in(terms: &Terms, price: Price) -> Option<i128> {
    price_of(i128::from(price.0.max(0)) + i128::from(terms.grid_fee.0) + market_fee(terms, price))
}

/// Not delivering, beyond what the sell earns.
pub fn shortfall(terms: &Terms, price: Price) -> Option<i128> {
    let earns = i128::from(price.0.max(0));
    price_of((i128::from(terms.tariff.short.0) - earns).max(0))
}

/// Not taking, beyond what the buy earns.
pub fn surplus(terms: &Terms, price: Price) -> Option<i128> {
    let earns = i128::from((price.0).min(0)).abs();
    price_of((-i128::from(terms.tariff.long.0) - earns).max(0))
}

/// Paying the limit, if it is above zero, and being paid for nothing that is not taken.
pub fn buy_lock(terms: &Terms, quantity: Wh, limit: Price) -> Option<i128> {
    let untaken = i128::from(terms.tariff.long.0).min(0).abs();
    let price = i128::from(limit.0.max(0));
    let cost = price + market_fee(terms, limit) + i128::from(terms.grid_fee.0) + untaken;
    lock(terms, quantity, cost)
}

/// Paying the ask, if it is below zero, and the short price for nothing delivered, out of the ask if it is above zero.
pub fn sell_lock(terms: &Terms, quantity: Wh, ask: Price) -> Option<i128> {
    let short = i128::from(terms.tariff.short.0);
    let ask = i128::from(ask.0);
    let cost = (short - ask.max(0)).max(0) + ask.min(0).abs();
    lock(terms, quantity, cost)
}

fn lock(terms: &Terms, quantity: Wh, cost: i128) -> Option<i128> {
    let cost = price_of(cost.max(terms.min_lock.0.into()))?;
    Some(i128::from(quantity.0) * cost)
}

/// What a deviation costs; beyond 32 bits it counts as that much.
pub fn cost(deviation: i128, tariff: Tariff) -> i128 {
    let most = i128::from(u32::MAX);
    let drawn = deviation.clamp(0, most) * i128::from(tariff.short.0);
    let left_over = (-deviation).clamp(0, most) * i128::from(tariff.long.0);
    drawn - left_over
}

fn deviation(contract: Contract, moved: i64) -> i128 {
    let contracted = i128::from(contract.bought.0) - i128::from(contract.sold.0);
    i128::from(moved) - contracted
}

fn draw_cost(draw: Wh, tariff: Tariff) -> i128 {
    (i128::from(draw.0) * i128::from(tariff.short.0)).max(0)
}

/// What is paid, whether that is confirmed, and what is owed.
pub type Due = (i128, bool, i128);

pub fn due(contract: Contract, flow: Flow, tariff: Tariff, draw: Wh) -> Due {
    match flow {
        Flow::Whole(net) => (cost(deviation(contract, net.0), tariff), true, 0),
        Flow::Partial(net) => {
            let beyond = (i128::from(net.0) - i128::from(contract.bought.0)).max(0);
            let measured = cost(beyond, tariff).max(0);
            (amount_of(measured + draw_cost(draw, tariff)), false, 0)
        }
    }
}

pub fn final_due(contract: Contract, flow: Flow, tariff: Tariff, draw: Wh) -> Due {
    let Flow::Partial(net) = flow else {
        return due(contract, flow, tariff, draw);
    };
    let cost = cost(deviation(contract, net.0), tariff);
    let draw = draw_cost(draw, tariff);
    let pays = amount_of(cost.max(0) + draw);
    let owed = amount_of((-cost).max(0) + draw);
    (pays, true, owed)
}

/// All windows of a silence: their prices, and what each keeps back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Silence(pub Vec<(Tariff, i64)>);

impl Silence {
    pub fn owed(&self) -> i128 {
        let owed = self.0.iter().map(|(_, owed)| i128::from(*owed));
        owed.fold(0, |sum, owed| amount_of(sum + owed))
    }

    /// Zero if there was no window.
    pub fn dearest(&self) -> i32 {
        let prices = self.0.iter().map(|(tariff, _)| tariff.short.0);
        prices.max().unwrap_or(0)
    }

    /// Zero if there was no window.
    pub fn lowest(&self) -> i32 {
        let prices = self.0.iter().map(|(tariff, _)| tariff.long.0);
        prices.min().unwrap_or(0)
    }

    pub fn cost(&self, import: u64, export: u64) -> i128 {
        let drawn = i128::from(import) * i128::from(self.dearest());
        let fed_in = i128::from(export) * i128::from(self.lowest());
        amount_of(drawn - fed_in).max(-i128::from(i64::MAX))
    }
}

/// A silence that goes into a page, and the page's silent windows with their numbers.
pub struct PageSilence {
    pub silence: Silence,
    pub heard_windows: Option<u16>,
    pub windows: Vec<(u16, Tariff, i64)>,
}

impl PageSilence {
    /// What is paid for energy that came to light, and the silence that goes on.
    pub fn finish(&self, import: u64, export: u64, page: Tariff) -> (i128, Silence) {
        let windows = |is_wanted: &dyn Fn(u16) -> bool| {
            let wanted = self
                .windows
                .iter()
                .filter(|(number, ..)| is_wanted(*number));
            wanted
                .map(|(_, tariff, owed)| (*tariff, *owed))
                .collect::<Vec<_>>()
        };
        let mut all = self.silence.clone();
        all.0.extend(windows(&|_| true));
        let mut prices = all.clone();
        if prices.0.is_empty() {
            prices.0.push((page, 0));
        }
        let cost = prices.cost(import, export);
        let Some(heard) = self.heard_windows else {
            return (cost, all);
        };
        let mut ended = self.silence.clone();
        ended.0.extend(windows(&|number| number < heard));
        let pays = amount_of(cost - ended.owed());
        (pays, Silence(windows(&|number| number >= heard)))
    }
}
