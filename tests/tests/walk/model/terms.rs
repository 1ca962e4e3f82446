use std::collections::BTreeMap;

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

/// By working day or not, and half hour of the day.
pub type Tariffs = BTreeMap<(bool, i64), ImbalancePrices>;

pub fn all_day(tariff: ImbalancePrices) -> Tariffs {
    [true, false]
        .into_iter()
        .flat_map(|working| (0..48).map(move |half_hour| (working, half_hour)))
        .map(|when| (when, tariff))
        .collect()
}

/// What stands, and what holds for windows from `from` on.
#[derive(Clone)]
pub struct Planned<T> {
    stands: T,
    planned: T,
    from: i64,
}

impl<T: Clone> Planned<T> {
    pub fn new(first: T) -> Planned<T> {
        Planned {
            stands: first.clone(),
            planned: first,
            from: 0,
        }
    }

    pub fn at(&self, start: i64) -> &T {
        match start >= self.from {
            true => &self.planned,
            false => &self.stands,
        }
    }

    /// What was planned and holds by `now` is what stands; what is planned from here on holds from `from` on.
    fn change(&mut self, now: i64, from: i64) -> &mut T {
        if self.from <= now {
            self.stands = self.planned.clone();
        }
        self.from = from;
        &mut self.planned
    }
}

/// What holds for one window.
pub struct Rules<'a> {
    pub terms: &'a MarketTerms,
    pub tariffs: &'a Tariffs,
}

impl Rules<'_> {
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
}

impl Model {
    /// What holds for a window that starts at `start`.
    pub fn rules_at(&self, start: i64) -> Rules<'_> {
        Rules {
            terms: self.terms.at(start),
            tariffs: self.tariffs.at(start),
        }
    }

    /// The first boundary that what is said now can hold from.
    pub fn notice_over(&self) -> i64 {
        let over = self.now + i64::from(self.sizes.notice_seconds);
        over + (self.length() - over % self.length()) % self.length()
    }

    /// Prices that are signed now need the signature of the supplier that they are for.
    fn require_agreement(&self, reasons: &mut Reasons, by_supplier: bool) {
        reasons.when(self.awaits_supplier(), MarketError::SupplierChanges);
        reasons.when(!self.is_open(self.supplier()), MarketError::NoSuchSeat);
        reasons.when(!by_supplier, MarketError::NotSupplier);
    }

    pub fn set_terms(
        &mut self,
        by_authority: bool,
        signer: Option<u16>,
        terms: &MarketTerms,
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        let calendar = |terms: &MarketTerms| (terms.utc_offset, terms.holidays);
        let planned = calendar(&self.terms.planned);
        let is_put_off = self.terms.from > self.now && calendar(&self.terms.stands) != planned;
        if is_put_off || calendar(terms) != planned {
            self.require_agreement(&mut reasons, signer == Some(self.supplier()));
        }
        reasons.when(!by_authority, MarketError::NotAuthority);
        reasons.when(
            terms.gate_lead >= terms.horizon,
            MarketError::GateBeforeOpening,
        );
        let horizon = i64::from(terms.horizon);
        let books = i64::from(self.sizes.books) * self.length();
        reasons.when(
            horizon + 2 * self.length() > books,
            MarketError::RingTooShort,
        );
        let life = horizon + i64::from(self.sizes.correction_seconds) + 3 * self.span();
        let pages = i64::from(self.sizes.pages) * self.span();
        reasons.when(life > pages, MarketError::RingTooShort);
        let fees = 0..=self.sizes.highest_grid_fee;
        reasons.when(
            terms.fee_bps > 1000 || !fees.contains(&terms.grid_fee),
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
        let mut dearest = *terms;
        dearest.grid_fee = self.sizes.highest_grid_fee;
        let too_high = top > HIGHEST || all_in(&dearest, top) > HIGHEST;
        reasons.when(
            terms.tick_size == 0 || terms.floor_price == i32::MIN || too_high,
            MarketError::PriceGridInvalid,
        );
        reasons.found()?;
        let from = self.notice_over();
        *self.terms.change(self.now, from) = *terms;
        Ok(())
    }

    pub fn set_tariff(
        &mut self,
        by_authority: bool,
        by_supplier: bool,
        working_day: bool,
        first_half_hour: u8,
        entries: &[ImbalancePrices],
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(!by_authority, MarketError::NotAuthority);
        self.require_agreement(&mut reasons, by_supplier);
        let end = usize::from(first_half_hour) + entries.len();
        reasons.when(
            entries.is_empty() || end > 48,
            MarketError::TariffRangeInvalid,
        );
        let fit = |entry: &ImbalancePrices| self.are_possible(entry.short, entry.long);
        reasons.when(!entries.iter().all(fit), MarketError::TariffInvalid);
        reasons.found()?;
        let from = self.notice_over();
        let tariffs = self.tariffs.change(self.now, from);
        for (half_hour, entry) in (i64::from(first_half_hour)..).zip(entries) {
            tariffs.insert((working_day, half_hour), *entry);
        }
        Ok(())
    }

    /// Whether imbalance prices are within the market's bounds, and leaving energy over pays no more than drawing it.
    pub fn are_possible(&self, short: i32, long: i32) -> bool {
        self.sizes.lowest_price <= long && long <= short && short <= self.sizes.highest_price
    }

    pub fn set_pause(&mut self, by_authority: bool, paused: u8) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(!by_authority, RegistryError::NotPermitted);
        reasons.when(paused > 3, RegistryError::PauseInvalid);
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
