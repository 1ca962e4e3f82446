//! What a finished page of any bytes leaves over.

use bolero::{check, produce};
use joulebook_layout::oracle::{PageEntry, PageRegisters};
use joulebook_metering::page::{baseline, finish, EnergySum};
use joulebook_units::{Wh, WhSum};

use crate::{any_u64, time};

#[test]
fn given_a_page_of_any_bytes_when_finished_then_what_is_left_over_adds_up() {
    let registers = (any_u64(), any_u64(), 0..6u16, 0..2u8, 0..2u8);
    let entries = produce::<Vec<(u32, u32)>>().with().len(0..6usize);
    check!()
        .with_test_time(time())
        .with_generator((registers, entries, (any_u64(), any_u64())))
        .for_each(
            |((import, export, last, known, base_known), entries, settled)| {
                let registers = PageRegisters {
                    import: *import,
                    export: *export,
                    last: *last,
                    known: *known,
                    base: *base_known,
                    first_import: *export,
                    first_export: *import,
                    ..PageRegisters::default()
                };
                let entries: Vec<_> = entries
                    .iter()
                    .map(|(import, export)| PageEntry {
                        import: *import,
                        export: *export,
                    })
                    .collect();
                let settled = EnergySum {
                    import: WhSum(settled.0),
                    export: WhSum(settled.1),
                };
                let base = baseline(&registers, &entries);
                assert_eq!(base.is_some(), *known == 1);
                if let Some(base) = base {
                    let first = base.registers;
                    assert_eq!((first.import.0, first.export.0), (*export, *import));
                }
                let finished = finish(&registers, &entries, &settled, &settled);
                let valued = |entries: &[PageEntry], wh: fn(&PageEntry) -> Wh| -> i128 {
                    let valued = entries.iter().filter(|entry| entry.import >> 30 >= 2);
                    valued.map(|entry| i128::from(wh(entry).0)).sum()
                };
                let split = entries.len().min((*last).into());
                let most = i128::from(u64::MAX);
                for (wh, register, settled, unattributed, excess, after) in [
                    (
                        PageEntry::import as fn(&PageEntry) -> Wh,
                        *import,
                        settled.import,
                        finished.unattributed.import,
                        finished.excess.import,
                        finished.settled.import,
                    ),
                    (
                        PageEntry::export,
                        *export,
                        settled.export,
                        finished.unattributed.export,
                        finished.excess.export,
                        finished.settled.export,
                    ),
                ] {
                    let (register, settled) = (i128::from(register), i128::from(settled.0));
                    let (before, behind) = entries.split_at(split);
                    let accounted = (settled + valued(before, wh)).min(most);
                    let (expected, left) = if *known == 0 {
                        (settled + valued(&entries, wh), 0)
                    } else {
                        (register + valued(behind, wh), register - accounted)
                    };
                    assert_eq!(i128::from(after.0), expected.min(most));
                    assert_eq!(i128::from(unattributed.0), left.max(0));
                    assert_eq!(i128::from(excess.0), (-left).max(0));
                }
            },
        );
}
