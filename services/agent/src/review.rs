//! Standing orders, where they bring a household more than bids for each window.

use std::collections::BTreeMap;

use joulebook_client::{
    layout::market::{Market, Seat, StandingRule, WindowStatus},
    market::types::StandingEntry,
};
use joulebook_settlement::{Tariff, Terms};
use joulebook_strategy::{
    bidding::{compare_ways, Comparison, Fees},
    standing_orders, MarketRules, ENTERED, LIMITS,
};
use joulebook_units::{Price, PriceGrid, Seconds, Watts, Wh, MILLI_ATOMS_PER_ATOM};

use crate::{configuration::Limits, measured::Measured, view::View};

/// Days that are looked back on.
const DAYS: usize = 7;
/// Days measured before anything is compared.
pub const LEAST_DAYS: usize = 2;
/// Orders of a household in a window, as far as what they cost is guessed.
const USUAL_ORDERS: usize = 3;
/// Lower byte of the client ids of standing orders: bids have theirs from 0 on.
const FIRST_PLACE: u8 = 128;
/// By how much the highest prices and the grid fee may rise until the rules stop and wait for the next review, in percent.
const ROOM_PERCENT: i64 = 125;

/// What was found, and what is to be entered for that: nothing if all stands as it should.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// What both ways would have brought; `None` if nothing was traded.
    pub both: Option<Comparison>,
    pub is_standing: bool,
    pub entries: Vec<StandingEntry>,
}

/// What decides beside chain and past.
#[derive(Clone, Copy, Debug)]
pub struct Grounds<'a> {
    pub fees: &'a Fees,
    /// Seats that share transactions.
    pub seats: usize,
    /// How long after an interval's start its value is there, seconds.
    pub lag: i64,
    /// Upper byte of client ids.
    pub client_id: u8,
    /// Those of the agent's own configuration.
    pub limits: Limits,
}

/// Looks which way brings a seat more. `None` where standing orders can't be: the market has none, its owner has entered some, or
/// too little was measured. Nothing is compared where the agent has price limits that the chain does not keep: a rule with them would
/// have the prices of one window in all, so there are none.
pub fn review(
    view: &View,
    index: u16,
    seat: &Seat,
    measured: &Measured,
    grounds: Grounds,
) -> Option<Review> {
    let standing = view.standing(index, seat);
    view.state.standing_orders.as_ref()?;
    if !standing.by_owner.is_empty() || measured.days() < LEAST_DAYS {
        return None;
    }
    let rules = rules(view, index)?;
    let past = measured.past();
    let per_day = past.per_day();
    let count = (measured.days() - 1).min(DAYS) * per_day;
    let first = past.measured.len().checked_sub(count)?;
    let paid = paid(view);
    let prices: Vec<Option<Price>> = (first..past.measured.len())
        .map(|interval| paid.get(&past.start_of(interval).0).copied())
        .collect();
    let lag = usize::try_from(grounds.lag / past.length.0.max(1))
        .unwrap_or(0)
        .max(1);
    let both = grounds
        .limits
        .are_kept_by(&seat.delegate_bounds)
        .then(|| {
            compare_ways(
                &past,
                &prices,
                |interval| interval.saturating_sub(lag),
                &rules,
            )
        })
        .flatten();
    let is_standing = both.is_some_and(|both| !both.is_own_better(fee_of_a_bid(&grounds)));
    let utc_offset = Seconds(view.state.market.terms_at(view.now).utc_offset.into());
    let unit_lock_cap = unit_lock_cap(&view.state.market, view.now, &rules.terms);
    let ordered = standing_orders(&past, &rules);
    let wanted = (0u8..).zip(ordered).map(|(place, order)| {
        let order = order.filter(|_| is_standing)?;
        let mut rule = order.rule(
            u16::from_be_bytes([grounds.client_id, FIRST_PLACE + place]),
            utc_offset,
        );
        cap(&mut rule, &grounds.limits, unit_lock_cap);
        Some(rule)
    });
    let entries = (0u8..).zip(wanted).filter_map(|(place, rule)| {
        let is_entered = standing.by_delegate.contains(&place);
        let row = standing
            .row
            .and_then(|row| row.orders.get(usize::from(place)));
        let entered = row.filter(|_| is_entered).map(|order| order.rule);
        (entered != rule).then_some(StandingEntry { place, rule })
    });
    Some(Review {
        both,
        is_standing,
        entries: entries.collect(),
    })
}

/// Has a rule lock no more than the limits say. Its price stays a distance from the supplier's: the chain moves that within what the
/// owner allows and the supplier asks, in each window by the prices of that.
fn cap(rule: &mut StandingRule, limits: &Limits, unit_lock_cap: i32) {
    if let Some(daily) = limits.daily_lock {
        rule.lock_cap = daily.saturating_mul(MILLI_ATOMS_PER_ATOM) / ENTERED as u64;
    }
    rule.unit_lock_cap = unit_lock_cap;
}

/// What a kWh can lock by the market's tables or in the present window, and a little more, atoms: nobody sees what is posted later.
fn unit_lock_cap(market: &Market, now: i64, terms: &Terms) -> i32 {
    let days = market.tariffs_at(now).iter();
    let tables = days.flat_map(|day| day.half_hours.iter().map(|both| [both.short, both.long]));
    let Tariff { short, long } = terms.tariff;
    let all = tables.chain([[short.0, long.0]]);
    let size = |price: i32| i64::from(price).abs();
    let [short, long] = all.fold([0, 0], |[highest, other], [short, long]| {
        [highest.max(size(short)), other.max(size(long))]
    });
    let most = (short + long + size(terms.grid_fee.0)) * ROOM_PERCENT / 100;
    i32::try_from(most).unwrap_or(i32::MAX).max(1)
}

/// Milli-atoms: of a transaction that is full, or that all seats share.
fn fee_of_a_bid(grounds: &Grounds) -> f64 {
    let fees = grounds.fees;
    let of_room = f64::from(fees.bytes(USUAL_ORDERS, 0)) / f64::from(fees.room.max(1));
    fees.transaction * of_room.max(1.0 / grounds.seats.max(1) as f64)
}

/// What was paid in windows that the ring still has, by their starts.
fn paid(view: &View) -> BTreeMap<i64, Price> {
    let length = view.state.market.window_length().0;
    let pages = view.state.pages.iter();
    let windows = pages.flat_map(|page| {
        let windows = (0u16..).zip(&page.windows);
        windows
            .filter(|(_, window)| window.is(WindowStatus::Allocated) && window.volume > 0)
            .map(move |(number, window)| {
                (
                    page.header.end_of(number).saturating_sub(length),
                    Price(window.price),
                )
            })
    });
    windows.collect()
}

/// Those of the windows that are open now, or will be.
fn rules(view: &View, index: u16) -> Option<MarketRules> {
    let market = &view.state.market;
    let terms = market.terms_at(view.now);
    let page = view.state.pages.iter().find(|page| {
        let start = page.header.start;
        (start..start.saturating_add(page.header.length())).contains(&view.now)
    })?;
    let number = view.now.saturating_sub(page.header.start) / market.window_length().0.max(1);
    let window = page.windows.get(usize::try_from(number).ok()?)?;
    let table = &view.state.meter_table;
    let meters = table.meters.iter().take(table.header.count.into());
    let serving =
        meters.filter(|meter| meter.participant == index && meter.serves(page.header.start));
    let [import, export] = serving.fold([0_u32; 2], |sum, meter| {
        let [import, export] = meter.limits_at(page.header.start);
        [sum[0].saturating_add(import), sum[1].saturating_add(export)]
    });
    let carried = |watts: u32| {
        let energy = Watts(watts).over(market.window_length()).0;
        Wh(u32::try_from(energy).unwrap_or(u32::MAX))
    };
    Some(MarketRules {
        terms: Terms {
            tariff: Tariff {
                short: Price(window.short),
                long: Price(window.long),
            },
            grid_fee: Price(window.grid_fee),
            fee_bps: terms.fee_bps,
            min_lock: Price(terms.min_lock),
        },
        grid: PriceGrid::new(Price(terms.floor_price), terms.tick_size, market.ticks).ok()?,
        min_quantity: Wh(terms.min_quantity),
        max_orders: LIMITS,
        may_buy: carried(import),
        may_sell: carried(export),
    })
}

#[cfg(test)]
mod tests {
    use joulebook_client::layout::market::{ImbalancePrices, LimitKind};

    use super::*;

    const TERMS: Terms = Terms {
        tariff: Tariff {
            short: Price(300),
            long: Price(80),
        },
        grid_fee: Price(20),
        fee_bps: 100,
        min_lock: Price(1),
    };

    fn market(tables: [(i32, i32); 2]) -> Market {
        let mut market = Market {
            planned_tariffs_from: i64::MAX,
            ..Market::default()
        };
        for (day, (short, long)) in market.tariffs.iter_mut().zip(tables) {
            day.half_hours[7] = ImbalancePrices { short, long };
        }
        market
    }

    #[test]
    fn given_two_rates_when_a_rule_is_capped_then_it_can_lock_what_the_dear_hours_take() {
        let of = |tables| unit_lock_cap(&market(tables), 0, &TERMS);
        // A quarter more than 300, 80 and 20.
        assert_eq!(of([(0, 0); 2]), 500);
        assert_eq!(of([(200, 80), (400, 60)]), 625);
        // What is below zero is locked, too.
        assert_eq!(of([(200, -180), (400, 60)]), 750);
        assert_eq!(of([(i32::MIN, i32::MIN); 2]), i32::MAX);
    }

    #[test]
    fn given_a_daily_lock_when_rules_are_made_then_all_of_them_together_keep_to_it() {
        let rule = StandingRule {
            limit_kind: LimitKind::Short as u8,
            limit: -50,
            lock_cap: u64::MAX,
            ..StandingRule::default()
        };
        let capped = |daily_lock| {
            let limits = Limits {
                daily_lock,
                ..Limits::default()
            };
            let mut rule = rule;
            cap(&mut rule, &limits, 500);
            rule
        };
        // Six places.
        assert_eq!(capped(Some(12)).lock_cap, 2_000);
        let free = capped(None);
        assert_eq!(free.lock_cap, u64::MAX);
        assert_eq!(free.unit_lock_cap, 500);
        assert_eq!((free.limit_kind, free.limit), (LimitKind::Short as u8, -50));
    }
}
