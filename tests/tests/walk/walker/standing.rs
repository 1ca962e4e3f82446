//! Standing orders, entered by owners and delegates and placed by anybody.

use std::collections::BTreeMap;

use joulebook_client::{
    layout::market::{LimitKind, QuantityKind, StandingOutcome, StandingRule},
    market::{instructions as market, types::StandingEntry},
    tables::{BookTable, StandingTable},
};

use super::{Checked, Walker};
use crate::model::Applied;

const DAY: i64 = 86_400;

impl Walker {
    /// The account, at its full length.
    pub(super) fn create_standing_orders(&mut self) -> Checked {
        let authority = self.authority();
        let at = self.community.addresses.clone();
        let sent = self.govern(at.create_standing_orders(authority), true);
        sent.map_err(|failure| failure.to_string())?;
        let payer = solana_signer::Signer::pubkey(&self.community.chain.payer);
        for _ in 0..2 {
            let grow = at.grow_market_table(payer, at.standing_orders);
            let sent = self.send(&[grow], &[]);
            sent.map_err(|failure| failure.to_string())?;
        }
        Ok(())
    }

    pub(super) fn use_standing_orders(&mut self) -> Checked {
        match self.random.below(20) {
            0..7 => self.set_standing_orders(),
            7..9 => {
                let who = self.anyone();
                self.review_participant(who)
            }
            _ => self.apply_standing_orders(),
        }
    }

    fn some_rule(&mut self) -> StandingRule {
        // Mostly a price of the grid, or one beside it; from the prices of the first tariff.
        let terms = self.model.sizes.terms;
        let ticks = u64::from(self.model.sizes.ticks);
        let tick = self.random.below(ticks) as i32 + self.random.pick(&[0, 0, 0, 0, 0, -1, 1]);
        let odd = self.random.pick(&[0, 0, 0, 0, 1, -1]);
        let price = terms.floor_price + tick * terms.tick_size as i32 + odd;
        let limit_kind = self
            .random
            .pick(&[LimitKind::Fixed, LimitKind::Short, LimitKind::Long]);
        let limit = match limit_kind {
            LimitKind::Fixed => price,
            LimitKind::Short => price - self.model.sizes.tariff.short,
            LimitKind::Long => price - self.model.sizes.tariff.long,
        };
        let cap = |random: &mut joulebook_tests::random::Random, digits| match random.percent(75) {
            true => u64::MAX,
            false => 1 + random.of_any_size(digits),
        };
        let mut rule = StandingRule {
            valid_until: self.random.pick(&[i64::MAX, self.model.now + 1200]),
            half_hours: (1 << 48) - 1,
            lock_cap: cap(&mut self.random, 10),
            energy_cap: cap(&mut self.random, 5),
            unit_lock_cap: match self.random.percent(75) {
                true => i32::MAX,
                false => 1 + self.random.of_any_size(6) as i32,
            },
            limit,
            quantity: 1 + self.random.of_any_size(4) as u32,
            client_id: self.random.below(1 << 16) as u16,
            side: self.random.below(2) as u8,
            limit_kind: limit_kind as u8,
            weekdays: 127,
            ..StandingRule::default()
        };
        match self.random.below(30) {
            0 => rule.half_hours = 1 << self.random.below(50),
            1 => rule.weekdays = 1 << self.random.below(8),
            2..6 => {
                rule.quantity_kind = QuantityKind::Profile as u8;
                let energy = self.random.of_any_size(4) as u16;
                rule.quantity = match energy % 8 {
                    0 => 0,
                    1 => 3,
                    2 => u32::MAX,
                    _ => 1,
                };
                rule.profile = [energy; 48];
                rule.profile[self.random.below(48) as usize] = 7;
            }
            6 => {
                rule.quantity_kind = QuantityKind::DayBefore as u8;
                rule.quantity = self.random.between(0, 10_001) as u32;
            }
            7 => rule.quantity = self.random.pick(&[0, u32::MAX]),
            8 => rule.limit = self.random.pick(&[i32::MIN, i32::MAX]),
            9 => rule.valid_until = self.model.now - self.random.below(2) as i64,
            10 => match self.random.below(2) {
                0 => rule.lock_cap = 0,
                _ => rule.unit_lock_cap = self.random.pick(&[0, -1, i32::MIN]),
            },
            11 => rule.side = 2,
            12 => rule.node = 1,
            _ => {}
        }
        rule
    }

    fn set_standing_orders(&mut self) -> Checked {
        let seat = self.anyone();
        self.make_ready(seat)?;
        let signer = self.trader_for(seat);
        let count = match self.random.below(30) {
            0 => 0,
            _ => self.random.between(1, 3),
        };
        let entries: Vec<StandingEntry> = (0..count)
            .map(|_| {
                let place = match self.random.below(40) {
                    0 => self.random.pick(&[8, 255]),
                    _ => self.random.below(8) as u8,
                };
                let rule = (!self.random.percent(15)).then(|| self.some_rule());
                StandingEntry { place, rule }
            })
            .collect();
        let trader = self.person(signer).address();
        let at = &self.community.addresses;
        let instruction = market::SetStandingOrders {
            trader,
            community: at.community,
            participant: self.person(seat).participant,
            ledger: at.ledger,
            market: at.market,
            standing_orders: at.standing_orders,
        }
        .instruction(market::SetStandingOrdersInstructionArgs {
            entries: entries.clone(),
        });
        let found = self.send(&[instruction], &[signer]);
        let predicted = self.model.set_standing_orders(seat, trader, &entries);
        let what = format!("{signer} enters standing orders {entries:?} for seat {seat}");
        self.agree(what, predicted, found).map(|_| ())
    }

    fn review_participant(&mut self, seat: u16) -> Checked {
        let wallet = self.person(seat).address();
        let review = self.community.addresses.review_participant(&wallet);
        let found = self.send(&[review], &[]);
        let predicted = self.model.review_participant(seat);
        let what = format!("participant {seat} is reviewed");
        self.agree(what, predicted, found).map(|_| ())
    }

    fn apply_standing_orders(&mut self) -> Checked {
        if self.open_books().is_empty() && self.random.percent(80) {
            self.open_next_window()?;
        }
        let slot = self.open_slot();
        let start = match self.random.percent(95) {
            true => self.start_in(slot),
            false => self.start_in(slot) + self.model.length(),
        };
        let people = u64::from(self.people());
        let (first, seats) = match self.random.percent(50) {
            true => (0, u16::MAX),
            false => {
                let first = self.random.below(people) as u16;
                (first, self.random.below(people) as u16)
            }
        };
        let days = self.random.pick(&[1, 7]);
        let at = &self.community.addresses;
        let instruction = market::ApplyStandingOrders {
            community: at.community,
            market: at.market,
            ledger: at.ledger,
            book: at.book_slot(slot as u16),
            standing_orders: at.standing_orders,
            meter_table: at.meter_table,
            earlier_page: at.interval_page((start - days * DAY).max(0)),
        }
        .instruction(market::ApplyStandingOrdersInstructionArgs {
            start,
            first_seat: first,
            seats,
        });
        let what = format!("standing orders of {seats} seats from {first} on for window {start}");
        let sent = self.community.send_with_full_budget(&[instruction]);
        let Some(_) = self.agree(what, Ok(()), sent)? else {
            return Ok(());
        };
        let found = self.applied(slot)?;
        let range = first..first.saturating_add(seats);
        let came_to = self
            .model
            .apply_standing_orders(slot, start, range, found)?;
        for outcome in came_to {
            let outcome = StandingOutcome::from_byte(outcome).ok_or("no such outcome")?;
            self.coverage.add(&format!("Standing({outcome:?})"));
        }
        Ok(())
    }

    /// New orders in a book, and what became of all standing orders.
    fn applied(&self, slot: i64) -> Result<Applied, String> {
        let at = &self.community.addresses;
        let data = self.community.chain.data(&at.book_slot(slot as u16));
        let book = BookTable::from_bytes(&data).map_err(|error| error.to_string())?;
        let known = self.model.books.get(&slot);
        let orders = book.live_orders().map(|(place, order)| (place, *order));
        let is_new = |(place, order): &(u16, joulebook_client::layout::market::Order)| {
            known.is_some_and(|known| !known.ids.contains(&(*place, order.sequence)))
        };
        let data = self.community.chain.data(&at.standing_orders);
        let table = StandingTable::from_bytes(&data).map_err(|error| error.to_string())?;
        let mut outcomes = BTreeMap::new();
        for (seat, row) in (0u16..).zip(&table.seats) {
            for (place, order) in (0u8..).zip(&row.orders) {
                outcomes.insert((seat, place), order.outcome);
            }
        }
        Ok(Applied {
            orders: orders.filter(is_new).collect(),
            outcomes,
        })
    }
}
