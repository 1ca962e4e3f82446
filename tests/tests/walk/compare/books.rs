use std::collections::BTreeMap;

use joulebook_client::tables::WindowTable;

use super::{same, Found};
use crate::model::{self, Phase};

pub fn window(found: &WindowTable, due: Option<&model::Window>) -> Found {
    let header = &found.header;
    let Some(due) = due else {
        return same("phase", header.phase, 0);
    };
    let phase = match due.phase {
        Phase::Open => 1,
        Phase::Cleared => 2,
        Phase::Allocated => 3,
        Phase::Metered => 4,
        Phase::Settled => 5,
    };
    same("phase", header.phase, phase)?;
    same(
        "times",
        [header.start, header.gate, header.end, header.settle_by],
        [due.start, due.gate, due.end, due.settle_by],
    )?;
    same(
        "tariff",
        (i128::from(header.short), i128::from(header.long)),
        (due.short, due.long),
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
    positions(found, due)
}

fn outcome(found: &WindowTable, due: &model::Window) -> Found {
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

fn orders(found: &WindowTable, due: &model::Window) -> Found {
    let live: BTreeMap<u16, (u16, u8, u16, u16, i128)> = found
        .live_orders()
        .map(|(place, order)| {
            let quantity = i128::from(order.quantity);
            (
                place,
                (
                    order.seat,
                    order.state,
                    order.tick,
                    order.sequence,
                    quantity,
                ),
            )
        })
        .collect();
    let expected = due
        .orders
        .iter()
        .map(|(place, order)| {
            let state = if order.buy { 1 } else { 2 };
            (
                *place,
                (
                    order.seat,
                    state,
                    order.tick,
                    order.sequence,
                    order.quantity,
                ),
            )
        })
        .collect();
    same("orders", live, expected)?;
    for (place, order) in &due.orders {
        let filled = found.orders[usize::from(*place)].filled;
        same(
            &format!("fill of order {place}"),
            i128::from(filled),
            order.filled,
        )?;
    }
    Ok(())
}

fn positions(found: &WindowTable, due: &model::Window) -> Found {
    for (seat, position) in (0u16..).zip(&found.positions) {
        let none = model::Position::default();
        let due_position = due.positions.get(&seat).unwrap_or(&none);
        let flags = u8::from(due_position.missing)
            | u8::from(due_position.caught_up) << 1
            | u8::from(due_position.heard) << 2
            | u8::from(due_position.unread) << 3;
        same(
            &format!("position of seat {seat}"),
            [
                i128::from(position.bought),
                i128::from(position.sold),
                i128::from(position.imported),
                i128::from(position.exported),
                i128::from(position.orders),
                i128::from(position.flags),
            ],
            [
                due_position.bought,
                due_position.sold,
                due_position.imported,
                due_position.exported,
                due.orders_of(seat) as i128,
                i128::from(flags),
            ],
        )?;
    }
    Ok(())
}
