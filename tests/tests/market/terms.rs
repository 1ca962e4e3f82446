//! `set_terms`.

use joulebook_client::{
    layout::market::MarketTerms,
    market::{errors::MarketError, events::MarketEvent, types::TermsChanged},
};
use joulebook_sim::Parameters;
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, check_invariants, community_with_open_window, govern, instructions, length,
        market_events, trading_community, trading_community_with,
    },
    refused::{refused, refused_when},
};
use solana_signer::Signer;

use crate::parameters::{extreme_terms, BAD_TERMS};

#[test]
fn given_a_market_when_its_terms_change_then_they_are_the_new_ones() {
    let mut community = trading_community();
    let terms = extreme_terms();
    let set = instructions::set_terms(&community, terms);
    let receipt = sweep(&mut community.chain, &set, &[&community.authority]);
    let changed = TermsChanged {
        market: community.addresses.market,
        terms,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::TermsChanged(changed)]
    );
    assert_eq!(community.market().terms, terms);
    check_invariants(&community);
}

#[test]
fn given_a_term_out_of_bounds_when_terms_change_then_it_is_named() {
    let mut community = trading_community();
    for (what, change, why) in BAD_TERMS {
        let mut terms = Parameters::default().terms;
        change(&mut terms);
        let set = instructions::set_terms(&community, terms);
        refused_when(
            what,
            &mut community.chain,
            &set,
            &[&community.authority],
            why,
        );
    }
    assert_eq!(community.market().terms, Parameters::default().terms);
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
fn given_an_open_window_when_terms_change_then_only_later_windows_have_them() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let old = community.window(start).header;
    let terms = MarketTerms {
        keeper_reward: 7,
        gate_lead: 120,
        metering_grace: 300,
        floor_price: 60_000,
        tick_size: 1_000,
        min_quantity: 5,
        grid_fee: 1,
        fee_bps: 2,
        max_estimated: 3,
        ..Parameters::default().terms
    };
    let set = instructions::set_terms(&community, terms);
    govern(&mut community, set).unwrap();
    assert_eq!(community.window(start).header, old);

    let next = start + length(&community);
    community.open_window(next).unwrap();
    let new = community.window(next).header;
    assert_eq!(new.keeper_reward, 7);
    assert_eq!((new.gate, new.settle_by), (next - 120, next + 600));
    assert_eq!((new.floor_price, new.tick_size), (60_000, 1_000));
    assert_eq!((new.min_quantity, new.grid_fee), (5, 1));
    assert_eq!((new.fee_bps, new.max_estimated), (2, 3));
    check_invariants(&community);
}

#[test]
fn given_a_short_interval_ring_when_the_grace_outgrows_it_then_it_is_refused() {
    let mut community = trading_community_with(Parameters {
        ring: 16,
        interval_ring: 5,
        ..Parameters::default()
    });
    let terms = |grace| {
        let mut terms = community.parameters.terms;
        terms.metering_grace = grace;
        terms
    };
    let (most, more) = (terms(900), terms(901));
    let fits = instructions::set_terms(&community, most);
    govern(&mut community, fits).unwrap();
    let too_long = instructions::set_terms(&community, more);
    let why = MarketError::IntervalRingTooShort;
    refused(
        &mut community.chain,
        &too_long,
        &[&community.authority],
        why,
    );
    check_invariants(&community);
}
