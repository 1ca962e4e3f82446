//! What the rules say of a message is what the oracle says of it, whatever the message.

use joulebook_client::{
    events::Event,
    oracle::{events::OracleEvent, types::ReadingResult},
    tables::IntervalPageTable,
};
use joulebook_gateway::{
    message::Signed,
    rules::{take, Rows},
};
use joulebook_metering::register::Registers;
use joulebook_units::{UnixTime, WhSum};
use proptest::prelude::*;

use crate::village::{Village, LENGTH, PAGE};

#[derive(Clone, Debug)]
struct Told {
    /// Boundary in intervals since the service began, or a bit off.
    boundary: i64,
    off: i64,
    sequence: u64,
    import: u64,
    export: u64,
    flags: u16,
    /// Of a profile; none of a reading.
    values: Option<Vec<(u32, u32)>>,
    /// The page that it is handed in with.
    page: i64,
    later: i64,
}

fn told() -> impl Strategy<Value = Told> {
    let values = prop::option::of(prop::collection::vec((0..200_u32, 0..20_u32), 0..6));
    let numbers = (-1..10_i64, 0..12_i64, 0..20_u64, 0..3_000_u64, 0..300_u64);
    let rest = (0..40_u16, values, -1..3_i64, 0..3_i64);
    (numbers, rest).prop_map(|(numbers, (flags, values, page, later))| {
        let (boundary, off, sequence, import, export) = numbers;
        Told {
            boundary,
            off: if off == 0 { 7 } else { 0 },
            sequence,
            import,
            export,
            flags: if flags < 8 { flags } else { 0 },
            values,
            page,
            later,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn given_any_messages_when_the_oracle_decides_then_the_rules_have_said_so(
        all in prop::collection::vec(told(), 1..12)
    ) {
        let mut village = Village::new(1);
        let service = village.service();
        let binding = village.community.binding();
        for told in all {
            let now = village.community.chain.now();
            village.pass_until(now + told.later * LENGTH);
            let boundary = service + told.boundary * LENGTH + told.off;
            let signed = {
                let device = village.device(0);
                device.sequence = told.sequence;
                (device.import, device.export) = (told.import, told.export);
                match &told.values {
                    Some(values) => {
                        let (mut profile, energies) = device.profile(boundary, values);
                        profile.flags = told.flags;
                        profile.registers = Registers {
                            import: WhSum(told.import),
                            export: WhSum(told.export),
                        };
                        let packed = joulebook_client::reading::packed(&energies);
                        let signed = device.sign_profile(&binding, &profile, packed);
                        Signed::of_profile(&signed, &binding)
                    }
                    None => {
                        let mut reading = device.reading(boundary);
                        reading.flags = told.flags;
                        Signed::of_reading(&device.sign(&binding, &reading), &binding)
                    }
                }
            };
            let message = village.message(signed);
            let page = service + told.page * PAGE;
            let account = village.community.addresses.interval_page(page);
            let data = village.community.chain.data(&account);
            let Ok(table) = IntervalPageTable::from_bytes(&data) else {
                continue;
            };
            let number = village.number(0);
            let meters = village.community.meters();
            let meter = *meters.meter(number).expect("a meter");
            let mut rows = Rows::of(&meter, number, &table).expect("its rows");
            let now = UnixTime(village.community.chain.now());
            let expected = take(&meters.header, &mut rows, &message, now);

            let receipts = match (message.as_profile(), message.as_reading()) {
                (Some(profile), _) => village.community.submit_profiles(page, vec![profile]),
                (_, Some(reading)) => village.community.submit(page, vec![reading]),
                _ => unreachable!("it is one of both"),
            };
            let found = receipts
                .expect("it lands")
                .iter()
                .flat_map(|receipt| receipt.events())
                .find_map(|event| match event {
                    Event::Oracle(OracleEvent::ReadingsProcessed(processed)) => {
                        processed.results.first().map(|outcome| outcome.result)
                    }
                    _ => None,
                });
            prop_assert_eq!(found, Some(expected), "{:?}", told);
            let meters = village.community.meters();
            let after = *meters.meter(number).expect("a meter");
            if !matches!(expected, ReadingResult::Tampered) && after.violations == meter.violations {
                prop_assert_eq!(after, rows.meter);
            }
        }
    }
}
