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
        let books = || model.books.values();
        let pages = || model.pages.values();
        let positions = || pages().flat_map(|page| page.positions.values());
        let seats = || model.seats.values();
        let known = || {
            model
                .interval_pages
                .values()
                .flat_map(|page| page.meters.values())
        };
        let occurrences = [
            ("a claim", model.claims() > 0),
            ("a debt", seats().any(|seat| seat.debt() > 0)),
            (
                "another supplier",
                model.latest_turn() > 0 && !model.awaits_supplier(),
            ),
            (
                "a supplier that came back",
                model
                    .turns
                    .iter()
                    .rev()
                    .skip(1)
                    .any(|turn| turn.seat == model.supplier()),
            ),
            (
                "a debt to a former supplier",
                (0..model.latest_turn()).any(|turn| seats().any(|seat| seat.debt_to(turn) > 0)),
            ),
            (
                "a claim on a former supplier",
                (0..model.latest_turn()).any(|turn| model.claims_on(turn) > 0),
            ),
            ("silence", seats().any(|seat| !seat.silent.is_empty())),
            (
                "money kept for the silent",
                seats().any(|seat| seat.silent.iter().any(|window| window.owed > 0)),
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
                    .any(|(seat, record)| record.debt() > 0 && model.held(*seat) > 0),
            ),
            ("energy traded", books().any(|book| book.volume() > 0)),
            (
                "an order filled in part",
                books()
                    .flat_map(|book| book.orders.values())
                    .any(|order| order.filled > 0 && order.filled < order.quantity),
            ),
            (
                "a window half allocated",
                books().any(|book| book.phase == Phase::Cleared && book.seat_cursor > 0),
            ),
            (
                "a contract provisional",
                positions().any(|position| position.is_contract() && !position.confirmed),
            ),
            (
                "a contract confirmed",
                positions().any(|position| position.is_contract() && position.confirmed),
            ),
            (
                "a standard draw",
                positions().any(|position| !position.confirmed && position.paid > 0),
            ),
            (
                "a page half final",
                pages().any(|page| page.final_seats > 0 && !model.is_final(page)),
            ),
            (
                "a page without a predecessor in time",
                pages().any(|page| page.previous < Some(page.start - model.span())),
            ),
            (
                "a value replaced",
                known().any(|meter| !meter.replaced.is_empty()),
            ),
            (
                "energy that came to light",
                known().any(|meter| meter.finished.is_some_and(|left| left != (0, 0))),
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
