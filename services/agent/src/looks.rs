//! When a window is looked at: once when others may still see what was offered, and once more just before the gate.

use std::collections::BTreeMap;

use joulebook_client::{layout::market::Market, ring};

use crate::rest::Rest;

/// How long before the gate, seconds.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    pub first: i64,
    pub last: i64,
}

/// How often a window is looked at for a look that leaves some seats without their orders, and how long it waits between, seconds: by
/// the last, nothing of the first can land any more. What fails then waits for the next look.
const TRIES: u8 = 3;
const PAUSE: i64 = 45;

/// How many looks each open window has had.
#[derive(Clone, Debug, Default)]
pub struct Looks(BTreeMap<i64, Had>);

/// What a window has had.
#[derive(Clone, Copy, Debug, Default)]
struct Had {
    looks: usize,
    /// Looks since then that came to nothing for somebody.
    tries: u8,
    rest: Option<Rest>,
}

impl Looks {
    /// Starts of windows that are due for a look at `now`, each with how many looks it has had once that is done.
    pub fn due(&mut self, market: &Market, timing: Timing, now: i64) -> Vec<(i64, usize)> {
        let length = i64::from(market.window_seconds);
        let Some(first) = ring::start(now, length) else {
            return vec![];
        };
        let starts = (0..=i64::from(market.books))
            .filter_map(|number| first.checked_add(number.checked_mul(length)?));
        let starts: Vec<i64> = starts.collect();
        // Of others nobody asks again.
        self.0.retain(|start, _| starts.contains(start));
        let due = starts.into_iter().filter_map(|start| {
            let wanted = wanted(market, timing, start, now)?;
            let had = self.0.get(&start).copied().unwrap_or_default();
            let rests = had.rest.is_some_and(|rest| !rest.is_over(now));
            (wanted > had.looks && !rests).then_some((start, wanted))
        });
        due.collect()
    }

    pub fn looked(&mut self, start: i64, looks: usize) {
        let had = Had {
            looks,
            ..Had::default()
        };
        self.0.insert(start, had);
    }

    /// Notes that some seats have not what was ordered for them: it is looked at again soon, but not for ever.
    pub fn failed(&mut self, start: i64, looks: usize, now: i64) {
        let had = self.0.entry(start).or_default();
        had.tries = had.tries.saturating_add(1);
        had.rest = Some(Rest {
            since: now,
            seconds: PAUSE,
        });
        if had.tries >= TRIES {
            self.looked(start, looks);
        }
    }
}

/// How many looks a window should have had; `None` if it takes no orders.
fn wanted(market: &Market, timing: Timing, start: i64, now: i64) -> Option<usize> {
    let terms = market.terms_at(start);
    let opens = start.checked_sub(terms.horizon.into())?;
    let gate = start.checked_sub(terms.gate_lead.into())?;
    if !(opens..gate).contains(&now) {
        return None;
    }
    // Less than the horizon, as the clock is.
    let open_for = gate - opens;
    let first = gate - timing.first.min(open_for);
    let last = gate - timing.last.min(open_for / 2);
    Some(usize::from(now >= first) + usize::from(now >= last))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMING: Timing = Timing {
        first: 600,
        last: 240,
    };

    /// Windows of 900 s, open from 900 s before until 180 s before.
    fn market(length: u32, horizon: u32, gate_lead: u32) -> Market {
        let mut market = Market {
            window_seconds: length,
            books: 4,
            planned_terms_from: i64::MAX,
            ..Market::default()
        };
        (market.terms.horizon, market.terms.gate_lead) = (horizon, gate_lead);
        market
    }

    #[test]
    fn given_a_window_when_its_time_comes_then_it_is_due_twice() {
        let market = market(900, 900, 180);
        let mut looks = Looks::default();
        // The gate of the window at 1,800 closes at 1,620.
        assert_eq!(looks.due(&market, TIMING, 1_019), []);
        assert_eq!(looks.due(&market, TIMING, 1_020), [(1_800, 1)]);
        looks.looked(1_800, 1);
        assert_eq!(looks.due(&market, TIMING, 1_379), []);
        assert_eq!(looks.due(&market, TIMING, 1_380), [(1_800, 2)]);
        looks.looked(1_800, 2);
        assert_eq!(looks.due(&market, TIMING, 1_619), []);
        assert_eq!(Looks::default().due(&market, TIMING, 1_620), []);
    }

    #[test]
    fn given_a_look_that_failed_for_somebody_when_its_pause_is_over_then_it_is_repeated_but_not_for_ever(
    ) {
        let market = market(900, 900, 180);
        let mut looks = Looks::default();
        for now in [1_020, 1_065] {
            assert_eq!(looks.due(&market, TIMING, now), [(1_800, 1)]);
            looks.failed(1_800, 1, now);
            assert_eq!(looks.due(&market, TIMING, now + 44), []);
        }
        assert_eq!(looks.due(&market, TIMING, 1_110), [(1_800, 1)]);
        looks.failed(1_800, 1, 1_110);
        assert_eq!(looks.due(&market, TIMING, 1_379), []);
        // The next look is one of its own.
        assert_eq!(looks.due(&market, TIMING, 1_380), [(1_800, 2)]);
        looks.failed(1_800, 2, 1_380);
        assert_eq!(looks.due(&market, TIMING, 1_425), [(1_800, 2)]);
        looks.looked(1_800, 2);
        assert_eq!(looks.due(&market, TIMING, 1_470), []);
    }

    #[test]
    fn given_a_clock_that_was_far_ahead_when_it_is_right_again_then_windows_are_due_as_before() {
        let market = market(900, 900, 180);
        let mut looks = Looks::default();
        for ahead in [1 << 50, i64::MAX - 5, i64::MIN] {
            for (start, wanted) in looks.due(&market, TIMING, ahead) {
                looks.looked(start, wanted);
            }
        }
        assert_eq!(looks.due(&market, TIMING, 1_020), [(1_800, 1)]);
        assert_eq!(looks.0.len(), 0);
    }

    #[test]
    fn given_short_windows_when_they_open_then_they_are_due_at_once_and_half_way() {
        let market = market(300, 300, 60);
        let due = |now| Looks::default().due(&market, TIMING, now);
        assert_eq!(due(600), [(900, 1)]);
        assert_eq!(due(720), [(900, 2)]);
    }

    #[test]
    fn given_windows_that_open_long_before_when_asked_then_they_wait() {
        let market = market(900, 3_600, 180);
        assert_eq!(Looks::default().due(&market, TIMING, 1_000), []);
        assert_eq!(Looks::default().due(&market, TIMING, 1_020), [(1_800, 1)]);
    }
}
