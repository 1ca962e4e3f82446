use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    keeping::{Kept, Tally},
    month::Month,
    posting::Posted,
};

/// What a node took of a community's transactions, and what they cost.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LoadReport {
    /// Households, each with a seat and a meter.
    pub households: u64,
    /// Windows of a page, which a meter signs at once.
    pub windows_per_page: u16,
    /// Admission, seat, meter, tokens, deposit and standing orders of all households; the items are households.
    pub moving_in: Rate,
    /// Every seat signs for its own orders in one window; the items are orders.
    pub orders_by_hand: Rate,
    /// One delegate signs for all seats in the same window; the items are orders.
    pub orders_by_delegate: Rate,
    /// A page's profiles of all meters; the items are values of intervals.
    pub profiles: Rate,
    /// Orders that the window's book had in the end, standing ones included.
    pub orders_in_book: u64,
    /// Meters that the oracle has heard of up to the page's end.
    pub meters_heard: u64,
    /// What the keeper sent in one page's time.
    pub keeping: Keeping,
    /// What a household pays in a month.
    pub month: Month,
}

/// How fast many transactions went through that were sent as fast as the node took them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Rate {
    /// Transactions that were confirmed, and did what they were sent for.
    pub transactions: u64,
    /// What they brought.
    pub items: u64,
    /// From the first that was sent to the last that was seen confirmed, seconds.
    pub seconds: f64,
    /// Transactions confirmed in a second.
    pub transactions_per_second: f64,
    /// Items confirmed in a second.
    pub items_per_second: f64,
    /// From being sent to being seen confirmed.
    pub confirmation: Confirmation,
}

/// Times of confirmation, milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Confirmation {
    /// Half of them took no longer, milliseconds.
    pub median_ms: u64,
    /// 95 of 100 took no longer, milliseconds.
    pub p95_ms: u64,
    /// The longest, milliseconds.
    pub most_ms: u64,
}

/// What the keeper sent in one page's time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Keeping {
    /// Windows that were opened.
    pub windows: u64,
    /// Transactions that opened, filled, cleared or allocated windows, whatever else was in them.
    pub window_transactions: Sum,
    /// Further ones that settled positions.
    pub settling: Sum,
    /// Further ones that opened or finished pages.
    pub pages: Sum,
    /// Most transactions at one boundary between windows.
    pub most_at_once: u64,
    /// What the keeper's wallet has less than before, lamports.
    pub paid: u64,
    /// Each transaction, from being measured to being confirmed.
    pub confirmation: Confirmation,
    /// How often the market's accounts were read.
    pub looks: u64,
    /// How long reading them took each time, on average, milliseconds.
    pub look_ms: u64,
}

/// Transactions together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Sum {
    /// How many.
    pub transactions: u64,
    /// Compute units that they asked for.
    pub compute_units: u64,
    /// What was paid for them, lamports.
    pub lamports: u64,
}

impl From<Tally> for Sum {
    fn from(tally: Tally) -> Sum {
        Sum {
            transactions: tally.transactions,
            compute_units: tally.units,
            lamports: tally.lamports,
        }
    }
}

impl Rate {
    pub fn of(posted: &Posted, items: u64) -> Rate {
        let transactions = posted.confirmations.len() as u64;
        let seconds = posted.elapsed.as_secs_f64();
        let a_second = |count: u64| match seconds > 0.0 {
            true => count as f64 / seconds,
            false => 0.0,
        };
        Rate {
            transactions,
            items,
            seconds,
            transactions_per_second: a_second(transactions),
            items_per_second: a_second(items),
            confirmation: Confirmation::of(&posted.confirmations),
        }
    }
}

impl Confirmation {
    /// Of times with the shortest first.
    pub fn of(sorted: &[Duration]) -> Confirmation {
        let at = |percent: usize| {
            let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
            let time = sorted.get(place).copied().unwrap_or_default();
            u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
        };
        Confirmation {
            median_ms: at(50),
            p95_ms: at(95),
            most_ms: at(100),
        }
    }
}

impl Keeping {
    pub fn of(kept: &mut Kept, most_at_once: u64, paid: u64) -> Keeping {
        kept.confirmations.sort_unstable();
        let looks = u32::try_from(kept.looks).unwrap_or(u32::MAX).max(1);
        Keeping {
            windows: kept.opened,
            window_transactions: kept.windows.into(),
            settling: kept.settling.into(),
            pages: kept.pages.into(),
            most_at_once,
            paid,
            confirmation: Confirmation::of(&kept.confirmations),
            looks: kept.looks,
            look_ms: u64::try_from((kept.reading / looks).as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// All transactions.
    pub fn transactions(&self) -> u64 {
        self.window_transactions.transactions + self.settling.transactions + self.pages.transactions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_so_many_did_not_exceed() {
        let times: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        let confirmation = Confirmation::of(&times);
        assert_eq!(
            (
                confirmation.median_ms,
                confirmation.p95_ms,
                confirmation.most_ms
            ),
            (50, 95, 100)
        );
        assert_eq!(Confirmation::of(&[]), Confirmation::default());
        let one = Confirmation::of(&times[6..7]);
        assert_eq!((one.median_ms, one.most_ms), (7, 7));
    }
}
