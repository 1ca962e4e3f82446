use schemars::JsonSchema;
use serde::Serialize;

/// What transactions cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cost {
    /// Number of transactions.
    pub transactions: u64,
    /// Compute units that they took.
    pub compute_units: u64,
    /// Transaction fees, without rent, lamports.
    pub lamports: u64,
}

impl Cost {
    pub fn add(&mut self, other: Cost) {
        self.transactions += other.transactions;
        self.compute_units += other.compute_units;
        self.lamports += other.lamports;
    }

    fn since(self, before: Cost) -> Cost {
        Cost {
            transactions: self.transactions.saturating_sub(before.transactions),
            compute_units: self.compute_units.saturating_sub(before.compute_units),
            lamports: self.lamports.saturating_sub(before.lamports),
        }
    }
}

/// What running a market costs, by what it is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Costs {
    /// Bringing money in.
    pub deposits: Cost,
    /// Placing orders, or entering standing ones.
    pub orders: Cost,
    /// Bringing readings or load profiles.
    pub readings: Cost,
    /// Opening windows, clearing and allocating them, settling their positions, and whatever is due at the same moment.
    pub windows: Cost,
    /// Opening and finishing pages, where no window needs anything at that moment.
    pub pages: Cost,
}

impl Costs {
    /// What came on top of `before`.
    pub fn since(self, before: Costs) -> Costs {
        Costs {
            deposits: self.deposits.since(before.deposits),
            orders: self.orders.since(before.orders),
            readings: self.readings.since(before.readings),
            windows: self.windows.since(before.windows),
            pages: self.pages.since(before.pages),
        }
    }

    pub fn total(&self) -> Cost {
        let mut total = Cost::default();
        for cost in [
            self.deposits,
            self.orders,
            self.readings,
            self.windows,
            self.pages,
        ] {
            total.add(cost);
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_on_top_is_told_by_what_it_is_for() {
        let one = Cost {
            transactions: 1,
            compute_units: 200,
            lamports: 5000,
        };
        let before = Costs {
            orders: one,
            ..Costs::default()
        };
        let mut after = before;
        after.orders.add(one);
        after.pages.add(one);
        let since = after.since(before);
        assert_eq!((since.orders, since.pages), (one, one));
        assert_eq!(since.total().lamports, 10_000);
    }
}
