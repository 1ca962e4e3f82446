//! What the walks came across: a walk that never gets anywhere tests nothing.

use std::collections::BTreeMap;

use crate::model::{Model, Phase};

/// How often what happened.
#[derive(Clone, Debug, Default)]
pub struct Coverage(BTreeMap<String, u64>);

impl Coverage {
    /// Refusals by their name, successes by the first word of the step that names no number.
    pub fn count(&mut self, outcome: &str, what: &str) {
        if outcome == "done" {
            let is_word = |word: &&str| word.len() > 2 && word.chars().all(char::is_alphabetic);
            let words: Vec<&str> = what.split(' ').filter(is_word).take(3).collect();
            self.add(&words.join(" "));
        } else {
            self.add(outcome);
        }
    }

    pub fn add(&mut self, what: &str) {
        *self.0.entry(what.to_string()).or_default() += 1;
    }

    /// Notes what the model's state shows.
    pub fn look(&mut self, model: &Model) {
        let windows = || model.windows.values();
        let positions = || windows().flat_map(|window| window.positions.values());
        let occurrences = [
            ("a debt", model.seats.values().any(|seat| seat.debt > 0)),
            (
                "energy estimated",
                model.seats.values().any(|seat| seat.estimated != 0),
            ),
            (
                "money held",
                model.seats.keys().any(|seat| model.held(*seat) > 0),
            ),
            (
                "money held in debt",
                model
                    .seats
                    .iter()
                    .any(|(seat, record)| record.debt > 0 && model.held(*seat) > 0),
            ),
            ("energy traded", windows().any(|window| window.volume() > 0)),
            (
                "an order filled in part",
                windows()
                    .flat_map(|window| window.orders.values())
                    .any(|order| order.filled > 0 && order.filled < order.quantity),
            ),
            ("a meter missing", positions().any(|p| p.missing)),
            ("a meter catching up", positions().any(|p| p.caught_up)),
            ("a meter heard", positions().any(|p| p.heard)),
            ("a window unread", positions().any(|p| p.unread)),
            (
                "a window half allocated",
                windows().any(|w| w.phase == Phase::Cleared && w.seat_cursor > 0),
            ),
            (
                "a window half settled",
                windows().any(|w| w.phase == Phase::Metered && w.seat_cursor > 0),
            ),
        ];
        for (occurrence, seen) in occurrences {
            if seen {
                self.add(occurrence);
            }
        }
    }

    pub fn join(&mut self, other: &Coverage) {
        for (what, count) in &other.0 {
            *self.0.entry(what.clone()).or_default() += count;
        }
    }

    /// Those of `names` that never happened.
    pub fn missing<'a>(&self, names: &[&'a str]) -> Vec<&'a str> {
        let unseen = |name: &&&str| !self.0.contains_key(**name);
        names.iter().filter(unseen).copied().collect()
    }
}
