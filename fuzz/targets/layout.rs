//! Accounts of any bytes, cut into header and rows.

use bolero::{check, produce, ValueGenerator};
use joulebook_layout::{
    account, cut,
    market::{Book, BookRows, History, Ledger, Page, PageRows},
    oracle::{IntervalPage, IntervalPageRows, IntervalPageView, MeterTable},
    view, Table, DISCRIMINATOR_LEN,
};

use crate::time;

/// A header's bytes, so many rows wanted, and how many bytes more or less than that there are.
type Shape = (Vec<u8>, u16, i8);

fn any_shape() -> impl ValueGenerator<Output = Shape> {
    (
        produce::<Vec<u8>>().with().len(0..400usize),
        0..6u16,
        -3..=3i8,
    )
}

/// Bytes with the alignment that the runtime gives an account's data.
struct Aligned(Vec<u64>, usize);

impl Aligned {
    fn new(len: usize, filler: &[u8]) -> Aligned {
        let mut aligned = Aligned(vec![0; len.div_ceil(8)], len);
        for (byte, filled) in aligned.bytes().iter_mut().zip(filler.iter().cycle()) {
            *byte = *filled;
        }
        aligned
    }

    /// An account with this header, and each word behind it as high as its place: no two rows are alike.
    fn numbered(len: usize, header: &[u8]) -> Aligned {
        let mut aligned = Aligned::new(len, &[0]);
        for (word, number) in aligned.0.iter_mut().zip(0..) {
            *word = number;
        }
        let places = aligned.bytes().get_mut(DISCRIMINATOR_LEN..);
        for (place, byte) in places.unwrap_or_default().iter_mut().zip(header) {
            *place = *byte;
        }
        aligned
    }

    fn bytes(&mut self) -> &mut [u8] {
        &mut bytemuck::cast_slice_mut(&mut self.0)[..self.1]
    }
}

/// The bytes of rows.
fn bytes_of<T: bytemuck::Pod>(rows: &[T]) -> &[u8] {
    bytemuck::cast_slice(rows)
}

/// Whatever the bytes, a table is cut exactly when it has the length that its header asks for, and its rows are then
/// all the bytes behind the header, in their order.
fn cuts<T: Table>((filler, rows, extra): &Shape, with_count: fn(u16) -> T) {
    let whole = DISCRIMINATOR_LEN + size_of::<T>() + usize::from(*rows) * size_of::<T::Row>();
    let len = whole.saturating_add_signed((*extra).into());
    let mut data = Aligned::new(len, filler);
    let header = with_count(*rows);
    let start = DISCRIMINATOR_LEN.min(len);
    for (place, byte) in data.bytes()[start..]
        .iter_mut()
        .zip(bytemuck::bytes_of(&header))
    {
        *place = *byte;
    }
    let copy = data.bytes().to_vec();
    let viewed = view::<T>(data.bytes()).map(|(header, rows)| (*header, rows.to_vec()));
    match cut::<T>(data.bytes()) {
        Some((found, found_rows)) => {
            assert_eq!(len, whole);
            assert_eq!(bytemuck::bytes_of(found), bytemuck::bytes_of(&header));
            assert_eq!(found_rows.len(), usize::from(*rows));
            let behind = bytes_of(found_rows);
            assert_eq!(behind, &copy[DISCRIMINATOR_LEN + size_of::<T>()..]);
            // One that is only read is read alike.
            let (header, rows) = viewed.unwrap();
            assert_eq!(bytemuck::bytes_of(&header), bytemuck::bytes_of(found));
            assert_eq!(bytes_of(&rows), behind);
        }
        None => {
            assert_ne!(len, whole);
            assert!(viewed.is_none());
        }
    }
    // Another kind of account asks for nothing.
    let mut kind = copy;
    if let Some(first) = kind.first_chunk_mut() {
        *first = T::DISCRIMINATOR;
        let has_header = kind.len() >= DISCRIMINATOR_LEN + size_of::<T>();
        assert_eq!(account::asked_len::<T>(&kind), has_header.then_some(whole));
        kind[0] ^= 1;
        assert_eq!(account::asked_len::<T>(&kind), None);
    }
}

#[test]
fn given_a_table_of_any_bytes_when_cut_then_it_is_whole_or_refused() {
    check!()
        .with_test_time(time())
        .with_generator(any_shape())
        .for_each(|shape| {
            cuts(shape, |capacity| Ledger {
                capacity,
                ..Ledger::default()
            });
            cuts(shape, |capacity| History {
                capacity,
                ..History::default()
            });
            cuts(shape, |capacity| MeterTable {
                capacity,
                ..MeterTable::default()
            });
        });
}

#[test]
fn given_a_book_of_any_sizes_when_cut_then_its_rows_are_all_its_bytes() {
    let sizes = (0..3u8, 0..200u16, 0..20u16, 0..20u16, -3..=3i16);
    check!()
        .with_test_time(time())
        .with_generator(sizes)
        .for_each(|(nodes, ticks, seats, orders, extra)| {
            let whole = Book::full_len(*nodes, *ticks, *seats, *orders);
            let len = whole.saturating_add_signed((*extra).into());
            let header = Book {
                nodes: *nodes,
                ticks: *ticks,
                seats: *seats,
                orders: *orders,
                ..Book::default()
            };
            let mut data = Aligned::numbered(len, bytemuck::bytes_of(&header));
            let copy = data.bytes().to_vec();
            let rows = BookRows::cut(data.bytes());
            assert_eq!(rows.is_some(), *extra == 0);
            let Some(rows) = rows else { return };
            assert_eq!(*rows.header, header);
            assert_eq!(rows.nodes.len(), usize::from(*nodes));
            assert_eq!(
                rows.blocks.len(),
                usize::from(*nodes) * usize::from(*ticks).div_ceil(64)
            );
            assert_eq!(rows.levels.len(), usize::from(*nodes) * usize::from(*ticks));
            assert_eq!(rows.seats.len(), usize::from(*seats));
            assert_eq!(rows.orders.len(), usize::from(*orders));
            let behind = [
                bytes_of(rows.nodes),
                bytes_of(rows.seats),
                bytes_of(rows.blocks),
                bytes_of(rows.levels),
                bytes_of(rows.orders),
            ];
            assert_eq!(behind.concat(), copy[Book::LEN..]);
        });
}

#[test]
fn given_a_page_of_any_sizes_when_cut_then_each_window_has_its_positions() {
    let sizes = (0..20u16, 0..20u16, -3..=3i16, produce::<u16>());
    check!()
        .with_test_time(time())
        .with_generator(sizes)
        .for_each(|(windows, seats, extra, any)| {
            let whole = Page::full_len(*windows, *seats);
            let len = whole.saturating_add_signed((*extra).into());
            let header = Page {
                windows: *windows,
                seats: *seats,
                ..Page::default()
            };
            let mut data = Aligned::numbered(len, bytemuck::bytes_of(&header));
            let copy = data.bytes().to_vec();
            let rows = PageRows::cut(data.bytes());
            assert_eq!(rows.is_some(), *extra == 0);
            let Some(mut rows) = rows else { return };
            assert_eq!(*rows.header, header);
            let (mut first, mut second) = (Vec::new(), Vec::new());
            for number in 0..*windows {
                let (window, positions) = rows.window(number).unwrap();
                assert_eq!(positions.len(), usize::from(*seats));
                first.extend_from_slice(bytemuck::bytes_of(window));
                second.extend_from_slice(bytes_of(positions));
            }
            assert_eq!([first, second].concat(), copy[Page::LEN..]);
            let beyond = windows.saturating_add(*any);
            assert!(rows.window(beyond).is_none(), "window {beyond}");
        });
}

#[test]
fn given_a_page_of_intervals_of_any_sizes_when_cut_then_each_meter_has_its_entries() {
    let sizes = (0..20u16, 0..100u16, -3..=3i16, produce::<u16>());
    check!()
        .with_test_time(time())
        .with_generator(sizes)
        .for_each(|(capacity, intervals, extra, any)| {
            let whole = IntervalPage::full_len(*capacity, *intervals);
            let len = whole.saturating_add_signed((*extra).into());
            let header = IntervalPage {
                capacity: *capacity,
                intervals: *intervals,
                ..IntervalPage::default()
            };
            let mut data = Aligned::numbered(len, bytemuck::bytes_of(&header));
            let copy = data.bytes().to_vec();
            // One that is only read is read alike.
            let viewed = IntervalPageView::view(data.bytes()).map(|page| {
                assert_eq!(*page.header, header);
                [bytes_of(page.registers), bytes_of(page.entries)].concat()
            });
            let behind = (*extra == 0).then(|| copy[IntervalPage::LEN..].to_vec());
            assert_eq!(viewed, behind);
            let rows = IntervalPageRows::cut(data.bytes());
            assert_eq!(rows.is_some(), *extra == 0);
            let Some(mut rows) = rows else { return };
            assert_eq!(*rows.header, header);
            let (mut first, mut second) = (Vec::new(), Vec::new());
            for number in 0..*capacity {
                let (registers, entries) = rows.meter(number).unwrap();
                assert_eq!(entries.len(), usize::from(*intervals));
                first.extend_from_slice(bytemuck::bytes_of(registers));
                second.extend_from_slice(bytes_of(entries));
            }
            assert_eq!([first, second].concat(), copy[IntervalPage::LEN..]);
            let beyond = capacity.saturating_add(*any);
            assert!(rows.meter(beyond).is_none(), "meter {beyond}");
        });
}

#[test]
fn given_any_bytes_when_cut_as_any_account_then_nothing_panics() {
    check!()
        .with_test_time(time())
        .with_generator(produce::<Vec<u8>>().with().len(0..600usize))
        .for_each(|bytes| {
            let mut data = Aligned::new(bytes.len(), bytes);
            let _ = cut::<Ledger>(data.bytes());
            let _ = cut::<MeterTable>(data.bytes());
            let _ = view::<History>(data.bytes());
            let _ = BookRows::cut(data.bytes());
            let _ = PageRows::cut(data.bytes());
            let _ = IntervalPageRows::cut(data.bytes());
            let _ = IntervalPageView::view(data.bytes());
            // Without alignment nothing is cut, and nothing goes wrong.
            if let Some(rest) = data.bytes().get_mut(1..) {
                assert!(cut::<Ledger>(rest).is_none());
                assert!(view::<Ledger>(rest).is_none());
                assert!(PageRows::cut(rest).is_none());
            }
        });
}
