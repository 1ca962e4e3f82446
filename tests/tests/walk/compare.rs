//! The chain's accounts against the model, number for number.

use std::{collections::BTreeMap, fmt::Debug};

use joulebook_client::tables::{HistoryRecord, IntervalTable, Meter, Seat, WindowTable};
use joulebook_testkit::{Token, World};

use crate::model::{self, MeterStatus, Model, Phase, Quality};

type Found = Result<(), String>;

pub fn compare(world: &World, model: &Model) -> Found {
    money(world, model)?;
    for slot in 0..model.sizes.ring {
        let data = world.chain.data(&world.at.window_slot(slot));
        // Closed at the end of a walk.
        if let Ok(table) = WindowTable::from_bytes(&data) {
            let held = model.windows.get(&i64::from(slot));
            window(&table, held).map_err(|error| format!("window slot {slot}: {error}"))?;
        }
    }
    for slot in 0..model.sizes.interval_ring {
        let data = world.chain.data(&world.at.interval_slot(slot));
        let table = IntervalTable::from_bytes(&data).map_err(|error| error.to_string())?;
        let held = model.intervals.get(&i64::from(slot));
        interval(&table, held).map_err(|error| format!("interval slot {slot}: {error}"))?;
    }
    meters(world, model)?;
    history(world, model)
}

fn same<T: PartialEq + Debug>(what: &str, found: T, due: T) -> Found {
    if found == due {
        return Ok(());
    }
    Err(format!("{what}: found {found:?}, should be {due:?}"))
}

fn money(world: &World, model: &Model) -> Found {
    let ledger = world.ledger();
    same("fees", i128::from(ledger.header.fees), model.fees)?;
    same("escrow", i128::from(ledger.header.escrow), model.escrow())?;
    same(
        "open seats",
        usize::from(ledger.header.open_seats),
        model.seats.len(),
    )?;
    let vault = Token::balance(&world.chain, &world.at.vault);
    same("vault", vault, model.vault)?;
    let people = [&world.supplier, &world.grid_operator]
        .into_iter()
        .chain(&world.households);
    for person in people {
        let tokens = Token::balance(&world.chain, &person.tokens);
        let due = model.members[&person.seat].tokens;
        same(&format!("purse of {}", person.name), tokens, due)?;
    }
    for (number, record) in (0u16..).zip(&ledger.seats) {
        seat(number, record, model).map_err(|error| format!("seat {number}: {error}"))?;
    }
    Ok(())
}

fn seat(number: u16, found: &Seat, model: &Model) -> Found {
    let Some(due) = model.seats.get(&number) else {
        return same("open", found.is_open(), false);
    };
    same("open", found.is_open(), true)?;
    let owner = model.members[&number].wallet.to_bytes();
    same("owner", found.owner, owner)?;
    let delegate = due.delegate.map_or([0; 32], |delegate| delegate.to_bytes());
    same("delegate", found.delegate, delegate)?;
    same("free", i128::from(found.free), due.free)?;
    same("locked", i128::from(found.locked), model.locked(number))?;
    same("debt", i128::from(found.debt), due.debt)?;
    same("estimated", i128::from(found.estimated), due.estimated)?;
    same("bought", i128::from(found.bought), due.bought)?;
    same("sold", i128::from(found.sold), due.sold)?;
    same("imported", i128::from(found.imported), due.imported)?;
    same("exported", i128::from(found.exported), due.exported)?;
    same(
        "windows in a row estimated",
        found.estimated_windows,
        due.estimated_windows,
    )?;
    same(
        "engaged",
        usize::from(found.engaged),
        model.engaged(number),
    )
}

fn window(found: &WindowTable, due: Option<&model::Window>) -> Found {
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
    same(
        "used places",
        header.used_orders,
        due.used_places(),
    )?;
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
                (order.seat, order.state, order.tick, order.sequence, quantity),
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
                (order.seat, state, order.tick, order.sequence, order.quantity),
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

fn interval(found: &IntervalTable, due: Option<&model::Interval>) -> Found {
    let header = &found.header;
    let Some(due) = due else {
        return same("phase", header.phase, 0);
    };
    same("start", header.start, due.start)?;
    same("phase", header.phase, u8::from(due.is_open))?;
    same("expected", usize::from(header.expected), due.entries.len())?;
    same("heard", usize::from(header.heard), due.heard())?;
    for (number, entry) in (0u32..).zip(&found.entries) {
        let expected = due.entries.get(&number).map(|entry| {
            let quality = match entry.quality {
                Quality::Missing => 1,
                Quality::Measured => 2,
                Quality::CaughtUp => 3,
            };
            (quality, entry.owner, entry.import, entry.export)
        });
        let found = (
            entry.quality,
            entry.participant,
            i128::from(entry.import),
            i128::from(entry.export),
        );
        same(
            &format!("entry of meter {number}"),
            found,
            expected.unwrap_or_default(),
        )?;
    }
    Ok(())
}

fn meters(world: &World, model: &Model) -> Found {
    let table = world.meters();
    same("meters", usize::from(table.header.count), model.meters.len())?;
    for (number, (found, due)) in table.meters.iter().zip(&model.meters).enumerate() {
        meter(found, due).map_err(|error| format!("meter {number}: {error}"))?;
    }
    Ok(())
}

fn meter(found: &Meter, due: &model::Meter) -> Found {
    let status = match due.status {
        MeterStatus::Active => 1,
        MeterStatus::Quarantined => 2,
        MeterStatus::Retired => 3,
    };
    same("status", found.status, status)?;
    same("owner", found.participant, due.owner)?;
    same("boundary", found.boundary, due.boundary)?;
    same("sequence", found.sequence, due.sequence)?;
    same(
        "registers",
        (found.import, found.export),
        (due.import, due.export),
    )?;
    let carried = (
        i128::from(found.carried_import),
        i128::from(found.carried_export),
    );
    same("carried", carried, due.carried)?;
    same("violations", found.violations, due.violations)?;
    same("behind", found.behind, u8::from(due.behind))
}

fn history(world: &World, model: &Model) -> Found {
    let table = world.history();
    same("windows recorded", table.header.windows, model.recorded)?;
    same(
        "energy traded",
        i128::from(table.header.volume),
        model.traded,
    )?;
    for (place, found) in (0i64..).zip(&table.records) {
        let due = model.history.get(&place).map_or_else(HistoryRecord::default, record);
        same(&format!("record {place}"), *found, due)?;
    }
    Ok(())
}

fn record(due: &model::Record) -> HistoryRecord {
    HistoryRecord {
        start: due.start,
        volume: due.volume as u64,
        imported: due.imported as u64,
        exported: due.exported as u64,
        price: due.price as u32,
        short: due.short as u32,
        long: due.long as u32,
        low: due.low,
        high: due.high,
        orders: due.orders as u16,
        estimated: due.estimated,
        reserved: 0,
    }
}
