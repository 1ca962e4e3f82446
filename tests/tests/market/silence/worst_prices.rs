//! One page: what was missed once is charged at the prices of when it was missed, or worse.

use joulebook_tests::market::{check_invariants, govern, instructions, meters_of, pass_until};

use super::{
    change, deal, hear, play, priced, Deal, Metered, Prices, FRIEND, NOTHING, OTHER, SILENT,
};

/// The first window is dear, the others are cheap.
const DEAR_FIRST: Prices = [
    (300_000, 50_000),
    (100_000, 50_000),
    (100_000, 50_000),
    (100_000, 50_000),
];

/// Silent once, at the end of the first window.
const FIRST_MISSED: &[i64] = &[0, 2, 3, 4];

/// Silent once, at the end of the second window.
const SECOND_MISSED: &[i64] = &[0, 1, 3, 4];

fn draws(flows: [u64; 4]) -> Metered {
    let flows = flows.map(|energy| (energy, 0));
    Metered { flows, ..NOTHING }
}

fn feeds_in(flows: [u64; 4]) -> Metered {
    let flows = flows.map(|energy| (0, energy));
    Metered { flows, ..NOTHING }
}

/// The first version: 200 for the kWh, less 100 in the window in which it was heard, 100 gained where 100 were due.
#[test]
fn given_energy_sold_dear_and_not_delivered_when_it_is_heard_in_a_cheap_window_then_it_pays_the_dear_one(
) {
    // 1 kWh at tick 75, 200,000. Not delivered, it costs 300,000.
    let deals = [Deal(0, SILENT, OTHER, 1000, 75)];
    let other = draws([1000, 0, 0, 0]);
    let honest = play(DEAR_FIRST, &deals, [NOTHING, NOTHING, other]);
    assert_eq!(honest, [-100_000_000, 0, -200_000_000]);
    let silent = NOTHING.heard_at(FIRST_MISSED);
    assert_eq!(play(DEAR_FIRST, &deals, [silent, NOTHING, other]), honest);
}

/// As long as it is silent it has neither what it sold for nor what not delivering may cost.
#[test]
fn given_energy_sold_and_not_confirmed_when_the_page_is_not_final_then_the_seller_has_nothing_of_it(
) {
    let (mut community, page) = priced(DEAR_FIRST);
    deal(&mut community, page, &[Deal(0, SILENT, OTHER, 1000, 75)]);
    let silent = NOTHING.heard_at(FIRST_MISSED);
    hear(
        &mut community,
        page,
        &[silent, NOTHING, draws([1000, 0, 0, 0])],
    );
    let seat = community.seat(SILENT);
    // 1000 × (300,000 − 200,000)
    assert_eq!((seat.free, seat.locked), (9_900_000_000, 100_000_000));
    assert_eq!(community.ledger().header.escrow, 200_000_000);
}

/// The first version: 200 for the kWh sold less 60 for the kWh bought, as if the one were the other.
#[test]
fn given_energy_sold_dear_and_bought_cheap_with_no_flow_when_it_is_silent_once_then_both_are_charged(
) {
    // 1 kWh sold at 200,000, 1 kWh bought at tick 5, 60,000: −300,000 for the one, 50,000 for the other.
    let deals = [
        Deal(0, SILENT, OTHER, 1000, 75),
        Deal(1, OTHER, SILENT, 1000, 5),
    ];
    let other = Metered {
        flows: [(1000, 0), (0, 1000), (0, 0), (0, 0)],
        ..NOTHING
    };
    let honest = play(DEAR_FIRST, &deals, [NOTHING, NOTHING, other]);
    assert_eq!(honest, [-110_000_000, 0, -140_000_000]);
    let silent = NOTHING.heard_at(FIRST_MISSED);
    assert_eq!(play(DEAR_FIRST, &deals, [silent, NOTHING, other]), honest);
}

/// The first version: the short of the first window went from the one to the other and to the cheap window, 140 gained.
#[test]
fn given_two_seats_that_hand_a_short_back_and_forth_when_each_is_silent_once_then_each_pays_its_own(
) {
    // Sold at 200,000 in the dear window; bought from the friend at tick 25, 100,000; who buys it at 60,000.
    let deals = [
        Deal(0, SILENT, OTHER, 1000, 75),
        Deal(1, FRIEND, SILENT, 1000, 25),
        Deal(2, OTHER, FRIEND, 1000, 5),
    ];
    let other = Metered {
        flows: [(1000, 0), (0, 0), (0, 1000), (0, 0)],
        ..NOTHING
    };
    let honest = play(DEAR_FIRST, &deals, [NOTHING, NOTHING, other]);
    // 200 − 300 − 100 + 50; 100 − 100 − 60 + 50; −200 + 60
    assert_eq!(honest, [-150_000_000, -10_000_000, -140_000_000]);
    let meters = [
        NOTHING.heard_at(FIRST_MISSED),
        NOTHING.heard_at(SECOND_MISSED),
        other,
    ];
    assert_eq!(play(DEAR_FIRST, &deals, meters), honest);
    // And back: each is silent where the other was.
    let meters = [meters[1], meters[0], other];
    assert_eq!(play(DEAR_FIRST, &deals, meters), honest);
}

/// The first version: 0.4 instead of 1.6, the price of the window in which it was heard.
#[test]
fn given_a_load_that_withholds_its_peak_when_it_is_heard_in_a_cheap_window_then_it_pays_the_peak() {
    let prices = [(400_000, 0), (100_000, 0), (100_000, 0), (100_000, 0)];
    let load = draws([4000, 0, 0, 0]);
    let honest = play(prices, &[], [load, NOTHING, NOTHING]);
    assert_eq!(honest[SILENT], -1_600_000_000);
    for heard in [FIRST_MISSED, &[0, 3, 4], &[0, 4]] {
        let silent = play(prices, &[], [load.heard_at(heard), NOTHING, NOTHING]);
        assert_eq!(silent, honest, "{heard:?}");
    }
    // Drawn while it was cheap, and silent for the peak, too: it pays the peak all the same, and not 0.4.
    let cheap = draws([0, 4000, 0, 0]);
    let honest = play(prices, &[], [cheap, NOTHING, NOTHING]);
    assert_eq!(honest[SILENT], -400_000_000);
    let silent = cheap.heard_at(FIRST_MISSED);
    let silent = play(prices, &[], [silent, NOTHING, NOTHING]);
    assert_eq!(silent[SILENT], -1_600_000_000);
}

/// The prices of a silence go from page to page.
#[test]
fn given_a_load_that_is_heard_in_the_next_page_when_that_is_cheap_then_it_pays_the_peak_all_the_same(
) {
    let prices = [(400_000, 0), (100_000, 0), (100_000, 0), (100_000, 0)];
    let (mut community, page) = priced(prices);
    deal(&mut community, page, &[]);
    let load = draws([4000, 0, 0, 0]);
    hear(
        &mut community,
        page,
        &[load.heard_at(&[0]), NOTHING, NOTHING],
    );
    // 300,000 a kWh, as the tariff has it.
    let length = community.page_length();
    let next = page + length;
    pass_until(&mut community, next + length);
    community.open_pages(next).unwrap();
    hear(&mut community, next, &[NOTHING; 3]);
    community.finish_page(page).unwrap();
    assert_eq!(change(&community, SILENT), 0);
    community.finish_page(next).unwrap();
    assert_eq!(change(&community, SILENT), -1_600_000_000);
    check_invariants(&community);
}

/// A verifier's value behind the last registers heard is no reading of them: what they tell later has the prices of when it
/// flowed.
#[test]
fn given_values_too_low_behind_the_last_registers_when_they_are_heard_then_the_peak_is_paid_all_the_same(
) {
    let prices = [(400_000, 0), (100_000, 0), (100_000, 0), (100_000, 0)];
    let (mut community, page) = priced(prices);
    deal(&mut community, page, &[]);
    let load = draws([4000, 0, 0, 0]);
    let silent = load.heard_at(&[0]);
    hear(&mut community, page, &[silent, NOTHING, NOTHING]);
    let length = community.page_length();
    let next = page + length;
    let closes = i64::from(community.parameters.reading_seconds);
    pass_until(&mut community, next + closes);
    let meter = meters_of(&community, SILENT)[0];
    let owner = &community.households[SILENT];
    let replace = instructions::replace_values(&community, owner, page, meter, &[(0, 0); 4]);
    govern(&mut community, replace).unwrap();
    community.settle_page(page).unwrap();
    // 300,000 a kWh, as the tariff has it.
    pass_until(&mut community, next + length);
    community.open_pages(next).unwrap();
    hear(&mut community, next, &[NOTHING; 3]);
    community.finish_page(page).unwrap();
    assert_eq!(change(&community, SILENT), 0);
    assert_eq!(community.seat(SILENT).silent_windows, 4);
    community.finish_page(next).unwrap();
    assert_eq!(change(&community, SILENT), -1_600_000_000);
    assert_eq!(community.seat(SILENT).silent_windows, 0);
    check_invariants(&community);
}

#[test]
fn given_panels_that_withhold_readings_when_feeding_in_is_worth_little_then_it_stays_so() {
    // 20,000 a kWh in the first window, 80,000 in the others.
    let prices = [
        (300_000, 20_000),
        (300_000, 80_000),
        (300_000, 80_000),
        (300_000, 80_000),
    ];
    let panels = feeds_in([1000, 0, 0, 0]);
    let honest = play(prices, &[], [panels, NOTHING, NOTHING]);
    assert_eq!(honest[SILENT], 20_000_000);
    let silent = panels.heard_at(FIRST_MISSED);
    assert_eq!(play(prices, &[], [silent, NOTHING, NOTHING]), honest);
}

#[test]
fn given_prices_below_zero_when_a_meter_is_silent_then_it_gains_nothing_either() {
    // Leaving over costs 50,000 in the first window; drawing brings 20,000 in the second.
    let prices = [
        (100_000, -50_000),
        (-20_000, -50_000),
        (100_000, 50_000),
        (100_000, 50_000),
    ];
    let panels = feeds_in([1000, 0, 0, 0]);
    let honest = play(prices, &[], [panels, NOTHING, NOTHING]);
    assert_eq!(honest[SILENT], -50_000_000);
    let silent = panels.heard_at(FIRST_MISSED);
    assert_eq!(play(prices, &[], [silent, NOTHING, NOTHING]), honest);

    // Bought at 60,000 and not taken: 50,000 more.
    let deals = [Deal(0, OTHER, SILENT, 1000, 5)];
    let other = feeds_in([1000, 0, 0, 0]);
    let honest = play(prices, &deals, [NOTHING, NOTHING, other]);
    assert_eq!(honest[SILENT], -110_000_000);
    let silent = NOTHING.heard_at(FIRST_MISSED);
    assert_eq!(play(prices, &deals, [silent, NOTHING, other]), honest);

    // What would have brought 20,000 costs 100,000.
    let load = draws([0, 1000, 0, 0]);
    let honest = play(prices, &[], [load, NOTHING, NOTHING]);
    assert_eq!(honest[SILENT], 20_000_000);
    let silent = load.heard_at(FIRST_MISSED);
    let silent = play(prices, &[], [silent, NOTHING, NOTHING]);
    assert_eq!(silent[SILENT], -100_000_000);
}
