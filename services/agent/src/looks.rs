//! When a window is looked at: once when others may still see what was offered, and once more just before the gate.

use std::collections::BTreeMap;

use joulebook_client::{layout::market::Market, ring};

/// How long before the gate, seconds.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    pub first: i64,
    pub last: i64,
}

/// How many looks each open window has had.
#[derive(Clone, Debug, Default)]
pub struct Looks(BTreeMap<i64, usize>);

impl Looks {
    /// Starts of windows that are due for a look at `now`, each with how many looks it has had once that is done.
    pub fn due(&self, market: &Market, timing: Timing, now: i64) -> Vec<(i64, usize)> {
        let length = i64::from(market.window_seconds);
        let Some(first) = ring::start(now, length) else {
            return vec![];
        };
        let starts = (0..=i64::from(market.books)).map(|number| first + number * length);
        let due = starts.filter_map(|start| {
            let wanted = wanted(market, timing, start, now)?;
            let had = self.0.get(&start).copied().unwrap_or(0);
            (wanted > had).then_some((start, wanted))
        });
        due.collect()
    }

    pub fn looked(&mut self, start: i64, looks: usize) {
        self.0.insert(start, looks);
        while self.0.len() > 4_096 {
            self.0.pop_first();
        }
    }
}

/// How many looks a window should have had; `None` if it takes no orders.
fn wanted(market: &Market, timing: Timing, start: i64, now: i64) -> Option<usize> {
    let terms = market.terms_at(start);
    let opens = start - i64::from(terms.horizon);
    let gate = start - i64::from(terms.gate_lead);
    if !(opens..gate).contains(&now) {
        return None;
    }
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
