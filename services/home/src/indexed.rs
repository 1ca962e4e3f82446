use serde::Deserialize;

use crate::calendar::Calendar;

/// A seat's position in a window, as an indexer tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Position {
    /// Unix seconds.
    pub start: i64,
    pub bought_wh: i64,
    pub sold_wh: i64,
    pub import_wh: i64,
    pub export_wh: i64,
    /// In service.
    pub meters: i64,
    /// Of these, those without a value.
    pub meters_missing: i64,
}

/// What an indexer knows of a household, by its calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indexed {
    pub calendar: Calendar,
    pub today: Today,
    /// `None` where the indexer has none for it yet.
    pub bill: Option<Bill>,
}

/// What flowed since the day began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Today {
    /// `None` while no window of the day was heard.
    pub flows: Option<Flows>,
    /// End of the latest window that was heard, unix seconds.
    pub until: Option<i64>,
    /// Windows that are over and of which no meter was heard.
    pub unheard: u64,
}

/// Where energy came from and went, Wh. What is drawn and fed in within one window is settled as its net.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flows {
    /// Drawn of what was bought from neighbours.
    pub from_neighbours: u64,
    /// Drawn beyond that.
    pub from_supplier: u64,
    /// Fed in of what was sold to neighbours.
    pub to_neighbours: u64,
    /// Fed in beyond that.
    pub to_supplier: u64,
}

/// What is to be paid for the month so far; below zero, received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bill {
    pub milli_atoms: i64,
    /// End of the last window in it, unix seconds.
    pub until: i64,
    /// Whether no window of that time is missing.
    pub is_complete: bool,
}

impl Today {
    /// Of a day's windows of `length` seconds that are over at `now`, unix seconds: what contracts of later ones say has not flowed.
    pub fn of(positions: &[Position], length: i64, now: i64) -> Today {
        let mut today = Today::default();
        for position in positions {
            let end = position.start.saturating_add(length);
            if end > now || position.meters == 0 {
                continue;
            }
            if position.meters_missing >= position.meters {
                today.unheard = today.unheard.saturating_add(1);
                continue;
            }
            today.flows.get_or_insert_default().add(position);
            today.until = today.until.max(Some(end));
        }
        today
    }
}

impl Flows {
    fn add(&mut self, position: &Position) {
        let flow = position.import_wh.saturating_sub(position.export_wh);
        let contract = position.bought_wh.saturating_sub(position.sold_wh);
        let energy = |energy: i64| u64::try_from(energy).unwrap_or(0);
        let (drawn, fed_in) = (energy(flow), energy(flow.saturating_neg()));
        let from = drawn.min(energy(contract));
        let to = fed_in.min(energy(contract.saturating_neg()));
        let add = |sum: &mut u64, more: u64| *sum = sum.saturating_add(more);
        add(&mut self.from_neighbours, from);
        add(&mut self.from_supplier, drawn.saturating_sub(from));
        add(&mut self.to_neighbours, to);
        add(&mut self.to_supplier, fed_in.saturating_sub(to));
    }

    /// Of what was drawn, how much came from neighbours, thousandths, rounded down; `None` if nothing was drawn.
    pub fn community_share(&self) -> Option<i64> {
        let drawn = self.from_neighbours.checked_add(self.from_supplier)?;
        let thousandths = u128::from(self.from_neighbours).saturating_mul(1_000);
        let share = thousandths.checked_div(drawn.into())?;
        i64::try_from(share).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: i64 = 900;

    /// In window number `number`, with one meter that was heard.
    fn position(number: i64, contract: (i64, i64), flow: (i64, i64)) -> Position {
        Position {
            start: number * LENGTH,
            bought_wh: contract.0,
            sold_wh: contract.1,
            import_wh: flow.0,
            export_wh: flow.1,
            meters: 1,
            meters_missing: 0,
        }
    }

    #[test]
    fn given_flows_and_contracts_when_added_up_then_neighbours_come_first() {
        let positions = [
            position(0, (100, 0), (150, 0)),
            // Bought and not drawn: nobody's energy but the supplier's.
            position(1, (100, 0), (40, 0)),
            position(2, (0, 30), (0, 80)),
        ];
        let today = Today::of(&positions, LENGTH, 3 * LENGTH);
        let flows = Flows {
            from_neighbours: 140,
            from_supplier: 50,
            to_neighbours: 30,
            to_supplier: 50,
        };
        assert_eq!((today.flows, today.until), (Some(flows), Some(2_700)));
        // 140 of 190 Wh: 73.68 %.
        assert_eq!(flows.community_share(), Some(736));
    }

    #[test]
    fn given_windows_that_are_not_over_or_not_heard_when_added_up_then_they_are_not_in_it() {
        let unheard = Position {
            meters_missing: 1,
            ..position(1, (100, 0), (0, 0))
        };
        let without_meters = Position {
            meters: 0,
            ..position(0, (0, 0), (0, 0))
        };
        let positions = [without_meters, unheard, position(2, (100, 0), (90, 0))];
        let today = Today::of(&positions, LENGTH, 3 * LENGTH - 1);
        let nothing = Today {
            unheard: 1,
            ..Today::default()
        };
        assert_eq!(today, nothing);
    }

    #[test]
    fn given_nothing_drawn_when_the_share_is_asked_then_there_is_none() {
        let flows = Flows {
            to_supplier: 5,
            ..Flows::default()
        };
        assert_eq!(flows.community_share(), None);
    }
}
