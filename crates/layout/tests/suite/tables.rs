//! Tables: a header and rows of one kind, to be written or only to be read.

use joulebook_layout::{
    account::asked_len,
    cut,
    market::{History, HistoryRecord},
    view, Account, DISCRIMINATOR_LEN,
};

/// Two records behind the header.
const LEN: usize = History::LEN + 2 * 40;

/// The account's bytes, aligned as the runtime does it.
fn account(len: usize) -> Vec<u64> {
    let mut words = vec![0; len.div_ceil(8)];
    let header = History {
        capacity: 2,
        ..History::default()
    };
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    bytes[..DISCRIMINATOR_LEN].copy_from_slice(&History::DISCRIMINATOR);
    bytes[DISCRIMINATOR_LEN..History::LEN].copy_from_slice(bytemuck::bytes_of(&header));
    words
}

#[test]
fn given_a_row_that_is_written_when_read_then_it_is_there() {
    assert_eq!(History::full_len(2), LEN);
    let mut words = account(LEN);
    let (header, records) = cut::<History>(bytemuck::cast_slice_mut(&mut words)).unwrap();
    header.windows = 9;
    records[1] = HistoryRecord {
        start: 900,
        volume: 7,
        ..HistoryRecord::default()
    };
    let (header, records) = view::<History>(bytemuck::cast_slice(&words)).unwrap();
    assert_eq!((header.windows, records.len()), (9, 2));
    assert_eq!(records[0], HistoryRecord::default());
    assert_eq!((records[1].start, records[1].volume), (900, 7));
}

#[test]
fn given_a_table_of_another_length_when_cut_or_read_then_it_is_refused() {
    for len in [
        0,
        7,
        8,
        History::LEN - 1,
        LEN - 40,
        LEN - 1,
        LEN + 1,
        LEN + 40,
    ] {
        let mut words = account(LEN + 40);
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
        assert!(view::<History>(&bytes[..len]).is_none(), "{len}");
        assert!(cut::<History>(&mut bytes[..len]).is_none(), "{len}");
    }
}

#[test]
fn given_a_table_that_is_not_aligned_when_cut_or_read_then_it_is_refused() {
    let mut words = account(LEN);
    words.push(0);
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    bytes.copy_within(..LEN, 1);
    let moved = &mut bytes[1..][..LEN];
    assert!(view::<History>(moved).is_none());
    assert!(cut::<History>(moved).is_none());
}

#[test]
fn given_a_header_when_asked_then_the_length_is_that_of_its_rows_and_of_its_kind_alone() {
    let mut words = account(History::LEN);
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    assert_eq!(asked_len::<History>(bytes), Some(LEN));
    assert_eq!(asked_len::<History>(&bytes[..History::LEN - 1]), None);
    bytes[0] ^= 1;
    assert_eq!(asked_len::<History>(bytes), None);
}
