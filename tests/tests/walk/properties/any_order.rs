//! Neither the order and splitting of calls, nor that of readings and corrections, changes what anyone has in the end.

use super::{
    story::{METERS, PAGES, WINDOWS},
    Ending, Story, Telling,
};
use crate::{
    model::{row, Energy, Replacement},
    random::Random,
};

/// A verifier's value of one interval: page, meter, interval, import and export in Wh.
type Correction = (i64, u32, u16, (i128, i128));

impl Telling {
    /// All readings in any order, with settling in between.
    fn read_at_random(&mut self, random: &mut Random) -> Result<(), String> {
        let mut readings = self.readings();
        while !readings.is_empty() {
            let next = readings.remove(random.below(readings.len() as u64) as usize);
            self.read(next.0, next.1, next.2)?;
            if random.percent(30) {
                self.settle_at_random(random)?;
            }
        }
        Ok(())
    }

    pub(super) fn read_in_turn(&mut self) -> Result<(), String> {
        for (page, meter, boundary) in self.readings() {
            self.read(page, meter, boundary)?;
        }
        Ok(())
    }

    /// Any rectangle of any page.
    pub(super) fn settle_at_random(&mut self, random: &mut Random) -> Result<(), String> {
        let slot = self.slot(random.below(PAGES as u64) as i64);
        let mut range = |end: u16| {
            let first = random.below(end.into()) as u16;
            first..random.between(first.into(), end.into()) as u16
        };
        let seats = self.walker.model.sizes.seats;
        let (windows, seats) = (range(WINDOWS), range(seats));
        self.walker.settle(slot, slot, windows, seats)
    }

    pub(super) fn settle_all(&mut self) -> Result<(), String> {
        let seats = self.walker.model.sizes.seats;
        for page in 0..PAGES {
            let slot = self.slot(page);
            self.walker.settle(slot, slot, 0..WINDOWS, 0..seats)?;
        }
        Ok(())
    }

    /// Waits until a verifier may correct a page, and lets it.
    fn correct(&mut self, corrections: &[Correction]) -> Result<(), String> {
        for (page, meter, first, (import, export)) in corrections {
            let until = self.walker.model.readings_until(self.page(*page));
            self.walker.wait_until(until.max(self.walker.model.now));
            let new = Replacement {
                slot: self.slot(*page),
                meter: *meter,
                first: *first,
                values: vec![Energy {
                    import: *import,
                    export: *export,
                }],
                owner: self.walker.model.meters[row(*meter)].owner,
                signs: true,
            };
            self.walker.replace(new, true)?;
        }
        Ok(())
    }
}

fn told_in_turn(story: &Story) -> Ending {
    let mut telling = story.tell().expect("it can be told");
    telling.read_in_turn().expect("all is heard");
    telling.settle_all().expect("all is settled");
    telling.finish().expect("all pages end")
}

#[test]
fn given_readings_in_any_order_when_settled_in_any_rectangles_then_the_money_is_the_same() {
    for seed in 1..=6 {
        let story = Story::new(seed);
        let due = told_in_turn(&story);
        for other in 1..=2 {
            let random = &mut Random::new(100 * seed + other);
            let mut telling = story.tell().expect("it can be told");
            telling.read_at_random(random).expect("all is heard");
            let found = telling.finish().expect("all pages end");
            assert_eq!(found, due, "seed {seed}, {other}");
        }
    }
}

#[test]
fn given_no_call_to_settle_when_the_pages_end_then_the_money_is_the_same() {
    let story = Story::new(7);
    let due = told_in_turn(&story);
    let mut telling = story.tell().expect("it can be told");
    telling.read_in_turn().expect("all is heard");
    let found = telling.finish().expect("all pages end");
    assert_eq!(found, due);
}

#[test]
fn given_a_supplier_without_money_when_settled_in_any_order_then_everyone_is_worth_the_same() {
    for seed in 11..=13 {
        let mut story = Story::new(seed);
        story.supplier = 1;
        let due = told_in_turn(&story);
        let random = &mut Random::new(100 * seed);
        let mut telling = story.tell().expect("it can be told");
        telling.read_at_random(random).expect("all is heard");
        let found = telling.finish().expect("all pages end");
        assert_eq!(
            (found.wealth, found.fees),
            (due.wealth, due.fees),
            "seed {seed}"
        );
    }
}

#[test]
fn given_corrections_in_any_order_when_settled_before_and_after_then_the_money_is_the_same() {
    for seed in 21..=24 {
        let story = Story::new(seed);
        let random = &mut Random::new(seed);
        let corrections = some_corrections(random);

        let mut telling = story.tell().expect("it can be told");
        telling.read_in_turn().expect("all is heard");
        telling.correct(&corrections).expect("all is corrected");
        telling.settle_all().expect("all is settled");
        let due = telling.finish().expect("all pages end");

        let mut telling = story.tell().expect("it can be told");
        telling.read_at_random(random).expect("all is heard");
        for page in 0..PAGES {
            let mut of_page = corrections.clone();
            of_page.retain(|correction| correction.0 == page);
            // Something else at first, that is corrected in turn.
            for correction in &of_page {
                let first = (correction.0, correction.1, correction.2, (77, 7));
                telling.correct(&[first]).expect("it is corrected");
                telling.settle_at_random(random).expect("it is settled");
            }
            of_page.reverse();
            for correction in of_page {
                telling.correct(&[correction]).expect("it is corrected");
                telling.settle_at_random(random).expect("it is settled");
            }
        }
        let found = telling.finish().expect("all pages end");
        assert_eq!(found, due, "seed {seed}");
    }
}

/// Of different intervals, page by page.
fn some_corrections(random: &mut Random) -> Vec<Correction> {
    let mut corrections = vec![];
    for page in 0..PAGES {
        for meter in 0..METERS {
            for interval in 0..WINDOWS {
                if random.percent(25) {
                    let value = (random.below(900).into(), random.below(900).into());
                    corrections.push((page, meter, interval, value));
                }
            }
        }
    }
    corrections
}
