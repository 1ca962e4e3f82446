//! The clients' tables against the programs' types: where one moves, the other must.

use bytemuck::{bytes_of, Pod, Zeroable};
use joulebook_client::{market as market_client, oracle as oracle_client, tables};

/// A record whose bytes are all different, as far as 256 go.
fn filled<T: Pod>() -> T {
    let bytes: Vec<u8> = (0..size_of::<T>())
        .map(|index| (index % 251) as u8 + 1)
        .collect();
    bytemuck::pod_read_unaligned(&bytes)
}

/// Asserts that both types have the same length, and that each field has the same value in the same
/// bytes.
macro_rules! same_record {
    ($program:ty, $client:ty; $($field:ident),* $(; $($key:ident),*)?) => {{
        assert_eq!(size_of::<$program>(), size_of::<$client>());
        let program: $program = filled();
        let client: $client = bytemuck::pod_read_unaligned(bytes_of(&program));
        $(assert_eq!(program.$field, client.$field, stringify!($field));)*
        $($(assert_eq!(program.$key.to_bytes(), client.$key, stringify!($key));)*)?
        // No field is left out: those named make up the whole record.
        let named = 0 $(+ size_of_val(&program.$field))* $($(+ size_of_val(&program.$key))*)?;
        assert_eq!(named, size_of::<$program>());
    }};
}

/// Likewise for a header behind its discriminator.
macro_rules! same_header {
    ($program:ty, $client:ty; $($field:ident),*; $($key:ident),*) => {{
        assert_eq!(<$client>::LEN, 8 + size_of::<$program>());
        let program: $program = filled();
        let data = [&[0; 8], bytes_of(&program)].concat();
        let client = <$client>::from_bytes(&data).unwrap();
        $(assert_eq!(program.$field, client.$field, stringify!($field));)*
        $(assert_eq!(program.$key.to_bytes(), client.$key.to_bytes(), stringify!($key));)*
        let named = 0 $(+ size_of_val(&program.$field))* $(+ size_of_val(&program.$key))*;
        assert_eq!(named, size_of::<$program>());
    }};
}

#[test]
fn given_a_seat_when_a_client_reads_it_then_every_field_is_the_programs() {
    same_record!(market::state::Seat, tables::Seat;
        free, locked, debt, estimated, bought, sold, imported, exported, engaged,
        estimated_windows, status, reserved; owner, delegate);
}

#[test]
fn given_a_position_when_a_client_reads_it_then_every_field_is_the_programs() {
    same_record!(market::state::Position, tables::Position;
        locked, bought, sold, imported, exported, orders, flags, reserved);
}

#[test]
fn given_an_order_when_a_client_reads_it_then_every_field_is_the_programs() {
    same_record!(market::state::Order, tables::Order;
        quantity, filled, tick, seat, sequence, node, state);
}

#[test]
fn given_a_node_when_a_client_reads_it_then_every_field_is_the_programs() {
    same_record!(market::state::NodeState, tables::NodeState;
        volume, buys, sells, price, low, high);
}

#[test]
fn given_a_record_of_the_history_when_a_client_reads_it_then_every_field_is_the_programs() {
    same_record!(market::state::HistoryRecord, tables::HistoryRecord;
        start, volume, imported, exported, price, short, long, low, high, orders, estimated,
        reserved);
}

#[test]
fn given_a_meter_when_a_client_reads_it_then_every_field_is_the_programs() {
    same_record!(oracle::state::Meter, tables::Meter;
        device, boundary, sequence, import, export, carried_import, carried_export, max_import,
        max_export, participant, zone, asset_kind, source, status, violations, behind);
}

#[test]
fn given_an_entry_of_an_interval_when_a_client_reads_it_then_every_field_is_the_programs() {
    same_record!(oracle::state::IntervalEntry, tables::IntervalEntry;
        import, export, participant, quality, awaited);
}

#[test]
fn given_headers_when_a_client_reads_them_then_every_field_is_the_programs() {
    same_header!(market::state::Ledger, market_client::accounts::Ledger;
        fees, escrow, last_allocated, last_settled, capacity, open_seats, version, bump, reserved;
        market);
    same_header!(market::state::History, market_client::accounts::History;
        windows, volume, capacity, version, bump, reserved; market);
    same_header!(market::state::Window, market_client::accounts::Window;
        start, gate, end, settle_by, previous, imported, exported, keeper_reward, floor_price, tick_size,
        min_quantity, max_quantity, short, long, grid_fee, fee_bps, max_estimated, supplier,
        grid_operator, max_orders_per_seat, ticks, seats, orders, slot, interval_slot, live_orders,
        used_orders, free_order, order_cursor, seat_cursor, estimated_seats, phase, nodes, rule,
        version, bump, reserved; market, community, meter_table);
    same_header!(oracle::state::MeterTable, oracle_client::accounts::MeterTable;
        interval_seconds, capacity, count, ring, intervals, violation_limit, version, bump,
        reserved; community, settlement);
    same_header!(oracle::state::Interval, oracle_client::accounts::Interval;
        start, capacity, slot, expected, heard, phase, version, bump, reserved; meter_table);
}

#[test]
fn given_a_market_when_a_client_reads_it_then_every_field_is_the_programs() {
    use market_client::accounts::Market;
    assert_eq!(Market::LEN, 8 + size_of::<market::state::Market>());
    let program: market::state::Market = filled();
    let client = Market::from_bytes(&[&[0; 8], bytes_of(&program)].concat()).unwrap();
    assert_eq!(client.vault.to_bytes(), program.vault.to_bytes());
    let terms = (
        program.terms.keeper_reward,
        program.terms.holidays,
        program.terms.reserved,
    );
    let seen = (
        client.terms.keeper_reward,
        client.terms.holidays,
        client.terms.reserved,
    );
    assert_eq!(seen, terms);
    let sizes = (
        program.window_seconds,
        program.ring,
        program.windows,
        program.vault_bump,
    );
    let seen = (
        client.window_seconds,
        client.ring,
        client.windows,
        client.vault_bump,
    );
    assert_eq!(seen, sizes);
    for (day, seen) in program.tariffs.iter().zip(&client.tariffs) {
        for (entry, seen) in day.half_hours.iter().zip(&seen.half_hours) {
            assert_eq!((seen.short, seen.long), (entry.short, entry.long));
        }
    }
}

fn table<H: Pod>(discriminator: &[u8; 8], header: &H, slices: &[&[u8]]) -> Vec<u8> {
    [&discriminator[..], bytes_of(header), &slices.concat()].concat()
}

#[test]
fn given_whole_tables_when_a_client_cuts_them_then_each_slice_is_where_the_program_has_it() {
    use market_client::accounts::{HISTORY_DISCRIMINATOR, LEDGER_DISCRIMINATOR};
    use oracle_client::accounts::{INTERVAL_DISCRIMINATOR, METER_TABLE_DISCRIMINATOR};
    let seat: market::state::Seat = filled();
    let header = market::state::Ledger {
        capacity: 2,
        ..Zeroable::zeroed()
    };
    let seats = [Zeroable::zeroed(), seat];
    let data = table(
        &LEDGER_DISCRIMINATOR,
        &header,
        &[bytemuck::cast_slice(&seats)],
    );
    assert_eq!(data.len(), market::state::Ledger::full_len(2));
    let read = tables::LedgerTable::from_bytes(&data).unwrap();
    assert_eq!((read.seats[0].free, read.seats[1].free), (0, seat.free));

    let record: market::state::HistoryRecord = filled();
    let header = market::state::History {
        capacity: 3,
        ..Zeroable::zeroed()
    };
    let records = [Zeroable::zeroed(), Zeroable::zeroed(), record];
    let data = table(
        &HISTORY_DISCRIMINATOR,
        &header,
        &[bytemuck::cast_slice(&records)],
    );
    assert_eq!(data.len(), market::state::History::full_len(3));
    let read = tables::HistoryTable::from_bytes(&data).unwrap();
    assert_eq!(
        (read.records[1].volume, read.records[2].volume),
        (0, record.volume)
    );

    let meter: oracle::state::Meter = filled();
    let header = oracle::state::MeterTable {
        capacity: 2,
        ..Zeroable::zeroed()
    };
    let meters = [Zeroable::zeroed(), meter];
    let data = table(
        &METER_TABLE_DISCRIMINATOR,
        &header,
        &[bytemuck::cast_slice(&meters)],
    );
    assert_eq!(data.len(), oracle::state::MeterTable::full_len(2));
    let read = tables::MeterRecords::from_bytes(&data).unwrap();
    assert_eq!(
        (read.meters[0].import, read.meters[1].import),
        (0, meter.import)
    );

    let entry: oracle::state::IntervalEntry = filled();
    let header = oracle::state::Interval {
        capacity: 2,
        ..Zeroable::zeroed()
    };
    let entries = [Zeroable::zeroed(), entry];
    let data = table(
        &INTERVAL_DISCRIMINATOR,
        &header,
        &[bytemuck::cast_slice(&entries)],
    );
    assert_eq!(data.len(), oracle::state::Interval::full_len(2));
    let read = tables::IntervalTable::from_bytes(&data).unwrap();
    assert_eq!(
        (read.entries[0].import, read.entries[1].import),
        (0, entry.import)
    );
}

#[test]
fn given_a_whole_window_when_a_client_cuts_it_then_each_slice_is_where_the_program_has_it() {
    use market_client::accounts::WINDOW_DISCRIMINATOR;
    let (nodes, ticks, seats, orders) = (1u8, 130u16, 3u16, 2u16);
    let header = market::state::Window {
        nodes,
        ticks,
        seats,
        orders,
        ..Zeroable::zeroed()
    };
    let full = market::state::Window::len(nodes, ticks, seats, orders);
    let mut data = table(&WINDOW_DISCRIMINATOR, &header, &[]);
    data.resize(full, 0);
    {
        let view = market::state::WindowView::load(&mut data).unwrap();
        view.nodes[0].volume = 11;
        view.blocks[2].buy = 22;
        view.levels[129].sell = 33;
        view.positions[2].bought = 44;
        view.orders[1].quantity = 55;
        view.header.used_orders = 2;
        view.header.phase = market::state::Phase::Metered as u8;
        view.orders[1].state = market::state::OrderState::Sell as u8;
    }
    let read = tables::WindowTable::from_bytes(&data).unwrap();
    assert_eq!((read.nodes.len(), read.nodes[0].volume), (1, 11));
    assert_eq!((read.blocks.len(), read.blocks[2].buy), (3, 22));
    assert_eq!((read.levels.len(), read.levels[129].sell), (130, 33));
    assert_eq!((read.positions.len(), read.positions[2].bought), (3, 44));
    assert_eq!((read.orders.len(), read.orders[1].quantity), (2, 55));
    assert_eq!(read.phase(), Some(tables::Phase::Metered));
    let live: Vec<_> = read.live_orders().map(|(index, _)| index).collect();
    assert_eq!(live, [1]);
}

#[test]
fn given_numbers_that_stand_for_names_when_a_client_reads_them_then_they_are_the_programs() {
    use market::state::{OrderState, Phase, SeatStatus};
    use oracle::state::Quality;
    let mut data = vec![0; market::state::Window::len(0, 0, 0, 0)];
    data[..8].copy_from_slice(&market_client::accounts::WINDOW_DISCRIMINATOR);
    for (number, name) in [
        (Phase::Free, tables::Phase::Free),
        (Phase::Open, tables::Phase::Open),
        (Phase::Cleared, tables::Phase::Cleared),
        (Phase::Allocated, tables::Phase::Allocated),
        (Phase::Metered, tables::Phase::Metered),
        (Phase::Settled, tables::Phase::Settled),
    ] {
        let header = market::state::Window {
            phase: number as u8,
            ..Zeroable::zeroed()
        };
        data[8..].copy_from_slice(bytes_of(&header));
        let window = tables::WindowTable::from_bytes(&data).unwrap();
        assert_eq!(window.phase(), Some(name));
    }
    for (number, name) in [
        (Quality::NotExpected, tables::Quality::NotExpected),
        (Quality::Missing, tables::Quality::Missing),
        (Quality::Measured, tables::Quality::Measured),
        (Quality::CaughtUp, tables::Quality::CaughtUp),
    ] {
        let entry = tables::IntervalEntry {
            quality: number as u8,
            ..Default::default()
        };
        assert_eq!(entry.quality(), Some(name));
    }
    assert_eq!(
        (
            OrderState::Free as u8,
            OrderState::Buy as u8,
            OrderState::Sell as u8
        ),
        (0, 1, 2)
    );
    let mut seat: tables::Seat = Zeroable::zeroed();
    assert!(!seat.is_open());
    seat.status = SeatStatus::Open as u8;
    assert!(seat.is_open());
}

#[test]
fn given_bytes_that_are_no_table_when_a_client_reads_them_then_it_says_why() {
    use tables::TableError::{Discriminator, Length};
    let whole = table(
        &market_client::accounts::LEDGER_DISCRIMINATOR,
        &market::state::Ledger {
            capacity: 1,
            ..Zeroable::zeroed()
        },
        &[&[0; size_of::<market::state::Seat>()]],
    );
    let read = |data: &[u8]| tables::LedgerTable::from_bytes(data).map(|_| ());
    assert_eq!(read(&whole), Ok(()));
    for len in 0..whole.len() {
        let why = if len < 8 { Discriminator } else { Length };
        assert_eq!(read(&whole[..len]), Err(why), "{len} bytes");
    }
    let longer = [whole.as_slice(), &[0]].concat();
    assert_eq!(read(&longer), Err(Length));
    let window = tables::WindowTable::from_bytes(&whole).map(|_| ());
    assert_eq!(window, Err(Discriminator));
}
