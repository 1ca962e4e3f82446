use crate::Energy;

/// A value that may be missing, in the room of one that is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample(i128);

impl Sample {
    /// No energy of a file is this small.
    pub const MISSING: Sample = Sample(i128::MIN);

    pub fn new(energy: Energy) -> Sample {
        Sample(energy.0.max(i128::MIN.saturating_add(1)))
    }

    pub fn energy(self) -> Option<Energy> {
        (self != Sample::MISSING).then_some(Energy(self.0))
    }
}
