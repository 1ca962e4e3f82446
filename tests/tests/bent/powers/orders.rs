//! Orders: no seat orders more than its meters' connections carry, but for the supplier's.

use joulebook_client::{
    layout::{
        market::{BookSeat, Market, Side},
        oracle::{Meter, MeterTable},
    },
    tables::{BookTable, PageTable},
};
use solana_account::Account;

use super::{
    change::{rows, Change},
    table::Power,
    Attempt,
};

/// What a seat may buy and sell in a window, Wh: with what it has ordered.
type Bounds = [u64; 2];

pub fn check(attempt: &Attempt, power: &Power, changes: &[Change]) -> Result<(), String> {
    let is_opened = match power.name {
        "market.open_window" => true,
        "market.place_orders" | "market.cancel_orders" | "market.apply_standing_orders" => false,
        _ => return Ok(()),
    };
    for change in changes.iter().filter(|change| change.is("Book")) {
        let after = book(&change.after).ok_or("a book is gone")?;
        let due = match is_opened {
            true => carried(attempt, &after)?,
            false => bounds(&book(&change.before).ok_or("a book is new")?),
        };
        let found = bounds(&after);
        if found != due {
            return Err(format!("seats may order {found:?}, should be {due:?}"));
        }
    }
    Ok(())
}

fn book(account: &Option<Account>) -> Option<BookTable> {
    BookTable::from_bytes(&account.as_ref()?.data).ok()
}

/// By seat.
fn bounds(book: &BookTable) -> Vec<Bounds> {
    let of_seat = |(index, seat): (u16, &BookSeat)| {
        let ordered = |side: Side| -> u64 {
            let live = book.live_orders();
            let own = live.filter(|(_, order)| order.seat == index && order.side() == Some(side));
            own.map(|(_, order)| u64::from(order.quantity)).sum()
        };
        [
            u64::from(seat.may_buy) + ordered(Side::Buy),
            u64::from(seat.may_sell) + ordered(Side::Sell),
        ]
    };
    (0u16..).zip(&book.seats).map(of_seat).collect()
}

/// By seat, of a window that opens: its meters in service, as they are in the community's own table.
fn carried(attempt: &Attempt, book: &BookTable) -> Result<Vec<Bounds>, String> {
    const MOST: u64 = u32::MAX as u64;
    let market: Market = attempt.header_at(book.header.market.0.into())?;
    let table = attempt.before.get_account(&market.meter_table.0.into());
    let length = u64::from(market.window_seconds);
    let start = book.header.start;
    let page = start - start.rem_euclid(market.page_length().0);
    let mut watts = vec![[0, 0]; book.seats.len()];
    for meter in rows::<MeterTable, Meter>(&table) {
        let serves = meter.service_from <= page && page < meter.service_until;
        if let Some([import, export]) = watts.get_mut(usize::from(meter.participant)) {
            if serves {
                let [max_import, max_export] = meter.limits_at(page);
                *import = MOST.min(*import + u64::from(max_import));
                *export = MOST.min(*export + u64::from(max_export));
            }
        }
    }
    let energy = |watts: u64| MOST.min(watts * length / 3600);
    let mut bounds: Vec<Bounds> = watts.iter().map(|watts| watts.map(energy)).collect();
    let supplier = bounds.get_mut(usize::from(supplier(attempt, &market, start)?));
    *supplier.ok_or("there is no such supplier")? = [MOST; 2];
    Ok(bounds)
}

/// The seat that supplies the window at `start`.
fn supplier(attempt: &Attempt, market: &Market, start: i64) -> Result<u16, String> {
    let accounts = attempt.instruction.accounts.iter();
    let accounts = accounts.filter_map(|meta| attempt.before.get_account(&meta.pubkey));
    let pages = accounts.filter(|account| attempt.idl.kind(account) == Some("Page"));
    let mut pages = pages.filter_map(|page| PageTable::from_bytes(&page.data).ok());
    let window = pages.find_map(|page| {
        let number = (start - page.header.start) / i64::from(market.window_seconds);
        page.windows.get(usize::try_from(number).ok()?).copied()
    });
    window
        .map(|window| window.supplier)
        .ok_or_else(|| "no page has the window".to_string())
}
