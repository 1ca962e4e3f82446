//! What the authority decides for all: pauses, terms, tariff, who the authority is.

use joulebook_client::layout::{
    market::{limits::HALF_HOURS_PER_DAY, ImbalancePrices, MarketTerms},
    registry::Roles,
};
use joulebook_cluster::Amount;
use solana_address::Address;

use crate::{CoSigned, OperationError, Plan, Session};

/// Terms to change; the others stay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewTerms {
    /// Tokens for each allocation.
    pub keeper_reward: Option<Amount>,
    /// Seconds.
    pub horizon: Option<u32>,
    /// Seconds.
    pub gate_lead: Option<u32>,
    /// Seconds.
    pub metering_grace: Option<u32>,
    /// Tokens per kWh.
    pub grid_fee: Option<Amount>,
    /// Basis points.
    pub fee_bps: Option<u16>,
    /// Wh.
    pub min_quantity: Option<u32>,
    pub max_silent: Option<u16>,
    pub draw_after: Option<u16>,
    /// Seconds; the supplier agrees.
    pub utc_offset: Option<i32>,
    /// Days since 1970-01-01, up to 16; the supplier agrees.
    pub holidays: Option<Vec<u32>>,
}

/// Terms as they would be, and as they were read for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedTerms {
    pub before: MarketTerms,
    pub terms: MarketTerms,
    /// Whether the supplier must agree.
    pub of_supplier: bool,
}

impl ChangedTerms {
    fn check(&self, now: &MarketTerms) -> Result<(), OperationError> {
        match *now == self.before {
            true => Ok(()),
            false => Err(OperationError::Contradiction(
                "somebody else has changed the terms meanwhile; nothing was sent, run this again"
                    .into(),
            )),
        }
    }
}

const DECIMALS_OF_LEDGER: u8 = 3;

impl NewTerms {
    /// The terms that come of it.
    ///
    /// # Errors
    /// If an amount does not fit.
    pub fn apply(
        &self,
        planned: &MarketTerms,
        decimals: u8,
    ) -> Result<MarketTerms, OperationError> {
        let mut terms = *planned;
        if let Some(reward) = self.keeper_reward {
            terms.keeper_reward = reward.in_units(decimals.saturating_add(DECIMALS_OF_LEDGER))?;
        }
        if let Some(fee) = self.grid_fee {
            terms.grid_fee = fee.in_units(decimals)?;
        }
        if let Some(days) = &self.holidays {
            let mut days = days.clone();
            days.sort_unstable();
            days.dedup();
            if days.len() > terms.holidays.len() {
                return Err(OperationError::Contradiction(format!(
                    "there is room for {} holidays; name those that come next",
                    terms.holidays.len()
                )));
            }
            let named = days.into_iter().chain(std::iter::repeat(0));
            for (place, day) in terms.holidays.iter_mut().zip(named) {
                *place = day;
            }
        }
        let set = |place: &mut u32, new: Option<u32>| *place = new.unwrap_or(*place);
        set(&mut terms.horizon, self.horizon);
        set(&mut terms.gate_lead, self.gate_lead);
        set(&mut terms.metering_grace, self.metering_grace);
        set(&mut terms.min_quantity, self.min_quantity);
        terms.fee_bps = self.fee_bps.unwrap_or(terms.fee_bps);
        terms.max_silent = self.max_silent.unwrap_or(terms.max_silent);
        terms.draw_after = self.draw_after.unwrap_or(terms.draw_after);
        terms.utc_offset = self.utc_offset.unwrap_or(terms.utc_offset);
        Ok(terms)
    }
}

/// The tariff of some half hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewTariff {
    pub working_day: bool,
    /// Half hours of the local day, from the first to before the last.
    pub from: u8,
    pub until: u8,
    /// Tokens per kWh.
    pub short: Amount,
    /// Tokens per kWh.
    pub long: Amount,
}

/// A half hour of the day, from a time such as `06:30`; `24:00` is the end of the day.
///
/// # Errors
/// What is wrong with it.
pub fn half_hour_from(text: &str) -> Result<u8, OperationError> {
    let wrong = || {
        OperationError::Contradiction(format!(
            "{text} is no half hour of a day; write it as 06:00 or 06:30, up to 24:00"
        ))
    };
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let is_number = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(hour) || !is_number(minute) {
        return Err(wrong());
    }
    let hour: u8 = hour.parse().map_err(|_| wrong())?;
    let half = match minute {
        "00" => 0,
        "30" => 1,
        _ => return Err(wrong()),
    };
    let slot = hour.saturating_mul(2).saturating_add(half);
    match slot <= HALF_HOURS_PER_DAY {
        true => Ok(slot),
        false => Err(wrong()),
    }
}

impl Session {
    /// Sets pauses, or lifts them; others stay as they are. An emergency participant only sets.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn pause(&self, bits: u8, on: bool) -> Result<Plan, OperationError> {
        let actor = self.actor(Roles::EMERGENCY).await?;
        let (what, pause, lift) = match on {
            true => ("pausing", bits, 0),
            false => ("resuming", 0, bits),
        };
        Ok(Plan::new(
            what,
            self.addresses.change_pause(actor, pause, lift),
        ))
    }

    /// Terms that come of a change.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn new_terms(&self, change: &NewTerms) -> Result<ChangedTerms, OperationError> {
        let market = self.market().await?;
        let planned = &market.planned_terms;
        let terms = change.apply(planned, self.decimals)?;
        if terms == *planned {
            return Err(OperationError::Contradiction(
                "these are the terms already; nothing is sent".into(),
            ));
        }
        let of_supplier =
            terms.utc_offset != planned.utc_offset || terms.holidays != planned.holidays;
        Ok(ChangedTerms {
            before: *planned,
            terms,
            of_supplier,
        })
    }

    /// What sets terms that the authority decides alone. All of them are set, so those that somebody else has set meanwhile would
    /// be undone.
    ///
    /// # Errors
    /// [`OperationError`]; if the terms are not those any more that the change was made to.
    pub async fn set_terms(&self, changed: &ChangedTerms) -> Result<Plan, OperationError> {
        let authority = self.authority().await?;
        changed.check(&self.market().await?.planned_terms)?;
        let set = self.addresses.set_terms(authority, None, changed.terms);
        Ok(Plan::new("changing the terms", set))
    }

    /// A tariff, to which the supplier must agree.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn tariff(&self, new: &NewTariff) -> Result<CoSigned, OperationError> {
        let count = new.until.checked_sub(new.from).filter(|count| *count > 0);
        let count = count.ok_or_else(|| {
            OperationError::Contradiction("the tariff would end before it begins".into())
        })?;
        let prices = ImbalancePrices {
            short: new.short.in_units(self.decimals)?,
            long: new.long.in_units(self.decimals)?,
        };
        Ok(CoSigned::Tariff {
            supplier: self.supplier().await?,
            working_day: new.working_day,
            first_half_hour: new.from,
            entries: vec![prices; count.into()],
        })
    }

    /// The wallet that owns the seat of the supplier named last.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn supplier(&self) -> Result<Address, OperationError> {
        let ledger = self.ledger().await?;
        let seat = ledger.header.supplier(ledger.header.supplying).seat;
        let owner = ledger.seats.get(usize::from(seat)).map(|seat| seat.owner);
        owner
            .map(|owner| owner.0.into())
            .ok_or(OperationError::Unreadable("the supplier's seat"))
    }

    /// Offers the authority to another address, or takes the offer back.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn propose_authority(&self, to: Option<Address>) -> Result<Plan, OperationError> {
        let authority = self.authority().await?;
        let propose = self.addresses.propose_authority(authority, to);
        Ok(Plan::new("offering the authority", propose))
    }

    /// Takes the authority that was offered.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn accept_authority(&self) -> Result<Plan, OperationError> {
        let wallet = self.wallet();
        if self.community().await?.pending_authority.0 != wallet.to_bytes() {
            return Err(OperationError::Contradiction(format!(
                "the authority was not offered to {wallet}; have it offered first (joulebook admin authority propose)"
            )));
        }
        let accept = self.addresses.accept_authority(wallet);
        Ok(Plan::new("accepting the authority", accept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(fee_bps: u16) -> MarketTerms {
        MarketTerms {
            fee_bps,
            ..bytemuck::pod_read_unaligned(&[0; size_of::<MarketTerms>()])
        }
    }

    #[test]
    fn given_terms_that_somebody_changes_meanwhile_when_others_are_set_then_they_are_not_undone() {
        let changed = ChangedTerms {
            before: terms(1),
            terms: terms(2),
            of_supplier: false,
        };
        assert!(changed.check(&terms(1)).is_ok());
        let refused = changed.check(&terms(3)).expect_err("refused").to_string();
        assert!(refused.contains("nothing was sent"), "{refused}");
    }

    #[test]
    fn half_hours_are_read_as_times_of_day() {
        let read = |text| half_hour_from(text).ok();
        assert_eq!(read("00:00"), Some(0));
        assert_eq!(read("06:30"), Some(13));
        assert_eq!(read("24:00"), Some(48));
        for wrong in ["24:30", "6:00", "06:15", "06", "+6:00", "99:00", ""] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
