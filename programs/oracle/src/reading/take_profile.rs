//! A load profile: many intervals under one signature, or a reading, which has none.

use core::result::Result;

use joulebook_layout::oracle::{Meter, MeterFlags};
use joulebook_metering::{
    message::{unpack, Profile, Stamp},
    page::{Energy, PageProfile, Taken},
    register::{LastReading, Offsets, PowerLimits, ReadingLimits},
};
use joulebook_units::{UnixTime, Watts};

use super::{
    intake::{check_message, heard_meter, move_on, place, punish, Intake},
    ReadingResult,
};

impl Intake<'_> {
    /// Takes all boundaries of a profile, or none and says why. Never fails.
    /// `packed` has its energies; `is_signed` says whether the meter's key has signed both.
    pub fn take_profile(
        &mut self,
        profile: &Profile,
        packed: &[u8],
        is_signed: impl Fn(&Meter) -> bool,
    ) -> ReadingResult {
        match self.judge_profile(profile, packed, is_signed) {
            Ok(result) | Err(result) => result,
        }
    }

    /// The cheap checks come first, the signature last; nothing is changed before it holds.
    fn judge_profile(
        &mut self,
        profile: &Profile,
        packed: &[u8],
        is_signed: impl Fn(&Meter) -> bool,
    ) -> Result<ReadingResult, ReadingResult> {
        let header = &*self.table.header;
        let length = header.interval_length();
        let cap = PowerLimits::both(Watts(header.power_cap)).everywhere();
        let meter = heard_meter(&mut self.table, profile.meter)?;
        if profile.intervals > self.page.header.intervals {
            return Err(ReadingResult::OutsidePage);
        }
        let span = length.0.wrapping_mul(profile.intervals.into());
        let first = UnixTime(profile.boundary.0.saturating_sub(span));
        let boundaries = [first, profile.boundary];
        check_message(boundaries, profile.flags, meter, length, self.now)?;
        let stamp = Stamp::from(profile);
        let check_signature = |meter: &Meter| match is_signed(meter) {
            true => Ok(()),
            false => Err(ReadingResult::BadSignature),
        };
        if MeterFlags(profile.flags).intersects(MeterFlags::TAMPERED) {
            check_signature(meter)?;
            punish(&mut self.table, stamp, self.meter_table);
            return Err(ReadingResult::Tampered);
        }
        let readings_until = self.page.header.readings_until;
        let page_start = UnixTime(self.page.header.start);
        let (mut page, boundary) = place(&mut self.page, stamp.meter, stamp.boundary, length)?;
        if boundary < profile.intervals {
            return Err(ReadingResult::OutsidePage);
        }
        if self.now.0 >= readings_until {
            return Err(ReadingResult::ReadingsClosed);
        }
        let last = LastReading::from(&*meter);
        last.is_moved_by(profile.boundary, profile.sequence)?;
        self.values.clear();
        self.values
            .resize(profile.intervals.into(), Energy::default());
        unpack(packed, &mut self.values).map_err(|_| ReadingResult::Malformed)?;
        let offsets = Offsets::from(&*meter);
        let registers = offsets.count(&profile.registers);
        check_signature(meter)?;

        let limits = ReadingLimits::of(meter, page_start);
        let values = &self.values;
        let told = registers.map(|registers| PageProfile {
            last: boundary,
            registers,
            least: offsets.least,
            values,
        });
        let taken = told.and_then(|told| page.take_profile(&told, &limits, Some(&last)));
        match taken {
            Ok(taken) => {
                if let (Taken::Newest, Ok(told)) = (taken, told) {
                    move_on(meter, stamp, &told.registers);
                }
                Ok(taken.into())
            }
            Err(rejection) => {
                // What was signed under higher limits is not the device's fault.
                let is_possible =
                    told.is_ok_and(|told| page.check_profile(&told, &cap, Some(&last)).is_ok());
                if rejection.is_violation() && !is_possible {
                    punish(&mut self.table, stamp, self.meter_table);
                }
                Err(rejection.into())
            }
        }
    }
}
