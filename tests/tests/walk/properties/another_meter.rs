//! A silence is not over because a household gets another meter.

use super::{
    story::{METERS, WINDOWS},
    Ending, Story, Telling,
};
use crate::model::{Energy, NewMeter};

/// A household with one meter, and that.
const SEAT: u16 = 3;
const METER: u32 = 2;

impl Telling {
    /// Another meter for the household, and time up to the end of the page in which its service begins.
    fn get_another_meter(&mut self) -> Result<(), String> {
        self.walker.register_meter(NewMeter {
            owner: SEAT,
            signs: true,
            zone: 0,
            max_import: 100_000,
            max_export: 100_000,
            standard_draw: 0,
            shown: Energy::default(),
        })?;
        for page in [3, 4] {
            let start = self.page(page);
            self.walker.wait_until(start);
            self.walker.finish_oldest()?;
            self.walker.open_pages_up_to(start)?;
        }
        self.walker.wait_until(self.page(5));
        Ok(())
    }
}

/// With the household's first meter heard all the time, or between its first boundary and the last page not at all.
fn tell(seed: u64, is_heard: bool) -> Ending {
    let mut telling = Story::new(seed).tell().expect("it can be told");
    for (page, meter, boundary) in telling.readings() {
        if is_heard || meter != METER || (page, boundary) == (0, 0) {
            telling.read(page, meter, boundary).expect("it is taken");
        }
    }
    telling.get_another_meter().expect("a verifier agrees");
    for page in [3, 4] {
        for meter in 0..METERS {
            for boundary in 0..=WINDOWS {
                if is_heard || meter != METER || page == 4 {
                    telling.read(page, meter, boundary).expect("it is taken");
                }
            }
        }
    }
    for boundary in 0..=WINDOWS {
        telling.read(4, METERS, boundary).expect("it is taken");
    }
    telling.finish().expect("all pages end")
}

#[test]
fn given_a_silent_meter_when_its_household_gets_another_then_the_household_gains_nothing() {
    for seed in 71..=75 {
        let place = usize::from(SEAT);
        let honest = tell(seed, true).wealth[place];
        let silent = tell(seed, false).wealth[place];
        assert!(silent < honest, "seed {seed}: {silent}, honest {honest}");
    }
}
