//! What somebody orders who bids for several households at once: for whom bidding in a window pays, and what.
//!
//! | module | subject |
//! | --- | --- |
//! | `auction` | how a window's orders would be cleared |
//! | `limits` | how far a household lets somebody bid for it |
//! | `fees` | what transactions cost, and what fits into one |
//! | `way` | bidding for each window against standing orders, by what both would have brought |
//! | `words` | an order, explained in one sentence |

mod auction;
mod fees;
mod limits;
#[cfg(test)]
mod tests;
mod way;
mod words;

use std::ops::Range;

use joulebook_auction::{Side, TickOrder};
use joulebook_settlement::Terms;
use joulebook_units::{MilliAtoms, Price, PriceGrid, Tick};

use crate::{expected_gain, newsvendor_orders, Contracted, Distribution, MarketRules};
use auction::clear;

pub use fees::Fees;
pub use limits::{lock_of, OwnerLimits};
pub use way::{compare_ways, Comparison};
pub use words::{explain, MoneyUnit};

/// A window that takes orders.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenWindow {
    pub grid: PriceGrid,
    pub terms: Terms,
    /// What stands in its book and is not the bidder's to replace.
    pub others: Vec<TickOrder>,
    /// What households that the bidder does not bid for would pay for energy, if there are any that may yet order. They find what
    /// was offered, and so each side does not wait for the other.
    pub strangers: Option<Price>,
}

/// A household in a window.
#[derive(Clone, Debug)]
pub struct Bidder {
    pub rules: MarketRules,
    /// What may flow; `None` if nothing can be said.
    pub expected: Option<Distribution>,
    /// What stands in the book for it already, from an earlier look.
    pub live: Vec<TickOrder>,
    pub limits: OwnerLimits,
    /// What new orders may lock where others are in the book, whatever is freed by cancelling these: a delegate's daily limit counts
    /// both.
    pub may_lock_anew: MilliAtoms,
    /// Whether somebody else has ordered for it in this window: its owner, by hand or by a rule.
    pub is_taken: bool,
}

/// What to do for a household in a window.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// To place orders, in the place of what stands in the book.
    Order {
        orders: Vec<TickOrder>,
        /// What it is expected to save more than without it, milli-atoms, fees of transactions not in it.
        gain: f64,
        /// Its part of the transaction's fee, milli-atoms.
        fee: f64,
    },
    /// To leave it as it is.
    Leave(Because),
}

/// Why nothing is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// Too little was measured.
    NothingKnown,
    /// The owner has ordered by itself.
    Taken,
    /// No order costs less than none, or none is within the owner's limits.
    NothingToOrder,
    /// What stands in the book is what would be ordered.
    AsOrdered,
    /// Nobody is on the other side.
    NobodyElse,
    /// What its transaction is expected to bring together is not worth the fee.
    NotWorthTheFee,
}

/// What is to be sent: the households of each transaction, by their places, and what to do for each household.
#[derive(Clone, Debug, PartialEq)]
pub struct Bids {
    pub transactions: Vec<Vec<usize>>,
    pub decisions: Vec<Decision>,
}

/// A household that might order.
struct Candidate {
    place: usize,
    /// What it would order.
    wanted: Vec<TickOrder>,
    bytes: u32,
    gain: f64,
}

/// Decides for each household of a window. The orders of all of them are cleared with what stands in the book: a transaction is
/// sent if its households gain more by that than it costs.
pub fn decide(window: &OpenWindow, households: &[Bidder], fees: &Fees) -> Bids {
    let mut decisions = vec![Decision::Leave(Because::NothingToOrder); households.len()];
    let mut candidates = Vec::new();
    for (place, household) in households.iter().enumerate() {
        match wanted(household) {
            Err(because) => leave(&mut decisions, place, because),
            Ok(wanted) => candidates.push(Candidate {
                place,
                wanted,
                bytes: 0,
                gain: 0.0,
            }),
        }
    }
    for place in drop_unreachable(window, households, &mut candidates) {
        leave(&mut decisions, place, Because::NobodyElse);
    }
    loop {
        weigh(window, households, fees, &mut candidates);
        candidates.sort_by(|one, other| other.gain.total_cmp(&one.gain));
        let bytes: Vec<u32> = candidates.iter().map(|one| one.bytes).collect();
        let transactions = fees.transactions(&bytes);
        let out = left_out(households, fees, &candidates, &transactions);
        if out.is_empty() {
            return bids(candidates, transactions, fees, decisions);
        }
        // Without these, the others find something else: they are looked at again.
        candidates.retain(|one| out.iter().all(|(place, _)| *place != one.place));
        for (place, because) in out {
            leave(&mut decisions, place, because);
        }
    }
}

fn leave(decisions: &mut [Decision], place: usize, because: Because) {
    if let Some(decision) = decisions.get_mut(place) {
        *decision = Decision::Leave(because);
    }
}

/// The places of households whose transaction does not pay, or that gain nothing by another order than they have.
fn left_out(
    households: &[Bidder],
    fees: &Fees,
    candidates: &[Candidate],
    transactions: &[Range<usize>],
) -> Vec<(usize, Because)> {
    let of = |range: &Range<usize>| candidates.get(range.clone()).unwrap_or_default();
    let pays = |range: &&Range<usize>| {
        let gain: f64 = of(range).iter().map(|one| one.gain).sum();
        gain > fees.transaction
    };
    let why = |one: &Candidate| match one.gain > 0.0 {
        true => (one.place, Because::NotWorthTheFee),
        false => (one.place, Because::NobodyElse),
    };
    // They are in the sequence of their gains: the first that does not pay is followed by others that do not.
    let first = transactions.iter().find(|range| !pays(range));
    let mut out: Vec<(usize, Because)> = first
        .and_then(|range| candidates.get(range.start..))
        .unwrap_or_default()
        .iter()
        .map(why)
        .collect();
    let has_live = |place: usize| {
        households
            .get(place)
            .is_some_and(|one| !one.live.is_empty())
    };
    let is_idle = |one: &&Candidate| {
        let share = fees.transaction * f64::from(one.bytes) / f64::from(fees.room.max(1));
        has_live(one.place) && one.gain <= share
    };
    let idle = candidates.iter().filter(is_idle);
    out.extend(idle.map(|one| (one.place, Because::AsOrdered)));
    out
}

fn bids(
    candidates: Vec<Candidate>,
    transactions: Vec<Range<usize>>,
    fees: &Fees,
    mut decisions: Vec<Decision>,
) -> Bids {
    let sent = transactions.into_iter().map(|range| {
        let households = candidates.get(range).unwrap_or_default();
        let bytes: f64 = households.iter().map(|one| f64::from(one.bytes)).sum();
        for one in households {
            if let Some(decision) = decisions.get_mut(one.place) {
                *decision = Decision::Order {
                    orders: one.wanted.clone(),
                    gain: one.gain,
                    fee: fees.transaction * f64::from(one.bytes) / bytes.max(1.0),
                };
            }
        }
        households.iter().map(|one| one.place).collect()
    });
    Bids {
        transactions: sent.collect(),
        decisions,
    }
}

/// What a household would order, if that is not what stands in the book.
fn wanted(household: &Bidder) -> Result<Vec<TickOrder>, Because> {
    if household.is_taken {
        return Err(Because::Taken);
    }
    let expected = household.expected.as_ref().ok_or(Because::NothingKnown)?;
    let curve = newsvendor_orders(expected, &household.rules);
    let wanted = household.limits.keep(&curve, &household.rules);
    let locks = household.rules.terms.locks();
    let lock = wanted.iter().map(|order| {
        let lock = lock_of(&locks, order, &household.rules);
        lock.map_or(u64::MAX, |lock| lock.0)
    });
    let fits = lock.fold(0, u64::saturating_add) <= household.may_lock_anew.0;
    match household.live.is_empty() {
        _ if wanted.is_empty() => Err(Because::NothingToOrder),
        // Less, only because of what the orders in the book have used of a limit, is no reason to replace them.
        false if !fits || wanted == household.live => Err(Because::AsOrdered),
        _ => Ok(wanted),
    }
}

/// Takes out orders that nobody can match: buys below the lowest sell there is, sells above the highest buy. They move no price.
/// Gives back the places of households that are left with none.
fn drop_unreachable(
    window: &OpenWindow,
    households: &[Bidder],
    candidates: &mut Vec<Candidate>,
) -> Vec<usize> {
    let standing = households.iter().flat_map(|household| &household.live);
    let wanted = candidates.iter().flat_map(|candidate| &candidate.wanted);
    let all: Vec<TickOrder> = window
        .others
        .iter()
        .chain(standing)
        .chain(wanted)
        .copied()
        .collect();
    let of = |side: Side| {
        all.iter()
            .filter(move |order| order.side == side)
            .map(|order| order.tick)
    };
    let lowest_sell = of(Side::Sell).min();
    let highest_buy = match window.strangers {
        Some(_) => Some(Tick(u16::MAX)),
        None => of(Side::Buy).max(),
    };
    let can_match = |order: &TickOrder| match order.side {
        Side::Buy => lowest_sell.is_some_and(|sell| order.tick >= sell),
        Side::Sell => highest_buy.is_some_and(|buy| order.tick <= buy),
    };
    let mut without = Vec::new();
    candidates.retain_mut(|candidate| {
        candidate.wanted.retain(can_match);
        if candidate.wanted.is_empty() {
            without.push(candidate.place);
        }
        !candidate.wanted.is_empty()
    });
    without
}

/// Finds what each would gain by ordering what it wants, if all others do.
fn weigh(window: &OpenWindow, households: &[Bidder], fees: &Fees, candidates: &mut [Candidate]) {
    let mut orders: Vec<&[TickOrder]> = households
        .iter()
        .map(|household| household.live.as_slice())
        .collect();
    for candidate in candidates.iter() {
        if let Some(orders) = orders.get_mut(candidate.place) {
            *orders = &candidate.wanted;
        }
    }
    let outcome = clear(&window.grid, &window.others, &orders);
    let gains: Vec<(u32, f64)> = candidates
        .iter()
        .filter_map(|candidate| {
            let household = households.get(candidate.place)?;
            let expected = household.expected.as_ref()?;
            let value = |outcome: &Option<auction::Outcome>, orders: &[TickOrder]| {
                let cleared = outcome.as_ref().and_then(|outcome| {
                    let contracted = outcome.contracted.get(candidate.place)?;
                    Some((*contracted, outcome.price))
                });
                let gain = |(contracted, price): (Contracted, Price)| {
                    expected_gain(expected, contracted, price, &household.rules)
                };
                let offered = window.strangers.map(|price| {
                    let mut offered = Contracted::at(price, orders, &household.rules);
                    offered.bought.0 = 0;
                    (offered, price)
                });
                cleared.map_or(0.0, gain).max(offered.map_or(0.0, gain))
            };
            let mut gain = value(&outcome, &candidate.wanted);
            if !household.live.is_empty() {
                let mut before = orders.clone();
                if let Some(orders) = before.get_mut(candidate.place) {
                    *orders = &household.live;
                }
                let kept = clear(&window.grid, &window.others, &before);
                gain -= value(&kept, &household.live);
            }
            let bytes = fees.bytes(candidate.wanted.len(), household.live.len());
            Some((bytes, gain))
        })
        .collect();
    for (candidate, (bytes, gain)) in candidates.iter_mut().zip(gains) {
        (candidate.bytes, candidate.gain) = (bytes, gain);
    }
}
