//! `set_terms`.

use joulebook_client::market::{
    errors::MarketError,
    events::MarketEvent,
    types::{MarketTerms, TermsChanged},
};
use joulebook_testkit::Setup;
use joulebook_tests::{
    hostile::sweep,
    market::{
        bend::swap, govern, length, make, market_events, open_village, sound, village, village_of,
    },
    refused::{refused, refused_when},
};
use solana_signer::Signer;

use crate::parameters::{extreme_terms, BAD_TERMS};

#[test]
fn given_a_market_when_its_terms_change_then_they_are_the_new_ones() {
    let mut world = village();
    let terms = extreme_terms();
    let set = make::set_terms(&world, terms.clone());
    let receipt = sweep(&mut world.chain, &set, &[&world.authority]);
    let changed = TermsChanged {
        market: world.at.market,
        terms: terms.clone(),
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::TermsChanged(changed)]
    );
    assert_eq!(world.market().terms, terms);
    sound(&world);
}

#[test]
fn given_a_term_out_of_bounds_when_terms_change_then_it_is_named() {
    let mut world = village();
    for (what, change, why) in BAD_TERMS {
        let mut terms = Setup::default().terms;
        change(&mut terms);
        let set = make::set_terms(&world, terms);
        refused_when(what, &mut world.chain, &set, &[&world.authority], why);
    }
    assert_eq!(world.market().terms, Setup::default().terms);
}

#[test]
fn given_someone_else_when_it_changes_the_terms_then_it_is_not_the_authority() {
    let mut world = village();
    let set = make::set_terms(&world, extreme_terms());
    let supplier = &world.supplier.wallet;
    let set = swap(&set, world.authority.pubkey(), supplier.pubkey());
    refused(
        &mut world.chain,
        &set,
        &[supplier],
        MarketError::NotAuthority,
    );
}

#[test]
fn given_an_open_window_when_terms_change_then_only_later_windows_have_them() {
    let (mut world, start) = open_village(Setup::default());
    let old = world.window(start).header;
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
        ..Setup::default().terms
    };
    let set = make::set_terms(&world, terms);
    govern(&mut world, set).unwrap();
    assert_eq!(world.window(start).header, old);

    let next = start + length(&world);
    world.open_window(next).unwrap();
    let new = world.window(next).header;
    assert_eq!(new.keeper_reward, 7);
    assert_eq!((new.gate, new.settle_by), (next - 120, next + 600));
    assert_eq!((new.floor_price, new.tick_size), (60_000, 1_000));
    assert_eq!((new.min_quantity, new.grid_fee), (5, 1));
    assert_eq!((new.fee_bps, new.max_estimated), (2, 3));
    sound(&world);
}

#[test]
fn given_a_short_interval_ring_when_the_grace_outgrows_it_then_it_is_refused() {
    let mut world = village_of(Setup {
        ring: 16,
        interval_ring: 5,
        ..Setup::default()
    });
    let terms = |grace| MarketTerms {
        metering_grace: grace,
        ..world.setup.terms.clone()
    };
    let (most, more) = (terms(900), terms(901));
    let fits = make::set_terms(&world, most);
    govern(&mut world, fits).unwrap();
    let too_long = make::set_terms(&world, more);
    let why = MarketError::IntervalRingTooShort;
    refused(&mut world.chain, &too_long, &[&world.authority], why);
    sound(&world);
}
