use joulebook_profiles::{Energy, LoadProfiles, Profile};

/// What a community used and its panels gave, over one interval or several; of households of which only the meter is
/// known, what that drew and fed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommunityEnergy {
    pub consumed: Energy,
    pub produced: Energy,
    /// What was used of what the panels gave in the same interval.
    pub own: Energy,
}

impl CommunityEnergy {
    /// Of all households in one interval.
    pub fn in_interval(profiles: &LoadProfiles, interval: usize) -> CommunityEnergy {
        let sum = |energy: fn(&Profile, usize) -> Energy| {
            let all = profiles.households.iter();
            all.map(|one| energy(one, interval))
                .fold(Energy(0), Energy::saturating_add)
        };
        let (consumed, produced) = (sum(Profile::used), sum(Profile::produced));
        CommunityEnergy {
            consumed,
            produced,
            own: consumed.min(produced),
        }
    }

    #[must_use]
    pub fn and(self, other: CommunityEnergy) -> CommunityEnergy {
        CommunityEnergy {
            consumed: self.consumed.saturating_add(other.consumed),
            produced: self.produced.saturating_add(other.produced),
            own: self.own.saturating_add(other.own),
        }
    }

    /// The part of what was used that the community's own panels gave, 0 to 1; `None` if nothing was used.
    pub fn self_sufficiency(&self) -> Option<f64> {
        let Energy(consumed) = self.consumed;
        (consumed > 0).then(|| self.own.0 as f64 / consumed as f64)
    }
}

#[cfg(test)]
mod tests {
    use joulebook_units::{Seconds, UnixTime};

    use super::*;

    #[test]
    fn self_sufficiency_counts_the_same_interval_only() {
        let series = |watts: [i64; 2]| {
            let energy = |power| Energy::of_watts(power, Seconds(3600));
            watts.map(energy).to_vec()
        };
        let profiles = LoadProfiles {
            start: UnixTime(0),
            length: Seconds(3600),
            intervals: 2,
            households: vec![
                Profile {
                    name: "a".into(),
                    load: series([100, 300]),
                    pv: series([500, 0]),
                    ..Profile::default()
                },
                Profile {
                    name: "b".into(),
                    load: series([100, 0]),
                    ..Profile::default()
                },
            ],
        };
        let [first, second] = [0, 1].map(|one| CommunityEnergy::in_interval(&profiles, one));
        assert_eq!(first.self_sufficiency(), Some(1.0));
        assert_eq!(second.self_sufficiency(), Some(0.0));
        let both = first.and(second);
        let whole = (both.consumed.whole_wh(), both.produced.whole_wh());
        assert_eq!((whole, both.self_sufficiency()), ((500, 500), Some(0.4)));
        assert_eq!(CommunityEnergy::default().self_sufficiency(), None);
    }
}
