//! `docs/message-format.md` and `docs/operating.md` give offsets and sizes: here they are compared with the
//! programs' types. A page that lags behind fails with the lines it should have.

use std::{
    fs,
    mem::{offset_of, size_of},
    path::PathBuf,
};

use joulebook_metering::message::{Reading, MESSAGE_LEN};
use market::state::{
    History, HistoryRecord, Ledger, Market, NodeState, Order, Position, Seat, Window,
};
use oracle::state::{Interval, IntervalEntry, Meter, MeterTable};
use registry::state::{Community, Participant};

fn page(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../docs")
        .join(name);
    fs::read_to_string(path).expect("the page is there")
}

/// The text under a heading, up to the next one.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let start = page.find(&format!("\n### {heading}\n"));
    let start = start.unwrap_or_else(|| panic!("no heading '### {heading}'")) + 1;
    let rest = &page[start + 4..];
    &rest[..rest.find("\n#").unwrap_or(rest.len())]
}

/// Whether the section has these rows, each up to its third column.
fn assert_rows(heading: &str, rows: &[String]) {
    let page = page("message-format.md");
    let section = section(&page, heading);
    let found: Vec<&str> = section
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| offset"))
        .collect();
    let holds = found.len() == rows.len() + 1
        && found[1..]
            .iter()
            .zip(rows)
            .all(|(line, row)| line.starts_with(row));
    assert!(
        holds,
        "'### {heading}' of docs/message-format.md should have these rows:\n{}",
        rows.join("\n")
    );
}

/// Compares a type's fields with the section of its name; they must be all there.
macro_rules! layout {
    ($type:ident, $behind:expr, [$($field:ident),* $(,)?]) => {{
        let mut fields = vec![$((offset_of!($type, $field), stringify!($field))),*];
        fields.sort();
        let ends = fields.iter().skip(1).map(|(offset, _)| *offset).chain([size_of::<$type>()]);
        let rows: Vec<String> = fields.iter().zip(ends).map(|((offset, name), end)| {
            format!("| {} | {} | `{name}` |", offset + $behind, end - offset)
        }).collect();
        // Fails to compile if a field is missing here.
        let _ = |value: $type| { let $type { $($field: _),* } = value; };
        assert_rows(stringify!($type), &rows);
    }};
}

/// Headers stand behind the discriminator.
const HEADER: usize = 8;

#[test]
fn accounts_of_the_registry() {
    layout!(
        Community,
        HEADER,
        [
            authority,
            pending_authority,
            founder,
            quote_mint,
            id,
            name,
            zones,
            participants,
            next_index,
            zone_count,
            paused,
            version,
            bump,
            reserved,
        ]
    );
    layout!(
        Participant,
        HEADER,
        [
            community,
            wallet,
            identity_hash,
            applied_at,
            changed_at,
            preferences,
            index,
            roles,
            balancing_group,
            status,
            zone,
            version,
            bump,
            reserved,
        ]
    );
}

#[test]
fn accounts_of_the_oracle() {
    layout!(
        MeterTable,
        HEADER,
        [
            community,
            settlement,
            interval_seconds,
            capacity,
            count,
            ring,
            intervals,
            violation_limit,
            version,
            bump,
            reserved,
        ]
    );
    layout!(
        Meter,
        0,
        [
            device,
            boundary,
            sequence,
            import,
            export,
            carried_import,
            carried_export,
            max_import,
            max_export,
            participant,
            zone,
            asset_kind,
            source,
            status,
            violations,
            behind,
        ]
    );
    layout!(
        Interval,
        HEADER,
        [
            meter_table,
            start,
            capacity,
            slot,
            expected,
            heard,
            phase,
            version,
            bump,
            reserved,
        ]
    );
    layout!(
        IntervalEntry,
        0,
        [import, export, participant, quality, awaited]
    );
}

#[test]
fn accounts_of_the_market() {
    layout!(
        Ledger,
        HEADER,
        [
            market,
            fees,
            escrow,
            last_allocated,
            last_settled,
            capacity,
            open_seats,
            version,
            bump,
            reserved,
        ]
    );
    layout!(
        Seat,
        0,
        [
            owner,
            delegate,
            free,
            locked,
            debt,
            estimated,
            bought,
            sold,
            imported,
            exported,
            engaged,
            estimated_windows,
            status,
            reserved,
        ]
    );
    layout!(
        Window,
        HEADER,
        [
            market,
            community,
            meter_table,
            start,
            gate,
            end,
            settle_by,
            previous,
            imported,
            exported,
            keeper_reward,
            floor_price,
            tick_size,
            min_quantity,
            max_quantity,
            short,
            long,
            grid_fee,
            fee_bps,
            max_estimated,
            supplier,
            grid_operator,
            max_orders_per_seat,
            ticks,
            seats,
            orders,
            slot,
            interval_slot,
            live_orders,
            used_orders,
            free_order,
            order_cursor,
            seat_cursor,
            estimated_seats,
            phase,
            nodes,
            rule,
            version,
            bump,
            reserved,
        ]
    );
    layout!(NodeState, 0, [volume, buys, sells, price, low, high]);
    layout!(
        Position,
        0,
        [locked, bought, sold, imported, exported, orders, flags, reserved,]
    );
    layout!(
        Order,
        0,
        [quantity, filled, tick, seat, sequence, node, state]
    );
    layout!(
        History,
        HEADER,
        [market, windows, volume, capacity, version, bump, reserved]
    );
    layout!(
        HistoryRecord,
        0,
        [
            start, volume, imported, exported, price, short, long, low, high, orders, estimated,
            reserved,
        ]
    );
}

#[test]
fn the_meter_message() {
    let reading = Reading {
        meter: 41,
        boundary: joulebook_units::UnixTime(1_795_332_900),
        sequence: 105_120,
        registers: joulebook_metering::register::Registers {
            import: joulebook_units::WhSum(12_345_678),
            export: joulebook_units::WhSum(9_876_543),
        },
        flags: 0,
    };
    let message = reading.message(&[7; 32]);
    assert_eq!(message.len(), MESSAGE_LEN);
    let hex: String = message.iter().map(|byte| format!("{byte:02x}")).collect();
    let page = page("message-format.md");
    let example: String = section(&page, "Example")
        .split("```text\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("an example")
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(example, hex);
}

/// What a community of this size keeps on chain: bytes of each kind of account.
struct Size {
    name: &'static str,
    seats: u16,
    orders: u16,
    ticks: u16,
    meters: u16,
}

const RING: u16 = 16;
const HISTORY: u16 = 2016;
/// Lamports a byte, once and for all, and the bytes that every account counts beyond its own.
const LAMPORTS_PER_BYTE: usize = 6_960;
const OVERHEAD: usize = 128;

#[test]
fn the_rent_of_a_village_and_a_town() {
    let village = Size {
        name: "Village",
        seats: 100,
        orders: 256,
        ticks: 512,
        meters: 128,
    };
    let town = Size {
        name: "Town",
        seats: 1000,
        orders: 4096,
        ticks: 4096,
        meters: 1200,
    };
    let page = page("operating.md");
    for Size {
        name,
        seats,
        orders,
        ticks,
        meters,
    } in [village, town]
    {
        let ring = usize::from(RING);
        let kinds = [
            ("market", 1, HEADER + size_of::<Market>()),
            ("vault (classic token)", 1, 165),
            ("ledger", 1, Ledger::full_len(seats)),
            ("history", 1, History::full_len(HISTORY)),
            ("window", ring, Window::len(1, ticks, seats, orders)),
            ("meter table", 1, MeterTable::full_len(meters)),
            ("interval", ring, Interval::full_len(meters)),
        ];
        let mut rows: Vec<String> = vec![];
        let mut total = 0;
        for (kind, count, len) in kinds {
            let rent = count * (len + OVERHEAD) * LAMPORTS_PER_BYTE;
            total += rent;
            rows.push(format!(
                "| {kind} | {count} | {} | {} |",
                grouped(len),
                sol(rent)
            ));
        }
        rows.push(format!("| all | | | {} |", sol(total)));
        let section = section(&page, name);
        assert!(
            rows.iter().all(|row| section.contains(row.as_str())),
            "'### {name}' of docs/operating.md should have these rows:\n{}",
            rows.join("\n")
        );
    }
}

fn sol(lamports: usize) -> String {
    let thousandths = (lamports + 500_000) / 1_000_000;
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

fn grouped(number: usize) -> String {
    match number {
        0..=999 => number.to_string(),
        _ => format!("{},{:03}", number / 1000, number % 1000),
    }
}
