//! What a day of a thousand meters costs that comes all at once: `cargo run --example backlog`.
//!
//! Prints how long it takes to keep 96,000 readings, to open the store with them and to decide what is to be sent, with signatures that
//! are verified each time and with those that are known; and how much memory they take.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    time::Instant,
};

use bytemuck::Zeroable;
use joulebook_client::{
    addresses::Rings,
    layout::oracle::{IntervalPage, Meter, MeterStatus, MeterTable, PageEntry, PageRegisters},
    tables::{IntervalPageTable, MeterRecords},
    Addresses,
};
use joulebook_gateway::{
    decision::{decide, Deliver, Policy},
    message::{Message, Signed},
    store::{Limits, Owner, Store},
    view::{Pages, View},
};
use joulebook_metering::{message::Reading, register::Registers};
use joulebook_units::{UnixTime, WhSum};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

const METERS: u16 = 1_000;
const INTERVALS: u16 = 96;
const LENGTH: i64 = 900;
const DAY: i64 = 1_793_577_600;
const BINDING: [u8; 32] = [7; 32];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let keys: Vec<Keypair> = (0..METERS).map(|_| Keypair::new()).collect();
    let view = View {
        now: UnixTime(DAY + 2 * 86_400),
        table: table(&keys),
    };
    let messages: Vec<Message> = (0..METERS)
        .zip(&keys)
        .flat_map(|(row, key)| (1..=INTERVALS).map(move |number| reading(row, key, number)))
        .collect::<Result<_, _>>()?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("gateway.redb");
    let owner = Owner {
        market: Address::new_from_array([1; 32]),
        cluster: [2; 32],
        binding: BINDING,
    };
    let limits = Limits {
        messages: 300_000,
        of_meter: 1_000,
        fate_seconds: 86_400,
    };
    let before = memory()?;
    let store = Store::open(&path, &owner, limits)?;
    let begun = Instant::now();
    for part in messages.chunks(1_000) {
        let mut part = part.to_vec();
        for message in &mut part {
            let row = view.meter(message.key().meter).ok_or("a meter")?;
            assert!(message.verify(row));
        }
        store.put(&part, DAY, false)?;
    }
    println!("verify and keep: {:?}", begun.elapsed());
    println!("in memory: {} kB", memory()?.saturating_sub(before));
    println!("on the disk: {} kB", fs::metadata(&path)?.len() / 1_024);
    drop(store);
    let begun = Instant::now();
    let store = Store::open(&path, &owner, limits)?;
    println!("open: {:?}", begun.elapsed());

    let addresses = addresses();
    let mut pages = Pages::default();
    pages.put(DAY, page());
    let policy = Policy {
        payer: Address::new_from_array([3; 32]),
        deliver: Deliver::Page,
        wait: 0,
        margin: 300,
        ahead: None,
    };
    let turn = |name: &str, waiting: &BTreeMap<_, _>| {
        let begun = Instant::now();
        let none = BTreeSet::new();
        let decision = decide(waiting, &none, &view, &pages, &addresses, &policy);
        let batches = decision.batches.len();
        println!(
            "decide {name}: {:?}, {batches} transactions",
            begun.elapsed()
        );
    };
    let mut unverified = store.all_waiting();
    for one in unverified.values_mut() {
        one.message.signer = None;
    }
    turn("all, verified each time", &unverified);
    turn("all, verified before", &store.all_waiting());
    let begun = Instant::now();
    let (some, _) = store.waiting_from(0, 8_192);
    println!("take a turn's {}: {:?}", some.len(), begun.elapsed());
    turn("a turn's, verified before", &some);
    Ok(())
}

fn reading(row: u16, key: &Keypair, number: u16) -> Result<Message, Box<dyn std::error::Error>> {
    let wh = u64::from(number) * 100;
    let reading = Reading {
        meter: row.into(),
        boundary: UnixTime(DAY + i64::from(number) * LENGTH),
        sequence: number.into(),
        registers: Registers {
            import: WhSum(wh),
            export: WhSum(0),
        },
        flags: 0,
    };
    let message = reading.message(&BINDING).to_vec();
    let signature = key.sign_message(&message).into();
    Ok(Signed { message, signature }.read(&BINDING)?)
}

fn table(keys: &[Keypair]) -> MeterRecords {
    let header = MeterTable {
        interval_seconds: LENGTH as u32,
        reading_seconds: 2 * 86_400,
        correction_seconds: 2 * 86_400,
        page_intervals: INTERVALS,
        capacity: METERS,
        count: METERS,
        binding: BINDING,
        ..MeterTable::zeroed()
    };
    let meter = |key: &Keypair| Meter {
        device: key.pubkey().to_bytes(),
        boundary: DAY,
        device_from: DAY - LENGTH,
        service_from: DAY,
        service_until: i64::MAX,
        max_import: 100_000,
        max_export: 100_000,
        status: MeterStatus::Active as u8,
        ..Meter::zeroed()
    };
    MeterRecords {
        header,
        meters: keys.iter().map(meter).collect(),
    }
}

fn page() -> IntervalPageTable {
    IntervalPageTable {
        header: IntervalPage {
            start: DAY,
            readings_until: DAY + 3 * 86_400,
            intervals: INTERVALS,
            ..IntervalPage::zeroed()
        },
        registers: vec![PageRegisters::zeroed(); METERS.into()],
        entries: vec![PageEntry::zeroed(); usize::from(METERS) * usize::from(INTERVALS)],
    }
}

fn addresses() -> Addresses {
    let address = |byte| Address::new_from_array([byte; 32]);
    let rings = Rings {
        market: 0,
        window_seconds: LENGTH as u32,
        page_windows: INTERVALS,
        books: 4,
        pages: 8,
    };
    Addresses::new(address(1), address(2), address(3), rings)
}

/// Of this process, kB.
fn memory() -> Result<u64, Box<dyn std::error::Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    Ok(number.ok_or("no VmRSS")?.parse()?)
}
