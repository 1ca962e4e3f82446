//! Nothing about a reading can change without its message changing, and nothing else reads as one.

use std::collections::HashSet;

use joulebook_metering::message::{Reading, MESSAGE_LEN};
use joulebook_units::{UnixTime, WhSum};
use proptest::prelude::*;

use crate::support::next;

const HERE: [u8; 32] = [7; 32];

/// The first 10 bytes say what the message is, the binding where it holds.
fn is_fixed(place: usize) -> bool {
    place < 10 || (16..48).contains(&place)
}

#[test]
fn given_a_reading_when_any_field_changes_then_the_message_does() {
    let mut messages = HashSet::from([next().message(&HERE)]);
    let changes: [fn(&mut Reading); 6] = [
        |reading| reading.meter += 1,
        |reading| reading.boundary = UnixTime(reading.boundary.0 + 300),
        |reading| reading.sequence += 1,
        |reading| reading.registers.import = WhSum(reading.registers.import.0 + 1),
        |reading| reading.registers.export = WhSum(reading.registers.export.0 + 1),
        |reading| reading.flags ^= 1,
    ];
    for change in changes {
        let mut reading = next();
        change(&mut reading);
        assert!(messages.insert(reading.message(&HERE)));
    }
    assert!(messages.insert(next().message(&[8; 32])));
}

#[test]
fn given_import_and_export_swapped_when_written_then_the_message_is_another() {
    let mut swapped = next();
    core::mem::swap(&mut swapped.registers.import, &mut swapped.registers.export);
    assert_ne!(swapped.message(&HERE), next().message(&HERE));
}

#[test]
fn given_a_message_when_any_bit_flips_then_it_is_refused_or_says_something_else() {
    let message = next().message(&HERE);
    for place in 0..MESSAGE_LEN {
        for bit in 0..8 {
            let mut tampered = message;
            tampered[place] ^= 1 << bit;
            let parsed = Reading::parse(&tampered, &HERE);
            assert_ne!(parsed, Some(next()), "byte {place}, bit {bit}");
            assert_eq!(parsed.is_none(), is_fixed(place), "byte {place}, bit {bit}");
        }
    }
}

#[test]
fn given_a_message_of_another_community_when_parsed_then_it_is_refused() {
    let message = next().message(&HERE);
    assert_eq!(Reading::parse(&message, &[8; 32]), None);
    assert_eq!(Reading::parse(&message, &HERE), Some(next()));
}

#[test]
fn given_zeros_when_parsed_then_they_are_no_reading() {
    assert_eq!(Reading::parse(&[0; MESSAGE_LEN], &[0; 32]), None);
}

proptest! {
    #[test]
    fn given_any_bytes_when_parsed_then_what_is_read_writes_the_same_bytes(
        head in any::<bool>(), bytes in any::<[[u8; 16]; 5]>()
    ) {
        let mut message = [0; MESSAGE_LEN];
        message.copy_from_slice(&bytes.concat());
        if head {
            let valid = next().message(&HERE);
            message[..10].copy_from_slice(&valid[..10]);
            message[16..48].copy_from_slice(&HERE);
        }
        let parsed = Reading::parse(&message, &HERE);
        prop_assert_eq!(parsed.is_some(), head);
        if let Some(reading) = parsed {
            prop_assert_eq!(reading.message(&HERE), message);
        }
    }
}
