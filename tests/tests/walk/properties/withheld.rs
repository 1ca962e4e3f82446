//! Whoever withholds readings and is heard later has no more than with honest ones, and nobody else has: a friend's seat
//! is worth what it was, too.

use super::{
    story::{METERS, PAGES, WINDOWS},
    Ending, Story, Telling,
};
use crate::{model::SUPPLIER, random::Random};

/// Households that a meter belongs to.
const SEATS: std::ops::RangeInclusive<u16> = 2..=6;

/// How a household picks what it keeps to itself, mostly of the two pages with trade.
#[derive(Clone, Copy, Debug)]
enum Withheld {
    /// Any of its readings.
    Some,
    /// All of them: its registers are heard in the page behind.
    All,
    /// All but the last of each page: how much, and not when.
    IntervalValues,
    /// The end of one window.
    One,
    /// All but the very last of all pages.
    AllButTheLast,
}

const KINDS: [Withheld; 5] = [
    Withheld::AllButTheLast,
    Withheld::Some,
    Withheld::All,
    Withheld::IntervalValues,
    Withheld::One,
];

impl Telling {
    fn withhold(&mut self, seat: u16, kind: Withheld, random: &mut Random) -> Result<(), String> {
        let meters = &self.walker.model.meters;
        let owners: Vec<u16> = meters.iter().map(|meter| meter.owner).collect();
        let one = (
            random.below(PAGES as u64 - 1) as i64,
            random.between(1, WINDOWS.into()) as u16,
        );
        // With one of two meters, or both.
        let silent: Vec<bool> = (0..METERS).map(|_| random.percent(70)).collect();
        let is_withheld = |page: i64, meter: u32, boundary: u16, random: &mut Random| {
            let owns = owners[meter as usize] == seat && silent[meter as usize];
            let behind = page == PAGES - 1;
            owns && match kind {
                Withheld::Some => !behind && random.percent(50),
                Withheld::All => !behind,
                Withheld::IntervalValues => !behind && boundary < WINDOWS,
                Withheld::One => (page, boundary) == one,
                Withheld::AllButTheLast => !behind || boundary < WINDOWS,
            }
        };
        for (page, meter, boundary) in self.readings() {
            if !is_withheld(page, meter, boundary, random) {
                self.read(page, meter, boundary)?;
            }
            if random.percent(5) {
                self.settle_at_random(random)?;
            }
        }
        Ok(())
    }
}

fn check(found: &Ending, honest: &Ending, seat: u16, what: &str) {
    for other in SEATS.filter(|other| *other != seat) {
        let place = usize::from(other);
        assert_eq!(
            found.wealth[place], honest.wealth[place],
            "{what}: seat {other}"
        );
    }
    let (place, supplier) = (usize::from(seat), usize::from(SUPPLIER));
    let gains = found.wealth[place] - honest.wealth[place];
    assert!(gains <= 0, "{what}: seat {seat} gains {gains}");
    // What one loses is the supplier's.
    let supplier = found.wealth[supplier] - honest.wealth[supplier];
    assert_eq!(supplier, -gains, "{what}: the supplier");
}

#[test]
fn given_any_readings_withheld_when_the_registers_are_heard_later_then_nobody_gains() {
    let mut losses = 0;
    for seed in 51..=58 {
        let story = Story::new(seed);
        let mut telling = story.tell().expect("it can be told");
        telling.read_in_turn().expect("all is heard");
        let honest = telling.finish().expect("all pages end");
        for kind in KINDS {
            let random = &mut Random::new(seed);
            let seat = random.between(2, 6) as u16;
            let mut telling = story.tell().expect("it can be told");
            telling
                .withhold(seat, kind, random)
                .expect("the others are heard");
            let found = telling.finish().expect("all pages end");
            check(&found, &honest, seat, &format!("seed {seed}, {kind:?}"));
            losses += u32::from(found != honest);
        }
    }
    assert!(losses > 0, "withholding never changes anything");
}
