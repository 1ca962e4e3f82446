//! The bytes a meter signs. Meters in the field are built to them: a change here needs a new version.

use joulebook_layout::{
    oracle::{MeterFlags, MeterMessage},
    programs::ORACLE,
};
use joulebook_metering::message::{binding, Reading, MESSAGE_LEN};
use joulebook_units::UnixTime;
use proptest::prelude::*;
use sha2_const_stable::Sha256;

use crate::support::registers;

fn here() -> [u8; 32] {
    core::array::from_fn(|index| 0xc0 + index as u8)
}

fn reading() -> Reading {
    Reading {
        meter: 0x0403_0201,
        boundary: UnixTime(0x1817_1615_1413_1211),
        sequence: 0x2827_2625_2423_2221,
        registers: registers(0x3837_3635_3433_3231, 0x4847_4645_4443_4241),
        flags: MeterFlags::TAMPERED.0 | MeterFlags::POWER_FAILED.0,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn given_a_reading_when_written_then_every_byte_is_in_its_place() {
    let expected = [
        "4a424d4554455200",                                                 // JBMETER\0
        "0100",                                                             // version
        "0500",                                                             // flags
        "01020304",                                                         // meter
        "c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf", // binding
        "1112131415161718",                                                 // boundary
        "2122232425262728",                                                 // sequence
        "3132333435363738",                                                 // import register
        "4142434445464748",                                                 // export register
    ];
    assert_eq!(hex(&reading().message(&here())), expected.concat());
}

#[test]
fn given_a_real_hours_reading_when_written_then_it_is_the_golden_message() {
    let reading = Reading {
        meter: 41,
        // 2026-11-22 07:35 UTC.
        boundary: UnixTime(1_795_332_900),
        sequence: 105_120,
        registers: registers(12_345_678, 9_876_543),
        flags: 0,
    };
    let expected = concat!(
        "4a424d4554455200",
        "0100",
        "0000",
        "29000000",
        "0707070707070707070707070707070707070707070707070707070707070707",
        "249b026b00000000",
        "a09a010000000000",
        "4e61bc0000000000",
        "3fb4960000000000",
    );
    assert_eq!(hex(&reading.message(&[7; 32])), expected);
}

#[test]
fn given_the_layout_when_its_constants_are_read_then_they_are_those_of_version_1() {
    assert_eq!(
        (MESSAGE_LEN, MeterMessage::VERSION, &MeterMessage::DOMAIN),
        (80, 1, b"JBMETER\0")
    );
    let known = [
        MeterFlags::TAMPERED.0,
        MeterFlags::CLOCK_UNSURE.0,
        MeterFlags::POWER_FAILED.0,
    ];
    assert_eq!(known, [1, 2, 4]);
    assert_eq!(MeterFlags::ALL.0, 7);
}

#[test]
fn given_program_cluster_and_table_when_bound_then_104_bytes_are_hashed() {
    let (cluster, table) = ([1; 32], [2; 32]);
    let bytes = [b"JBBIND\0\0", &ORACLE.0[..], &cluster, &table].concat();
    assert_eq!(bytes.len(), 104);
    let hash = Sha256::new().update(&bytes).finalize();
    assert_eq!(binding(&cluster, &table), hash);
}

#[test]
fn given_another_cluster_or_table_when_bound_then_it_is_another_binding() {
    let own = binding(&[1; 32], &[2; 32]);
    assert_ne!(binding(&[3; 32], &[2; 32]), own);
    assert_ne!(binding(&[1; 32], &[3; 32]), own);
    assert_ne!(binding(&[2; 32], &[1; 32]), own);
}

#[test]
fn given_a_time_before_1970_when_written_then_it_comes_back() {
    let reading = Reading {
        boundary: UnixTime(i64::MIN),
        ..reading()
    };
    let message = reading.message(&here());
    assert_eq!(Reading::parse(&message, &here()), Some(reading));
}

proptest! {
    #[test]
    fn given_any_reading_when_written_and_read_back_then_it_is_the_same(
        (meter, boundary, sequence) in any::<(u32, i64, u64)>(),
        (import, export, flags) in any::<(u64, u64, u16)>(),
        binding in any::<[u8; 32]>()
    ) {
        let reading = Reading {
            meter,
            boundary: UnixTime(boundary),
            sequence,
            registers: registers(import, export),
            flags,
        };
        let message = reading.message(&binding);
        prop_assert_eq!(Reading::parse(&message, &binding), Some(reading));
    }
}
