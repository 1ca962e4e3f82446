//! What was sent, and may yet land.

use std::collections::BTreeSet;

/// Seats for which something was sent that may yet land: nothing is sent in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InDoubt {
    /// Window starts and seats, of orders.
    orders: BTreeSet<(i64, u16)>,
    /// Seats, of standing orders.
    standing: BTreeSet<u16>,
}

impl InDoubt {
    /// Orders in the window that starts at `start`, or standing orders if there is none.
    pub fn note(&mut self, start: Option<i64>, seats: impl IntoIterator<Item = u16>) {
        match start {
            Some(start) => self
                .orders
                .extend(seats.into_iter().map(|seat| (start, seat))),
            None => self.standing.extend(seats),
        }
    }

    /// Whether the seat may come to have other orders in that window than it has: nothing is ordered for it there.
    pub fn blocks_orders(&self, start: i64, seat: u16) -> bool {
        self.standing.contains(&seat) || self.orders.contains(&(start, seat))
    }

    /// Whether the seat may come to have other orders anywhere: its standing orders stay as they are.
    pub fn blocks_review(&self, seat: u16) -> bool {
        self.standing.contains(&seat) || self.orders.iter().any(|(_, other)| *other == seat)
    }

    pub fn is_empty(&self) -> bool {
        self.orders.is_empty() && self.standing.is_empty()
    }

    /// How many seats and windows it blocks.
    pub fn count(&self) -> usize {
        self.orders.len() + self.standing.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_orders_in_doubt_when_asked_then_their_window_and_the_seat_s_review_wait() {
        let mut in_doubt = InDoubt::default();
        assert!(in_doubt.is_empty());
        in_doubt.note(Some(900), [3, 4]);
        assert!(in_doubt.blocks_orders(900, 3) && !in_doubt.blocks_orders(1_800, 3));
        assert!(in_doubt.blocks_review(4) && !in_doubt.blocks_review(5));
        assert_eq!(in_doubt.count(), 2);
    }

    #[test]
    fn given_standing_orders_in_doubt_when_asked_then_the_seat_waits_in_all_windows() {
        let mut in_doubt = InDoubt::default();
        in_doubt.note(None, [3]);
        assert!(in_doubt.blocks_orders(900, 3) && !in_doubt.blocks_orders(900, 4));
        assert!(in_doubt.blocks_review(3) && !in_doubt.blocks_review(4));
    }
}
