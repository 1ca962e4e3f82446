//! The shortest and the longest windows.

use joulebook_client::layout::market::MarketTerms;
use joulebook_sim::Parameters;
use joulebook_tests::market::{
    amounts, check_invariants, contract, deliver_and_settle, pass_until, trading_community_with,
    BUYER, FREE, SELLER,
};

/// Two windows after one another, from opening to record.
fn two_windows(window_seconds: u32, terms: MarketTerms) {
    let mut community = trading_community_with(Parameters {
        window_seconds,
        ring: 8,
        interval_ring: 8,
        terms,
        ..Parameters::default()
    });
    let length = i64::from(window_seconds);
    let first = community.next_start() + length;
    for start in [first, first + 2 * length] {
        let opens = start - i64::from(community.parameters.terms.horizon);
        pass_until(&mut community, opens);
        contract(&mut community, start);
        deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000)]);
        check_invariants(&community);
    }
    assert_eq!(community.seat(BUYER).free, FREE - 2 * amounts::PAID);
    assert_eq!(community.seat(SELLER).free, FREE + 2 * amounts::INCOME);
    assert_eq!(community.history().header.windows, 2);
}

#[test]
fn given_windows_of_a_minute_when_they_live_then_all_is_settled() {
    let terms = MarketTerms {
        horizon: 240,
        gate_lead: 10,
        metering_grace: 120,
        ..Parameters::default().terms
    };
    two_windows(60, terms);
}

#[test]
fn given_windows_of_a_day_when_they_live_then_all_is_settled() {
    let terms = MarketTerms {
        horizon: 2 * 86_400,
        gate_lead: 12 * 3600,
        metering_grace: 3 * 86_400,
        ..Parameters::default().terms
    };
    two_windows(86_400, terms);
}
