use std::collections::{BTreeMap, BTreeSet};

use joulebook_client::tables::BookTable;

use super::{same, Found};
use crate::model::{self, Phase};

pub fn book(found: &BookTable, due: Option<&model::Book>) -> Found {
    let header = &found.header;
    let Some(due) = due else {
        return same("phase", header.phase, 0);
    };
    let phase = match due.phase {
        Phase::Open => 1,
        Phase::Cleared => 2,
        Phase::Allocated => 3,
    };
    same("phase", header.phase, phase)?;
    same(
        "times",
        [header.start, header.gate, header.end],
        [due.start, due.gate, due.end],
    )?;
    same(
        "prices",
        [header.short, header.long, header.grid_fee].map(i128::from),
        [due.short, due.long, due.terms.grid_fee.into()],
    )?;
    same(
        "live orders",
        usize::from(header.live_orders),
        due.orders.len(),
    )?;
    same("used places", header.used_orders, due.used_places())?;
    same("order cursor", header.order_cursor, due.order_cursor)?;
    same("seat cursor", header.seat_cursor, due.seat_cursor)?;
    outcome(found, due)?;
    orders(found, due)?;
    seats(found, due)
}

fn outcome(found: &BookTable, due: &model::Book) -> Found {
    let node = &found.nodes[0];
    same("volume", i128::from(node.volume), due.volume())?;
    let Some(outcome) = &due.outcome else {
        return same("price", node.price, 0);
    };
    same(
        "clearing interval",
        (node.low, node.high),
        (outcome.low, outcome.high),
    )?;
    same("price", Some(i128::from(node.price)), due.price())
}

/// What is compared of an order: seat, state, tick, sequence, client id, quantity, fill.
type OrderParts = (u16, u8, u16, u16, u16, i128, i128, bool);

fn orders(found: &BookTable, due: &model::Book) -> Found {
    let live: BTreeMap<u16, OrderParts> = found
        .live_orders()
        .map(|(place, order)| {
            let parts = (
                order.seat,
                order.state,
                order.tick,
                order.sequence,
                order.client_id,
                i128::from(order.quantity),
                i128::from(order.filled),
                order.is_owners == 1,
            );
            (place, parts)
        })
        .collect();
    let expected = due
        .orders
        .iter()
        .map(|(place, order)| {
            let parts = (
                order.seat,
                if order.buy { 1 } else { 2 },
                order.tick,
                order.sequence,
                order.client_id,
                order.quantity,
                order.filled,
                order.is_owners,
            );
            (*place, parts)
        })
        .collect();
    same("orders", live, expected)
}

fn seats(found: &BookTable, due: &model::Book) -> Found {
    for (number, seat) in (0u16..).zip(&found.seats) {
        let (bought, sold) = due.fills.get(&number).copied().unwrap_or_default();
        same(
            &format!("orders and fills of seat {number}"),
            (
                usize::from(seat.orders),
                seat.bought.into(),
                seat.sold.into(),
            ),
            (due.orders_of(number), bought, sold),
        )?;
        same(
            &format!("what seat {number} may order"),
            (seat.may_buy.into(), seat.may_sell.into()),
            due.left(number),
        )?;
        let bits = |of: &BTreeSet<model::Tried>| -> u8 {
            let seat = of.iter().filter(|tried| tried.seat == number);
            seat.map(|tried| 1 << tried.place).sum()
        };
        same(
            &format!("standing orders of seat {number}"),
            (seat.placed, seat.tried),
            (bits(&due.placed_standing), bits(&due.tried_standing)),
        )?;
    }
    Ok(())
}
