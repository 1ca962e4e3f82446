//! The columns of each table. A field's name is its heading, and ends with its unit.

use joulebook_sim::simulation::{BillLines, Settled, SettledPosition, SettledWindow, Statement};
use joulebook_units::{NetWh, Seconds, UnixTime, WhSum};
use serde::Serialize;

use super::{
    carry::Carry,
    cells::{moment, name, tokens, tokens_per_kwh},
};

/// A household's bill over all windows. Money that is negative was earned.
#[derive(Debug, Serialize)]
pub struct BillRow {
    household: String,
    import_wh: u64,
    export_wh: u64,
    bought_wh: u64,
    sold_wh: u64,
    /// Drawn beyond contracts, and bought from the supplier.
    from_supplier_wh: u64,
    /// Left over of contracts, and sold to the supplier.
    to_supplier_wh: u64,
    bought_tokens: String,
    sold_tokens: String,
    grid_fee_tokens: String,
    market_fee_tokens: String,
    from_supplier_tokens: String,
    to_supplier_tokens: String,
    /// The sum of the six before.
    with_market_tokens: String,
    supplier_alone_tokens: String,
    saving_tokens: String,
}

/// A window of the whole community.
#[derive(Debug, Serialize)]
pub struct WindowRow {
    start_utc: String,
    end_utc: String,
    /// Empty if nothing was traded.
    price_tokens_per_kwh: Option<String>,
    /// Contracts.
    traded_wh: u64,
    /// What of them sellers fed in and buyers drew.
    delivered_wh: u64,
    /// The lesser of what all meters drew and what all fed in.
    shared_wh: u64,
    buy_orders: u32,
    buy_orders_wh: u64,
    sell_orders: u32,
    sell_orders_wh: u64,
    import_wh: u64,
    export_wh: u64,
    /// What is left of a Wh counts in a later window, here and in the next two.
    consumed_wh: i128,
    produced_wh: i128,
    /// What was consumed of what was produced in the same window.
    self_consumed_wh: i128,
    /// Its part of what was consumed, 0 to 1, before both are made whole Wh; empty if nothing was.
    self_sufficiency: Option<String>,
}

/// What a community used and its panels gave, window after window, in whole Wh.
#[derive(Clone, Copy, Debug, Default)]
pub struct WholeEnergy {
    consumed: Carry,
    produced: Carry,
    own: Carry,
}

/// What a household traded, moved and paid in one window. Money that is negative was earned.
#[derive(Debug, Serialize)]
pub struct PositionRow<'a> {
    start_utc: &'a str,
    household: &'a str,
    import_wh: u32,
    export_wh: u32,
    bought_wh: u32,
    sold_wh: u32,
    from_supplier_wh: u64,
    to_supplier_wh: u64,
    /// Empty if nothing was traded by anybody.
    price_tokens_per_kwh: Option<&'a str>,
    bought_tokens: String,
    sold_tokens: String,
    grid_fee_tokens: String,
    market_fee_tokens: String,
    from_supplier_tokens: String,
    to_supplier_tokens: String,
    /// The sum of the six before.
    with_market_tokens: String,
    supplier_alone_tokens: String,
}

impl BillRow {
    pub fn new(statement: &Statement) -> BillRow {
        let lines = Lines::of(&statement.lines_milli_atoms);
        let (market, alone) = (
            statement.with_market_milli_atoms,
            statement.supplier_alone_milli_atoms,
        );
        BillRow {
            household: name(&statement.household),
            import_wh: statement.import_wh,
            export_wh: statement.export_wh,
            bought_wh: statement.bought_wh,
            sold_wh: statement.sold_wh,
            from_supplier_wh: statement.from_supplier_wh,
            to_supplier_wh: statement.to_supplier_wh,
            bought_tokens: lines.bought,
            sold_tokens: lines.sold,
            grid_fee_tokens: lines.grid_fee,
            market_fee_tokens: lines.market_fee,
            from_supplier_tokens: lines.from_supplier,
            to_supplier_tokens: lines.to_supplier,
            with_market_tokens: tokens(market),
            supplier_alone_tokens: tokens(alone),
            saving_tokens: tokens(alone - market),
        }
    }
}

impl WindowRow {
    /// `whole` is of the windows before, and then of this one too.
    pub fn new(
        window: &SettledWindow,
        length: Seconds,
        delivered: WhSum,
        whole: &mut WholeEnergy,
    ) -> WindowRow {
        let energy = &window.energy;
        let share = energy.self_sufficiency();
        WindowRow {
            start_utc: moment(window.start),
            end_utc: moment(UnixTime(window.start.0.saturating_add(length.0))),
            price_tokens_per_kwh: window.price.map(|price| tokens_per_kwh(price.0)),
            traded_wh: window.traded.0,
            delivered_wh: delivered.0,
            shared_wh: window.shared().0,
            buy_orders: window.buys.orders,
            buy_orders_wh: window.buys.quantity.0,
            sell_orders: window.sells.orders,
            sell_orders_wh: window.sells.quantity.0,
            import_wh: window.imported.0,
            export_wh: window.exported.0,
            consumed_wh: whole.consumed.next(energy.consumed),
            produced_wh: whole.produced.next(energy.produced),
            self_consumed_wh: whole.own.next(energy.own),
            self_sufficiency: share.map(|share| format!("{share:.6}")),
        }
    }
}

impl<'a> PositionRow<'a> {
    /// `start` and `price` are the window's cells, `household` is the name's.
    pub fn new(
        start: &'a str,
        price: Option<&'a str>,
        household: &'a str,
        window: &SettledWindow,
        position: &SettledPosition,
        settled: &Settled,
    ) -> PositionRow<'a> {
        let SettledPosition { contract, flow } = *position;
        let bill = position.bill(window.price, &settled.terms);
        let lines = Lines::of(&bill);
        let (from_supplier_wh, to_supplier_wh) = from_and_to_supplier(position.deviation());
        PositionRow {
            start_utc: start,
            household,
            import_wh: flow.import.0,
            export_wh: flow.export.0,
            bought_wh: contract.bought.0,
            sold_wh: contract.sold.0,
            from_supplier_wh,
            to_supplier_wh,
            price_tokens_per_kwh: price,
            bought_tokens: lines.bought,
            sold_tokens: lines.sold,
            grid_fee_tokens: lines.grid_fee,
            market_fee_tokens: lines.market_fee,
            from_supplier_tokens: lines.from_supplier,
            to_supplier_tokens: lines.to_supplier,
            with_market_tokens: tokens(bill.total()),
            supplier_alone_tokens: tokens(position.supplier_alone(&settled.terms)),
        }
    }
}

fn from_and_to_supplier(deviation: NetWh) -> (u64, u64) {
    let energy = deviation.magnitude().0;
    match deviation.0 > 0 {
        true => (energy, 0),
        false => (0, energy),
    }
}

/// A bill's lines as cells.
struct Lines {
    bought: String,
    sold: String,
    grid_fee: String,
    market_fee: String,
    from_supplier: String,
    to_supplier: String,
}

impl Lines {
    fn of(lines: &BillLines) -> Lines {
        Lines {
            bought: tokens(lines.bought),
            sold: tokens(lines.sold),
            grid_fee: tokens(lines.grid_fee),
            market_fee: tokens(lines.market_fee),
            from_supplier: tokens(lines.from_supplier),
            to_supplier: tokens(lines.to_supplier),
        }
    }
}
