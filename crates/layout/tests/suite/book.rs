//! Books: an account cut into its rows, and a book's way through its phases.

use joulebook_layout::{
    market::{block_count, Book, BookRows, NodeState, Phase, Standing, Transition},
    DISCRIMINATOR_LEN,
};
use joulebook_units::{Price, Tick};

/// Bytes behind the header of one node with 65 ticks in two blocks, three seats and two orders: 80 + (2 + 65) × 16 +
/// 3 × 32 + 2 × 20.
const ROWS: usize = 1288;
const LEN: usize = Book::LEN + ROWS;

fn header() -> Book {
    Book {
        nodes: 1,
        ticks: 65,
        seats: 3,
        orders: 2,
        ..Book::default()
    }
}

/// The account's bytes, aligned as the runtime does it. Every four behind the header are their distance from it.
fn account(header: &Book, len: usize) -> Vec<u64> {
    let mut words = vec![0; len.div_ceil(8)];
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    bytes[DISCRIMINATOR_LEN..Book::LEN].copy_from_slice(bytemuck::bytes_of(header));
    let behind: &mut [u32] = bytemuck::cast_slice_mut(&mut bytes[Book::LEN..]);
    for (place, distance) in behind.iter_mut().zip((0..).step_by(4)) {
        *place = distance;
    }
    words
}

#[test]
fn given_ticks_when_counted_in_blocks_then_each_64_begun_are_one() {
    let blocks = [0, 1, 63, 64, 65, 128, 8192, u16::MAX].map(block_count);
    assert_eq!(blocks, [0, 1, 1, 1, 2, 2, 128, 1024]);
}

#[test]
fn given_a_book_when_cut_then_nodes_seats_blocks_levels_and_orders_follow_each_other() {
    assert_eq!(Book::full_len(1, 65, 3, 2), LEN);
    let mut words = account(&header(), LEN);
    let rows = BookRows::cut(bytemuck::cast_slice_mut(&mut words)).unwrap();
    assert_eq!(*rows.header, header());
    // Of eight bytes, the lower four.
    let distances: Vec<_> = rows.nodes.iter().map(|node| node.volume as u32).collect();
    assert_eq!(distances, [0]);
    let distances: Vec<_> = rows.seats.iter().map(|seat| seat.locked as u32).collect();
    assert_eq!(distances, [80, 112, 144]);
    let distances: Vec<_> = rows.blocks.iter().map(|block| block.buy as u32).collect();
    assert_eq!(distances, [176, 192]);
    let distances: Vec<_> = rows.levels.iter().map(|level| level.buy as u32).collect();
    let expected: Vec<_> = (0..65).map(|tick| 208 + 16 * tick).collect();
    assert_eq!(distances, expected);
    let distances: Vec<_> = rows.orders.iter().map(|order| order.quantity).collect();
    assert_eq!(distances, [1248, 1268]);
}

#[test]
fn given_two_nodes_when_cut_then_each_has_its_blocks_and_levels() {
    let header = Book {
        nodes: 2,
        ticks: 65,
        ..Book::default()
    };
    // 2 × 80 + 2 × (2 + 65) × 16.
    let len = Book::LEN + 2304;
    assert_eq!(Book::full_len(2, 65, 0, 0), len);
    let mut words = account(&header, len);
    let rows = BookRows::cut(bytemuck::cast_slice_mut(&mut words)).unwrap();
    assert_eq!((rows.nodes.len(), rows.blocks.len()), (2, 4));
    assert_eq!((rows.levels.len(), rows.seats.len()), (130, 0));
    let distances = [0, 129].map(|level| rows.levels[level].buy as u32);
    assert_eq!(distances, [224, 2288]);
}

#[test]
fn given_a_book_of_another_length_when_cut_then_it_is_refused() {
    for len in [
        0,
        8,
        Book::LEN - 1,
        Book::LEN,
        LEN - 20,
        LEN - 1,
        LEN + 1,
        LEN + 20,
    ] {
        let mut words = account(&header(), LEN + 20);
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
        assert!(BookRows::cut(&mut bytes[..len]).is_none(), "{len}");
    }
}

#[test]
fn given_a_book_that_is_not_aligned_when_cut_then_it_is_refused() {
    let mut words = account(&header(), LEN);
    words.push(0);
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    bytes.copy_within(..LEN, 4);
    assert!(BookRows::cut(&mut bytes[4..][..LEN]).is_none());
}

#[test]
fn given_a_free_book_when_a_window_goes_through_it_then_each_transition_is_due_in_turn() {
    let mut book = Book::default();
    assert!(book.is(Phase::Free));
    for phase in [Phase::Open, Phase::Cleared, Phase::Allocated, Phase::Open] {
        let standings = Transition::ALL.map(|transition| book.standing(transition));
        let due = standings
            .iter()
            .position(|standing| *standing == Standing::Due);
        book.finish(Transition::ALL[due.unwrap()]);
        assert_eq!(book.phase(), Some(phase));
        assert!(book.is(phase));
    }
}

#[test]
fn given_a_phase_of_another_version_when_asked_then_there_is_none() {
    let book = Book {
        phase: 4,
        ..Book::default()
    };
    assert_eq!(book.phase(), None);
    assert_eq!(book.standing(Transition::Open), Standing::Early);
}

#[test]
fn given_a_price_grid_when_a_tick_is_asked_then_its_price_is_so_many_steps_above_the_floor() {
    let book = Book {
        floor_price: -50_000,
        tick_size: 2_500,
        ..Book::default()
    };
    let prices = [0, 1, 20, 100].map(|tick| book.price(Tick(tick)));
    let expected = [-50_000, -47_500, 0, 200_000].map(Price);
    assert_eq!(prices, expected);
}

#[test]
fn given_room_for_every_seat_when_asked_then_what_is_left_is_shared() {
    let book = Book {
        orders: 100,
        seats: 15,
        room_per_seat: 4,
        ..Book::default()
    };
    assert_eq!(book.shared_room(), 40);
    let beyond = [0, 4, 5, 9, u16::MAX].map(|orders| book.beyond(orders));
    assert_eq!(beyond, [0, 0, 1, 5, 65_531]);
    let without = Book {
        room_per_seat: 0,
        ..book
    };
    assert_eq!((without.shared_room(), without.beyond(7)), (100, 7));
}

#[test]
fn given_no_volume_when_a_node_s_price_is_asked_then_there_is_none() {
    let node = |volume| NodeState {
        volume,
        price: -7,
        ..NodeState::default()
    };
    assert_eq!(node(0).price(), None);
    assert_eq!(node(1).price(), Some(Price(-7)));
}
