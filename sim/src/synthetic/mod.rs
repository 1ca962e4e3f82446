//! Profiles of a community made up from a seed: the same seed gives the same profiles.

mod household;
mod noise;
mod sun;
mod weather;

use joulebook_profiles::{Energy, LoadProfiles, Profile};
use joulebook_units::{Seconds, UnixTime, SECONDS_PER_DAY};
use rand_chacha::{rand_core::SeedableRng, ChaCha8Rng};

use household::HouseholdModel;
use sun::Site;
use weather::Weather;

/// Monday, 4 May 2026, 00:00 UTC: neither winter nor summer.
const START: UnixTime = UnixTime(1_777_852_800);

/// Latitude of the community if nobody says otherwise, degrees north: Munich's.
pub const DEFAULT_LATITUDE: f64 = 48.1;

/// What a made-up community is like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SyntheticProfiles {
    pub seed: u64,
    pub households: u16,
    /// Of one interval.
    pub length: Seconds,
    pub days: u32,
    /// Degrees north.
    pub latitude: f64,
}

impl SyntheticProfiles {
    /// Makes up the profiles.
    pub fn generate(&self) -> LoadProfiles {
        let length = Seconds(self.length.0.max(1));
        let intervals = i64::from(self.days) * SECONDS_PER_DAY / length.0;
        let mut profiles = LoadProfiles {
            start: START.boundary(length).unwrap_or(START),
            length,
            intervals: usize::try_from(intervals).unwrap_or(0),
            households: Vec::new(),
        };
        let energy = |watts| whole_watts(watts, length);
        let site = Site {
            latitude: self.latitude.to_radians(),
        };
        // Panels of one neighbourhood see the same clouds.
        let mut weather = Weather::new(length, self.stream(0));
        let irradiance: Vec<f64> = (0..profiles.intervals)
            .map(|interval| site.irradiance(middle(&profiles, interval)) * weather.next())
            .collect();
        let width = self.households.to_string().len();
        profiles.households = (0..self.households)
            .map(|index| {
                let mut rng = self.stream(u64::from(index) + 1);
                let mut household = HouseholdModel::new(index, length, &mut rng);
                let load = (0..profiles.intervals)
                    .map(|interval| {
                        energy(household.load(Site::local(middle(&profiles, interval)), &mut rng))
                    })
                    .collect();
                let pv = household.panels().map_or_else(Vec::new, |panels| {
                    irradiance.iter().map(|sun| energy(panels * sun)).collect()
                });
                Profile {
                    name: format!("house{:0width$}", index + 1),
                    load,
                    pv,
                    ..Profile::default()
                }
            })
            .collect();
        profiles
    }

    /// Streams of one seed are independent of each other, so that one household more changes no other.
    fn stream(&self, stream: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(stream);
        rng
    }
}

/// Stands for the whole interval.
fn middle(profiles: &LoadProfiles, interval: usize) -> UnixTime {
    UnixTime(profiles.boundary(interval).0 + profiles.length.0 / 2)
}

/// Whole watts: the last digits of a sine differ between machines, the profiles must not.
fn whole_watts(watts: f64, length: Seconds) -> Energy {
    Energy::of_watts(watts.max(0.0).round() as i64, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYNTHETIC: SyntheticProfiles = SyntheticProfiles {
        seed: 7,
        households: 12,
        length: Seconds(300),
        days: 2,
        latitude: DEFAULT_LATITUDE,
    };

    fn kwh_per_day(profiles: &LoadProfiles, series: impl Fn(&Profile) -> &Vec<Energy>) -> f64 {
        let sum: i128 = profiles
            .households
            .iter()
            .flat_map(|household| series(household).iter().map(|energy| energy.whole_wh()))
            .sum();
        let days = profiles.intervals as f64 / profiles.per_day() as f64;
        sum as f64 / 1000.0 / days
    }

    #[test]
    fn the_same_seed_gives_the_same_community() {
        assert_eq!(SYNTHETIC.generate(), SYNTHETIC.generate());
        assert_ne!(
            SYNTHETIC.generate(),
            SyntheticProfiles {
                seed: 8,
                ..SYNTHETIC
            }
            .generate()
        );
    }

    #[test]
    fn one_household_more_changes_no_other() {
        let more = SyntheticProfiles {
            households: 13,
            ..SYNTHETIC
        }
        .generate();
        let both = SYNTHETIC
            .generate()
            .households
            .into_iter()
            .zip(more.households);
        assert!(both.into_iter().all(|(one, other)| one == other));
    }

    #[test]
    fn amounts_are_those_of_real_households() {
        let profiles = SyntheticProfiles {
            households: 60,
            days: 7,
            ..SYNTHETIC
        }
        .generate();
        let load = kwh_per_day(&profiles, |household| &household.load) / 60.0;
        assert!((6.0..25.0).contains(&load), "{load} kWh a day");
        let pv = kwh_per_day(&profiles, |household| &household.pv) / 60.0;
        assert!((4.0..25.0).contains(&pv), "{pv} kWh a day");
    }

    #[test]
    fn the_smallest_community_can_trade() {
        let profiles = SyntheticProfiles {
            households: 2,
            ..SYNTHETIC
        }
        .generate();
        let panels: Vec<bool> = profiles
            .households
            .iter()
            .map(|one| !one.pv.is_empty())
            .collect();
        assert_eq!(panels, [true, false]);
    }

    #[test]
    fn intervals_of_any_length_start_at_a_boundary() {
        for seconds in [60, 7000, 86_400] {
            let profiles = SyntheticProfiles {
                length: Seconds(seconds),
                ..SYNTHETIC
            }
            .generate();
            assert_eq!(profiles.start.0 % seconds, 0);
            assert_eq!(profiles.intervals as i64, 2 * 86_400 / seconds);
        }
    }
}
