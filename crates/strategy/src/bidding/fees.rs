//! What transactions cost, and what fits into one.

use std::ops::Range;

/// What sending orders costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fees {
    /// Of a transaction, milli-atoms of the market's token.
    pub transaction: f64,
    /// Bytes that a transaction has for households.
    pub room: u32,
    /// Bytes of a household that places orders, beside these.
    pub household: u32,
    /// Bytes of an order.
    pub order: u32,
    /// Bytes of cancelling orders first, and of each that is cancelled.
    pub cancel: u32,
    pub cancelled: u32,
}

impl Fees {
    /// Bytes of a household that places so many orders, having cancelled so many.
    pub fn bytes(&self, placed: usize, cancelled: usize) -> u32 {
        let times = |bytes: u32, count: usize| {
            bytes.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
        };
        let cancel = match cancelled {
            0 => 0,
            count => self.cancel.saturating_add(times(self.cancelled, count)),
        };
        self.household
            .saturating_add(times(self.order, placed))
            .saturating_add(cancel)
    }

    /// Cuts households of so many bytes each into transactions, in their sequence. One that is too large is in one by itself.
    pub fn transactions(&self, bytes: &[u32]) -> Vec<Range<usize>> {
        let mut cut: Vec<Range<usize>> = Vec::new();
        let mut used = 0_u32;
        for (place, bytes) in bytes.iter().enumerate() {
            let next = place.saturating_add(1);
            match cut.last_mut() {
                Some(last) if used.saturating_add(*bytes) <= self.room => {
                    last.end = next;
                    used = used.saturating_add(*bytes);
                }
                _ => {
                    cut.push(place..next);
                    used = *bytes;
                }
            }
        }
        cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEES: Fees = Fees {
        transaction: 1.0,
        room: 100,
        household: 10,
        order: 5,
        cancel: 20,
        cancelled: 2,
    };

    #[test]
    fn given_orders_when_counted_then_cancelling_comes_on_top() {
        assert_eq!(FEES.bytes(3, 0), 25);
        assert_eq!(FEES.bytes(3, 2), 25 + 24);
    }

    #[test]
    fn given_households_when_cut_then_as_many_share_a_transaction_as_fit() {
        assert_eq!(
            FEES.transactions(&[60, 40, 1, 200, 1]),
            [0..2, 2..3, 3..4, 4..5]
        );
        assert_eq!(FEES.transactions(&[]), [0..0; 0]);
    }
}
