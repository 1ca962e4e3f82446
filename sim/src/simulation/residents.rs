use anyhow::{Context, Result};
use joulebook_client::market::types::StandingEntry;
use joulebook_metering::register::PowerLimits;
use joulebook_profiles::LoadProfiles;
use joulebook_strategy::{standing_orders, Past};
use joulebook_units::{Atoms, NetWh};

use super::{chain_venue::entries, simulated_meter::SimulatedMeter, totals::Flow, Scenario};

/// A household that moves into a market after some days elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    pub name: String,
    pub limits: PowerLimits,
    /// Money that its orders will never want for.
    pub deposit: Atoms,
    /// What it orders, by what it has measured before it came.
    pub standing_orders: Vec<StandingEntry>,
    /// What flows through its meter, interval by interval: first those before it comes.
    pub flows: Vec<Flow>,
}

/// The households of `profiles`, of which so many days lie behind them when their market begins.
///
/// # Errors
/// If money or energy fit no market.
pub fn residents(
    profiles: &LoadProfiles,
    scenario: &Scenario,
    past_days: usize,
) -> Result<Vec<Resident>> {
    let before = past_days.saturating_mul(profiles.per_day());
    let households = profiles.households.iter().enumerate();
    households
        .map(|(index, profile)| {
            let mut meter = SimulatedMeter::default();
            let flows = (0..profiles.intervals).map(|interval| {
                let shown = meter.registers();
                meter.flow(profile.drawn(interval), profile.fed_in(interval));
                Flow::between(shown, meter.registers())
            });
            let flows: Vec<Flow> = flows.collect::<Result<_>>()?;
            let measured: Vec<NetWh> = flows.iter().copied().take(before).map(Flow::net).collect();
            let past = Past {
                measured: &measured,
                start: profiles.start,
                length: profiles.length,
            };
            let connection = scenario.households.get(index);
            let connection = connection.context("a scenario of other profiles")?;
            Ok(Resident {
                name: profile.name.clone(),
                limits: connection.limits,
                deposit: scenario.household_reserve(index)?.full,
                standing_orders: entries(&standing_orders(&past, &scenario.rules(index))),
                flows,
            })
        })
        .collect()
}
