use joulebook_client::oracle::errors::OracleError;

use super::{Energy, Meter, MeterStatus, Model, Reasons, REGISTRATION};

/// A meter that is to be registered.
#[derive(Clone, Copy, Debug)]
pub struct NewMeter {
    pub owner: u16,
    /// Whether its owner agrees.
    pub signs: bool,
    pub zone: u8,
    pub max_import: u32,
    pub max_export: u32,
    pub standard_draw: u32,
    /// What the device shows now.
    pub shown: Energy,
}

impl Model {
    /// The row of the next meter: that of a retired one that no page has anything of any more, or a new one.
    pub fn next_row(&self) -> usize {
        let ring = self.span() * i64::from(self.sizes.pages);
        let is_gone = |meter: &Meter| {
            let until = meter
                .service_until
                .filter(|_| meter.status == MeterStatus::Retired);
            let last_page = until.map(|until| until - self.span());
            last_page.is_some_and(|page| {
                let is_passed = self.last_opened.is_some_and(|opened| opened - page >= ring);
                is_passed && self.last_finished >= Some(page)
            })
        };
        let gone = self.meters.iter().position(is_gone);
        gone.unwrap_or(self.meters.len())
    }

    /// Returns the meter's number.
    pub fn register_meter(&mut self, new: NewMeter) -> Result<u32, Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(
            self.is_paused(REGISTRATION),
            OracleError::RegistrationPaused,
        );
        reasons.when(!self.members[&new.owner].active, OracleError::NotActive);
        reasons.when(!new.signs, OracleError::OwnerMustSign);
        // There is one.
        reasons.when(new.zone > 0, OracleError::NoSuchZone);
        let fit = self.fit_page(new.max_import) && self.fit_page(new.max_export);
        reasons.when(!fit, OracleError::PowerLimitInvalid);
        self.require_plausible(&mut reasons, new.shown);
        // A retired one counts until its last page is finished.
        let is_settled = |meter: &Meter| {
            let last_page = meter.service_until.map(|until| until - self.span());
            last_page.is_some_and(|page| self.last_finished >= Some(page))
        };
        let unsettled = |meter: &&Meter| meter.owner == new.owner && !is_settled(meter);
        let count = self.meters.iter().filter(unsettled).count();
        reasons.when(count >= 16, OracleError::TooManyMeters);
        let row = self.next_row();
        let is_full = row >= usize::from(self.sizes.meters);
        reasons.when(is_full, OracleError::TableFull);
        reasons.found()?;
        let meter = Meter {
            owner: new.owner,
            generation: self
                .meters
                .get(row)
                .map_or(0, |former| former.generation + 1),
            status: MeterStatus::Active,
            boundary: self.boundary(),
            sequence: 0,
            punished: 0,
            registers: Energy::default(),
            offset: new.shown,
            least: Energy::default(),
            settled: Energy::default(),
            told: Energy::default(),
            late: Energy::default(),
            counted_from: None,
            told_intervals: 0,
            is_counted: false,
            service_from: self.page_start(self.now) + self.span(),
            service_until: None,
            limits: [(i64::MIN, (new.max_import, new.max_export))].into(),
            standard_draw: new.standard_draw,
            violations: 0,
            key_copied: false,
            device_from: self.boundary(),
            is_silenced: false,
        };
        match self.meters.get_mut(row) {
            Some(place) => *place = meter,
            None => self.meters.push(meter),
        }
        Ok(self.numbers()[row])
    }
}
