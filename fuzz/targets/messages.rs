//! What a meter signs: the 80 bytes and what they say.

use bolero::{check, produce};
use joulebook_metering::{
    message::{Reading, MESSAGE_LEN},
    register::Registers,
};
use joulebook_units::{UnixTime, WhSum};

use crate::time;

const FIELDS: [usize; 4] = [10, 12, 48, 80];

type Fields = (u16, u32, i64, u64, u64, u64);

fn reading_of(&(flags, meter, boundary, sequence, import, export): &Fields) -> Reading {
    Reading {
        meter,
        boundary: UnixTime(boundary),
        sequence,
        registers: Registers {
            import: WhSum(import),
            export: WhSum(export),
        },
        flags,
    }
}

#[test]
fn given_any_bytes_when_parsed_then_they_are_refused_or_printed_back() {
    check!().with_test_time(time()).for_each(|input: &[u8]| {
        // With one binding, and without it, so that chance need not hit a message in 42 bytes.
        let mut bytes = Reading::message(&reading_of(&Fields::default()), &[7; 32]);
        for (byte, any) in bytes.iter_mut().zip(input) {
            *byte ^= any;
        }
        if let Some(reading) = Reading::parse(&bytes, &[7; 32]) {
            assert_eq!(reading.message(&[7; 32]), bytes);
        }
    });
}

#[test]
fn given_any_reading_when_printed_then_only_its_own_binding_reads_it_back() {
    check!()
        .with_test_time(time())
        .with_type::<(Fields, [u8; 32], [u8; 32])>()
        .for_each(|(fields, binding, other)| {
            let reading = reading_of(fields);
            let bytes = reading.message(binding);
            assert_eq!(Reading::parse(&bytes, binding), Some(reading));
            assert_eq!(Reading::parse(&bytes, other).is_some(), binding == other);
        });
}

#[test]
fn given_a_message_when_one_byte_is_changed_then_it_says_something_else_or_nothing() {
    check!()
        .with_test_time(time())
        .with_generator((produce::<(Fields, [u8; 32])>(), 0..MESSAGE_LEN, 1..=u8::MAX))
        .for_each(|((fields, binding), place, change)| {
            let reading = reading_of(fields);
            let mut bytes = reading.message(binding);
            bytes[*place] ^= change;
            let parsed = Reading::parse(&bytes, binding);
            assert_ne!(parsed, Some(reading));
            // Domain, version and binding are not the meter's to say.
            let [flags, meter, boundary, end] = FIELDS;
            let of_the_meter =
                (flags..meter + 4).contains(place) || (boundary..end).contains(place);
            assert_eq!(parsed.is_some(), of_the_meter, "byte {place}");
        });
}
