//! Settlement at the ends of its numbers: it answers, it does not panic.

use joulebook_settlement::{
    position::{cost, due, final_due, Due, Flow},
    PageSilence, Silence, Tariff, Terms,
};
use joulebook_units::{MilliAtoms, NetMilliAtoms, Price, Wh, WhSum};

use crate::support::{contract, net};

const HIGHEST: Tariff = Tariff {
    short: Price(i32::MAX),
    long: Price(i32::MAX),
};

/// The most that one window of an ordinary size can cost: (2³² − 1) · (2³¹ − 1).
const MOST: i64 = 9_223_372_030_412_324_865;

/// The same at the lowest price, without its sign: (2³² − 1) · 2³¹.
const LOWEST: i64 = 9_223_372_034_707_292_160;

fn flat(price: i32) -> Tariff {
    Tariff {
        short: Price(price),
        long: Price(price),
    }
}

#[test]
fn given_the_highest_of_everything_when_priced_then_it_says_none() {
    let terms = Terms {
        tariff: HIGHEST,
        grid_fee: Price(i32::MAX),
        fee_bps: 10_000,
        min_lock: Price(1),
    };
    assert_eq!(terms.all_in(Price(i32::MAX)), None);
    assert_eq!(terms.buy_lock(Wh(u32::MAX), Price(i32::MAX)), None);
    assert_eq!(terms.all_in(Price(0)), Some(Price(i32::MAX)));
    assert_eq!(terms.all_in(Price(1)), None);
    assert_eq!(
        terms.sell_lock(Wh(u32::MAX), Price(0)),
        Some(MilliAtoms(MOST.unsigned_abs()))
    );
    assert_eq!(terms.sell_lock(Wh(u32::MAX), Price(-1)), None);
    assert_eq!(
        terms.sell_lock(Wh(u32::MAX), Price(i32::MAX)),
        Some(MilliAtoms(u64::from(u32::MAX)))
    );
}

#[test]
fn given_the_highest_price_without_fees_when_locked_then_it_fits() {
    let lock = Terms::default().buy_lock(Wh(u32::MAX), Price(i32::MAX));
    assert_eq!(lock, Some(MilliAtoms(MOST.unsigned_abs())));
}

#[test]
fn given_a_spread_of_more_than_a_price_when_asked_what_is_missing_then_it_says_none() {
    let terms = Terms {
        tariff: Tariff {
            short: Price(i32::MAX),
            long: Price(i32::MIN),
        },
        ..Terms::default()
    };
    assert_eq!(terms.shortfall(Price(i32::MIN)), Some(Price(i32::MAX)));
    assert_eq!(terms.shortfall(Price(i32::MAX)), Some(Price(0)));
    assert_eq!(terms.surplus(Price(0)), None);
    assert_eq!(terms.surplus(Price(-1)), Some(Price(i32::MAX)));
    assert_eq!(terms.surplus(Price(i32::MIN)), Some(Price(0)));
    assert_eq!(terms.buy_lock(Wh(1), Price(0)), None);
}

#[test]
fn given_the_largest_deviation_that_counts_when_priced_then_it_is_exact() {
    let most = i64::from(u32::MAX);
    assert_eq!(cost(net(most), HIGHEST), NetMilliAtoms(MOST));
    assert_eq!(cost(net(-most), HIGHEST), NetMilliAtoms(-MOST));
    assert_eq!(cost(net(most), flat(i32::MIN)), NetMilliAtoms(-LOWEST));
    assert_eq!(cost(net(-most), flat(i32::MIN)), NetMilliAtoms(LOWEST));
}

#[test]
fn given_a_deviation_beyond_32_bits_when_priced_then_it_counts_as_that_much() {
    let most = i64::from(u32::MAX);
    for beyond in [most + 1, 2 * most, i64::MAX] {
        assert_eq!(cost(net(beyond), flat(3)), NetMilliAtoms(3 * most));
        assert_eq!(cost(net(-beyond), flat(3)), NetMilliAtoms(-3 * most));
        assert_eq!(cost(net(beyond), HIGHEST), NetMilliAtoms(MOST));
    }
    assert_eq!(cost(net(i64::MIN), flat(-3)), NetMilliAtoms(3 * most));
    assert_eq!(cost(net(i64::MIN), flat(0)), NetMilliAtoms::ZERO);
}

#[test]
fn given_energy_and_contract_beyond_64_bits_together_when_due_then_it_counts_as_the_most() {
    let most = NetMilliAtoms(i64::from(u32::MAX));
    let least = NetMilliAtoms(-most.0);
    for (contract, energy, pays) in [
        (contract(u32::MAX, 0), i64::MIN, least),
        (contract(0, u32::MAX), i64::MAX, most),
    ] {
        let flow = Flow::Whole(net(energy));
        assert_eq!(due(contract, flow, flat(1), Wh(0)).pays, pays);
        assert_eq!(final_due(contract, flow, flat(1), Wh(0)).pays, pays);
        let flow = Flow::Partial(net(energy));
        let last = final_due(contract, flow, flat(1), Wh(0));
        assert_eq!(last.pays.0 - last.owed.0, pays.0);
        // Contracts count as kept; what was drawn beyond what was bought is due.
        let pays = NetMilliAtoms(pays.0.max(0));
        let expected = Due {
            pays,
            ..Due::default()
        };
        assert_eq!(due(contract, flow, flat(1), Wh(0)), expected);
    }
}

#[test]
fn given_the_largest_standard_draw_when_charged_then_it_is_exact() {
    let flow = Flow::Partial(net(0));
    let silent = due(contract(0, 0), flow, HIGHEST, Wh(u32::MAX));
    assert_eq!(silent.pays, NetMilliAtoms(MOST));
}

#[test]
fn given_costs_and_a_draw_that_don_t_fit_together_when_final_then_they_come_to_the_most() {
    let flow = Flow::Partial(net(0));
    let sold = |draw| final_due(contract(0, u32::MAX), flow, HIGHEST, Wh(draw)).pays;
    // (2³² + 2) · (2³¹ − 1) = 2⁶³ − 2.
    assert_eq!(sold(3), NetMilliAtoms(i64::MAX - 1));
    assert_eq!(sold(4), NetMilliAtoms(i64::MAX));
    assert_eq!(sold(u32::MAX), NetMilliAtoms(i64::MAX));
    let bought = |draw| final_due(contract(u32::MAX, 0), flow, HIGHEST, Wh(draw)).owed;
    assert_eq!(bought(3), NetMilliAtoms(i64::MAX - 1));
    assert_eq!(bought(4), NetMilliAtoms(i64::MAX));
    assert_eq!(bought(u32::MAX), NetMilliAtoms(i64::MAX));
}

#[test]
fn given_as_much_owed_as_can_be_when_more_is_kept_then_it_stays_at_the_most() {
    let mut silence = Silence {
        windows: 1,
        owed: NetMilliAtoms(i64::MAX - 1),
        ..Silence::default()
    };
    silence.extend(HIGHEST, NetMilliAtoms(1));
    assert_eq!(silence.owed, NetMilliAtoms(i64::MAX));
    silence.extend(HIGHEST, NetMilliAtoms(i64::MAX));
    assert_eq!(silence.owed, NetMilliAtoms(i64::MAX));
    assert_eq!((silence.windows, silence.dearest), (3, Price(i32::MAX)));
}

#[test]
fn given_more_energy_than_can_be_paid_for_when_priced_then_it_costs_the_most() {
    let silence = Silence {
        windows: 1,
        dearest: Price(2),
        lowest: Price(-2),
        owed: NetMilliAtoms(0),
    };
    let cost = |import, export| silence.cost(WhSum(import), WhSum(export)).0;
    let half = (i64::MAX / 2).unsigned_abs();
    assert_eq!(cost(half, 0), i64::MAX - 1);
    assert_eq!(cost(half + 1, 0), i64::MAX);
    assert_eq!(cost(0, half + 1), i64::MAX);
    assert_eq!(cost(half / 2 + 1, half / 2 + 1), i64::MAX);
    assert_eq!(cost(u64::MAX, u64::MAX), i64::MAX);
}

#[test]
fn given_more_energy_than_can_be_received_for_when_priced_then_it_has_an_opposite() {
    let silence = Silence {
        windows: 1,
        dearest: Price(i32::MIN),
        lowest: Price(i32::MAX),
        owed: NetMilliAtoms(0),
    };
    for (import, export) in [(u64::MAX, 0), (0, u64::MAX), (u64::MAX, u64::MAX)] {
        let cost = silence.cost(WhSum(import), WhSum(export));
        assert_eq!(cost, NetMilliAtoms(-i64::MAX));
    }
    // −2³¹ · 2³² is −2⁶³.
    let cost = silence.cost(WhSum(1 << 32), WhSum(0));
    assert_eq!(cost, NetMilliAtoms(-i64::MAX));
}

#[test]
fn given_energies_that_cancel_out_when_priced_then_the_rest_is_exact_beyond_64_bits() {
    let silence = Silence {
        windows: 1,
        dearest: Price(i32::MAX),
        lowest: Price(i32::MAX),
        owed: NetMilliAtoms(0),
    };
    let cost = silence.cost(WhSum(u64::MAX), WhSum(u64::MAX - 1));
    assert_eq!(cost, NetMilliAtoms(i32::MAX.into()));
}

#[test]
fn given_what_is_owed_on_top_of_what_is_received_when_a_silence_ends_then_it_stays_in_range() {
    let silence = Silence {
        windows: 1,
        dearest: Price(1),
        lowest: Price(1),
        owed: NetMilliAtoms(i64::MAX),
    };
    let page = PageSilence::new(silence, Some(1));
    let (pays, silence) = page.finish(WhSum(0), WhSum(u64::MAX), HIGHEST);
    assert_eq!(pays, NetMilliAtoms(i64::MIN));
    assert_eq!(silence, Silence::default());
}

#[test]
fn given_as_many_windows_as_are_counted_when_another_is_silent_then_the_silence_goes_on() {
    let mut silence = Silence {
        windows: u32::MAX,
        dearest: Price(9),
        lowest: Price(-9),
        owed: NetMilliAtoms(1),
    };
    let before = silence;
    silence.extend(flat(0), NetMilliAtoms(0));
    assert_eq!(silence, before);
}

#[test]
fn given_window_numbers_at_the_end_of_their_range_when_extended_then_each_has_its_side() {
    let mut page = PageSilence::new(Silence::default(), Some(u16::MAX));
    page.extend(u16::MAX - 1, flat(1), NetMilliAtoms(1));
    page.extend(u16::MAX, flat(2), NetMilliAtoms(2));
    let (pays, silence) = page.finish(WhSum(0), WhSum(0), HIGHEST);
    assert_eq!(pays, NetMilliAtoms(-1));
    let expected = Silence {
        windows: 1,
        dearest: Price(2),
        lowest: Price(2),
        owed: NetMilliAtoms(2),
    };
    assert_eq!(silence, expected);
}
