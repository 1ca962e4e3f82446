//! What no meter has confirmed stays where it is: it covers what not keeping a contract costs, at prices below zero too.

use super::{Story, Telling};
use crate::model::Position;

impl Telling {
    /// Takes all that is free out of every seat, and tries to take one atom more, or to have it held.
    fn take_all_out(&mut self) -> Result<(), String> {
        for seat in 2..7 {
            let free = self.walker.model.seats[&seat].free;
            let whole = (free / 1000) as u64;
            self.walker.withdraw_atoms(seat, seat, whole + 1)?;
            if whole > 0 {
                self.walker.withdraw_atoms(seat, seat, whole)?;
            }
        }
        Ok(())
    }

    /// What waits for meters: what contracts earn and have locked, milli-atoms.
    fn unconfirmed(&self, seat: u16) -> i128 {
        let pages = self.walker.model.pages.values();
        let positions = pages.flat_map(|page| &page.positions);
        let is_own = |((_, owner), position): &(&(u16, u16), &Position)| {
            *owner == seat && !position.confirmed
        };
        let own = positions.filter(is_own);
        own.map(|(_, position)| position.earns + position.locked)
            .sum()
    }
}

#[test]
fn given_provisional_contracts_when_all_free_money_is_taken_out_then_their_worst_cost_is_covered() {
    let mut covered = 0;
    for seed in 61..=66 {
        let mut story = Story::new(seed);
        story.standard_draw = 0;
        let mut telling = story.tell().expect("it can be told");
        telling.settle_all().expect("nothing is heard");
        let before: Vec<i128> = (2..7).map(|seat| telling.unconfirmed(seat)).collect();
        assert!(before.iter().sum::<i128>() > 0, "seed {seed}: no contracts");
        telling.take_all_out().expect("what is free can go");
        telling.settle_all().expect("nothing is heard");
        let after: Vec<i128> = (2..7).map(|seat| telling.unconfirmed(seat)).collect();
        assert_eq!(after, before, "seed {seed}");
        // Nobody is ever heard: everything sold was not delivered, everything bought not taken.
        let ending = telling.finish().expect("all pages end");
        for (free, debt) in &ending.free_and_debt[2..7] {
            assert_eq!(*debt, 0, "seed {seed}");
            covered += u32::from(*free > 0);
        }
    }
    assert!(covered > 0, "there was never anything to cover");
}
