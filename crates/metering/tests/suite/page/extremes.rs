//! Numbers at the edges of their types.

use joulebook_layout::oracle::{PageEntry, PageRegisters};
use joulebook_metering::{
    page::{finish, MeterPage, Rejection, Taken},
    register::{LastReading, PowerLimits},
};
use joulebook_units::{Seconds, UnixTime, Watts};
use proptest::{collection::vec, prelude::*};

use super::support::{energy, gap, sum, Page, INTERVALS, LIMITS, QUARTER, START};
use crate::support::registers;

const NO_LIMITS: PowerLimits = PowerLimits {
    import: Watts(u32::MAX),
    export: Watts(u32::MAX),
};

#[test]
fn given_an_interval_length_that_is_none_when_a_page_is_made_then_there_is_none() {
    for (length, is_one) in [
        (i64::MIN, false),
        (0, false),
        (1, true),
        (86_400, true),
        (86_401, false),
        (i64::MAX, false),
    ] {
        let mut registers = PageRegisters::default();
        let mut entries = [PageEntry::MISSING; 2];
        let page = MeterPage::new(&mut registers, &mut entries, START, Seconds(length));
        assert_eq!(page.is_some(), is_one, "{length}");
    }
}

#[test]
fn given_a_page_that_ends_after_all_times_when_made_then_there_is_none() {
    let mut registers = PageRegisters::default();
    let mut entries = [PageEntry::MISSING; 2];
    let mut is_page =
        |start| MeterPage::new(&mut registers, &mut entries, UnixTime(start), QUARTER).is_some();
    assert!(is_page(i64::MAX - 1_800));
    assert!(!is_page(i64::MAX - 1_799));
    assert!(is_page(i64::MIN));
}

#[test]
fn given_more_intervals_than_16_bits_when_a_page_is_made_then_there_is_none() {
    let mut registers = PageRegisters::default();
    let mut entries = vec![PageEntry::MISSING; 65_536];
    assert!(MeterPage::new(&mut registers, &mut entries, START, QUARTER).is_none());
    assert!(MeterPage::new(&mut registers, &mut entries[1..], START, QUARTER).is_some());
}

#[test]
fn given_a_last_boundary_behind_the_page_when_made_then_there_is_none() {
    let mut entries = [PageEntry::MISSING; 2];
    for (last, is_one) in [(2, true), (3, false), (u16::MAX, false)] {
        let mut registers = PageRegisters {
            last,
            known: 1,
            ..PageRegisters::default()
        };
        let page = MeterPage::new(&mut registers, &mut entries, START, QUARTER);
        assert_eq!(page.is_some(), is_one);
    }
}

#[test]
fn given_more_than_an_entry_holds_when_read_then_it_is_refused() {
    let mut page = Page::new(START, INTERVALS);
    let mut take = |boundary, import| {
        page.meter().take_reading(
            boundary,
            registers(import, 0),
            &NO_LIMITS.everywhere(),
            None,
        )
    };
    assert_eq!(take(0, 0), Ok(Taken::Newest));
    // 2³⁰ Wh in two hours: 537 MW, which the limit allows.
    assert_eq!(take(8, 1 << 30), Err(Rejection::PowerLimit));
    assert_eq!(take(8, (1 << 30) - 1), Ok(Taken::Newest));
    assert_eq!(page.entries[7], gap((1 << 30) - 1, 0));
}

#[test]
fn given_power_limits_when_asked_then_those_fit_whose_page_fits_an_entry() {
    let fit = |import, export, seconds| {
        let limits = PowerLimits {
            import: Watts(import),
            export: Watts(export),
        };
        limits.fit_page(Seconds(seconds))
    };
    // An hour: as many Wh as W, and room for one more.
    assert!(fit(1_073_741_822, 1_073_741_822, 3_600));
    assert!(!fit(1_073_741_823, 0, 3_600));
    assert!(!fit(0, 1_073_741_823, 3_600));
    // A day of 44.7 MW.
    assert!(fit(44_739_242, 0, 86_400));
    assert!(!fit(44_739_243, 0, 86_400));
}

#[test]
fn given_limits_that_fit_when_a_meter_is_at_them_then_the_whole_page_fits_an_entry() {
    let limits = PowerLimits {
        import: Watts(536_870_911),
        export: Watts(0),
    };
    // Two hours, and 1 Wh.
    assert!(limits.fit_page(Seconds(7_200)));
    let mut page = Page::new(START, INTERVALS);
    let mut take = |boundary, import| {
        page.meter()
            .take_reading(boundary, registers(import, 0), &limits.everywhere(), None)
    };
    assert_eq!(take(0, 0), Ok(Taken::Newest));
    assert_eq!(take(8, 1_073_741_824), Err(Rejection::PowerLimit));
    assert_eq!(take(8, 1_073_741_823), Ok(Taken::Newest));
}

#[test]
fn given_registers_at_the_end_of_their_range_when_taken_then_they_are_like_any_other() {
    let mut page = Page::new(START, INTERVALS);
    let mut take = |boundary, import| page.take(boundary, registers(import, u64::MAX), &mut None);
    assert_eq!(take(8, u64::MAX), Ok(Taken::Newest));
    assert_eq!(take(7, u64::MAX - 1_001), Ok(Taken::Filled));
    assert_eq!(take(6, 0), Err(Rejection::PowerLimit));
    let finished = finish(&page.registers, &page.entries, &sum(0, 0), &sum(0, 0));
    assert_eq!(finished.unattributed, sum(u64::MAX - 1_001, u64::MAX));
    assert_eq!(finished.settled, sum(u64::MAX, u64::MAX));
}

#[test]
fn given_sums_that_pass_64_bits_when_a_page_is_finished_then_they_stay_at_the_most() {
    let mut page = Page::new(START, INTERVALS);
    let registers = registers(u64::MAX - 5, 0);
    page.take(2, registers, &mut None).unwrap();
    page.meter().replace(4, &[energy(10, 0)], &LIMITS).unwrap();
    let finished = finish(
        &page.registers,
        &page.entries,
        &sum(u64::MAX, 0),
        &sum(0, 0),
    );
    assert_eq!(finished.settled, sum(u64::MAX, 0));
    assert_eq!(finished.excess, sum(5, 0));
    assert_eq!(finished.charged().0, 0);
}

#[test]
fn given_a_row_from_before_all_time_when_read_then_elapsed_time_stays_at_the_most() {
    let row = LastReading {
        boundary: UnixTime(i64::MIN),
        sequence: 0,
        registers: registers(0, 0),
    };
    let mut page = Page::new(START, INTERVALS);
    let taken = page.take(3, registers(1 << 60, 5), &mut Some(row));
    // 2⁶³ s at 4 kW.
    assert_eq!(taken, Ok(Taken::Newest));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    /// The row of any bytes.
    #[test]
    fn given_any_bytes_when_anything_is_asked_then_nothing_panics_and_a_rejection_changes_nothing(
        words in (any::<[u64; 5]>(), vec(any::<u64>(), 0..12)),
        reading in (0..20u16, any::<[u64; 2]>()), row in any::<Option<[u64; 4]>>(),
        limits in any::<[u32; 2]>(), values in vec(any::<[u32; 2]>(), 0..4), start in any::<i64>(),
    ) {
        let (bytes, mut entries) = words;
        let mut row_registers: PageRegisters = bytemuck::cast(bytes);
        row_registers.last %= 12;
        let entries: &mut [PageEntry] = bytemuck::cast_slice_mut(&mut entries);
        let limits = PowerLimits { import: Watts(limits[0]), export: Watts(limits[1]) };
        let previous = row.map(|[time, sequence, import, export]| LastReading {
            boundary: UnixTime(time.cast_signed()),
            sequence,
            registers: registers(import, export),
        });
        let before = (row_registers, entries.to_vec());
        let (boundary, [import, export]) = reading;
        let Some(mut page) = MeterPage::new(&mut row_registers, entries, UnixTime(start), QUARTER)
        else {
            return Ok(());
        };
        let registers = registers(import, export);
        let result = page.take_reading(boundary, registers, &limits.everywhere(), previous.as_ref());
        if !matches!(result, Ok(Taken::Newest | Taken::Filled)) {
            prop_assert_eq!((row_registers, entries.to_vec()), before);
        }
        let before = (row_registers, entries.to_vec());
        let values: Vec<_> = values.iter().map(|[i, e]| energy(*i, *e)).collect();
        let mut page =
            MeterPage::new(&mut row_registers, entries, UnixTime(start), QUARTER).unwrap();
        if page.replace(boundary, &values, &limits).is_err() {
            prop_assert_eq!((row_registers, entries.to_vec()), before);
        }
        let _ = finish(&row_registers, entries, &sum(import, export), &sum(export, import));
    }
}
