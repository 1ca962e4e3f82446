use joulebook_client::oracle::errors::OracleError;

use super::{Model, Reasons, REGISTRATION};

#[derive(Clone, Debug)]
pub struct Meter {
    pub owner: u16,
    pub status: MeterStatus,
    /// Of the last reading taken.
    pub boundary: i64,
    pub sequence: u64,
    pub import: u64,
    pub export: u64,
    /// Energy that waits for the meter's next interval, Wh.
    pub carried: (i128, i128),
    pub violations: u8,
    /// Its next entry holds energy of earlier intervals.
    pub behind: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeterStatus {
    Active,
    Quarantined,
    Retired,
}

impl Model {
    pub fn register_meter(&mut self, owner: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(
            self.is_paused(REGISTRATION),
            OracleError::RegistrationPaused,
        );
        reasons.when(!self.members[&owner].active, OracleError::NotActive);
        reasons.when(
            self.meters.len() >= usize::from(self.sizes.meters),
            OracleError::TableFull,
        );
        reasons.found()?;
        self.meters.push(Meter {
            owner,
            status: MeterStatus::Active,
            boundary: self.boundary(),
            sequence: 0,
            import: 0,
            export: 0,
            carried: (0, 0),
            violations: 0,
            behind: false,
        });
        Ok(())
    }

    fn require_in_use(&self, reasons: &mut Reasons, number: u32) -> Option<&Meter> {
        let meter = self.meters.get(number as usize);
        reasons.when(meter.is_none(), OracleError::NoSuchMeter);
        reasons.when(
            meter.is_some_and(|meter| meter.status == MeterStatus::Retired),
            OracleError::MeterRetired,
        );
        meter
    }

    pub fn quarantine(&mut self, number: u32, reason: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(reason == 0, OracleError::ReasonInvalid);
        let meter = self.require_in_use(&mut reasons, number);
        reasons.when(
            meter.is_some_and(|meter| meter.status != MeterStatus::Active),
            OracleError::MeterNotActive,
        );
        reasons.found()?;
        self.meters[number as usize].status = MeterStatus::Quarantined;
        Ok(())
    }

    pub fn retire(&mut self, number: u32) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        self.require_in_use(&mut reasons, number);
        reasons.found()?;
        self.meters[number as usize].status = MeterStatus::Retired;
        Ok(())
    }

    pub fn restore(
        &mut self,
        number: u32,
        sequence: u64,
        registers: (u64, u64),
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        if let Some(meter) = self.require_in_use(&mut reasons, number) {
            reasons.when(
                meter.status != MeterStatus::Quarantined,
                OracleError::MeterNotQuarantined,
            );
            reasons.when(sequence < meter.sequence, OracleError::SequenceWentBack);
        }
        reasons.found()?;
        let boundary = self.boundary();
        let meter = &mut self.meters[number as usize];
        let (import, export) = registers;
        // A register that fell is another device's: nothing is known of what it missed.
        if import >= meter.import && export >= meter.export {
            meter.carried.0 += i128::from(import - meter.import);
            meter.carried.1 += i128::from(export - meter.export);
        }
        meter.boundary = meter.boundary.max(boundary);
        meter.sequence = sequence;
        (meter.import, meter.export) = registers;
        meter.violations = 0;
        meter.behind = true;
        meter.status = MeterStatus::Active;
        Ok(())
    }
}
