//! Pages of intervals: entries bit by bit, and an account cut into its rows.

use joulebook_layout::{
    oracle::{IntervalPage, IntervalPageRows, IntervalPageView, PageEntry, PageRegisters, Quality},
    DISCRIMINATOR_LEN,
};
use joulebook_units::Wh;

/// Two meters and three intervals: 2 × (24 + 3 × 8) bytes behind the header.
const LEN: usize = IntervalPage::LEN + 128;
/// Of eight bytes, in discriminator and header.
const WORDS: usize = IntervalPage::LEN / 8;

/// The account's bytes, aligned as the runtime does it.
fn account(len: usize) -> Vec<u64> {
    let mut words = vec![0; len.div_ceil(8)];
    let header = IntervalPage {
        capacity: 2,
        intervals: 3,
        ..IntervalPage::default()
    };
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    bytes[DISCRIMINATOR_LEN..IntervalPage::LEN].copy_from_slice(bytemuck::bytes_of(&header));
    words
}

#[test]
fn given_a_value_when_packed_then_its_bits_are_where_the_layout_says() {
    let entry = PageEntry::new(Wh(5), Wh(7), Quality::Measured, true).unwrap();
    assert_eq!(entry.import, 0x8000_0005);
    assert_eq!(entry.export, 0x4000_0007);
    let entry = PageEntry::new(Wh(5), Wh(7), Quality::Replaced, false).unwrap();
    assert_eq!(entry.import, 0xC000_0005);
    assert_eq!(entry.export, 7);
}

#[test]
fn given_any_quality_and_energy_when_packed_then_all_of_it_comes_back() {
    for quality in Quality::ALL {
        for is_known in [false, true] {
            for (import, export) in [(0, 0), (1, 2), (1_073_741_823, 1_073_741_823)] {
                let entry = PageEntry::new(Wh(import), Wh(export), *quality, is_known).unwrap();
                assert_eq!((entry.import(), entry.export()), (Wh(import), Wh(export)));
                assert_eq!(entry.quality(), *quality);
                assert!(entry.is(*quality));
                assert_eq!(entry.is_boundary_known(), is_known);
                let has_value = matches!(quality, Quality::Measured | Quality::Replaced);
                assert_eq!(entry.has_value(), has_value);
            }
        }
    }
}

#[test]
fn given_more_energy_than_30_bits_when_packed_then_it_is_refused() {
    for (import, export) in [(1 << 30, 0), (0, 1 << 30), (u32::MAX, u32::MAX)] {
        let entry = PageEntry::new(Wh(import), Wh(export), Quality::Measured, true);
        assert_eq!(entry, None);
    }
}

#[test]
fn given_an_entry_when_its_boundary_becomes_known_then_nothing_else_changes() {
    let entry = PageEntry::new(Wh(5), Wh(7), Quality::Replaced, false).unwrap();
    let expected = PageEntry::new(Wh(5), Wh(7), Quality::Replaced, true).unwrap();
    assert_eq!(entry.with_boundary_known(), expected);
    assert_eq!(expected.with_boundary_known(), expected);
}

#[test]
fn given_zeros_when_read_then_nothing_is_known() {
    let entry = PageEntry::default();
    assert_eq!(entry, PageEntry::MISSING);
    assert_eq!(entry.quality(), Quality::Missing);
    assert!(!entry.is_boundary_known() && !entry.has_value());
    let registers = PageRegisters::default();
    assert!(!registers.is_known() && !registers.is_base_known());
}

#[test]
fn given_a_page_when_cut_then_each_meter_has_its_registers_and_its_intervals_in_turn() {
    assert_eq!(IntervalPage::full_len(2, 3), LEN);
    let mut words = account(LEN);
    // Behind those of the header and 10 of registers.
    for (word, number) in words[WORDS + 10..].iter_mut().zip(1..) {
        *word = number;
    }
    words[WORDS + 5] = 1000;
    let mut rows = IntervalPageRows::cut(bytemuck::cast_slice_mut(&mut words)).unwrap();
    let imports = |entries: &[PageEntry]| entries.iter().map(|e| e.import).collect::<Vec<_>>();
    let (registers, entries) = rows.meter(0).unwrap();
    assert_eq!((registers.import, imports(entries)), (0, vec![1, 2, 3]));
    let (registers, entries) = rows.meter(1).unwrap();
    assert_eq!((registers.import, imports(entries)), (1000, vec![4, 5, 6]));
    assert!(rows.meter(2).is_none());
    assert!(rows.meter(u16::MAX).is_none());
}

#[test]
fn given_a_page_of_another_length_when_cut_then_it_is_refused() {
    for len in [
        0,
        8,
        IntervalPage::LEN - 1,
        LEN - 8,
        LEN - 1,
        LEN + 1,
        LEN + 8,
    ] {
        let mut words = account(LEN + 8);
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
        assert!(IntervalPageRows::cut(&mut bytes[..len]).is_none(), "{len}");
    }
}

#[test]
fn given_a_page_when_only_read_then_its_rows_are_where_they_are_when_cut() {
    let mut words = account(LEN);
    for (word, number) in words[WORDS..].iter_mut().zip(0..) {
        *word = number;
    }
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    let copy = bytes.to_vec();
    let cut = IntervalPageRows::cut(bytes).unwrap();
    let (registers, entries) = (cut.registers.to_vec(), cut.entries.to_vec());
    let mut words = vec![0u64; LEN / 8];
    bytemuck::cast_slice_mut(&mut words).copy_from_slice(&copy);
    let viewed = IntervalPageView::view(bytemuck::cast_slice(&words)).unwrap();
    assert_eq!((viewed.header.capacity, viewed.header.intervals), (2, 3));
    assert_eq!(viewed.registers, registers);
    assert_eq!(viewed.entries, entries);
    assert_eq!((registers[1].import, entries[5].import), (5, 15));
}

#[test]
fn given_a_page_of_another_length_when_only_read_then_it_is_refused() {
    let words = account(LEN + 8);
    let bytes: &[u8] = bytemuck::cast_slice(&words);
    for len in [
        0,
        8,
        IntervalPage::LEN - 1,
        LEN - 8,
        LEN - 1,
        LEN + 1,
        LEN + 8,
    ] {
        assert!(IntervalPageView::view(&bytes[..len]).is_none(), "{len}");
    }
    assert!(IntervalPageView::view(&bytes[..LEN]).is_some());
}

#[test]
fn given_a_page_when_asked_then_it_is_finished_once_all_its_meters_are() {
    let page = |start, finished_meters| IntervalPage {
        start,
        capacity: 3,
        finished_meters,
        ..IntervalPage::default()
    };
    assert!(!page(0, 0).is_finished());
    assert!(!page(0, 2).is_finished());
    assert!(page(0, 3).is_finished());
    assert!(page(IntervalPage::NEVER, 0).is_finished());
}

#[test]
fn given_registers_when_asked_then_they_were_heard_until_the_last_known_boundary() {
    let registers = |known, last| PageRegisters {
        known,
        last,
        ..PageRegisters::default()
    };
    assert_eq!(registers(0, 0).heard_until(), None);
    assert_eq!(registers(1, 0).heard_until(), Some(0));
    assert_eq!(registers(1, 96).heard_until(), Some(96));
}
