use joulebook_units::{floor_div, floor_rem, SECONDS_PER_DAY, SECONDS_PER_HOUR};
use schemars::JsonSchema;
use serde::Serialize;

use super::{BillLines, Settled, SettledPosition, SettledWindow, TradeEffects};

/// Windows of the largest losses that a statement names.
const LARGEST_LOSSES: usize = 5;

/// A household's bill, explained: what it is made of, and what trade saved or cost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Statement {
    /// The household's name.
    pub household: String,
    /// Energy drawn from the grid, Wh.
    pub import_wh: u64,
    /// Energy fed into the grid, Wh.
    pub export_wh: u64,
    /// Energy bought in the market, Wh.
    pub bought_wh: u64,
    /// Energy sold in the market, Wh.
    pub sold_wh: u64,
    /// Energy drawn beyond contracts, which the supplier sold, Wh.
    pub from_supplier_wh: u64,
    /// Energy left over of contracts, which the supplier took, Wh.
    pub to_supplier_wh: u64,
    /// What a kWh bought in the market cost without fees, on average, in atoms, rounded down; null if none was.
    pub average_bought: Option<i64>,
    /// What a kWh sold in the market earned, on average, in atoms, rounded down; null if none was.
    pub average_sold: Option<i64>,
    /// The bill with the market, line by line, in thousandths of an atom.
    pub lines_milli_atoms: BillLines,
    /// The bill with the market: the sum of its lines, thousandths of an atom; negative is earned.
    pub with_market_milli_atoms: i128,
    /// The bill for the same energy, all of it from and to the supplier, thousandths of an atom; negative is earned.
    pub supplier_alone_milli_atoms: i128,
    /// Where the difference between both bills comes from, over all windows.
    pub effects: TradeEffects,
    /// The windows in which the market cost more than the supplier alone.
    pub losses: Losses,
}

/// Windows in which the market cost a household more than the supplier alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Losses {
    /// How many there are.
    pub windows: u64,
    /// What they cost more, together, thousandths of an atom.
    pub lost_milli_atoms: i128,
    /// Where that comes from: only what was lost or saved in these windows.
    pub effects: TradeEffects,
    /// By the hour of UTC in which the windows began; hours without a loss are left out.
    pub by_hour: Vec<HourLoss>,
    /// The few windows with the largest losses, the largest first.
    pub largest: Vec<WindowLoss>,
}

/// The losses of one hour of the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HourLoss {
    /// Hour of the day in UTC, 0 to 23.
    pub hour: u8,
    /// Windows with a loss, on all days.
    pub windows: u64,
    /// What they cost more, together, thousandths of an atom.
    pub lost_milli_atoms: i128,
}

/// A window in which the market cost more than the supplier alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WindowLoss {
    /// When the window began, unix seconds.
    pub start: i64,
    /// Its price, atoms per kWh.
    pub price: i32,
    /// Energy bought in the market, Wh.
    pub bought_wh: u32,
    /// Energy sold in the market, Wh.
    pub sold_wh: u32,
    /// Energy drawn from the grid, Wh.
    pub import_wh: u32,
    /// Energy fed into the grid, Wh.
    pub export_wh: u32,
    /// What the window cost more, thousandths of an atom.
    pub lost_milli_atoms: i128,
    /// Where that comes from.
    pub effects: TradeEffects,
}

impl Statement {
    /// Of a household, by its place; `None` if there is no such place.
    pub fn of(settled: &Settled, household: usize) -> Option<Statement> {
        let mut statement = Statement {
            household: settled.households.get(household)?.clone(),
            ..Statement::default()
        };
        for (window, position) in settled.positions_of(household) {
            statement.add(settled, window, &position);
        }
        let lines = &statement.lines_milli_atoms;
        let average =
            |money: i128, energy: u64| i64::try_from(money.checked_div_euclid(energy.into())?).ok();
        statement.average_bought = average(lines.bought, statement.bought_wh);
        statement.average_sold = average(-lines.sold, statement.sold_wh);
        statement.with_market_milli_atoms = lines.total();
        Some(statement)
    }

    fn add(&mut self, settled: &Settled, window: &SettledWindow, position: &SettledPosition) {
        let SettledPosition { contract, flow } = *position;
        self.import_wh += u64::from(flow.import.0);
        self.export_wh += u64::from(flow.export.0);
        self.bought_wh += u64::from(contract.bought.0);
        self.sold_wh += u64::from(contract.sold.0);
        let deviation = position.deviation();
        match deviation.0 > 0 {
            true => self.from_supplier_wh += deviation.magnitude().0,
            false => self.to_supplier_wh += deviation.magnitude().0,
        }
        self.lines_milli_atoms += position.bill(window.price, &settled.terms);
        self.supplier_alone_milli_atoms += position.supplier_alone(&settled.terms);
        let effects = position.effects(window.price, &settled.terms);
        self.effects += effects;
        if effects.saved() < 0 {
            self.losses.add(window, position, effects);
        }
    }
}

impl Losses {
    fn add(&mut self, window: &SettledWindow, position: &SettledPosition, effects: TradeEffects) {
        let lost = -effects.saved();
        self.windows += 1;
        self.lost_milli_atoms += lost;
        self.effects += effects;
        self.add_hour(hour(window.start.0), lost);
        let SettledPosition { contract, flow } = *position;
        self.largest.push(WindowLoss {
            start: window.start.0,
            // Without trade there is nothing to lose.
            price: window.price.unwrap_or_default().0,
            bought_wh: contract.bought.0,
            sold_wh: contract.sold.0,
            import_wh: flow.import.0,
            export_wh: flow.export.0,
            lost_milli_atoms: lost,
            effects,
        });
        // Of equal ones, the earlier stays first.
        self.largest.sort_by_key(|loss| -loss.lost_milli_atoms);
        self.largest.truncate(LARGEST_LOSSES);
    }

    fn add_hour(&mut self, hour: u8, lost: i128) {
        let place = self.by_hour.binary_search_by_key(&hour, |one| one.hour);
        let place = place.unwrap_or_else(|place| {
            let none = HourLoss {
                hour,
                ..HourLoss::default()
            };
            self.by_hour.insert(place, none);
            place
        });
        if let Some(one) = self.by_hour.get_mut(place) {
            one.windows += 1;
            one.lost_milli_atoms += lost;
        }
    }
}

/// Of the day, in UTC.
fn hour(time: i64) -> u8 {
    let second = floor_rem(time, SECONDS_PER_DAY).unwrap_or(0);
    floor_div(second, SECONDS_PER_HOUR).unwrap_or(0) as u8
}

#[cfg(test)]
mod tests {
    use joulebook_settlement::{Contract, Tariff, Terms};
    use joulebook_units::{Price, Seconds, UnixTime};

    use super::*;

    /// Hours from 23:00 on, at 100 without fees between 80 and 300.
    fn statement(positions: &[SettledPosition]) -> Statement {
        let terms = Terms {
            tariff: Tariff {
                short: Price(300),
                long: Price(80),
            },
            ..Terms::default()
        };
        let mut settled = Settled::new(Seconds(3600), terms, vec!["a".into()]);
        for (number, position) in (0..).zip(positions) {
            let traded = position.contract != Contract::default();
            let window = SettledWindow {
                start: UnixTime(82_800 + 3600 * number),
                price: traded.then_some(Price(100)),
                ..SettledWindow::default()
            };
            settled.push(window, [*position]);
        }
        assert_eq!(Statement::of(&settled, 1), None);
        Statement::of(&settled, 0).expect("a household")
    }

    #[test]
    fn given_windows_of_all_kinds_when_stated_then_energy_and_money_add_up() {
        let statement = statement(&[
            SettledPosition::new(0, 0, 5, 0),
            SettledPosition::new(10, 0, 12, 0),
            SettledPosition::new(0, 10, 0, 11),
        ]);
        let energy = (statement.import_wh, statement.export_wh);
        let traded = (statement.bought_wh, statement.sold_wh);
        let supplier = (statement.from_supplier_wh, statement.to_supplier_wh);
        assert_eq!((energy, traded, supplier), ((17, 11), (10, 10), (7, 1)));
        let averages = (statement.average_bought, statement.average_sold);
        assert_eq!(averages, (Some(100), Some(100)));
        // 1,000 bought, 1,000 sold, 7 Wh at 300 and 1 Wh at 80.
        assert_eq!(statement.with_market_milli_atoms, 2100 - 80);
        assert_eq!(statement.supplier_alone_milli_atoms, 17 * 300 - 11 * 80);
        assert_eq!(statement.effects.saved(), 10 * 200 + 10 * 20);
        assert_eq!(statement.losses, Losses::default());
    }

    #[test]
    fn given_contracts_that_were_not_kept_when_stated_then_the_windows_are_named_by_their_loss() {
        let mut positions = vec![
            SettledPosition::new(10, 0, 0, 0),
            SettledPosition::new(0, 10, 0, 0),
        ];
        positions.extend([1, 2, 3, 4].map(|sold| SettledPosition::new(0, sold, 0, 0)));
        let losses = statement(&positions).losses;
        // 10 Wh bought for 100 and left for 80; 20 Wh sold for 100 and bought for 300.
        assert_eq!((losses.windows, losses.lost_milli_atoms), (6, 200 + 4000));
        assert_eq!(losses.effects.unused.saved_milli_atoms, -200);
        assert_eq!(losses.effects.undelivered.energy_wh, 20);
        let hours: Vec<(u8, i128)> = losses
            .by_hour
            .iter()
            .map(|hour| (hour.hour, hour.lost_milli_atoms))
            .collect();
        let expected = [(0, 2000), (1, 200), (2, 400), (3, 600), (4, 800), (23, 200)];
        assert_eq!(hours, expected);
        let largest = losses.largest.iter().map(|loss| (loss.start, loss.sold_wh));
        let hour = |number: i64| 82_800 + 3600 * number;
        let expected = [
            (hour(1), 10),
            (hour(5), 4),
            (hour(4), 3),
            (hour(3), 2),
            (hour(0), 0),
        ];
        assert_eq!(largest.collect::<Vec<_>>(), expected);
    }
}
