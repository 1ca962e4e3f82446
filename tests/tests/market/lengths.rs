//! The shortest and the longest windows and pages.

use joulebook_client::layout::market::MarketTerms;
use joulebook_sim::Parameters;
use joulebook_tests::market::{
    amounts, check_invariants, check_settled, contract, deliver_and_settle, first_start,
    pass_until, trading_community_with, BUYER, FREE, SELLER,
};

/// Two windows that are not next to each other, from opening to record.
fn two_windows(parameters: Parameters) {
    let mut community = trading_community_with(parameters);
    let length = i64::from(community.parameters.window_seconds);
    let first = first_start(&community);
    let windows = [first, first + 2 * length];
    for start in windows {
        let opens = start - i64::from(community.parameters.terms.horizon);
        pass_until(&mut community, opens);
        contract(&mut community, start);
        deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000)]);
        check_invariants(&community);
        check_settled(&community, start);
    }
    community.finish_page(windows[1]).unwrap();
    check_invariants(&community);
    assert_eq!(community.seat(BUYER).free, FREE - 2 * amounts::PAID);
    assert_eq!(community.seat(SELLER).free, FREE + 2 * amounts::INCOME);
    let history = community.history();
    for start in windows {
        let mut records = history.records.iter();
        assert!(records.any(|record| (record.start, record.volume) == (start, 1000)));
    }
}

#[test]
fn given_windows_of_a_minute_when_they_live_then_all_is_settled() {
    two_windows(Parameters {
        window_seconds: 60,
        reading_seconds: 240,
        correction_seconds: 480,
        terms: MarketTerms {
            horizon: 240,
            gate_lead: 10,
            metering_grace: 120,
            ..Parameters::default().terms
        },
        ..Parameters::default()
    });
}

#[test]
fn given_windows_of_a_day_when_they_live_then_all_is_settled() {
    const DAY: u32 = 86_400;
    two_windows(Parameters {
        window_seconds: DAY,
        reading_seconds: 3 * DAY,
        correction_seconds: 7 * DAY,
        terms: MarketTerms {
            horizon: 2 * DAY,
            gate_lead: DAY / 2,
            metering_grace: 3 * DAY,
            ..Parameters::default().terms
        },
        ..Parameters::default()
    });
}

#[test]
fn given_pages_of_a_single_window_when_they_live_then_all_is_settled() {
    two_windows(Parameters {
        page_windows: 1,
        pages: 10,
        ..Parameters::default()
    });
}

/// A day of five minutes, the most that a page can have.
#[test]
fn given_pages_of_288_windows_when_they_live_then_all_is_settled() {
    two_windows(Parameters {
        page_windows: 288,
        pages: 5,
        reading_seconds: 3600,
        correction_seconds: 86_400,
        seats: 4,
        meters: 2,
        history: 4096,
        terms: MarketTerms {
            // Most windows of the day are silent here.
            max_silent: 0,
            ..Parameters::default().terms
        },
        ..Parameters::default()
    });
}
