//! Standing orders: of the owner and of its delegate, entered, taken away and placed. They meet nobody's prices.

use joulebook_client::{
    layout::market::{QuantityKind, Side, StandingRule},
    market::types::StandingEntry,
};
use joulebook_sim::{Failure, LocalCommunity};
use joulebook_tests::market::{govern, instructions, BUYER, SELLER};
use solana_signer::Signer;

use super::Story;

/// Creates the account, and takes it to its full length.
pub fn account(community: &mut LocalCommunity) -> Result<(), Failure> {
    let (at, authority) = (community.addresses.clone(), community.authority.pubkey());
    govern(community, at.create_standing_orders(authority))?;
    for _ in 0..2 {
        let grow = instructions::grow(community, at.standing_orders);
        govern(community, grow)?;
    }
    Ok(())
}

/// In every window, within 40 Wh and 5,000,000,000 milli-atoms a day.
fn rule(side: Side, limit: i32, quantity: u32) -> StandingRule {
    StandingRule {
        valid_until: i64::MAX,
        half_hours: (1 << 48) - 1,
        lock_cap: 5_000_000_000,
        energy_cap: 40,
        unit_lock_cap: 1_000_000_000,
        limit,
        quantity,
        client_id: 3,
        side: side as u8,
        weekdays: 0b0111_1111,
        ..StandingRule::default()
    }
}

fn entry(place: u8, rule: Option<StandingRule>) -> StandingEntry {
    StandingEntry { place, rule }
}

impl Story {
    pub fn standing_orders_are_entered(&mut self) -> Result<(), Failure> {
        let (at, authority) = (self.community.addresses.clone(), self.authority());
        self.send(at.create_standing_orders(authority))?;
        for _ in 0..2 {
            let grow = instructions::grow(&self.community, at.standing_orders);
            self.send(grow)?;
        }
        let [buyer, seller] =
            [BUYER, SELLER].map(|place| self.community.households[place].address());
        let share = StandingRule {
            quantity_kind: QuantityKind::DayBefore as u8,
            ..rule(Side::Buy, 54_000, 5_000)
        };
        let entries = vec![
            entry(0, Some(rule(Side::Buy, 54_000, 25))),
            entry(1, Some(share)),
            entry(7, Some(rule(Side::Sell, 178_000, 5))),
        ];
        self.send(at.set_standing_orders(buyer, &buyer, entries))?;
        self.send(at.set_standing_orders(buyer, &buyer, vec![entry(7, None)]))?;
        let entries = vec![entry(2, Some(rule(Side::Buy, 52_000, 10)))];
        self.send(at.set_standing_orders(self.operator.address(), &buyer, entries))?;
        let entries = vec![entry(0, Some(rule(Side::Sell, 178_000, 30)))];
        self.send(at.set_standing_orders(seller, &seller, entries))?;
        self.send(at.review_participant(&buyer))?;
        Ok(())
    }

    /// A part of the seats first, then all of them.
    pub fn standing_orders_are_placed(&mut self, start: i64) -> Result<(), Failure> {
        let at = self.community.addresses.clone();
        let buyer = self.community.households[BUYER].seat;
        for seats in [0..buyer + 1, 0..self.community.parameters.seats] {
            self.send(at.apply_standing_orders(start, seats, start - 86_400))?;
        }
        Ok(())
    }
}
