//! What a household pays in a market, by what it is for. Money follows from positions and prices alone, as the market takes it.

use std::ops::AddAssign;

use crate::{
    rows::{EndingRow, PositionRow, WindowRow},
    store::Billed,
};

/// What is paid, milli-atoms; below zero, received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Energy bought, at the market's price.
    pub bought: i128,
    /// Energy sold, at the market's price.
    pub sold: i128,
    /// Grid fee on what was bought.
    pub grid_fee: i128,
    /// Market fee on what was bought.
    pub market_fee: i128,
    /// Energy drawn beyond contracts, at the retail price.
    pub short: i128,
    /// Energy left over of contracts, at the feed-in tariff.
    pub long: i128,
    /// Imbalance of windows in which not all meters have a value: paid so far, or for good once the window is final.
    pub unheard: i128,
    /// Energy that came to light once its meters were heard again and that no window tells of, at the worst prices of the time when they
    /// were silent; less what was kept back until then.
    pub after_silence: i128,
}

impl Lines {
    /// Of one window.
    pub fn of(window: &WindowRow, position: &PositionRow) -> Lines {
        let times = |energy: i64, price: i64| i128::from(energy) * i128::from(price);
        let price = window.price.unwrap_or(0);
        let paid = i128::from(position.paid);
        let mut lines = Lines {
            bought: times(position.bought, price),
            sold: -times(position.sold, price),
            grid_fee: times(position.bought, window.grid_fee.unwrap_or(0)),
            market_fee: times(position.bought, window.market_fee.unwrap_or(0)),
            ..Lines::default()
        };
        match () {
            () if position.missing > 0 => lines.unheard = paid,
            () if deviation(position) > 0 => lines.short = paid,
            () => lines.long = paid,
        }
        lines
    }

    pub fn total(&self) -> i128 {
        self.bought
            + self.sold
            + self.grid_fee
            + self.market_fee
            + self.short
            + self.long
            + self.unheard
            + self.after_silence
    }
}

impl AddAssign for Lines {
    fn add_assign(&mut self, other: Lines) {
        self.bought += other.bought;
        self.sold += other.sold;
        self.grid_fee += other.grid_fee;
        self.market_fee += other.market_fee;
        self.short += other.short;
        self.long += other.long;
        self.unheard += other.unheard;
        self.after_silence += other.after_silence;
    }
}

/// What flowed beyond the contracts, Wh; positive is drawn.
pub fn deviation(position: &PositionRow) -> i128 {
    let net = |plus: i64, minus: i64| i128::from(plus) - i128::from(minus);
    net(position.import, position.export) - net(position.bought, position.sold)
}

/// What a deviation costs at a window's prices, milli-atoms.
pub fn cost(window: &WindowRow, deviation: i128) -> i128 {
    let price = if deviation > 0 {
        window.short
    } else {
        window.long
    };
    // As `joulebook_settlement::position::cost` bounds it.
    let most = i128::from(u32::MAX);
    deviation.clamp(-most, most) * i128::from(price)
}

/// A household's bill over some windows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    pub lines: Lines,
    /// In which it has a position.
    pub windows: u64,
    /// Of these, in which what was paid is not yet what values and contracts say.
    pub unsettled: u64,
    /// In which a meter has no value.
    pub unheard: u64,
    /// That may still change.
    pub provisional: u64,
    /// Wh.
    pub bought: u64,
    /// Wh.
    pub sold: u64,
    /// Wh.
    pub import: u64,
    /// Wh.
    pub export: u64,
    /// That came to light after silence, settled as drawn, Wh; in no window.
    pub unseen_import: u64,
    /// Likewise, settled as fed in.
    pub unseen_export: u64,
    /// Pages of which it is not known what came to light: what was before was never seen.
    pub unknown_endings: u64,
}

/// Whether a position whose meters all have values has paid what is due. A supplier pays nothing to itself.
pub(crate) fn is_settled(window: &WindowRow, position: &PositionRow) -> bool {
    window.supplier == Some(position.seat)
        || i128::from(position.paid) == cost(window, deviation(position))
}

impl Bill {
    /// Of all that a seat has.
    pub fn of(billed: &Billed) -> Bill {
        let mut bill = Bill::default();
        for (window, position) in &billed.windows {
            bill.add(window, position);
        }
        for ending in &billed.endings {
            bill.add_ending(ending);
        }
        bill
    }

    /// Adds how a page ended. It is charged with the page's last window, and belongs to the time of that one.
    pub fn add_ending(&mut self, ending: &EndingRow) {
        let energy = |energy: i64| u64::try_from(energy).unwrap_or(0);
        match ending.amount {
            Some(amount) => self.lines.after_silence += i128::from(amount),
            None => self.unknown_endings += 1,
        }
        self.unseen_import += energy(ending.import) + energy(ending.most_import);
        self.unseen_export += energy(ending.export) + energy(ending.most_export);
    }

    /// Adds a window.
    pub fn add(&mut self, window: &WindowRow, position: &PositionRow) {
        let energy = |energy: i64| u64::try_from(energy).unwrap_or(0);
        self.lines += Lines::of(window, position);
        self.windows += 1;
        self.unheard += u64::from(position.missing > 0);
        self.provisional += u64::from(!position.is_final);
        self.unsettled += u64::from(position.missing == 0 && !is_settled(window, position));
        self.bought += energy(position.bought);
        self.sold += energy(position.sold);
        self.import += energy(position.import);
        self.export += energy(position.export);
    }
}

/// Where a household's energy comes from and goes to, Wh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// Drawn of what it bought from neighbours.
    pub from_neighbours: u64,
    /// Drawn beyond that.
    pub from_supplier: u64,
    /// Fed in of what it sold to neighbours.
    pub to_neighbours: u64,
    /// Fed in beyond that.
    pub to_supplier: u64,
    /// Drawn and fed in at the same time, by different meters or in different parts of a window: its own.
    pub own: u64,
}

impl Sources {
    /// Adds a window. What a household draws and feeds in within one window is settled as its net.
    pub fn add(&mut self, position: &PositionRow) {
        let flow = position.import.saturating_sub(position.export);
        let contract = position.bought.saturating_sub(position.sold);
        let energy = |energy: i64| u64::try_from(energy).unwrap_or(0);
        let (drawn, fed_in) = (energy(flow), energy(flow.saturating_neg()));
        let from = drawn.min(energy(contract));
        let to = fed_in.min(energy(contract.saturating_neg()));
        self.from_neighbours += from;
        self.from_supplier += drawn - from;
        self.to_neighbours += to;
        self.to_supplier += fed_in - to;
        self.own += energy(position.import.min(position.export));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> WindowRow {
        WindowRow {
            start: 900,
            page: 0,
            phase: "allocated".into(),
            price: Some(100),
            volume: 10,
            short: 300,
            long: 80,
            grid_fee: Some(20),
            market_fee: Some(1),
            supplier: Some(9),
            grid_operator: Some(8),
            low: 0,
            high: 0,
            orders: 2,
        }
    }

    fn position(bought: i64, sold: i64, import: i64, export: i64, paid: i64) -> PositionRow {
        PositionRow {
            start: 900,
            seat: 0,
            bought,
            sold,
            earns: 0,
            locked: 0,
            paid,
            is_confirmed: true,
            is_final: true,
            import,
            export,
            meters: 1,
            missing: 0,
        }
    }

    #[test]
    fn given_a_buyer_who_draws_more_when_it_is_billed_then_each_line_can_be_checked_by_hand() {
        let lines = Lines::of(&window(), &position(10, 0, 15, 0, 5 * 300));
        let expected = Lines {
            bought: 1_000,
            grid_fee: 200,
            market_fee: 10,
            short: 1_500,
            ..Lines::default()
        };
        assert_eq!((lines, lines.total()), (expected, 2_710));
    }

    #[test]
    fn given_a_seller_who_feeds_in_more_when_it_is_billed_then_it_receives() {
        let lines = Lines::of(&window(), &position(0, 10, 0, 12, -2 * 80));
        assert_eq!(
            (lines.sold, lines.long, lines.total()),
            (-1_000, -160, -1_160)
        );
    }

    #[test]
    fn given_a_position_that_is_not_in_line_when_it_is_added_then_the_bill_says_so() {
        let mut bill = Bill::default();
        bill.add(&window(), &position(10, 0, 15, 0, 1_500));
        bill.add(&window(), &position(10, 0, 15, 0, 0));
        let unheard = PositionRow {
            missing: 1,
            is_final: false,
            ..position(10, 0, 0, 0, 7)
        };
        bill.add(&window(), &unheard);
        let counts = (bill.windows, bill.unsettled, bill.unheard, bill.provisional);
        assert_eq!(counts, (3, 1, 1, 1));
        assert_eq!(bill.lines.unheard, 7);
    }

    #[test]
    fn given_a_supplier_s_own_position_when_it_is_added_then_it_owes_itself_nothing() {
        let mut bill = Bill::default();
        let own = PositionRow {
            seat: 9,
            ..position(0, 0, 15, 0, 0)
        };
        bill.add(&window(), &own);
        assert_eq!((bill.unsettled, bill.lines.total()), (0, 0));
    }

    #[test]
    fn given_energy_that_came_to_light_when_it_is_billed_then_it_is_a_line_of_its_own() {
        let ending = EndingRow {
            page: 0,
            seat: 0,
            start: 2_700,
            import: 600,
            export: 0,
            most_import: 0,
            most_export: 0,
            paid_back: Some(80),
            amount: Some(600 * 300 - 80),
            silent_windows: Some(0),
            dearest: Some(0),
            lowest: Some(0),
            owed: Some(0),
            place: 0,
        };
        let unknown = EndingRow {
            amount: None,
            ..ending.clone()
        };
        let mut bill = Bill::default();
        bill.add_ending(&ending);
        bill.add_ending(&unknown);
        assert_eq!(bill.lines.total(), 179_920);
        assert_eq!((bill.unseen_import, bill.unseen_export), (1_200, 0));
        assert_eq!((bill.unknown_endings, bill.windows), (1, 0));
    }

    #[test]
    fn given_flows_and_contracts_when_sources_are_asked_then_neighbours_come_first() {
        let mut sources = Sources::default();
        sources.add(&position(10, 0, 15, 2, 0));
        sources.add(&position(0, 10, 0, 12, 0));
        let expected = Sources {
            from_neighbours: 10,
            from_supplier: 3,
            to_neighbours: 10,
            to_supplier: 2,
            own: 2,
        };
        assert_eq!(sources, expected);
    }
}
