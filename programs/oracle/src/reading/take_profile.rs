//! A load profile: many intervals under one signature, or a reading, which has none.

use core::result::Result;

use joulebook_layout::oracle::{Meter, MeterFlags};
use joulebook_metering::{
    message::{unpack, Profile, Stamp},
    page::{Energy, PageProfile, Rejection, Taken},
    register::{LastReading, Offsets, PowerLimits, ReadingLimits},
};
use joulebook_units::{UnixTime, Watts};

use super::{
    intake::{check_message, heard_meter, move_on, place, punish, Intake},
    ReadingResult,
};

impl Intake<'_> {
    /// Takes all boundaries of a profile, or none and says why. Never fails. Of one that ends or begins at a seam, the page beside its
    /// own takes that boundary.
    ///
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
        let page_span = length.0.wrapping_mul(self.page.header.intervals.into());
        let is_profile = profile.intervals > 0;
        let is_of_next = is_profile && first.0.checked_sub(page_start.0) == Some(page_span);
        let at = if is_of_next { first } else { stamp.boundary };
        let (mut page, boundary) = place(&mut self.page, stamp.meter, at, length)?;
        // The page before or behind a profile's own is told of the seam alone, as by a reading.
        let is_of_seam = is_of_next || is_profile && boundary == 0;
        let last = LastReading::from(&*meter);
        // A row that it moved on would keep a profile of the next page out of that, and leave one of the page before without the
        // registers at its start, which that learns of the row.
        let is_early = is_of_seam && at > last.boundary;
        if is_early || !is_of_seam && boundary < profile.intervals {
            return Err(ReadingResult::OutsidePage);
        }
        if self.now.0 >= readings_until {
            return Err(ReadingResult::ReadingsClosed);
        }
        last.is_moved_by(at, profile.sequence)?;
        self.values.clear();
        self.values
            .resize(profile.intervals.into(), Energy::default());
        unpack(packed, &mut self.values).map_err(|_| ReadingResult::Malformed)?;
        let offsets = Offsets::from(&*meter);
        let registers = offsets.count(&profile.registers);
        check_signature(meter)?;

        let limits = ReadingLimits::of(meter, page_start);
        let whole = registers.map(|registers| PageProfile {
            last: boundary,
            registers,
            least: offsets.least,
            values: &self.values,
        });
        let told = match whole {
            Ok(profile) if is_of_seam => profile.first_registers().map(|first| PageProfile {
                registers: if is_of_next { first } else { profile.registers },
                values: &[],
                ..profile
            }),
            whole => whole,
        };
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
                // Nor what it shows at its first boundary, where the clock was behind as it was recorded; at its last one it
                // shows more.
                let is_its_first = first.0 <= meter.device_from.saturating_add(length.0)
                    && (!is_profile || registers.is_ok());
                let is_excused = is_possible || rejection == Rejection::BelowFirst && is_its_first;
                if rejection.is_violation() && !is_excused {
                    punish(&mut self.table, stamp, self.meter_table);
                }
                Err(rejection.into())
            }
        }
    }
}
