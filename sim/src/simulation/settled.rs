use joulebook_settlement::{Contract, Terms};
use joulebook_units::{NetWh, Price, Seconds, UnixTime, Wh, WhSum};

use super::{
    bill::{self, BillLines},
    CommunityEnergy, Flow, TradeEffects,
};

/// All that a run has settled: what it takes to explain every bill. Money follows from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Of a window.
    pub length: Seconds,
    pub terms: Terms,
    pub households: Vec<String>,
    windows: Vec<SettledWindow>,
    /// Those of one window after those of the other, each in the sequence of the households.
    positions: Vec<SettledPosition>,
}

/// What is known of a whole window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SettledWindow {
    pub start: UnixTime,
    /// `None` if nothing was traded.
    pub price: Option<Price>,
    pub traded: WhSum,
    pub buys: SideOrders,
    pub sells: SideOrders,
    pub energy: CommunityEnergy,
    /// What all meters showed: drawn from the grid, and fed into it.
    pub imported: WhSum,
    pub exported: WhSum,
    /// What of that one meter showed both ways, of all meters: it is settled as its net, so nobody else gets it.
    pub netted: WhSum,
}

/// The orders on one side of a book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SideOrders {
    pub orders: u32,
    /// They asked for.
    pub quantity: WhSum,
}

/// What a household traded, and what its meter showed, in one window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SettledPosition {
    pub contract: Contract,
    pub flow: Flow,
}

// A month of a thousand households is three million of them.
const _: () = assert!(size_of::<SettledPosition>() == 16);

impl Settled {
    pub fn new(length: Seconds, terms: Terms, households: Vec<String>) -> Settled {
        Settled {
            length,
            terms,
            households,
            windows: Vec::new(),
            positions: Vec::new(),
        }
    }

    /// Adds the next window, with a position of each household.
    pub fn push(
        &mut self,
        window: SettledWindow,
        positions: impl IntoIterator<Item = SettledPosition>,
    ) {
        self.windows.push(window);
        self.positions.extend(positions);
        let expected = self.windows.len() * self.households.len();
        self.positions.resize(expected, SettledPosition::default());
    }

    /// Each window, with the households' positions in their sequence.
    pub fn windows(&self) -> impl Iterator<Item = (&SettledWindow, &[SettledPosition])> {
        let positions = self.positions.chunks(self.households.len().max(1));
        self.windows.iter().zip(positions)
    }

    /// Each window, with the position of a household, by its place.
    pub fn positions_of(
        &self,
        household: usize,
    ) -> impl Iterator<Item = (&SettledWindow, SettledPosition)> {
        let all = self.windows();
        all.filter_map(move |(window, positions)| Some((window, *positions.get(household)?)))
    }

    /// What of a window's contracts flowed from sellers to buyers: the lesser of what sellers fed in of it and what buyers
    /// drew of it.
    pub fn delivered(&self, window: &SettledWindow, positions: &[SettledPosition]) -> WhSum {
        let mut all = TradeEffects::default();
        for position in positions {
            all += position.effects(window.price, &self.terms);
        }
        WhSum(all.delivered.energy_wh.min(all.used.energy_wh))
    }

    /// What a household pays in the market, over all windows.
    pub fn bill_of(&self, household: usize) -> BillLines {
        let mut sum = BillLines::default();
        for (window, position) in self.positions_of(household) {
            sum += position.bill(window.price, &self.terms);
        }
        sum
    }

    /// What a household would pay without the market, over all windows, in milli-atoms.
    pub fn supplier_alone(&self, household: usize) -> i128 {
        let positions = self.positions_of(household);
        positions
            .map(|(_, position)| position.supplier_alone(&self.terms))
            .sum()
    }
}

impl SettledWindow {
    /// What was drawn and fed in at the same time: the lesser of what all drew and what all fed in, each household's net.
    /// Contracts can be for more, as nobody knows before what will flow.
    pub fn shared(&self) -> WhSum {
        let lesser = self.imported.min(self.exported);
        lesser.checked_sub(self.netted).unwrap_or_default()
    }
}

impl SettledPosition {
    pub fn deviation(&self) -> NetWh {
        bill::deviation(self.contract, self.flow)
    }

    /// At the window's price; without one, nothing was traded.
    pub fn bill(&self, price: Option<Price>, terms: &Terms) -> BillLines {
        BillLines::of(price, self.contract, self.flow, terms)
    }

    /// Of energies in Wh.
    pub fn new(bought: u32, sold: u32, import: u32, export: u32) -> SettledPosition {
        SettledPosition {
            contract: Contract {
                bought: Wh(bought),
                sold: Wh(sold),
            },
            flow: Flow {
                import: Wh(import),
                export: Wh(export),
            },
        }
    }

    /// What trade changed of it.
    pub fn effects(&self, price: Option<Price>, terms: &Terms) -> TradeEffects {
        TradeEffects::of(price, self.contract, self.flow, terms)
    }

    /// In milli-atoms.
    pub fn supplier_alone(&self, terms: &Terms) -> i128 {
        bill::supplier_alone(self.flow, terms)
    }
}

#[cfg(test)]
mod tests {
    use joulebook_settlement::Tariff;

    use super::*;

    fn settled() -> Settled {
        let terms = Terms {
            tariff: Tariff {
                short: Price(300),
                long: Price(80),
            },
            grid_fee: Price(20),
            ..Terms::default()
        };
        let names = ["a", "b"].map(str::to_owned).to_vec();
        let mut settled = Settled::new(Seconds(900), terms, names);
        let window = |start, price: Option<i32>, exported| SettledWindow {
            start: UnixTime(start),
            price: price.map(Price),
            imported: WhSum(12),
            exported: WhSum(exported),
            ..SettledWindow::default()
        };
        let supplied = [
            SettledPosition::new(0, 0, 5, 0),
            SettledPosition::new(0, 0, 0, 9),
        ];
        settled.push(window(900, None, 9), supplied);
        let traded = [
            SettledPosition::new(10, 0, 12, 0),
            SettledPosition::new(0, 10, 0, 10),
        ];
        settled.push(window(1800, Some(100), 10), traded);
        settled
    }

    #[test]
    fn windows_come_with_their_positions() {
        let settled = settled();
        let (windows, positions): (Vec<&SettledWindow>, Vec<_>) = settled.windows().unzip();
        let starts: Vec<i64> = windows.iter().map(|window| window.start.0).collect();
        assert_eq!(starts, [900, 1800]);
        assert_eq!(windows[1].shared(), WhSum(10));
        let deviations = positions[1].iter().map(|one| one.deviation().0);
        assert_eq!(deviations.collect::<Vec<_>>(), [2, 0]);
    }

    #[test]
    fn what_a_household_draws_and_feeds_in_itself_is_no_trade() {
        // One draws 7 and feeds in 4, the other draws 1 and feeds in 3: nets of 3 and -2.
        let window = SettledWindow {
            imported: WhSum(8),
            exported: WhSum(7),
            netted: WhSum(4 + 1),
            ..SettledWindow::default()
        };
        assert_eq!(window.shared(), WhSum(2));
    }

    #[test]
    fn delivered_is_what_sellers_fed_in_and_buyers_drew_of_contracts() {
        let settled = settled();
        let delivered = |positions: [SettledPosition; 2]| {
            let window = SettledWindow {
                price: Some(Price(100)),
                ..SettledWindow::default()
            };
            settled.delivered(&window, &positions).0
        };
        let seller = |export| SettledPosition::new(0, 10, 0, export);
        assert_eq!(
            delivered([SettledPosition::new(10, 0, 12, 0), seller(12)]),
            10
        );
        assert_eq!(
            delivered([SettledPosition::new(10, 0, 12, 0), seller(7)]),
            7
        );
        assert_eq!(delivered([SettledPosition::new(10, 0, 4, 0), seller(7)]), 4);
        let (untraded, positions) = settled.windows().next().expect("a window");
        assert_eq!(settled.delivered(untraded, positions), WhSum(0));
    }

    #[test]
    fn bills_are_sums_over_windows() {
        let settled = settled();
        let buyer = settled.bill_of(0);
        assert_eq!((buyer.bought, buyer.grid_fee), (1000, 200));
        assert_eq!((buyer.from_supplier, buyer.total()), (7 * 300, 3300));
        assert_eq!(settled.supplier_alone(0), 17 * 300);
        let seller = settled.bill_of(1);
        assert_eq!((seller.sold, seller.to_supplier), (-1000, -9 * 80));
        assert_eq!(settled.supplier_alone(1), -19 * 80);
    }
}
