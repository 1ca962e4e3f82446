//! Watches over the meters' energy: what the intervals counted and what meters still carry is what their
//! registers say, Wh for Wh.

use joulebook_client::tables::IntervalTable;
use joulebook_sim::LocalCommunity;

/// By the meters' numbers, import and export in Wh.
#[derive(Default)]
pub struct Energy {
    meters: Vec<Counted>,
}

#[derive(Default)]
struct Counted {
    /// In intervals that were settled or let go.
    settled: (i128, i128),
    /// What the registers stood at when the meter came, or more if the device was changed since.
    first: (i128, i128),
}

impl Energy {
    pub fn register(&mut self) {
        self.meters.push(Counted::default());
    }

    /// An interval is no longer open: its entries were counted for good.
    pub fn released(&mut self, before: &IntervalTable, after: &IntervalTable) {
        if before.header.phase == after.header.phase {
            return;
        }
        for (counted, entry) in self.meters.iter_mut().zip(&before.entries) {
            counted.settled.0 += i128::from(entry.import);
            counted.settled.1 += i128::from(entry.export);
        }
    }

    /// Another device starts to count from other registers.
    pub fn device_changed(&mut self, number: u32, from: (u64, u64), to: (u64, u64)) {
        if let Some(counted) = self.meters.get_mut(number as usize) {
            counted.first.0 += i128::from(to.0) - i128::from(from.0);
            counted.first.1 += i128::from(to.1) - i128::from(from.1);
        }
    }

    pub fn check(&self, community: &LocalCommunity) -> Result<(), String> {
        let table = community.meters();
        let open: Vec<IntervalTable> = (0..community.parameters.interval_ring)
            .filter_map(|slot| {
                let data = community
                    .chain
                    .data(&community.addresses.interval_slot(slot));
                IntervalTable::from_bytes(&data).ok()
            })
            .filter(|interval| interval.header.is_open())
            .collect();
        for (number, (meter, counted)) in table.meters.iter().zip(&self.meters).enumerate() {
            let mut sums = counted.settled;
            for interval in &open {
                sums.0 += i128::from(interval.entries[number].import);
                sums.1 += i128::from(interval.entries[number].export);
            }
            sums.0 += i128::from(meter.carried_import);
            sums.1 += i128::from(meter.carried_export);
            let due = (
                i128::from(meter.import) - counted.first.0,
                i128::from(meter.export) - counted.first.1,
            );
            if sums != due {
                return Err(format!(
                    "meter {number}: counted {sums:?} Wh, its registers say {due:?}"
                ));
            }
        }
        Ok(())
    }
}
