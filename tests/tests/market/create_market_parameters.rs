//! `create_market`: each parameter out of bounds and at its bounds.

use joulebook_client::layout::market::MarketTerms;
use joulebook_client::market::errors::MarketError;
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::refused::{refused_when, snapshot};

use crate::{
    create_market::founded,
    parameters::{extreme_terms, BAD_TERMS},
};

type Change = fn(&mut Parameters);

const BAD_SIZES: [(&str, Change, MarketError); 32] = [
    (
        "no length",
        |s| s.window_seconds = 0,
        MarketError::WindowLengthInvalid,
    ),
    (
        "length of 59 s",
        |s| s.window_seconds = 59,
        MarketError::WindowLengthInvalid,
    ),
    (
        "another length than the meters'",
        |s| s.window_seconds = 60,
        MarketError::WindowLengthInvalid,
    ),
    (
        "more than a day",
        |s| s.window_seconds = 86_401,
        MarketError::WindowLengthInvalid,
    ),
    (
        "huge length",
        |s| s.window_seconds = u32::MAX,
        MarketError::WindowLengthInvalid,
    ),
    ("no book", |s| s.books = 0, MarketError::SizeInvalid),
    ("one book", |s| s.books = 1, MarketError::SizeInvalid),
    (
        "fewer books than windows are open",
        |s| s.books = 4,
        MarketError::RingTooShort,
    ),
    (
        "too many books",
        |s| s.books = 1025,
        MarketError::SizeInvalid,
    ),
    (
        "pages for less than their life",
        pages_too_few,
        MarketError::RingTooShort,
    ),
    ("no seat", |s| s.seats = 0, MarketError::SizeInvalid),
    (
        "too many seats",
        |s| s.seats = 16_385,
        MarketError::SizeInvalid,
    ),
    ("no order", |s| s.orders = 0, MarketError::SizeInvalid),
    (
        "too many orders",
        |s| s.orders = 16_385,
        MarketError::SizeInvalid,
    ),
    ("no tick", |s| s.ticks = 0, MarketError::SizeInvalid),
    (
        "too many ticks",
        |s| s.ticks = 8193,
        MarketError::SizeInvalid,
    ),
    ("no history", |s| s.history = 0, MarketError::SizeInvalid),
    (
        "too much history",
        |s| s.history = 32_769,
        MarketError::SizeInvalid,
    ),
    (
        "no order for a seat",
        |s| s.max_orders_per_seat = 0,
        MarketError::SizeInvalid,
    ),
    (
        "more for a seat than there are",
        |s| s.max_orders_per_seat = 65,
        MarketError::SizeInvalid,
    ),
    (
        "more room for a seat than orders",
        |s| s.room_per_seat = 9,
        MarketError::SizeInvalid,
    ),
    (
        "room for all seats beyond the book",
        |s| s.room_per_seat = 3,
        MarketError::SizeInvalid,
    ),
    ("all at once", all_sizes_huge, MarketError::SizeInvalid),
    (
        "tariff upside down",
        |s| s.tariff.long = s.tariff.short + 1,
        MarketError::TariffInvalid,
    ),
    (
        "a short price above the highest",
        |s| s.highest_price = 299_999,
        MarketError::TariffInvalid,
    ),
    (
        "a long price below the lowest",
        |s| s.lowest_price = 80_001,
        MarketError::TariffInvalid,
    ),
    (
        "a grid fee above the highest",
        |s| s.highest_grid_fee = 19_999,
        MarketError::FeeInvalid,
    ),
    (
        "a highest grid fee below zero",
        |s| s.highest_grid_fee = -1,
        MarketError::PriceBoundsInvalid,
    ),
    (
        "bounds upside down",
        |s| s.lowest_price = s.highest_price + 1,
        MarketError::PriceBoundsInvalid,
    ),
    (
        "a lowest price without an opposite",
        |s| s.lowest_price = i32::MIN,
        MarketError::PriceBoundsInvalid,
    ),
    (
        "no room for the highest grid fee",
        |s| s.highest_grid_fee = i32::MAX,
        MarketError::PriceGridInvalid,
    ),
    (
        "grid beyond 32 bits",
        |s| s.terms.tick_size = 1 << 26,
        MarketError::PriceGridInvalid,
    ),
];

/// 2,401 s of horizon, 1,200 s of corrections and three pages of 1,200 s in six of them; there are books enough.
fn pages_too_few(parameters: &mut Parameters) {
    parameters.books = 16;
    parameters.terms.horizon = 2401;
}

fn all_sizes_huge(parameters: &mut Parameters) {
    parameters.books = u16::MAX;
    parameters.seats = u16::MAX;
    parameters.orders = u16::MAX;
    parameters.ticks = u16::MAX;
    parameters.history = u16::MAX;
    parameters.max_orders_per_seat = u16::MAX;
    parameters.room_per_seat = u16::MAX;
}

#[test]
fn given_a_size_out_of_bounds_when_a_market_is_created_then_it_is_named() {
    let mut community = founded();
    for (what, change, why) in BAD_SIZES {
        community.parameters = Parameters::default();
        change(&mut community.parameters);
        let create = community.create_market_instruction();
        refused_when(
            what,
            &mut community.chain,
            &create,
            &[&community.authority],
            why,
        );
    }
}

#[test]
fn given_a_term_out_of_bounds_when_a_market_is_created_then_it_is_named() {
    let mut community = founded();
    for (what, change, why) in BAD_TERMS {
        community.parameters = Parameters::default();
        change(&mut community.parameters.terms);
        let create = community.create_market_instruction();
        refused_when(
            what,
            &mut community.chain,
            &create,
            &[&community.authority],
            why,
        );
    }
}

#[test]
fn given_nodes_or_a_rule_that_nobody_knows_when_a_market_is_created_then_it_is_refused() {
    // Behind discriminator, number, length and the seven sizes.
    const NODES: usize = 8 + 2 + 4 + 7 * 2;
    const RULE: usize = NODES + 1;
    let mut community = founded();
    let create = community.create_market_instruction();
    for (offset, value) in [(NODES, 0), (NODES, 2), (NODES, 255), (RULE, 1), (RULE, 255)] {
        let mut altered = create.clone();
        altered.data[offset] = value;
        let why = MarketError::RuleInvalid;
        refused_when(
            "",
            &mut community.chain,
            &altered,
            &[&community.authority],
            why,
        );
    }
}

#[test]
fn given_every_parameter_at_its_bound_when_a_market_is_created_then_it_is_accepted() {
    let mut community = founded();
    community.parameters = Parameters {
        books: 1024,
        seats: 16_384,
        orders: 16_384,
        ticks: 8192,
        history: 32_768,
        max_orders_per_seat: 16_384,
        room_per_seat: 1,
        lowest_price: 300_000,
        highest_price: 300_000,
        highest_grid_fee: extreme_terms().grid_fee,
        notice_seconds: u32::MAX,
        terms: MarketTerms {
            // With 1,200 s of corrections and three pages as long as six pages are.
            horizon: 2400,
            gate_lead: 2399,
            min_quantity: u32::MAX,
            ..extreme_terms()
        },
        ..community.parameters
    };
    community.parameters.tariff.long = community.parameters.tariff.short;
    create(&mut community);
}

#[test]
fn given_the_smallest_sizes_when_a_market_is_created_then_it_is_accepted() {
    let mut community = founded();
    community.parameters = Parameters {
        // 900 s of horizon and two windows of 300 s.
        books: 5,
        seats: 2,
        orders: 1,
        ticks: 1,
        history: 1,
        max_orders_per_seat: 1,
        ..community.parameters
    };
    create(&mut community);
}

fn create(community: &mut LocalCommunity) {
    let create = community.create_market_instruction();
    let before = snapshot(&community.chain, &[community.addresses.market]);
    community
        .chain
        .send(&[create], &[&community.authority])
        .unwrap();
    assert_ne!(
        snapshot(&community.chain, &[community.addresses.market]),
        before
    );
    assert_eq!(community.market().terms, community.parameters.terms);
    assert_eq!(community.market().orders, community.parameters.orders);
    assert_eq!(community.market().books, community.parameters.books);
}
