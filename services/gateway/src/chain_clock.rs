//! Which clock of the chain is believed: one wrong answer must not end a message, and have no register signed for another boundary.

use std::time::Duration;

use solana_address::Address;
use tokio::time::Instant;

/// Solana's own clusters by their genesis hashes: mainnet, testnet and devnet. Their time is the world's; that of a chain of one's own
/// may be any, and go at any pace.
const PUBLIC: [Address; 3] = [
    Address::from_str_const("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"),
    Address::from_str_const("4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY"),
    Address::from_str_const("EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"),
];
/// How far two looks may be apart beyond the time between them, seconds: endpoints differ, and a clock that follows votes is uneven.
const UNEVEN: i64 = 60;
/// How far the machine's clock and that of a public cluster are apart at most, seconds.
const NEAR: i64 = 600;
/// Seconds of a public cluster's time in a thousand of the machine's, at most: a node that catches up goes faster.
const PUBLIC_PACE: i64 = 1_250;
/// Likewise on other chains: the local node goes 3,600 times as fast at most.
const OTHER_PACE: i64 = 3_600_000;
/// How long a clock that was not expected must go on as time does before it is believed, on a public cluster and elsewhere.
const PUBLIC_PATIENCE: Duration = Duration::from_secs(600);
const OTHER_PATIENCE: Duration = Duration::from_secs(5);
/// Likewise if it is before what was seen: the chain's never goes back, but an endpoint may be behind, and catches up.
const PATIENCE_BACK: Duration = Duration::from_secs(3_600);

/// The chain's clock, by all that was seen of it.
#[derive(Clone, Debug)]
pub struct ChainClock {
    is_public: bool,
    /// The newest that was believed, also by a process before this one, unix seconds.
    newest: Option<i64>,
    /// When it was seen first by this one.
    believed: Option<Look>,
    /// One that was not expected, when it was seen first.
    doubted: Option<Look>,
}

/// The chain's clock, unix seconds, and when it was seen.
#[derive(Clone, Copy, Debug)]
struct Look {
    now: i64,
    at: Instant,
}

/// A clock that is not believed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an endpoint says that it is {now} by the chain's clock, and the machine's says {machine}; nothing is ended by that; check \
     cluster.urls and the machine's clock"
)]
pub struct Doubt {
    /// Unix seconds.
    pub now: i64,
    pub machine: i64,
}

impl ChainClock {
    /// Of the cluster with this genesis hash; `seen` is what a process before this one believed last, unix seconds.
    pub fn new(cluster: &[u8; 32], seen: Option<i64>) -> ChainClock {
        ChainClock {
            is_public: PUBLIC.iter().any(|public| public.as_array() == cluster),
            newest: seen,
            believed: None,
            doubted: None,
        }
    }

    /// An endpoint says that it is `now`, and the machine's clock `machine`, unix seconds.
    ///
    /// # Errors
    /// [`Doubt`], if that is not to be believed yet.
    pub fn see(&mut self, now: i64, machine: i64, at: Instant) -> Result<(), Doubt> {
        let look = Look { now, at };
        if self.is_expected(look, machine) {
            // What it makes up after it stood still is counted from when it did.
            if self.believed.is_none_or(|before| now > before.now) {
                self.believed = Some(look);
            }
            self.newest = self.newest.max(Some(now));
        } else if self.was_followed(look, machine) {
            self.believed = Some(look);
            self.newest = Some(now);
        } else {
            return Err(Doubt { now, machine });
        }
        self.doubted = None;
        Ok(())
    }

    fn is_expected(&self, look: Look, machine: i64) -> bool {
        if self.is_before(look) || self.is_ahead(look, machine) {
            return false;
        }
        let is_near = look.now.abs_diff(machine) <= NEAR.unsigned_abs();
        let goes_on = |before: Look| look.now <= before.latest(look.at, self.pace());
        is_near || self.believed.map_or(!self.is_public, goes_on)
    }

    /// Whether one that was not expected has gone on for long enough as time does.
    fn was_followed(&mut self, look: Look, machine: i64) -> bool {
        let pace = self.pace();
        let goes_on = |first: &Look| {
            let range = first.earliest(look.at)..=first.latest(look.at, pace);
            range.contains(&look.now)
        };
        let Some(first) = self.doubted.filter(goes_on) else {
            self.doubted = Some(look);
            return false;
        };
        let patience = match (self.is_before(look), self.is_public) {
            (true, _) => PATIENCE_BACK,
            (false, true) => PUBLIC_PATIENCE,
            (false, false) => OTHER_PATIENCE,
        };
        look.at.duration_since(first.at) >= patience && !self.is_ahead(look, machine)
    }

    fn is_before(&self, look: Look) -> bool {
        let newest = self.newest.unwrap_or(i64::MIN);
        look.now < newest.saturating_sub(UNEVEN)
    }

    fn is_ahead(&self, look: Look, machine: i64) -> bool {
        self.is_public && look.now > machine.saturating_add(NEAR)
    }

    fn pace(&self) -> i64 {
        match self.is_public {
            true => PUBLIC_PACE,
            false => OTHER_PACE,
        }
    }
}

impl Look {
    /// What it may have come to at most, at so many seconds in a thousand.
    fn latest(&self, at: Instant, pace: i64) -> i64 {
        self.after(at, pace).saturating_add(UNEVEN)
    }

    /// What it must have come to at least: half of the time.
    fn earliest(&self, at: Instant) -> i64 {
        self.after(at, 500).saturating_sub(UNEVEN)
    }

    fn after(&self, at: Instant, pace: i64) -> i64 {
        let passed = at.saturating_duration_since(self.at).as_millis();
        let passed = i64::try_from(passed).unwrap_or(i64::MAX);
        let passed = passed.saturating_mul(pace).div_euclid(1_000_000);
        self.now.saturating_add(passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;
    const NOW: i64 = 1_800_000_000;

    fn public(seen: Option<i64>) -> ChainClock {
        ChainClock::new(PUBLIC[0].as_array(), seen)
    }

    fn other(seen: Option<i64>) -> ChainClock {
        ChainClock::new(&[7; 32], seen)
    }

    /// Looks at these seconds with these clocks: of each, whether it is believed. The machine's clock is right from [`NOW`] on.
    fn seen(mut clock: ChainClock, looks: &[(u64, i64)]) -> Vec<bool> {
        let begun = Instant::now();
        let see = |(second, now): &(u64, i64)| {
            let at = begun + Duration::from_secs(*second);
            clock.see(*now, NOW + *second as i64, at).is_ok()
        };
        looks.iter().map(see).collect()
    }

    #[test]
    fn given_a_clock_that_goes_on_when_one_look_says_otherwise_then_that_one_alone_is_not_believed()
    {
        for wrong in [NOW + 365 * DAY, NOW - DAY] {
            let looks = [(0, NOW), (1, NOW + 1), (2, wrong), (3, NOW + 3)];
            for clock in [public(None), other(None)] {
                assert_eq!(seen(clock, &looks), [true, true, false, true]);
            }
        }
    }

    #[test]
    fn given_a_node_of_its_own_that_is_behind_when_the_gateway_starts_then_its_clock_is_not_believed(
    ) {
        let behind = NOW - 3_600;
        // It replays: three seconds in one.
        let looks: Vec<(u64, i64)> = (0..1_700)
            .map(|second| (second, behind + 3 * second as i64))
            .collect();
        let told = seen(public(Some(NOW - 10)), &looks);
        // Once it has caught up.
        assert_eq!(
            told.iter().position(|is_believed| *is_believed),
            Some(1_500)
        );
        assert_eq!(
            seen(other(Some(NOW - 10)), &[(0, behind), (30, behind + 30)]),
            [false; 2]
        );
    }

    #[test]
    fn given_a_halt_when_the_clock_goes_on_hours_behind_the_machine_s_then_it_is_believed_at_once()
    {
        let hour = 3_600;
        let looks = [(0, NOW), (3 * hour, NOW), (3 * hour + 1, NOW + hour as i64)];
        assert_eq!(seen(public(None), &looks), [true; 3]);
    }

    #[test]
    fn given_a_start_with_a_clock_behind_the_machine_s_when_it_goes_on_as_time_does_then_it_is_believed_after_a_while(
    ) {
        let behind = |second: u64| (second, NOW - 7_200 + second as i64);
        let looks: Vec<(u64, i64)> = (0..=600).map(behind).collect();
        let told = seen(public(Some(NOW - 10_000)), &looks);
        assert_eq!(told.iter().position(|is_believed| *is_believed), Some(600));
        // One that stands still never is.
        let looks: Vec<(u64, i64)> = (0..=2_000).map(|second| (second, NOW - 7_200)).collect();
        assert!(!seen(public(None), &looks).contains(&true));
    }

    #[test]
    fn given_a_chain_of_one_s_own_when_its_clock_runs_or_jumps_then_it_is_followed() {
        let tomorrow = NOW + DAY;
        let fast: Vec<(u64, i64)> = (0..20)
            .map(|second| (second, tomorrow + 3_600 * second as i64))
            .collect();
        assert_eq!(seen(other(None), &fast), [true; 20]);
        let month = tomorrow + 30 * DAY;
        let jump = [
            (0, tomorrow),
            (1, month),
            (3, month + 2),
            (6, month + 5),
            (7, month + 6),
        ];
        assert_eq!(seen(other(None), &jump), [true, false, false, true, true]);
    }

    #[test]
    fn given_a_public_cluster_when_its_clock_is_ahead_of_the_machine_s_then_it_is_never_believed() {
        let ahead: Vec<(u64, i64)> = (0..5_000)
            .map(|second| (second, NOW + DAY + second as i64))
            .collect();
        assert!(!seen(public(None), &ahead).contains(&true));
    }

    #[test]
    fn given_a_machine_that_slept_when_it_wakes_then_the_world_s_clock_is_believed() {
        let begun = Instant::now();
        let mut clock = public(None);
        assert_eq!(clock.see(NOW, NOW, begun), Ok(()));
        let later = NOW + 8 * 3_600;
        assert_eq!(
            clock.see(later, later, begun + Duration::from_secs(1)),
            Ok(())
        );
    }
}
