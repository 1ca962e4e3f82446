//! The orders of windows, from their books.

use joulebook_client::{
    layout::market::{Order, Phase, Side},
    tables::BookTable,
};

use super::{BookChanges, Changes};
use crate::{rows::OrderRow, view::View};

pub(super) fn changes(before: Option<&View>, now: &View, changes: &mut Changes) {
    for book in now.books.iter().filter(|book| is_used(book)) {
        let start = book.header.start;
        changes.open_books.insert(start);
        let former = before.and_then(|before| before.book(start));
        if former == Some(book) {
            continue;
        }
        changes.books.push(BookChanges {
            start,
            orders: orders(book),
            is_whole: true,
        });
    }
}

/// Whether it holds a window. A free slot keeps the start of the last one, whose orders stand there until the next.
fn is_used(book: &BookTable) -> bool {
    book.phase().is_some_and(|phase| phase != Phase::Free)
}

fn orders(book: &BookTable) -> Vec<OrderRow> {
    let is_allocated = book.phase() == Some(Phase::Allocated);
    let state = if is_allocated { "allocated" } else { "open" };
    let live = book.live_orders();
    live.filter_map(|(place, order)| order_row(book, place, order, state))
        .collect()
}

fn order_row(book: &BookTable, place: u16, order: &Order, state: &str) -> Option<OrderRow> {
    Some(OrderRow {
        start: book.header.start,
        place: place.into(),
        sequence: order.sequence.into(),
        seat: order.seat.into(),
        side: side(order.side()?).to_owned(),
        tick: order.tick.into(),
        price: Some(book.header.price(order.tick()).0.into()),
        quantity: order.quantity.into(),
        filled: order.filled.into(),
        client_id: order.client_id.into(),
        is_owners: order.is_owners != 0,
        state: state.to_owned(),
    })
}

/// Its word in rows.
fn side(side: Side) -> &'static str {
    match side {
        Side::Buy => "buy",
        Side::Sell => "sell",
    }
}
