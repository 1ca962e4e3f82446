//! `set_terms`.

use joulebook_client::{
    layout::market::{ImbalancePrices, MarketTerms},
    market::{errors::MarketError, events::MarketEvent, types::TermsChanged},
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, check_invariants, community_with_open_window, first_start, govern,
        instructions, market_events, pass_until, trading_community, trading_community_with,
    },
    refused::{needed, refused, refused_when},
};
use solana_signer::Signer;

use crate::parameters::{extreme_terms, BAD_TERMS};

/// A community whose terms hold ten minutes after they are set, two windows before its first start; returns that.
fn with_notice() -> (LocalCommunity, i64) {
    let community = trading_community_with(Parameters {
        notice_seconds: 600,
        ..Parameters::default()
    });
    let start = first_start(&community);
    assert_eq!(community.chain.now(), start - 600);
    (community, start)
}

fn other_terms() -> MarketTerms {
    MarketTerms {
        keeper_reward: 7,
        gate_lead: 120,
        metering_grace: 300,
        floor_price: 60_000,
        tick_size: 1_000,
        min_quantity: 5,
        grid_fee: 1,
        min_lock: 9,
        fee_bps: 2,
        max_silent: 3,
        draw_after: 4,
        ..Parameters::default().terms
    }
}

fn set(community: &mut LocalCommunity, terms: MarketTerms) {
    let set = instructions::set_terms(community, terms);
    govern(community, set).unwrap();
}

/// Local time and holidays say which of the signed prices a window has.
#[test]
fn given_the_authority_alone_when_it_would_change_the_calendar_then_the_supplier_must_sign() {
    let (mut community, _) = with_notice();
    let terms = Parameters::default().terms;
    let mut holiday = terms;
    holiday.holidays[0] = 20_000;
    let mut shifted = terms;
    shifted.utc_offset += 1800;
    let authority = community.authority.insecure_clone();
    let seller = community.households[1].wallet.insecure_clone();
    let other_fee = MarketTerms {
        fee_bps: 3,
        ..terms
    };
    for (case, terms) in [("a holiday", holiday), ("another local time", shifted)] {
        let at = community.addresses.clone();
        let why = MarketError::NotSupplier;
        let alone = at.set_terms(authority.pubkey(), None, terms);
        refused_when(
            case,
            &mut community.chain,
            &alone,
            &[&authority],
            why.clone(),
        );
        let other = at.set_terms(authority.pubkey(), Some(seller.pubkey()), terms);
        refused_when(
            case,
            &mut community.chain,
            &other,
            &[&authority, &seller],
            why,
        );
        let alone = at.set_terms(authority.pubkey(), None, other_fee);
        community.chain.send(&[alone], &[&authority]).unwrap();
        set(&mut community, terms);
        assert_eq!(community.market().planned_terms, terms);
        // Nor does it put off what the supplier has signed, by whatever else it changes.
        let later = MarketTerms {
            fee_bps: 4,
            ..terms
        };
        let alone = at.set_terms(authority.pubkey(), None, later);
        let why = MarketError::NotSupplier;
        refused_when(case, &mut community.chain, &alone, &[&authority], why);
        set(&mut community, other_fee);
    }
    check_invariants(&community);
}

#[test]
fn given_a_market_when_its_terms_change_then_the_new_ones_are_planned_for_after_the_notice() {
    let (mut community, start) = with_notice();
    let terms = extreme_terms();
    let set = instructions::set_terms(&community, terms);
    let supplier = community.supplier.wallet.insecure_clone();
    let signers = [&community.authority, &supplier];
    let receipt = sweep(&mut community.chain, &set, &signers);
    let changed = TermsChanged {
        market: community.addresses.market,
        number: 0,
        from: start,
        terms,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::TermsChanged(changed)]
    );
    let market = community.market();
    assert_eq!(market.terms, Parameters::default().terms);
    assert_eq!(
        (market.planned_terms, market.planned_terms_from),
        (terms, start)
    );
    check_invariants(&community);
}

#[test]
fn given_a_notice_that_ends_within_a_window_when_terms_change_then_the_next_one_is_the_first() {
    let (mut community, start) = with_notice();
    community.chain.set_time(start - 599);
    set(&mut community, other_terms());
    assert_eq!(community.market().planned_terms_from, start + 300);
}

#[test]
fn given_a_term_out_of_bounds_when_terms_change_then_it_is_named() {
    let mut community = trading_community();
    let (authority, supplier) = (
        community.authority.insecure_clone(),
        community.supplier.wallet.insecure_clone(),
    );
    for (what, change, why) in BAD_TERMS {
        let mut terms = Parameters::default().terms;
        change(&mut terms);
        let set = instructions::set_terms(&community, terms);
        refused_when(
            what,
            &mut community.chain,
            &set,
            &needed(&set, &[&authority, &supplier]),
            why,
        );
    }
    assert_eq!(
        community.market().planned_terms,
        Parameters::default().terms
    );
}

#[test]
fn given_someone_else_when_it_changes_the_terms_then_it_is_not_the_authority() {
    let mut community = trading_community();
    let set = instructions::set_terms(&community, extreme_terms());
    let supplier = &community.supplier.wallet;
    let set = swap(&set, community.authority.pubkey(), supplier.pubkey());
    refused(
        &mut community.chain,
        &set,
        &[supplier],
        MarketError::NotAuthority,
    );
}

#[test]
fn given_an_open_window_when_terms_change_then_it_keeps_its_own() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let (book, page) = (community.book(start), community.page(start));
    set(&mut community, other_terms());
    assert_eq!(community.book(start), book);
    assert_eq!(community.page(start), page);
    check_invariants(&community);
}

#[test]
fn given_changed_terms_when_windows_open_then_those_after_the_notice_have_them() {
    let (mut community, start) = with_notice();
    set(&mut community, other_terms());
    community.open_window(start - 300).unwrap();
    let old = community.book(start - 300).header;
    assert_eq!((old.keeper_reward, old.min_quantity), (0, 1));
    assert_eq!((old.gate, old.floor_price), (start - 360, 50_000));
    assert_eq!((old.grid_fee, old.fee_bps, old.min_lock), (20_000, 100, 1));
    let page = community.page(start - 300).header;
    assert_eq!((page.metering_grace, page.draw_after), (600, 12));

    community.open_window(start).unwrap();
    let new = community.book(start).header;
    assert_eq!((new.keeper_reward, new.min_quantity), (7, 5));
    assert_eq!((new.gate, new.floor_price), (start - 120, 60_000));
    assert_eq!((new.grid_fee, new.fee_bps, new.min_lock), (1, 2, 9));
    assert_eq!((new.tick_size, new.max_silent), (1_000, 3));
    let page = community.page(start).header;
    assert_eq!((page.metering_grace, page.draw_after), (300, 4));
    check_invariants(&community);
}

/// What a seat pays for a window stands as soon as its page does, so that it can be known ahead.
#[test]
fn given_an_open_page_when_terms_change_then_its_grid_fees_stay() {
    let mut community = trading_community();
    let start = first_start(&community);
    community.open_pages(start).unwrap();
    set(&mut community, other_terms());
    community.open_window(start).unwrap();
    let book = community.book(start).header;
    assert_eq!((book.grid_fee, book.fee_bps), (20_000, 2));
    let page = community.page(start);
    assert!(page.windows.iter().all(|window| window.grid_fee == 20_000));
    check_invariants(&community);
}

#[test]
fn given_terms_that_do_not_hold_yet_when_others_are_planned_then_windows_before_keep_what_stood() {
    let (mut community, start) = with_notice();
    set(&mut community, other_terms());
    pass_until(&mut community, start - 300);
    let last = MarketTerms {
        fee_bps: 3,
        ..Parameters::default().terms
    };
    set(&mut community, last);
    assert_eq!(community.market().planned_terms_from, start + 300);
    for (window, fee) in [(start, 100), (start + 300, 3)] {
        community.open_window(window).unwrap();
        assert_eq!(community.book(window).header.fee_bps, fee);
    }
    check_invariants(&community);
}

#[test]
fn given_terms_that_hold_when_others_are_planned_then_windows_before_have_them() {
    let (mut community, start) = with_notice();
    set(&mut community, other_terms());
    pass_until(&mut community, start);
    let last = MarketTerms {
        fee_bps: 3,
        ..Parameters::default().terms
    };
    set(&mut community, last);
    assert_eq!(community.market().planned_terms_from, start + 600);
    for (window, fee) in [(start + 300, 2), (start + 600, 3)] {
        community.open_window(window).unwrap();
        assert_eq!(community.book(window).header.fee_bps, fee);
    }
    check_invariants(&community);
}

#[test]
fn given_planned_terms_when_the_tariff_changes_then_they_hold_from_when_they_did() {
    let (mut community, start) = with_notice();
    set(&mut community, other_terms());
    let planned = community.market();
    pass_until(&mut community, start - 300);
    let entries = vec![ImbalancePrices { short: 9, long: 8 }];
    let tariff = instructions::set_tariff(&community, true, 0, entries);
    govern(&mut community, tariff).unwrap();
    let market = community.market();
    assert_eq!(market.planned_tariffs_from, start + 300);
    assert_eq!(market.planned_terms_from, start);
    assert_eq!(market.planned_terms, planned.planned_terms);
    assert_eq!(market.terms, planned.terms);
}

#[test]
fn given_few_pages_when_the_horizon_outgrows_them_then_it_is_refused() {
    // Six pages of 1200 s: one page's time for each of opening ahead, running and finishing, 1200 s for corrections.
    let mut community = trading_community_with(Parameters {
        books: 16,
        ..Parameters::default()
    });
    let terms = |horizon| MarketTerms {
        horizon,
        ..Parameters::default().terms
    };
    let too_long = instructions::set_terms(&community, terms(2401));
    let why = MarketError::RingTooShort;
    refused(
        &mut community.chain,
        &too_long,
        &[&community.authority],
        why,
    );
    set(&mut community, terms(2400));
    check_invariants(&community);
}
