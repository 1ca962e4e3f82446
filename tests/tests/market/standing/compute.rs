//! What a standing order costs, in compute units. Figures are printed, and bounded from above.

use joulebook_client::{
    layout::market::{limits::STANDING_ORDERS, StandingRule},
    market::MARKET_ID,
};
use joulebook_sim::{LocalCommunity, Parameters, Receipt};
use joulebook_tests::market::{check_invariants, BUYER};

use super::{applying_with, create, enter, entry, moved, rule, sell, DAY};

const SEATS: u16 = 130;

/// So many households with a meter, and room for all of their orders; an open window, and its start.
fn village(households: u16) -> (LocalCommunity, i64) {
    let mut community = LocalCommunity::new(Parameters {
        seats: SEATS,
        meters: SEATS,
        orders: 2_048,
        ticks: 2_048,
        ..moved::days()
    })
    .unwrap();
    for number in 0..households {
        let name = format!("household {number}");
        community.join(&name, 1_000_000_000).unwrap();
    }
    create(&mut community);
    let start = community.first_start();
    community.pass_until(start - 3_600);
    community.open_window(start).unwrap();
    (community, start)
}

/// A rule of its own tick and quantity.
fn nth(number: u16) -> StandingRule {
    let side = if number.is_multiple_of(2) {
        rule()
    } else {
        sell()
    };
    StandingRule {
        limit: 100_000 + 4_000 * i32::from(number % 90),
        quantity: 100 + u32::from(number),
        ..side
    }
}

/// Enters `rules` of every household.
fn enter_all(community: &mut LocalCommunity, rules: u8) {
    let households = community.households.len() as u16;
    for number in 0..households {
        let entries: Vec<_> = (0..rules)
            .map(|place| {
                entry(
                    place,
                    nth(number * u16::from(STANDING_ORDERS) + u16::from(place)),
                )
            })
            .collect();
        for some in entries.chunks(4) {
            enter(community, usize::from(number), some.to_vec()).unwrap();
        }
    }
}

fn units(receipt: &Receipt) -> u64 {
    receipt.units_of(&MARKET_ID).iter().sum()
}

/// Of a call with so many due rules of so many seats each.
fn measure(households: u16, rules: u8) -> u64 {
    let (mut community, start) = village(households);
    enter_all(&mut community, rules);
    let apply = applying_with(&community, start, start - DAY);
    let receipt = community.send_with_full_budget(&[apply]).unwrap();
    let placed = households * u16::from(rules);
    assert_eq!(community.book(start).header.live_orders, placed);
    check_invariants(&community);
    units(&receipt)
}

#[test]
fn given_many_seats_when_their_orders_are_applied_then_each_costs_a_little_more_than_by_hand() {
    let [nothing, one, four, eight] = [0, 1, 4, 8].map(|rules| measure(100, rules));
    let first = (one - nothing) / 100;
    let next = (eight - four) / 400;
    println!("without any: {nothing}; a seat's first: {first}, each further one: {next}");
    println!("100 seats with one: {one}, with four: {four}, with eight: {eight}");
    let fit = |rules: u64| (1_400_000 - nothing) / (first + (rules - 1) * next);
    println!(
        "1,400,000 units are enough for {} seats with one, {} with four",
        fit(1),
        fit(4)
    );
    let by_hand = {
        let (mut community, start) = village(1);
        let orders = vec![joulebook_tests::market::buy(100, 30)];
        units(&community.place(BUYER, start, orders).unwrap())
    };
    println!("by hand: {by_hand}");
    assert!(first <= by_hand + 300, "{first} and {by_hand}");
    assert!(four <= 1_400_000);
}

/// Looked up once a call for all of its seats.
#[test]
fn given_many_meters_when_the_page_has_the_day_before_then_reading_it_costs_a_little_each() {
    let (mut community, first) = village(100);
    enter_all(&mut community, 1);
    // Of another slot of the ring than the first window, which nobody has cleared.
    let start = first + DAY + 3_600;
    community.pass_until(start - 3_600);
    community.open_window(start).unwrap();
    // Placed by the first call, all that is left is to look.
    let calls = [first, start, first].map(|earlier| {
        let apply = applying_with(&community, start, earlier);
        units(&community.send_with_full_budget(&[apply]).unwrap())
    });
    let [_, without, with] = calls;
    println!(
        "100 meters: {} more with the page of a day before",
        with - without
    );
    assert!(with - without <= 100 * 100, "{calls:?}");
}
