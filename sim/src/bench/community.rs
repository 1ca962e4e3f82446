//! What a community costs its people.

use joulebook_units::Seconds;

use crate::{
    simulation::{
        self, ChainVenue, Report, Scenario, Ways, DEFAULT_CORRECTION_DAYS, DEFAULT_TERMS,
    },
    synthetic::{SyntheticProfiles, DEFAULT_LATITUDE},
};

const COMMUNITY: SyntheticProfiles = SyntheticProfiles {
    seed: 1,
    households: 15,
    length: Seconds(900),
    days: 7,
    latitude: DEFAULT_LATITUDE,
};

/// A week of fifteen made-up households: quarter hours, standing orders, load profiles.
///
/// # Errors
/// What the chain refused, or that a check of the simulation did not hold.
pub fn week() -> Result<Report, String> {
    let profiles = COMMUNITY.generate();
    let scenario = Scenario::new(
        &profiles,
        DEFAULT_TERMS,
        DEFAULT_CORRECTION_DAYS,
        Ways::default(),
    );
    let scenario = scenario.map_err(|error| error.to_string())?;
    let run = || {
        let mut venue = ChainVenue::start(&scenario, COMMUNITY.seed, |_| ())?;
        simulation::run(&mut venue, &profiles, &scenario, COMMUNITY.seed, || ())
    };
    let report = run().map_err(|error| format!("{error:#}"))?;
    if !report.holds() {
        return Err("a check of the simulation did not hold".to_string());
    }
    Ok(report)
}
