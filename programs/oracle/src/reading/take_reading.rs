//! A reading at one boundary.

use core::result::Result;

use joulebook_layout::oracle::{Meter, MeterFlags};
use joulebook_metering::{
    message::Stamp,
    page::Taken,
    register::{LastReading, Offsets, PowerLimits, ReadingLimits},
};
use joulebook_units::{UnixTime, Watts};

use super::{
    intake::{check_message, heard_meter, move_on, place, punish, Intake},
    signature::is_signed,
    ReadingResult, SignedReading,
};

impl Intake<'_> {
    /// Takes one reading, or says why not. Never fails, so that one bad reading spoils no other.
    pub fn take_reading(&mut self, signed: &SignedReading) -> ReadingResult {
        match self.judge_reading(signed) {
            Ok(result) | Err(result) => result,
        }
    }

    /// The cheap checks come first, the signature last; nothing is changed before it holds.
    fn judge_reading(&mut self, signed: &SignedReading) -> Result<ReadingResult, ReadingResult> {
        let header = &*self.table.header;
        let length = header.interval_length();
        let cap = PowerLimits::both(Watts(header.power_cap)).everywhere();
        let meter = heard_meter(&mut self.table, signed.meter)?;
        let reading = signed.reading();
        let boundaries = [reading.boundary; 2];
        check_message(boundaries, reading.flags, meter, length, self.now)?;
        let stamp = Stamp::from(&reading);
        let binding = self.binding;
        let check_signature = |meter: &Meter| {
            let message = reading.message(&binding);
            match is_signed(meter, &signed.signature, &[&message]) {
                true => Ok(()),
                false => Err(ReadingResult::BadSignature),
            }
        };
        if MeterFlags(reading.flags).intersects(MeterFlags::TAMPERED) {
            check_signature(meter)?;
            punish(&mut self.table, stamp, self.meter_table);
            return Err(ReadingResult::Tampered);
        }
        let readings_until = self.page.header.readings_until;
        let page_start = UnixTime(self.page.header.start);
        let (mut page, boundary) = place(&mut self.page, stamp.meter, stamp.boundary, length)?;
        if self.now.0 >= readings_until {
            return Err(ReadingResult::ReadingsClosed);
        }
        let last = LastReading::from(&*meter);
        last.is_moved_by(reading.boundary, reading.sequence)?;
        let registers = Offsets::from(&*meter).count(&reading.registers);
        check_signature(meter)?;

        let limits = ReadingLimits::of(meter, page_start);
        let taken = registers.and_then(|registers| {
            let taken = page.take_reading(boundary, registers, &limits, Some(&last))?;
            Ok((taken, registers))
        });
        // What was signed under higher limits is not the device's fault.
        let is_possible = |registers| {
            page.check_reading(boundary, registers, &cap, Some(&last))
                .is_ok()
        };
        match taken {
            Ok((taken, registers)) => {
                if taken == Taken::Newest {
                    move_on(meter, stamp, &registers);
                }
                Ok(taken.into())
            }
            Err(rejection) => {
                if rejection.is_violation() && !registers.is_ok_and(is_possible) {
                    punish(&mut self.table, stamp, self.meter_table);
                }
                Err(rejection.into())
            }
        }
    }
}
