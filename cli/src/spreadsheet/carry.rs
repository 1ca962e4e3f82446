use joulebook_profiles::Energy;

/// Whole Wh of energies one after the other: what each leaves of a Wh is carried into the next, so that they add up to what
/// flowed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Carry {
    all: Energy,
}

impl Carry {
    pub fn next(&mut self, energy: Energy) -> i128 {
        let before = self.all.whole_wh();
        self.all = self.all.saturating_add(energy);
        self.all.whole_wh() - before
    }
}

#[cfg(test)]
mod tests {
    use joulebook_units::Seconds;

    use super::*;

    #[test]
    fn parts_of_a_watt_hour_are_carried() {
        let mut carry = Carry::default();
        // A quarter of a Wh each.
        let quarter = Energy::of_watts(1, Seconds(900));
        let whole = [(); 8].map(|()| carry.next(quarter));
        assert_eq!(whole, [0, 0, 0, 1, 0, 0, 0, 1]);
    }
}
