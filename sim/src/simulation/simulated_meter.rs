use joulebook_metering::register::Registers;
use joulebook_profiles::Energy;
use joulebook_units::WhSum;

/// A household's meter. It counts energy exactly and shows whole Wh: what an interval leaves of a Wh is
/// carried into the next, so that its registers never drift from what flowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SimulatedMeter {
    import: Energy,
    export: Energy,
}

impl SimulatedMeter {
    /// Lets energy flow from the grid and into it, both ways in one interval if so.
    pub fn flow(&mut self, drawn: Energy, fed_in: Energy) {
        self.import = self.import.saturating_add(drawn);
        self.export = self.export.saturating_add(fed_in);
    }

    /// What the meter shows.
    pub fn registers(&self) -> Registers {
        Registers {
            import: whole(self.import),
            export: whole(self.export),
        }
    }
}

fn whole(energy: Energy) -> WhSum {
    WhSum(u64::try_from(energy.whole_wh()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use joulebook_units::Seconds;

    use super::*;

    #[test]
    fn parts_of_a_watt_hour_are_carried() {
        let mut meter = SimulatedMeter::default();
        // 1 W for 15 minutes is a quarter of a Wh.
        let shown: Vec<u64> = (0..8)
            .map(|_| {
                meter.flow(Energy::of_watts(1, Seconds(900)), Energy(0));
                meter.registers().import.0
            })
            .collect();
        assert_eq!(shown, [0, 0, 0, 1, 1, 1, 1, 2]);
    }

    #[test]
    fn each_direction_has_its_register() {
        let mut meter = SimulatedMeter::default();
        let energy = |watts| Energy::of_watts(watts, Seconds(900));
        meter.flow(energy(4000), Energy(0));
        meter.flow(Energy(0), energy(8000));
        meter.flow(energy(400), energy(800));
        let registers = meter.registers();
        assert_eq!(
            (registers.import, registers.export),
            (WhSum(1100), WhSum(2200))
        );
    }
}
