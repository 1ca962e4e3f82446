use joulebook_client::{
    layout::market::{ImbalancePrices, MarketTerms},
    market::errors::MarketError,
    registry::errors::RegistryError,
};

use super::{Model, Reasons};

const DAY: i64 = 86_400;
/// 1970-01-05, the first Monday of unix time.
const A_MONDAY: i64 = 4 * DAY;
const HIGHEST: i128 = i32::MAX as i128;

impl Model {
    pub fn set_terms(&mut self, by_authority: bool, terms: &MarketTerms) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(!by_authority, MarketError::NotAuthority);
        reasons.when(
            terms.gate_lead >= terms.horizon,
            MarketError::GateBeforeOpening,
        );
        let waits = i64::from(terms.horizon) + i64::from(terms.metering_grace);
        let round = i64::from(self.sizes.ring) * self.length();
        reasons.when(waits + 2 * self.length() > round, MarketError::RingTooShort);
        let metered_by = i64::from(terms.metering_grace) + 2 * self.length();
        let round = i64::from(self.sizes.interval_ring) * self.length();
        reasons.when(metered_by > round, MarketError::IntervalRingTooShort);
        reasons.when(
            terms.fee_bps > 1000 || terms.grid_fee < 0,
            MarketError::FeeInvalid,
        );
        reasons.when(terms.min_lock < 1, MarketError::MinLockInvalid);
        reasons.when(terms.min_quantity == 0, MarketError::MinQuantityInvalid);
        reasons.when(
            i64::from(terms.utc_offset).abs() > 14 * 3600,
            MarketError::UtcOffsetInvalid,
        );
        let steps = i128::from(self.sizes.ticks) - 1;
        let top = i128::from(terms.floor_price) + steps * i128::from(terms.tick_size);
        let too_high = top > HIGHEST || all_in(terms, top) > HIGHEST;
        reasons.when(
            terms.tick_size == 0 || terms.floor_price == i32::MIN || too_high,
            MarketError::PriceGridInvalid,
        );
        reasons.found()?;
        self.terms = *terms;
        Ok(())
    }

    pub fn set_tariff(
        &mut self,
        by_authority: bool,
        working_day: bool,
        first_half_hour: u8,
        entries: &[ImbalancePrices],
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(!by_authority, MarketError::NotAuthority);
        let end = usize::from(first_half_hour) + entries.len();
        reasons.when(
            entries.is_empty() || end > 48,
            MarketError::TariffRangeInvalid,
        );
        reasons.when(
            entries.iter().any(|entry| entry.long > entry.short),
            MarketError::TariffInvalid,
        );
        reasons.found()?;
        for (half_hour, entry) in (i64::from(first_half_hour)..).zip(entries) {
            self.tariffs.insert((working_day, half_hour), *entry);
        }
        Ok(())
    }

    /// The imbalance prices of a window that starts at `start`.
    pub fn tariff_at(&self, start: i64) -> &ImbalancePrices {
        let local = start + i64::from(self.terms.utc_offset);
        let half_hour = local % DAY / 1800;
        let weekday = (local - A_MONDAY) / DAY % 7;
        let is_holiday = self
            .terms
            .holidays
            .iter()
            .any(|day| *day != 0 && i64::from(*day) == local / DAY);
        &self.tariffs[&(weekday < 5 && !is_holiday, half_hour)]
    }

    pub fn set_pause(&mut self, by_authority: bool, paused: u8) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(!by_authority, RegistryError::NotPermitted);
        reasons.when(paused > 7, RegistryError::PauseInvalid);
        reasons.found()?;
        self.paused = paused;
        Ok(())
    }

    pub fn set_active(&mut self, member: u16, active: bool) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        let is_active = self.members[&member].active;
        reasons.when(!active && !is_active, RegistryError::NotActive);
        reasons.when(active && is_active, RegistryError::NotSuspended);
        reasons.found()?;
        if let Some(member) = self.members.get_mut(&member) {
            member.active = active;
        }
        Ok(())
    }

    pub fn set_roles(&mut self, member: u16, roles: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(roles == 0 || roles > 255, RegistryError::RolesInvalid);
        reasons.found()?;
        if let Some(member) = self.members.get_mut(&member) {
            member.roles = roles;
        }
        Ok(())
    }
}

/// The market fee per kWh at `price`: whole atoms, rounded up; none below zero.
pub fn market_fee(terms: &MarketTerms, price: i128) -> i128 {
    (price.max(0) * i128::from(terms.fee_bps) + 9_999) / 10_000
}

/// What a buyer pays per kWh when it is allocated.
pub fn all_in(terms: &MarketTerms, price: i128) -> i128 {
    price.max(0) + i128::from(terms.grid_fee) + market_fee(terms, price)
}
