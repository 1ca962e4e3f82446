use joulebook_profiles::{printable, LoadProfiles, MAX_WATTS};

/// Households that can be simulated at once.
pub const MAX_HOUSEHOLDS: usize = 1000;

/// Profiles that are beyond what can be simulated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    #[error(
        "{count} households, '{}' the first too many; at most {MAX_HOUSEHOLDS} can be simulated: leave some out",
        printable(household)
    )]
    Households { count: usize, household: String },
    #[error(
        "household '{}' moves {watts} W at its most; a connection can carry at most {MAX_WATTS} W: check its unit",
        printable(household)
    )]
    Power { household: String, watts: u128 },
}

/// Whether profiles can be simulated, before anything is.
///
/// # Errors
/// [`LimitError`].
pub fn check_limits(profiles: &LoadProfiles) -> Result<(), LimitError> {
    if let Some(beyond) = profiles.households.get(MAX_HOUSEHOLDS) {
        return Err(LimitError::Households {
            count: profiles.households.len(),
            household: beyond.name.clone(),
        });
    }
    for household in &profiles.households {
        let largest = (0..profiles.intervals).map(|interval| household.largest(interval));
        let milliwatts = largest.map(|energy| energy.milliwatts(profiles.length).unsigned_abs());
        let watts = milliwatts.max().unwrap_or(0).div_ceil(1000);
        if watts > u128::from(MAX_WATTS) {
            return Err(LimitError::Power {
                household: household.name.clone(),
                watts,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use joulebook_profiles::{Energy, Profile};
    use joulebook_units::{Seconds, UnixTime};

    use super::*;

    fn profiles(households: usize, watts: i64) -> LoadProfiles {
        let household = |number: usize| Profile {
            name: format!("house{number}"),
            load: vec![Energy::of_watts(watts, Seconds(900))],
            ..Profile::default()
        };
        LoadProfiles {
            start: UnixTime(0),
            length: Seconds(900),
            intervals: 1,
            households: (0..households).map(household).collect(),
        }
    }

    #[test]
    fn given_profiles_within_the_limits_when_checked_then_they_can_be_simulated() {
        assert_eq!(check_limits(&profiles(1000, 10_000_000)), Ok(()));
    }

    #[test]
    fn given_profiles_beyond_a_limit_when_checked_then_the_household_is_named() {
        let many = check_limits(&profiles(1001, 1));
        let household = "house1000".to_owned();
        assert_eq!(
            many,
            Err(LimitError::Households {
                count: 1001,
                household
            })
        );
        let mut both_ways = profiles(1, 0);
        both_ways.households[0].import = vec![Energy::of_watts(10_000_001, Seconds(900))];
        both_ways.households[0].export = both_ways.households[0].import.clone();
        assert!(matches!(
            check_limits(&both_ways),
            Err(LimitError::Power {
                watts: 10_000_001,
                ..
            })
        ));
        let strong = check_limits(&profiles(1, 10_000_001));
        let household = "house0".to_owned();
        assert_eq!(
            strong,
            Err(LimitError::Power {
                household,
                watts: 10_000_001
            })
        );
    }
}
