//! `finish_page`: seat by seat, and page after page.

use joulebook_client::{
    layout::market::{Page, PositionStatus},
    market::{
        errors::MarketError,
        events::MarketEvent,
        types::{PageFinished, SeatsFinal},
    },
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, amounts, check_invariants, close_gate, community_with_open_window,
        contracted, deliver, instructions, market_events, pass_until, trade, BUYER, FREE, SELLER,
    },
    refused::{refused, snapshot},
};

/// Of a page, seconds; values are corrected as long after its end.
const PAGE: i64 = 1200;

/// Lets the time for values of the page at `start` pass, has the oracle finish it and the page before, and makes that one
/// final.
fn finish_readings(community: &mut LocalCommunity, start: i64) {
    pass_until(community, start + 2 * PAGE);
    let at = community.addresses.clone();
    let steps = [
        at.finish_interval_page(start - PAGE, u16::MAX),
        at.finish_interval_page(start, u16::MAX),
        at.finish_page(start - PAGE, u16::MAX),
    ];
    community.send_with_full_budget(&steps).unwrap();
}

/// Contracts in a page's first window, of which nobody was heard; it can become final.
fn due(parameters: Parameters) -> (LocalCommunity, i64) {
    let (mut community, start) = contracted(parameters);
    finish_readings(&mut community, start);
    (community, start)
}

fn final_seats(community: &LocalCommunity, start: i64) -> u16 {
    community.page(start).header.final_seats
}

#[track_caller]
fn refuse(community: &mut LocalCommunity, start: i64, why: MarketError) {
    let finish = instructions::finish_page(community, start);
    refused(&mut community.chain, &finish, &[], why);
}

#[test]
fn given_a_page_without_more_values_when_it_is_finished_in_parts_then_seat_after_seat_is_final() {
    let (mut community, start) = due(Parameters::default());
    let market = community.addresses.market;
    let finish = community.addresses.finish_page(start, 5);
    let seats = |from, to| {
        MarketEvent::SeatsFinal(SeatsFinal {
            market,
            number: 0,
            page: start,
            from,
            to,
        })
    };
    let receipt = sweep(&mut community.chain, &finish, &[]);
    assert_eq!(market_events(&receipt), [seats(0, 5)]);
    assert_eq!(final_seats(&community, start), 5);
    for from in (5..30).step_by(5) {
        let receipt = community
            .send_with_full_budget(std::slice::from_ref(&finish))
            .unwrap();
        assert_eq!(market_events(&receipt), [seats(from, from + 5)]);
    }
    assert_eq!(community.ledger().header.last_final, start - PAGE);
    assert_eq!(community.history().header.windows, 4);
    let receipt = community
        .send_with_full_budget(std::slice::from_ref(&finish))
        .unwrap();
    let finished = MarketEvent::PageFinished(PageFinished {
        market,
        number: 0,
        page: start,
    });
    assert_eq!(market_events(&receipt), [seats(30, 32), finished]);
    assert!(community.page(start).header.is_final());
    assert_eq!(community.ledger().header.last_final, start);
    assert_eq!(community.history().header.windows, 8);
    check_invariants(&community);

    let at = &community.addresses;
    let tables = [at.ledger, at.page(start), at.history];
    let before = snapshot(&community.chain, &tables);
    let receipt = community.send_with_full_budget(&[finish]).unwrap();
    assert_eq!(market_events(&receipt), []);
    assert_eq!(snapshot(&community.chain, &tables), before);
}

#[test]
fn given_a_limit_of_nothing_when_a_page_is_finished_then_it_must_be_more() {
    let (mut community, start) = due(Parameters::default());
    let none = community.addresses.finish_page(start, 0);
    refused(&mut community.chain, &none, &[], MarketError::ZeroLimit);
    community.finish_page(start).unwrap();
    refused(&mut community.chain, &none, &[], MarketError::ZeroLimit);
}

#[test]
fn given_a_page_that_the_oracle_has_not_finished_when_it_is_then_it_is_too_early() {
    let (mut community, start) = contracted(Parameters::default());
    community.finish_page(start - PAGE).unwrap();
    refuse(&mut community, start, MarketError::ReadingsUnfinished);
    pass_until(&mut community, start + 2 * PAGE);
    refuse(&mut community, start, MarketError::ReadingsUnfinished);
    // One of two meters.
    let part = community.addresses.finish_interval_page(start, 1);
    community
        .send_with_full_budget(std::slice::from_ref(&part))
        .unwrap();
    refuse(&mut community, start, MarketError::ReadingsUnfinished);
    community.send_with_full_budget(&[part]).unwrap();
    let finish = instructions::finish_page(&community, start);
    community.send_with_full_budget(&[finish]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_an_earlier_page_that_is_not_final_when_a_page_is_finished_then_that_one_comes_first() {
    let (mut community, start) = contracted(Parameters::default());
    pass_until(&mut community, start + 2 * PAGE);
    let at = community.addresses.clone();
    let finishes = [start - PAGE, start].map(|page| at.finish_interval_page(page, 99));
    community.send_with_full_budget(&finishes).unwrap();
    refuse(&mut community, start, MarketError::EarlierUnfinished);
    let most = at.finish_page(start - PAGE, 31);
    community
        .send_with_full_budget(std::slice::from_ref(&most))
        .unwrap();
    refuse(&mut community, start, MarketError::EarlierUnfinished);
    let finish = instructions::finish_page(&community, start);
    community.send_with_full_budget(&[most, finish]).unwrap();
    assert_eq!(community.ledger().header.last_final, start);
    check_invariants(&community);
}

#[test]
fn given_orders_without_fills_when_their_page_is_finished_then_they_get_them_first() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    trade(&mut community, start);
    finish_readings(&mut community, start);
    refuse(&mut community, start, MarketError::WindowUnallocated);
    let at = community.addresses.clone();
    community.send_with_full_budget(&[at.clear(start)]).unwrap();
    refuse(&mut community, start, MarketError::WindowUnallocated);
    let part = at.allocate(start, 1, None);
    community.send_with_full_budget(&[part]).unwrap();
    refuse(&mut community, start, MarketError::WindowUnallocated);
    community.clear_and_allocate(start).unwrap();
    let finish = instructions::finish_page(&community, start);
    community.send_with_full_budget(&[finish]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_page_in_use_or_never_opened_when_it_is_finished_then_the_one_waits_the_other_is_nothing()
{
    let (mut community, start) = contracted(Parameters::default());
    let unused = instructions::finish_page(&community, start + PAGE);
    community.send_with_full_budget(&[unused]).unwrap();
    assert_eq!(community.ledger().header.last_final, Page::NEVER);
    refuse(&mut community, start, MarketError::ReadingsUnfinished);
}

#[test]
fn given_a_page_half_final_when_the_rest_is_settled_then_only_that_changes_and_all_end_the_same() {
    let (mut community, start) = contracted(Parameters::default());
    deliver(&mut community, start, &[(1100, 0), (0, 900)]);
    finish_readings(&mut community, start);
    // Up to the buyer's seat.
    let seats = community.households[BUYER].seat + 1;
    assert_eq!(seats, community.households[SELLER].seat);
    let part = community.addresses.finish_page(start, seats);
    community.send_with_full_budget(&[part]).unwrap();
    let buyer = community.seat(BUYER);
    assert_eq!(buyer.free, FREE - amounts::PAID - 30_000_000);
    assert_eq!(community.seat(SELLER).locked, amounts::DELIVERY_LOCK);

    community.settle_page(start).unwrap();
    assert_eq!(community.seat(BUYER), buyer);
    let settled = FREE + amounts::INCOME - 30_000_000;
    assert_eq!(community.seat(SELLER).free, settled);
    community.finish_page(start).unwrap();
    assert_eq!(community.seat(SELLER).free, settled);
    check_invariants(&community);

    // It has no place in the page any more that anything could change.
    let before = community.page(start);
    community.settle_page(start).unwrap();
    assert_eq!(community.page(start), before);
}

#[test]
fn given_more_seats_than_fit_a_call_when_a_page_is_finished_then_it_is_as_many_as_do() {
    let (mut community, start) = due(Parameters {
        seats: 100,
        ..Parameters::default()
    });
    let finish = instructions::finish_page(&community, start);
    // The page before needed two calls, too, and got one.
    refuse(&mut community, start, MarketError::EarlierUnfinished);
    let earlier = instructions::finish_page(&community, start - PAGE);
    community.send_with_full_budget(&[earlier]).unwrap();
    for seats in [64, 100] {
        community
            .send_with_full_budget(std::slice::from_ref(&finish))
            .unwrap();
        assert_eq!(final_seats(&community, start), seats);
    }
    assert_eq!(community.ledger().header.last_final, start);
    check_invariants(&community);
}

#[test]
fn given_readings_of_another_time_when_a_page_is_finished_then_they_are_the_wrong_ones() {
    let (mut community, start) = due(Parameters::default());
    let at = community.addresses.clone();
    let finish = instructions::finish_page(&community, start);
    for other in [start - PAGE, start + PAGE] {
        let altered = swap(&finish, at.interval_page(start), at.interval_page(other));
        refused(&mut community.chain, &altered, &[], MarketError::WrongPage);
    }
}

#[test]
fn given_meters_heard_and_never_settled_when_the_page_is_finished_then_that_settles_them() {
    let (mut community, start) = contracted(Parameters::default());
    deliver(&mut community, start, &[(1100, 0), (0, 900)]);
    community.finish_page(start).unwrap();
    assert_eq!(
        community.seat(BUYER).free,
        FREE - amounts::PAID - 30_000_000
    );
    assert_eq!(
        community.seat(SELLER).free,
        FREE + amounts::INCOME - 30_000_000
    );
    for place in [BUYER, SELLER] {
        let position = community.position(start, community.households[place].seat);
        assert!(position.is(PositionStatus::Confirmed));
        assert_eq!(position.paid, 30_000_000);
        assert_eq!(community.seat(place).engaged, 0);
    }
    check_invariants(&community);
}

#[test]
fn given_a_closed_gate_and_no_keeper_when_the_page_is_over_then_whoever_comes_finishes_all_of_it() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    trade(&mut community, start);
    close_gate(&mut community, start);
    pass_until(&mut community, start + 10 * PAGE);
    community.clear_and_allocate(start).unwrap();
    community.finish_page(start).unwrap();
    assert_eq!(community.ledger().header.last_final, start);
    assert_eq!(community.ledger().header.escrow, 0);
    check_invariants(&community);
}
