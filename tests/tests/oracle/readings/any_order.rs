use joulebook_client::{
    layout::oracle::{Meter, PageEntry, Quality},
    oracle::types::{ReadingResult, SignedReading},
};
use joulebook_sim::Device;
use joulebook_tests::{
    metered_community::{MeterTableParameters, MeteredCommunity},
    two_communities::role,
};
use joulebook_units::Wh;

use super::{begun, read_as, rejected};

/// Boundaries of the page with interval 0 that are read; that at the end of interval 2 is lost.
const READ: [i64; 4] = [0, 1, 2, 4];

/// Each order that they can come in.
fn orders() -> Vec<[i64; 4]> {
    let mut orders = vec![];
    for a in READ {
        for b in READ {
            for c in READ {
                for d in READ {
                    let order = [a, b, c, d];
                    if READ.iter().all(|boundary| order.contains(boundary)) {
                        orders.push(order);
                    }
                }
            }
        }
    }
    orders
}

fn entry(import: u32, export: u32, quality: Quality) -> PageEntry {
    PageEntry::new(Wh(import), Wh(export), quality, true).unwrap()
}

#[test]
fn given_readings_in_any_order_when_they_come_then_the_page_is_the_same() {
    let orders = orders();
    assert_eq!(orders.len(), 24);
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        capacity: 24,
        ..MeterTableParameters::default()
    });
    let mut devices: Vec<Device> = (0..12).map(|_| meters.meter()).collect();
    meters.owner = meters.communities.member(role::CONSUMER);
    devices.extend((12..24).map(|_| meters.meter()));
    meters.begin(0);
    meters.go_to(4);
    for (order, device) in orders.iter().zip(&mut devices) {
        // 7 and 1 before the page, then 10, 20 and, in two intervals, 70 Wh.
        let readings: Vec<SignedReading> = READ
            .iter()
            .zip([(7, 1), (10, 2), (20, 3), (70, 4)])
            .map(|(boundary, (import, export))| {
                device.flow(import, export);
                meters.read(device, boundary - 1)
            })
            .collect();
        let mut newest = -1;
        for boundary in order {
            let place = READ.iter().position(|read| read == boundary).unwrap();
            let result = meters.submit_one(0, &readings[place]);
            let expected = match *boundary > newest {
                true => ReadingResult::Counted,
                false => ReadingResult::Filled,
            };
            assert_eq!(result, expected, "{boundary} of {order:?}");
            newest = newest.max(*boundary);
        }
    }
    let page = meters.page(0);
    for (order, device) in orders.iter().zip(&devices) {
        let entries: Vec<PageEntry> = (0..4)
            .map(|n| *page.entry(device.number, n).unwrap())
            .collect();
        let expected = [
            entry(10, 2, Quality::Measured),
            entry(20, 3, Quality::Measured),
            PageEntry::MISSING,
            entry(70, 4, Quality::Gap),
        ];
        assert_eq!(entries, expected, "{order:?}");
        let registers = page.registers[usize::from(Meter::row(device.number))];
        assert_eq!((registers.import, registers.export), (107, 10));
        assert_eq!((registers.last, registers.base), (4, 1));
        let record = meters.record(device);
        assert_eq!((record.import, record.export), (107, 10));
        assert_eq!((record.sequence, record.violations), (4, 0));
        assert_eq!(record.boundary, MeteredCommunity::start(4));
    }
}

#[test]
fn given_a_gap_when_an_earlier_reading_comes_then_it_is_split_and_the_row_stays() {
    let (mut meters, mut device) = begun();
    meters.go_to(3);
    device.flow(100, 10);
    let first = meters.read(&mut device, 0);
    device.flow(30, 3);
    let second = meters.read(&mut device, 2);
    assert_eq!(meters.submit_one(2, &second), ReadingResult::Counted);
    let record = meters.record(&device);

    assert_eq!(meters.submit_one(0, &first), ReadingResult::Filled);

    assert_eq!(meters.entry(0, &device), entry(100, 10, Quality::Measured));
    assert_eq!(meters.entry(1, &device), PageEntry::MISSING);
    assert_eq!(meters.entry(2, &device), entry(30, 3, Quality::Gap));
    assert_eq!(meters.record(&device), record);
    assert_eq!(meters.registers(0, &device).last, 3);
}

#[test]
fn given_an_earlier_boundary_when_its_sequence_is_used_up_then_it_fills_all_the_same() {
    let (mut meters, mut device) = begun();
    meters.go_to(3);
    device.sequence = 99;
    let newest = meters.read(&mut device, 2);
    assert_eq!(meters.submit_one(2, &newest), ReadingResult::Counted);
    for (n, sequence) in [(1, 0), (0, 100)] {
        let earlier = read_as(&meters, &mut device, n, |reading| {
            reading.sequence = sequence;
        });
        assert_eq!(meters.submit_one(n, &earlier), ReadingResult::Filled);
    }
    assert_eq!(meters.record(&device).sequence, 100);
}

#[test]
fn given_a_reading_that_is_known_when_it_comes_again_then_nothing_changes() {
    let (mut meters, mut device) = begun();
    meters.go_to(4);
    let readings = [0, 2, 3].map(|n| {
        device.flow(100, 10);
        let reading = meters.read(&mut device, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
        reading
    });
    let known = ReadingResult::AlreadyKnown;
    for reading in &readings {
        rejected("the same", &mut meters, 0, reading, known);
    }
    for sequence in [0, 1_000] {
        let anew = read_as(&meters, &mut device, 3, |reading| {
            reading.sequence = sequence;
        });
        rejected("signed anew", &mut meters, 3, &anew, known);
    }
}
