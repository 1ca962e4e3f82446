//! Markets: which terms and tariffs a window has, and when there are no more windows.

use joulebook_layout::market::{DayTariff, ImbalancePrices, Market, MarketTerms, Page};
use joulebook_units::Seconds;

fn tariffs(short: i32) -> [DayTariff; 2] {
    let prices = ImbalancePrices { short, long: 0 };
    let day = DayTariff {
        half_hours: [prices; 48],
    };
    [day; 2]
}

fn market(terms_from: i64, tariffs_from: i64) -> Market {
    let terms = |fee_bps| MarketTerms {
        fee_bps,
        ..MarketTerms::default()
    };
    Market {
        terms: terms(1),
        planned_terms: terms(2),
        planned_terms_from: terms_from,
        planned_tariffs_from: tariffs_from,
        tariffs: tariffs(10),
        planned_tariffs: tariffs(20),
        ..Market::default()
    }
}

fn found(market: &Market, start: i64) -> (u16, i32) {
    let [working, free] = market.tariffs_at(start);
    assert_eq!(working, free);
    (market.terms_at(start).fee_bps, working.half_hours[0].short)
}

#[test]
fn given_planned_terms_when_a_window_starts_then_they_hold_from_their_moment_on() {
    let market = market(900, 900);
    assert_eq!(found(&market, 0), (1, 10));
    assert_eq!(found(&market, 899), (1, 10));
    assert_eq!(found(&market, 900), (2, 20));
    assert_eq!(found(&market, i64::MAX), (2, 20));
}

#[test]
fn given_terms_and_tariffs_planned_for_different_times_when_a_window_starts_then_each_has_its_own()
{
    let earlier_terms = market(900, 1_200);
    assert_eq!(found(&earlier_terms, 900), (2, 10));
    assert_eq!(found(&earlier_terms, 1_200), (2, 20));
    let earlier_tariffs = market(1_200, 900);
    assert_eq!(found(&earlier_tariffs, 900), (1, 20));
    assert_eq!(found(&earlier_tariffs, 1_200), (2, 20));
}

#[test]
fn given_terms_that_hold_since_ever_when_a_window_starts_then_no_others_do() {
    assert_eq!(found(&market(i64::MIN, i64::MIN), i64::MIN), (2, 20));
    assert_eq!(found(&market(i64::MAX, i64::MAX), i64::MAX - 1), (1, 10));
}

#[test]
fn given_a_market_when_its_page_is_measured_then_it_is_as_long_as_its_windows() {
    let market = Market {
        window_seconds: 900,
        page_windows: 96,
        ..Market::default()
    };
    assert_eq!(market.window_length(), Seconds(900));
    assert_eq!(market.page_length(), Seconds(86_400));
}

#[test]
fn given_an_end_when_asked_then_a_market_is_over_once_nothing_before_it_can_be_corrected() {
    let market = Market {
        ends_at: 86_400,
        correction_seconds: 3_600,
        ..Market::default()
    };
    let is_over = [0, 86_400, 89_999, 90_000, i64::MAX].map(|now| market.is_over(now));
    assert_eq!(is_over, [false, false, false, true, true]);
}

#[test]
fn given_no_end_when_asked_then_a_market_is_never_over() {
    let market = Market {
        ends_at: Market::ENDLESS,
        correction_seconds: u32::MAX,
        ..Market::default()
    };
    assert!(!market.is_over(i64::MAX - 1));
}

#[test]
fn given_a_market_that_is_over_when_its_last_page_is_final_then_it_has_ended() {
    let market = |last_page| Market {
        ends_at: 86_400,
        last_page,
        ..Market::default()
    };
    assert!(!market(82_800).has_ended(79_200, 86_400));
    assert!(market(82_800).has_ended(82_800, 86_400));
    assert!(!market(82_800).has_ended(82_800, 86_399));
    // It had no page at all.
    assert!(market(Page::NEVER).has_ended(Page::NEVER, 86_400));
}
