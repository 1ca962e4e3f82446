//! Pages of windows: an account cut into its rows, and when it is final.

use joulebook_layout::{
    market::{Page, PageRows, PageWindow, Position, PositionStatus, WindowStatus},
    DISCRIMINATOR_LEN,
};

/// Three windows and two seats: 3 × (64 + 2 × 40) behind the header.
const LEN: usize = Page::LEN + 432;

fn header() -> Page {
    Page {
        windows: 3,
        seats: 2,
        ..Page::default()
    }
}

/// The account's bytes, aligned as the runtime does it. Every eight behind the header are their distance from it.
fn account(header: &Page, len: usize) -> Vec<u64> {
    let mut words = vec![0; len.div_ceil(8)];
    for (place, distance) in words[Page::LEN / 8..].iter_mut().zip((0..).step_by(8)) {
        *place = distance;
    }
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    bytes[DISCRIMINATOR_LEN..Page::LEN].copy_from_slice(bytemuck::bytes_of(header));
    words
}

#[test]
fn given_a_page_when_cut_then_each_window_has_the_positions_of_all_seats() {
    assert_eq!(Page::full_len(3, 2), LEN);
    let mut words = account(&header(), LEN);
    let mut rows = PageRows::cut(bytemuck::cast_slice_mut(&mut words)).unwrap();
    assert_eq!(*rows.header, header());
    assert_eq!((rows.windows.len(), rows.positions.len()), (3, 6));
    // What a position earns is behind its first eight bytes.
    for (number, volume, earns) in [
        (0, 0, [200, 240]),
        (1, 64, [280, 320]),
        (2, 128, [360, 400]),
    ] {
        let (window, positions) = rows.window(number).unwrap();
        assert_eq!(window.volume, volume);
        let found: Vec<_> = positions.iter().map(|position| position.earns).collect();
        assert_eq!(found, earns);
    }
}

#[test]
fn given_a_window_beyond_the_page_when_asked_then_there_is_none() {
    let mut words = account(&header(), LEN);
    let mut rows = PageRows::cut(bytemuck::cast_slice_mut(&mut words)).unwrap();
    for number in [3, 4, 6, u16::MAX] {
        assert!(rows.window(number).is_none(), "{number}");
    }
}

#[test]
fn given_a_position_that_is_written_when_cut_again_then_it_is_in_its_place_alone() {
    let mut words = account(&header(), LEN);
    let before = words.clone();
    let mut rows = PageRows::cut(bytemuck::cast_slice_mut(&mut words)).unwrap();
    let (_, positions) = rows.window(1).unwrap();
    positions[1].earns = 1_000_000;
    let changed: Vec<_> = (0..words.len())
        .filter(|place| words[*place] != before[*place])
        .collect();
    assert_eq!(changed, [(Page::LEN + 320) / 8]);
}

#[test]
fn given_a_page_without_seats_when_cut_then_its_windows_have_no_positions() {
    let header = Page {
        windows: 3,
        ..Page::default()
    };
    let len = Page::LEN + 3 * 64;
    assert_eq!(Page::full_len(3, 0), len);
    let mut words = account(&header, len);
    let mut rows = PageRows::cut(bytemuck::cast_slice_mut(&mut words)).unwrap();
    let (window, positions) = rows.window(2).unwrap();
    assert_eq!((window.volume, positions.len()), (128, 0));
    assert!(rows.window(3).is_none());
}

#[test]
fn given_a_page_of_another_length_when_cut_then_it_is_refused() {
    for len in [
        0,
        8,
        Page::LEN - 1,
        Page::LEN,
        LEN - 40,
        LEN - 1,
        LEN + 1,
        LEN + 40,
    ] {
        let mut words = account(&header(), LEN + 40);
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
        assert!(PageRows::cut(&mut bytes[..len]).is_none(), "{len}");
    }
}

#[test]
fn given_the_largest_sizes_when_asked_then_the_length_is_that_of_all_rows() {
    let rows = 65_535 * (64 + 65_535 * 40);
    let len = Page::full_len(u16::MAX, u16::MAX);
    assert_eq!(len, Page::LEN + rows);
}

#[test]
fn given_a_page_when_asked_then_it_is_final_once_all_its_seats_are() {
    let page = |start, final_seats| Page {
        start,
        seats: 3,
        final_seats,
        ..Page::default()
    };
    assert!(!page(0, 0).is_final());
    assert!(!page(0, 2).is_final());
    assert!(page(0, 3).is_final());
}

#[test]
fn given_a_page_never_used_when_asked_then_nothing_in_it_can_change() {
    let page = Page {
        start: Page::NEVER,
        seats: 3,
        ..Page::default()
    };
    assert!(page.is_final());
}

#[test]
fn given_each_status_when_asked_then_a_window_and_a_position_have_one() {
    let window = PageWindow::default();
    assert!(window.is(WindowStatus::Unopened));
    let position = Position::default();
    assert!(position.is(PositionStatus::Open));
    for status in WindowStatus::ALL {
        let window = PageWindow {
            status: *status as u8,
            ..window
        };
        let has = |status: &&WindowStatus| window.is(**status);
        assert_eq!(WindowStatus::ALL.iter().filter(has).count(), 1);
        assert!(window.is(*status));
    }
    for status in PositionStatus::ALL {
        let position = Position {
            status: *status as u8,
            ..position
        };
        let has = |status: &&PositionStatus| position.is(**status);
        assert_eq!(PositionStatus::ALL.iter().filter(has).count(), 1);
        assert!(position.is(*status));
    }
}

#[test]
fn given_a_page_when_a_window_s_end_is_asked_then_it_is_so_many_windows_behind_the_start() {
    let page = Page {
        start: 86_400,
        window_seconds: 900,
        windows: 96,
        ..Page::default()
    };
    let ends = [0, 1, 95].map(|window| page.end_of(window));
    assert_eq!(ends, [87_300, 88_200, 172_800]);
}

#[test]
fn given_the_ends_of_time_when_a_window_s_end_is_asked_then_it_answers() {
    let page = |start| Page {
        start,
        window_seconds: u32::MAX,
        ..Page::default()
    };
    assert_eq!(page(i64::MAX).end_of(u16::MAX), i64::MAX);
    // (2³² − 1) · 2¹⁶.
    assert_eq!(page(0).end_of(u16::MAX), 281_474_976_645_120);
    let never = page(Page::NEVER).end_of(0);
    assert_eq!(never, Page::NEVER + 4_294_967_295);
}
