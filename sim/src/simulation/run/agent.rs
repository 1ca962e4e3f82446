//! One delegate who orders for all households, by what the chain knows.

use anyhow::{Context, Result};
use joulebook_strategy::{
    bidding::{compare_ways, decide, Bidder, Decision, Fees, OpenWindow, OwnerLimits},
    forecast, is_review, standing_orders, ENTERED,
};

use super::Run;
use crate::simulation::{Party, ReadingWay, Venue};

/// Of a transaction with one signature.
const LAMPORTS: f64 = 5_000.0;
const LAMPORTS_PER_SOL: f64 = 1e9;
const MILLI_ATOMS_PER_ATOM: f64 = 1_000.0;
/// Days that are looked back on for the way to order.
const DAYS: usize = 7;
/// Orders of a household in a window, as far as what they cost is guessed.
const USUAL_ORDERS: usize = 3;

impl<W: Venue> Run<'_, W> {
    pub(super) fn bid_as_agent(&mut self, window: usize) -> Result<()> {
        let mut placed = self.standing_orders_of(window);
        let start = self.profiles.boundary(window);
        let mut bidders = Vec::with_capacity(self.households.len());
        for (index, household) in self.households.iter_mut().enumerate() {
            household.funding.top_up(self.venue)?;
            let free = self.venue.balance(Party::Household(index))?.free;
            let past = household.past(self.profiles).until(self.told);
            bidders.push(Bidder {
                rules: self.scenario.rules(index),
                expected: forecast(&past, window),
                live: vec![],
                limits: OwnerLimits {
                    may_lock: free,
                    ..OwnerLimits::default()
                },
                may_lock_anew: free,
                is_taken: household.has_standing_orders(),
            });
        }
        let open = OpenWindow {
            grid: self.scenario.grid,
            terms: self.scenario.terms,
            others: placed.orders.clone(),
            strangers: None,
        };
        let bids = decide(&open, &bidders, &self.fees());
        let mut orders = vec![];
        for place in bids.transactions.into_iter().flatten() {
            if let Some(Decision::Order { orders: of_one, .. }) = bids.decisions.get(place) {
                orders.push((place, of_one.clone()));
            }
        }
        if !orders.is_empty() {
            let place = self.venue.place_as_delegate(start, &orders);
            place.context("placing orders as a delegate")?;
        }
        for (place, orders) in &orders {
            placed.add(*place, orders);
        }
        self.placed = placed;
        self.check_state("bidding")
    }

    /// Has households bring money in, and looks which way of ordering brings each of them more, if it is the time for that.
    pub(super) fn review_ways(&mut self, boundary: usize) -> Result<()> {
        for household in &mut self.households {
            household.funding.top_up(self.venue)?;
        }
        if is_review(boundary, self.profiles.per_day()) {
            for index in 0..self.households.len() {
                self.review_way(index)
                    .with_context(|| format!("the way of household {index}"))?;
            }
        }
        self.check_state("entering standing orders")
    }

    fn review_way(&mut self, index: usize) -> Result<()> {
        let fee = self.fee_of_a_bid();
        let (told, rules) = (self.told, self.scenario.rules(index));
        let household = self.households.get(index).context("an unknown household")?;
        let past = household.past(self.profiles).until(told);
        let known_days = (told / self.profiles.per_day()).saturating_sub(1);
        let looked_at = known_days.min(DAYS) * self.profiles.per_day();
        let from = told.saturating_sub(looked_at);
        let prices = self.prices.get(from..told).unwrap_or_default();
        let both = compare_ways(&past, prices, |window| self.told_for(window), &rules);
        let is_own = both.is_none_or(|both| both.is_own_better(fee));
        let orders = match is_own {
            true => [None; ENTERED],
            false => standing_orders(&past, &rules),
        };
        if is_own && !household.has_standing_orders() {
            return Ok(());
        }
        self.venue.enter_standing_orders(index, &orders)?;
        if let Some(household) = self.households.get_mut(index) {
            household.standing = orders;
        }
        Ok(())
    }

    /// Intervals whose values were there when a window was bid for.
    fn told_for(&self, window: usize) -> usize {
        let bidding = window.saturating_sub(1);
        let until = match self.scenario.ways.readings {
            ReadingWay::Register => return bidding,
            ReadingWay::Profile => self.scenario.page_start(self.profiles.boundary(bidding)),
        };
        let told = until.lengths_since(self.profiles.start, self.profiles.length);
        told.and_then(|told| told.try_into().ok()).unwrap_or(0)
    }

    fn fees(&self) -> Fees {
        let bytes = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let sizes = self.venue.order_bytes();
        let atoms = self.scenario.atoms_per_sol as f64 * LAMPORTS / LAMPORTS_PER_SOL;
        Fees {
            transaction: atoms * MILLI_ATOMS_PER_ATOM,
            room: bytes(sizes.room),
            household: bytes(sizes.seat),
            order: bytes(sizes.order),
            cancel: bytes(sizes.cancel),
            cancelled: bytes(sizes.cancelled),
        }
    }

    /// Milli-atoms: of a transaction that is full, or that all households share.
    fn fee_of_a_bid(&self) -> f64 {
        let fees = self.fees();
        let of_room = f64::from(fees.bytes(USUAL_ORDERS, 0)) / f64::from(fees.room.max(1));
        fees.transaction * of_room.max(1.0 / self.households.len().max(1) as f64)
    }
}
