//! Who is heard late, within the time that readings are taken, has neither less nor more for it; and whatever anyone pays
//! for deviations is the supplier's.

use joulebook_client::tables::PageTable;

use super::{story::PAGES, Story, Telling};
use crate::{model::SUPPLIER, random::Random};

impl Telling {
    /// All readings but some, then those.
    fn read_some_late(&mut self, random: &mut Random, share: u64) -> Result<(), String> {
        let is_late = |_: &(i64, u32, u16)| random.percent(share);
        let (late, on_time): (Vec<_>, Vec<_>) = self.readings().into_iter().partition(is_late);
        for (page, meter, boundary) in on_time {
            self.read(page, meter, boundary)?;
        }
        self.settle_all()?;
        self.walker.compare()?;
        self.walker.wait_until(self.walker.model.now + 500);
        self.settle_all()?;
        for (page, meter, boundary) in late {
            self.read(page, meter, boundary)?;
        }
        Ok(())
    }

    /// What all seats have paid for their deviations, as the pages on chain say.
    fn paid(&self) -> i128 {
        let at = &self.walker.community.addresses;
        let paid = |page: i64| {
            let data = self.walker.community.chain.data(&at.page(self.page(page)));
            let table = PageTable::from_bytes(&data).expect("the page is there");
            let paid = table
                .positions
                .iter()
                .map(|position| i128::from(position.paid));
            paid.sum::<i128>()
        };
        (0..PAGES).map(paid).sum()
    }
}

#[test]
fn given_any_readings_late_when_they_come_in_time_then_nobody_has_more_or_less() {
    for seed in 31..=34 {
        let story = Story::new(seed);
        let mut telling = story.tell().expect("it can be told");
        telling.read_in_turn().expect("all is heard");
        let due = telling.finish().expect("all pages end");
        for share in [20, 60, 100] {
            let random = &mut Random::new(seed + share);
            let mut telling = story.tell().expect("it can be told");
            telling.read_some_late(random, share).expect("all is heard");
            let found = telling.finish().expect("all pages end");
            assert_eq!(found, due, "seed {seed}, {share} % late");
        }
    }
}

#[test]
fn given_all_heard_when_settled_then_the_supplier_has_what_the_others_paid_for_deviations() {
    for seed in 41..=43 {
        let story = Story::new(seed);
        let mut telling = story.tell().expect("it can be told");
        let before = telling.ending().wealth[usize::from(SUPPLIER)];
        telling.read_in_turn().expect("all is heard");
        telling.settle_all().expect("all is settled");
        let after = telling.ending().wealth[usize::from(SUPPLIER)];
        let paid = telling.paid();
        assert_ne!(paid, 0, "seed {seed}: there are deviations");
        assert_eq!(after - before, paid, "seed {seed}");
        telling.finish().expect("all pages end");
    }
}
