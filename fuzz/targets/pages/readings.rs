//! Any readings and values, against the model.

use std::{collections::BTreeMap, ops::Range};

use bolero::{check, one_value_of, produce, TypeGenerator, ValueGenerator};
use joulebook_layout::oracle::{PageEntry, PageRegisters};
use joulebook_metering::{
    page::{Energy, MeterPage, Taken},
    register::{LastReading, PowerLimits, Registers},
};
use joulebook_units::{Seconds, UnixTime, Watts, Wh, WhSum};

use super::model::{pair, Model, START};
use crate::{any_i64, any_u32, any_u64, time};

/// What happens to a page: near what an honest meter of 3 kW in and 1 kW out would send, and any of it wrong now and
/// then.
#[derive(Debug, TypeGenerator)]
enum Step {
    Read {
        #[generator(0..14u16)]
        boundary: u16,
        #[generator(mostly(-3..4))]
        import_off: i64,
        #[generator(mostly(-3..4))]
        export_off: i64,
    },
    /// A reading of another page, or what a verifier changes, in the meter's row.
    MoveRow {
        #[generator(mostly(-3..16))]
        boundary: i64,
        #[generator(mostly(-3..4))]
        import_off: i64,
    },
    Replace {
        #[generator(0..14u16)]
        first: u16,
        #[generator(produce::<Vec<(u16, u16)>>().with().len(0..4usize))]
        values: Vec<(u16, u16)>,
    },
}

fn mostly(usual: Range<i64>) -> impl ValueGenerator<Output = i64> {
    (usual, any_i64(), 0..16u8)
        .map_gen(|(usual, any, choice)| if choice == 0 { any } else { usual })
}

fn any_limits() -> impl ValueGenerator<Output = PowerLimits> {
    let usual = one_value_of([(3_000, 1_000), (4_000, 2_000), (u32::MAX, u32::MAX)]);
    (usual, any_u32(), any_u32(), 0..8u8).map_gen(|(usual, import, export, choice)| {
        let (import, export) = if choice == 0 { (import, export) } else { usual };
        PowerLimits {
            import: Watts(import),
            export: Watts(export),
        }
    })
}

/// Registers of the meter at a boundary, less honest by `import_off` and `export_off`.
fn registers_at(
    model: &Model,
    boundary: i64,
    begin: (u64, u64),
    import_off: i64,
    export_off: i64,
) -> Registers {
    let moved = |watts: i64| watts.wrapping_mul(boundary).wrapping_mul(model.length) / 3600;
    let import = begin.0.wrapping_add_signed(moved(3_000));
    let export = begin.1.wrapping_add_signed(moved(1_000));
    Registers {
        import: WhSum(import.wrapping_add_signed(import_off)),
        export: WhSum(export.wrapping_add_signed(export_off)),
    }
}

#[test]
fn given_any_readings_and_values_when_a_page_takes_them_then_it_is_what_the_model_says() {
    let steps = produce::<Vec<Step>>().with().len(0..40usize);
    let length = one_value_of([60i64, 900, 3_600, 86_400]);
    check!()
        .with_test_time(time())
        .with_generator((
            steps,
            length,
            1..13u16,
            any_limits(),
            (any_u64(), any_u64()),
        ))
        .for_each(|(steps, length, intervals, limits, begin)| {
            let mut model = Model {
                length: *length,
                intervals: *intervals,
                known: BTreeMap::new(),
                replaced: BTreeMap::new(),
            };
            let mut registers = PageRegisters::default();
            let mut entries = vec![PageEntry::MISSING; usize::from(*intervals)];
            let mut row = None;
            for step in steps {
                let length = Seconds(*length);
                let mut page =
                    MeterPage::new(&mut registers, &mut entries, UnixTime(START), length).unwrap();
                match step {
                    Step::Read {
                        boundary,
                        import_off,
                        export_off,
                    } => {
                        let at = i64::from(*boundary);
                        let new = registers_at(&model, at, *begin, *import_off, *export_off);
                        let result =
                            page.take_reading(*boundary, new, &limits.everywhere(), row.as_ref());
                        let expected = model.take(*boundary, pair(&new), limits, row.as_ref());
                        assert_eq!(result, expected);
                        if result == Ok(Taken::Newest) {
                            row = Some(LastReading {
                                boundary: UnixTime(START + at * length.0),
                                sequence: 0,
                                registers: new,
                            });
                        }
                    }
                    Step::MoveRow {
                        boundary,
                        import_off,
                    } => {
                        let time = boundary.wrapping_mul(length.0).wrapping_add(START);
                        row = Some(LastReading {
                            boundary: UnixTime(time),
                            sequence: 0,
                            registers: registers_at(&model, *boundary, *begin, *import_off, 0),
                        });
                    }
                    Step::Replace { first, values } => {
                        let passed: Vec<_> = values
                            .iter()
                            .map(|(import, export)| Energy {
                                import: Wh((*import).into()),
                                export: Wh((*export).into()),
                            })
                            .collect();
                        let result = page.replace(*first, &passed, limits);
                        assert_eq!(result, model.replace(*first, values, limits));
                    }
                }
                model.check(&registers, &entries);
            }
        });
}
