//! From when on the energy of a meter counts: what it moved before is nobody's, and is no way to a better price.

use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{
    amounts, check_invariants, contracted, pass_until, BUYER, DEPOSIT, FREE, SELLER,
};

use crate::final_energy::{priced_page, read, silence, NO_SILENCE};

/// A second meter could otherwise be had to make what the first has not told cheaper.
#[test]
fn given_a_silent_meter_when_another_one_of_its_seat_begins_then_its_silence_goes_on() {
    let (mut community, start) = priced_page();
    let next = start + community.page_length();
    pass_until(&mut community, start);
    community.add_meter(BUYER).unwrap();
    read(&mut community, start, (BUYER, 0), &[(0, (0, 0))]);
    community.households[BUYER].devices[0].flow(1000, 0);
    let heard = [0, 1, 2, 3, 4].map(|index| (index, (0, 0)));
    for meter in [0, 1] {
        read(&mut community, next, (BUYER, meter), &heard);
    }
    community.finish_page(start).unwrap();
    assert_eq!(community.seat(BUYER).free, FREE);
    community.finish_page(next).unwrap();
    // 1000 × 400,000, the dearest of the page that it was silent in, and not the 300,000 of the next.
    assert_eq!(community.seat(BUYER).free, FREE - 400_000_000);
    assert_eq!(silence(&community.seat(BUYER)), NO_SILENCE);
    check_invariants(&community);
}

/// It would otherwise be paid back as not taken, by a meter that tells of itself only afterwards.
#[test]
fn given_a_new_meter_that_was_not_heard_at_once_when_the_page_is_final_then_what_it_drew_counts() {
    let (mut community, start) = contracted(Parameters::default());
    // It takes what it bought in the first window, and is heard for the first time behind that.
    community.households[BUYER].devices[0].flow(1000, 0);
    let readings = [1, 2, 3, 4].map(|index| (index, (0, 0)));
    read(&mut community, start, (BUYER, 0), &readings);
    community.finish_page(start).unwrap();
    // 1000 × 300,000, less the 80,000 each that not taking them brings.
    let free = FREE - amounts::PAID - 300_000_000 + 80_000_000;
    assert_eq!(community.seat(BUYER).free, free);
    check_invariants(&community);
}

/// The first version billed all of it in the first window.
#[test]
fn given_meters_registered_ten_days_before_the_first_page_when_it_is_final_then_none_of_that_counts(
) {
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    community.join("buyer", DEPOSIT).unwrap();
    community.join("seller", DEPOSIT).unwrap();
    let start = community.chain.now() + 10 * 86_400;
    pass_until(&mut community, start);
    community.open_pages(start).unwrap();
    community.households[BUYER].devices[0].flow(100_000, 0);
    community.households[SELLER].devices[0].flow(0, 100_000);
    let quiet = [2, 3, 4].map(|index| (index, (0, 0)));
    for (place, energy) in [(BUYER, (10, 0)), (SELLER, (0, 10))] {
        let readings = [vec![(0, (0, 0)), (1, energy)], quiet.to_vec()].concat();
        read(&mut community, start, (place, 0), &readings);
    }
    community.fund_supplier(1_000_000).unwrap();
    community.finish_page(start).unwrap();
    // 10 × 300,000 and 10 × 80,000
    assert_eq!(community.seat(BUYER).free, FREE - 3_000_000);
    assert_eq!(community.seat(SELLER).free, FREE + 800_000);
    check_invariants(&community);
}

/// The community's cap of 100 kW is 16,666 Wh in two windows, and registers may be 1 Wh off: that much of the 103,000 Wh is of the market's time
/// at most. Fed in, it might be of before, and earns nothing.
#[test]
fn given_old_meters_silent_when_the_first_market_begins_then_they_pay_for_what_they_can_have_drawn()
{
    let parameters = Parameters {
        power_cap: 100_000,
        ..Parameters::default()
    };
    let mut community = LocalCommunity::new(parameters).unwrap();
    community.join("buyer", DEPOSIT).unwrap();
    community.join("seller", DEPOSIT).unwrap();
    let start = community.chain.now() + 10 * 86_400;
    pass_until(&mut community, start);
    community.open_pages(start).unwrap();
    community.households[BUYER].devices[0].flow(100_000, 0);
    community.households[SELLER].devices[0].flow(0, 100_000);
    for (place, energy) in [(BUYER, (3_000, 0)), (SELLER, (0, 3_000))] {
        let readings = [(2, energy), (3, (0, 0)), (4, (0, 0))];
        read(&mut community, start, (place, 0), &readings);
    }
    community.finish_page(start).unwrap();
    // 16,667 × 300,000
    assert_eq!(community.seat(BUYER).free, FREE - 5_000_100_000);
    assert_eq!(community.seat(SELLER).free, FREE);
    for place in [BUYER, SELLER] {
        assert_eq!(silence(&community.seat(place)), NO_SILENCE);
    }
    check_invariants(&community);
}

/// From the registration to the next page's start.
#[test]
fn given_energy_before_a_meters_service_when_its_first_page_is_final_then_it_does_not_count() {
    let (mut community, start) = priced_page();
    community.households[BUYER].devices[0].flow(5_000, 0);
    let readings = [0, 1, 2, 3, 4].map(|index| (index, (0, 0)));
    read(&mut community, start, (BUYER, 0), &readings);
    community.finish_page(start).unwrap();
    assert_eq!(community.seat(BUYER).free, FREE);
    assert_eq!(silence(&community.seat(BUYER)), NO_SILENCE);
    check_invariants(&community);
}
