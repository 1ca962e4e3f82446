//! The bytes of a load profile. Meters in the field are built to them: a change here needs a new version.

use joulebook_layout::oracle::{PageEntry, ProfileMessage};
use joulebook_metering::{
    message::{pack, unpack, Malformed, Profile, MAX_VALUE_LEN, PROFILE_HEAD_LEN},
    page::Energy,
};
use joulebook_units::{UnixTime, Wh};
use proptest::{collection::vec, prelude::*};

use crate::support::registers;

fn energy(import: u32, export: u32) -> Energy {
    Energy {
        import: Wh(import),
        export: Wh(export),
    }
}

fn packed(values: &[Energy]) -> Vec<u8> {
    let mut bytes = vec![];
    for value in values {
        let mut into = [0; MAX_VALUE_LEN];
        let len = pack(value, &mut into);
        bytes.extend_from_slice(&into[..len]);
    }
    bytes
}

fn unpacked(bytes: &[u8], intervals: usize) -> Result<Vec<Energy>, Malformed> {
    let mut values = vec![Energy::default(); intervals];
    unpack(bytes, &mut values)?;
    Ok(values)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn given_a_real_days_profile_when_written_then_it_is_the_golden_message() {
    let profile = Profile {
        meter: 41,
        // 2026-11-22 00:00 UTC.
        boundary: UnixTime(1_795_305_600),
        sequence: 1_095,
        registers: registers(12_345_678, 9_876_543),
        intervals: 4,
        flags: 2,
    };
    let values = [
        energy(0, 0),
        energy(31, 0),
        energy(0, 250),
        energy(4_096, 1),
    ];
    let expected = concat!(
        "4a4250524f460000",
        "0100",
        "0200",
        "29000000",
        "0707070707070707070707070707070707070707070707070707070707070707",
        "8030026b00000000",
        "4704000000000000",
        "4e61bc0000000000",
        "3fb4960000000000",
        "0400",
        "000000000000",
    );
    assert_eq!(hex(&profile.head(&[7; 32])), expected);
    assert_eq!(
        hex(&packed(&values)),
        concat!("00", "7c", "e907", "82800101")
    );
    assert_eq!((PROFILE_HEAD_LEN, ProfileMessage::VERSION), (88, 1));
}

#[test]
fn given_energies_of_a_household_when_packed_then_most_take_two_bytes() {
    for (value, len) in [
        (energy(0, 0), 1),
        (energy(31, 0), 1),
        (energy(0, 31), 1),
        (energy(32, 0), 2),
        (energy(4_095, 0), 2),
        (energy(0, 4_095), 2),
        (energy(4_096, 0), 3),
        (energy(4_095, 127), 3),
        (energy(PageEntry::MAX_WH, PageEntry::MAX_WH), 10),
    ] {
        assert_eq!(packed(&[value]).len(), len, "{value:?}");
    }
}

#[test]
fn given_bytes_that_are_none_when_unpacked_then_it_says_why() {
    for (bytes, intervals, why) in [
        (&[][..], 1, Malformed::Short),
        (&[0x80], 1, Malformed::Short),
        (&[0x06], 1, Malformed::Short),
        (&[0x00, 0x00], 1, Malformed::Long),
        (&[0x00], 0, Malformed::Long),
        // A byte too many; more bits than an energy has; without an end.
        (&[0x80, 0x00], 1, Malformed::Number),
        (&[0xfc, 0x00], 1, Malformed::Number),
        (&[0x80, 0x80, 0x80, 0x80, 0x10], 1, Malformed::Number),
        (&[0xff; 12], 1, Malformed::Number),
        (&[0x03], 1, Malformed::Kind),
        // An export, or both, and one of them is nothing.
        (&[0x01], 1, Malformed::Kind),
        (&[0x02, 0x01], 1, Malformed::Kind),
        (&[0x06, 0x00], 1, Malformed::Kind),
    ] {
        assert_eq!(unpacked(bytes, intervals), Err(why), "{bytes:02x?}");
    }
}

fn any_energy() -> impl Strategy<Value = u32> {
    prop_oneof![
        Just(0),
        0..100u32,
        0..10_000u32,
        0..=PageEntry::MAX_WH,
        Just(PageEntry::MAX_WH)
    ]
}

/// Most are of numbers that are nearly right: without an end, with a zero at it, or of another kind.
fn any_byte() -> impl Strategy<Value = u8> {
    prop_oneof![3 => any::<u8>(), 1 => Just(0x80), 1 => Just(0), 1 => Just(0xff), 1 => 0..4u8]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn given_any_energies_when_packed_then_they_come_back(
        values in vec((any_energy(), any_energy()), 0..100)
    ) {
        let values: Vec<_> = values.iter().map(|(import, export)| energy(*import, *export)).collect();
        let bytes = packed(&values);
        prop_assert_eq!(unpacked(&bytes, values.len()), Ok(values));
    }

    /// What is read has no other form.
    #[test]
    fn given_any_bytes_when_unpacked_then_the_same_bytes_come_back_or_none(
        bytes in vec(any_byte(), 0..14), intervals in 0..4usize
    ) {
        if let Ok(values) = unpacked(&bytes, intervals) {
            let most = PageEntry::MAX_WH;
            prop_assert!(values.iter().all(|value| value.import.0.max(value.export.0) <= most));
            prop_assert_eq!(packed(&values), bytes);
        }
    }
}
