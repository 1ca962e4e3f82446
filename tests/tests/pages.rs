//! The example in `docs/message-format.md` and the sizes in `docs/operating.md`, computed anew. A page that lags
//! behind fails with the lines it should have.

use std::{fs, path::PathBuf};

use indicatif::HumanCount;
use joulebook_client::layout::{
    market::{limits, History, Ledger, Market, Window},
    oracle::{Interval, MeterTable},
};
use joulebook_metering::message::{Reading, MESSAGE_LEN};
use joulebook_sim::in_sol;

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
            ("market", 1, Market::LEN),
            ("vault (classic token)", 1, 165),
            ("ledger", 1, Ledger::full_len(seats)),
            ("history", 1, History::full_len(HISTORY)),
            (
                "window",
                ring,
                Window::full_len(limits::NODES, ticks, seats, orders),
            ),
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
                HumanCount(len as u64),
                in_sol(rent as u64)
            ));
        }
        rows.push(format!("| all | | | {} |", in_sol(total as u64)));
        let section = section(&page, name);
        assert!(
            rows.iter().all(|row| section.contains(row.as_str())),
            "'### {name}' of docs/operating.md should have these rows:\n{}",
            rows.join("\n")
        );
    }
}
