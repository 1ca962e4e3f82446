//! The history: what `finish_page` keeps of a page's windows.

use joulebook_client::{
    layout::market::{HistoryRecord, WindowStatus},
    ring,
};
use joulebook_sim::Parameters;
use joulebook_tests::market::{
    check_invariants, contract, contracted, first_start, pass_until, trading_community_with,
};

/// Of a page, seconds.
const PAGE: i64 = 1200;

#[test]
fn given_a_final_page_when_its_records_are_read_then_they_say_what_happened_in_each_window() {
    let (mut community, start) = contracted(Parameters::default());
    community.finish_page(start).unwrap();
    let history = community.history();
    let record = |start| {
        let slot = ring::slot(start, 300, 16).unwrap();
        history.records[usize::from(slot)]
    };
    let traded = HistoryRecord {
        start,
        volume: 1000,
        price: 150_000,
        short: 300_000,
        long: 80_000,
        low: 50,
        high: 50,
        orders: 2,
        reserved: [0; 3],
    };
    assert_eq!(record(start), traded);
    // Nobody opened a book for the others.
    for start in [start - 300, start + 300, start + 600, start + 900] {
        let untraded = HistoryRecord {
            start,
            short: 300_000,
            long: 80_000,
            ..HistoryRecord::default()
        };
        assert_eq!(record(start), untraded);
    }
    assert_eq!((history.header.windows, history.header.volume), (8, 1000));
    check_invariants(&community);
}

#[test]
fn given_a_history_shorter_than_the_pages_when_windows_are_recorded_then_the_oldest_make_room() {
    let mut community = trading_community_with(Parameters {
        history: 6,
        ..Parameters::default()
    });
    let first = first_start(&community);
    for start in [first, first + PAGE] {
        pass_until(&mut community, start - 600);
        contract(&mut community, start);
        assert!(community.window(start).is(WindowStatus::Allocated));
    }
    community.finish_page(first + PAGE).unwrap();
    let history = community.history();
    let mut starts: Vec<_> = history.records.iter().map(|record| record.start).collect();
    starts.sort_unstable();
    let last_six: Vec<_> = (2..8).map(|number| first + number * 300).collect();
    assert_eq!(starts, last_six);
    // Of three pages.
    assert_eq!((history.header.windows, history.header.volume), (12, 2000));
    check_invariants(&community);
}
