use joulebook_client::{
    layout::market::{PageWindow, Position},
    tables::PageTable,
};

use super::{same, Found, NEVER};
use crate::model::{self, WindowStatus};

pub fn page(found: &PageTable, due: Option<&model::Page>) -> Found {
    let header = &found.header;
    let Some(due) = due else {
        return same("start", header.start, NEVER);
    };
    same("start", header.start, due.start)?;
    same("previous", header.previous, due.previous.unwrap_or(NEVER))?;
    same("grace", i64::from(header.metering_grace), due.grace)?;
    same("draw after", u32::from(header.draw_after), due.draw_after)?;
    same("final seats", header.final_seats, due.final_seats)?;
    let numbers = 0u16..;
    for ((number, found), due) in numbers.zip(&found.windows).zip(&due.windows) {
        window(found, due).map_err(|error| format!("window {number}: {error}"))?;
    }
    let seats = usize::from(header.seats);
    for (window, positions) in (0u16..).zip(found.positions.chunks(seats)) {
        for (seat, found) in (0u16..).zip(positions) {
            let none = model::Position::default();
            let due = due.positions.get(&(window, seat)).unwrap_or(&none);
            position(found, due)
                .map_err(|error| format!("position of seat {seat} in window {window}: {error}"))?;
        }
    }
    Ok(())
}

fn window(found: &PageWindow, due: &model::PageWindow) -> Found {
    let status = match due.status {
        WindowStatus::Unopened => 0,
        WindowStatus::Open => 1,
        WindowStatus::Allocated => 2,
    };
    same("status", found.status, status)?;
    same(
        "short, long, grid fee and price",
        [found.short, found.long, found.grid_fee, found.price].map(i128::from),
        [due.short, due.long, due.grid_fee, due.price],
    )?;
    same("volume", i128::from(found.volume), due.volume)?;
    same(
        "market fees",
        i128::from(found.market_fees),
        due.market_fees,
    )?;
    same(
        "clearing interval",
        (found.low, found.high),
        (due.low, due.high),
    )?;
    same("orders", usize::from(found.orders), due.orders)
}

fn position(found: &Position, due: &model::Position) -> Found {
    same("status", found.status, u8::from(due.confirmed))?;
    same(
        "bought, sold, earns, locked and paid",
        [
            i128::from(found.bought),
            i128::from(found.sold),
            i128::from(found.earns),
            i128::from(found.locked),
            i128::from(found.paid),
        ],
        [due.bought, due.sold, due.earns, due.locked, due.paid],
    )
}
