//! What a wallet pays in fees within a day at most: an endpoint that lies about what became of transactions can have them sent again
//! and again.

use std::time::{Duration, Instant};

const DAY: Duration = Duration::from_secs(86_400);

/// Fees within a day, and the most that they may come to. It is kept in memory: a process that is started again begins anew.
#[derive(Clone, Debug)]
pub struct DailyFees {
    /// Lamports.
    limit: u64,
    spent: u64,
    since: Option<Instant>,
}

/// So much may be spent within a day, and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the fees of a day have come to {spent} lamports, and daily-fees is {limit}: nothing is sent until the day is over; look in the \
     log what costs so much, compare the endpoints with others, or give more"
)]
pub struct FeesUsedUp {
    /// Lamports.
    pub spent: u64,
    pub limit: u64,
}

impl DailyFees {
    /// So many lamports a day at most.
    pub fn new(limit: u64) -> DailyFees {
        DailyFees {
            limit,
            spent: 0,
            since: None,
        }
    }

    /// Takes the fee of a transaction that is to be sent, lamports. A day begins with its first one.
    ///
    /// # Errors
    /// [`FeesUsedUp`]: then it must not be sent.
    pub fn take(&mut self, fee: u64, now: Instant) -> Result<(), FeesUsedUp> {
        let is_over = |since: Instant| now.saturating_duration_since(since) >= DAY;
        if self.since.is_none_or(is_over) {
            self.since = Some(now);
            self.spent = 0;
        }
        let spent = self.spent.saturating_add(fee);
        if spent > self.limit {
            return Err(FeesUsedUp {
                spent: self.spent,
                limit: self.limit,
            });
        }
        self.spent = spent;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_a_limit_when_fees_come_to_it_then_nothing_is_spent_until_the_day_is_over() {
        let mut fees = DailyFees::new(12_000);
        let begun = Instant::now();
        assert_eq!(fees.take(5_000, begun), Ok(()));
        assert_eq!(fees.take(5_000, begun), Ok(()));
        let used_up = FeesUsedUp {
            spent: 10_000,
            limit: 12_000,
        };
        let late = begun + DAY - Duration::from_secs(1);
        assert_eq!(fees.take(5_000, late), Err(used_up));
        assert_eq!(fees.take(2_000, late), Ok(()));
        assert_eq!(fees.take(12_000, begun + DAY), Ok(()));
        assert!(fees.take(1, begun + DAY).is_err());
    }
}
