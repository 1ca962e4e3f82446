//! A reading at one boundary.

use joulebook_metering::message::Profile;

use super::{intake::Intake, signature::is_signed, ReadingResult, SignedReading};

impl Intake<'_> {
    /// Takes one reading, or says why not. Never fails, so that one bad reading spoils no other.
    ///
    /// What counts of it is what counts of a profile without intervals; it has a message of its own.
    pub fn take_reading(&mut self, signed: &SignedReading) -> ReadingResult {
        let reading = signed.reading();
        let binding = self.binding;
        self.take_profile(&Profile::from(reading), &[], |meter| {
            let message = reading.message(&binding);
            is_signed(meter, &signed.signature, &[&message])
        })
    }
}
