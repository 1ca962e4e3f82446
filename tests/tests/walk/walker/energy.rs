//! What a finished page settles of each meter is what its registers moved, Wh for Wh: what the intervals say, and what is
//! charged and credited beside them.

use joulebook_client::{
    layout::oracle::{Meter, PageEntry, PageRegisters},
    tables::IntervalPageTable,
};
use joulebook_sim::LocalCommunity;

/// Import less export of each meter, from the accounts alone.
pub struct Totals(Vec<Total>);

struct Total {
    settled: i128,
    /// Of before, nothing counts; and whether it has begun.
    counted_from: (i64, u8),
    serves: bool,
    is_finished: bool,
    /// Of the page's intervals.
    values: i128,
    /// Charged and credited.
    left: i128,
}

impl Totals {
    /// The page in a slot that holds one.
    pub fn of(community: &LocalCommunity, slot: i64) -> Totals {
        let at = &community.addresses;
        let data = community.chain.data(&at.interval_page_slot(slot as u16));
        let Ok(page) = IntervalPageTable::from_bytes(&data) else {
            return Totals(vec![]);
        };
        let table = community.meters();
        let intervals = usize::from(page.header.intervals);
        let rows = page.registers.iter().zip(page.entries.chunks(intervals));
        let of_meter =
            |(meter, (registers, entries)): (&Meter, (&PageRegisters, &[PageEntry]))| Total {
                settled: i128::from(meter.settled_import) - i128::from(meter.settled_export),
                counted_from: (meter.counted_from, meter.is_counted),
                serves: meter.serves(page.header.start),
                is_finished: registers.finished != 0,
                values: entries.iter().map(value).sum(),
                left: i128::from(registers.import) - i128::from(registers.export),
            };
        Totals(table.meters.iter().zip(rows).map(of_meter).collect())
    }

    /// `before` was the same page.
    pub fn check_after(&self, before: &Totals) -> Result<(), String> {
        for (number, (after, before)) in self.0.iter().zip(&before.0).enumerate() {
            let was_finished = after.is_finished && !before.is_finished;
            let begins = after.counted_from != before.counted_from;
            if !was_finished || begins || !after.serves {
                continue;
            }
            let settled = after.settled - before.settled;
            let counted = after.values + after.left;
            if settled != counted {
                return Err(format!(
                    "meter {number}: {counted} Wh are charged, the registers moved {settled}"
                ));
            }
        }
        Ok(())
    }
}

fn value(entry: &PageEntry) -> i128 {
    match entry.has_value() {
        true => i128::from(entry.import().0) - i128::from(entry.export().0),
        false => 0,
    }
}
