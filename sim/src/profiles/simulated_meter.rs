use joulebook_metering::register::Registers;
use joulebook_units::{Seconds, WhSum};

const MILLIWATT_SECONDS_PER_WH: u128 = 3_600_000;

/// A household's meter. It counts energy exactly and shows whole Wh: what an interval leaves of a Wh is
/// carried into the next, so that its registers never drift from what flowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SimulatedMeter {
    /// Milliwatt-seconds.
    import: u128,
    export: u128,
}

impl SimulatedMeter {
    /// Lets `power` milliwatts flow for `length`: positive is drawn from the grid.
    pub fn flow(&mut self, power: i64, length: Seconds) {
        let energy = u128::from(power.unsigned_abs()) * u128::from(length.0.unsigned_abs());
        if power > 0 {
            self.import += energy;
        } else {
            self.export += energy;
        }
    }

    /// What the meter shows.
    pub fn registers(&self) -> Registers {
        Registers {
            import: whole(self.import),
            export: whole(self.export),
        }
    }
}

fn whole(energy: u128) -> WhSum {
    WhSum(u64::try_from(energy / MILLIWATT_SECONDS_PER_WH).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_watt_hour_are_carried() {
        let mut meter = SimulatedMeter::default();
        // 1 W for 15 minutes is a quarter of a Wh.
        let shown: Vec<u64> = (0..8)
            .map(|_| {
                meter.flow(1000, Seconds(900));
                meter.registers().import.0
            })
            .collect();
        assert_eq!(shown, [0, 0, 0, 1, 1, 1, 1, 2]);
    }

    #[test]
    fn each_direction_has_its_register() {
        let mut meter = SimulatedMeter::default();
        meter.flow(4_000_000, Seconds(900));
        meter.flow(-8_000_000, Seconds(900));
        meter.flow(0, Seconds(900));
        let registers = meter.registers();
        assert_eq!(
            (registers.import, registers.export),
            (WhSum(1000), WhSum(2000))
        );
    }
}
