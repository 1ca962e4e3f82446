//! Values that come late, or are corrected: a position is brought in line with them, at its own prices.

use joulebook_settlement::{
    position::{due, Due, Flow},
    Contract, Tariff,
};
use joulebook_units::{NetMilliAtoms, Price, Wh};
use proptest::{collection::vec, prelude::*};

use crate::{
    support::{contract, contract_gain, net, paid, pays, receives, MARKET_PRICE, TARIFF},
    windows::any_window,
};

/// What is due at [`TARIFF`] while a meter is missing that has not been silent for long.
fn unheard(contract: Contract, heard: i64) -> Due {
    due(contract, Flow::Partial(net(heard)), TARIFF, Wh(0))
}

/// Pays the difference between what is due and what was paid.
fn settle(paid: &mut NetMilliAtoms, due: Due) -> NetMilliAtoms {
    let difference = due.pays.checked_sub(*paid).expect("it fits");
    *paid = due.pays;
    difference
}

/// powertac/powertac-server issue 882: a charge was carried over to a customer without readings.
#[test]
fn given_a_missing_meter_when_due_then_nothing_is_charged_and_nothing_is_confirmed() {
    let expected = Due {
        pays: NetMilliAtoms::ZERO,
        is_confirmed: false,
        owed: NetMilliAtoms::ZERO,
    };
    assert_eq!(unheard(contract(0, 500), 0), expected);
    assert_eq!(unheard(contract(500, 0), 0), expected);
}

#[test]
fn given_one_of_two_meters_missing_when_due_then_contracts_count_as_kept() {
    for heard in [-400, 0, 300, 800] {
        assert_eq!(unheard(contract(800, 200), heard), Due::default());
    }
}

/// A second meter, kept silent, used to put off all that the first one had measured until the page was final.
#[test]
fn given_more_than_was_bought_when_another_meter_is_missing_then_it_is_due_all_the_same() {
    let drawn = unheard(contract(800, 200), 900);
    assert_eq!((drawn.pays, drawn.is_confirmed), (pays(30), false));
    let below_zero = Tariff {
        short: Price(-1),
        long: Price(-2),
    };
    let flow = Flow::Partial(net(900));
    let nothing = due(contract(800, 200), flow, below_zero, Wh(0));
    assert_eq!(nothing, Due::default());
}

#[test]
fn given_a_seller_on_contract_when_heard_late_then_it_earns_what_it_would_have() {
    let sold = contract(0, 500);
    let mut paid = NetMilliAtoms::ZERO;
    assert_eq!(settle(&mut paid, unheard(sold, 0)), pays(0));
    let heard = due(sold, Flow::Whole(net(-500)), TARIFF, Wh(0));
    assert!(heard.is_confirmed);
    assert_eq!(settle(&mut paid, heard), pays(0));
    assert_eq!(contract_gain(sold, MARKET_PRICE), 125_000_000);
}

/// What it sold and did not deliver it pays at the retail price, as if it had been heard at once: staying silent
/// is worth nothing.
#[test]
fn given_a_seller_who_did_not_deliver_when_heard_late_then_it_pays_what_it_would_have() {
    let sold = contract(0, 500);
    let mut settled = NetMilliAtoms::ZERO;
    settle(&mut settled, unheard(sold, 0));
    let heard = due(sold, Flow::Whole(net(0)), TARIFF, Wh(0));
    assert_eq!(settle(&mut settled, heard), pays(150));
    assert_eq!(settled, paid(sold, 0));
}

#[test]
fn given_a_meter_silent_for_long_when_heard_then_its_standard_draw_is_given_back() {
    let nothing = contract(0, 0);
    let mut paid = NetMilliAtoms::ZERO;
    let silent = due(nothing, Flow::Partial(net(0)), TARIFF, Wh(100));
    let expected = Due {
        pays: pays(30),
        is_confirmed: false,
        owed: pays(0),
    };
    assert_eq!(silent, expected);
    assert_eq!(settle(&mut paid, silent), pays(30));
    // It drew 40 Wh: 0.012, and 0.018 come back.
    let heard = due(nothing, Flow::Whole(net(40)), TARIFF, Wh(0));
    assert_eq!(settle(&mut paid, heard), receives(18));
    assert_eq!(paid, pays(12));
}

#[test]
fn given_all_meters_heard_when_due_then_no_standard_draw_is_charged() {
    let heard = due(contract(0, 0), Flow::Whole(net(40)), TARIFF, Wh(100));
    assert_eq!(heard.pays, pays(12));
}

#[test]
fn given_a_short_price_below_zero_when_a_meter_is_silent_then_its_standard_draw_earns_nothing() {
    let tariff = Tariff {
        short: Price(-100),
        long: Price(-200),
    };
    let due = due(contract(0, 0), Flow::Partial(net(0)), tariff, Wh(1_000));
    assert_eq!(due.pays, NetMilliAtoms::ZERO);
}

#[test]
fn given_a_corrected_value_when_settled_again_then_the_difference_is_paid() {
    let bought = contract(1_000, 0);
    let mut paid = NetMilliAtoms::ZERO;
    let mut settle_at = |energy| {
        let due = due(bought, Flow::Whole(net(energy)), TARIFF, Wh(0));
        settle(&mut paid, due)
    };
    assert_eq!(settle_at(1_200), pays(60));
    assert_eq!(settle_at(1_100), receives(30));
    // From drawing too much to drawing too little: 0.03 come back, and 0.024 are received.
    assert_eq!(settle_at(700), receives(30 + 24));
    assert_eq!(settle_at(1_000), pays(24));
    assert_eq!(settle_at(1_000), pays(0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    /// Whatever was paid on the way, the last call brings a position in line: paths do not matter.
    #[test]
    fn given_any_sequence_of_values_when_settled_after_each_then_what_was_paid_in_all_is_what_is_due(
        window in any_window(), heard in vec((any::<[bool; 2]>(), any::<bool>()), 0..8)
    ) {
        let mut settled = NetMilliAtoms::ZERO;
        let mut sum = 0;
        for (heard, is_long_silent) in heard {
            let draw = if is_long_silent { window.draw } else { Wh(0) };
            let due = due(window.contract, window.flow(heard), window.tariff, draw);
            prop_assert_eq!(due.is_confirmed, heard == [true; 2]);
            prop_assert_eq!(due.owed, NetMilliAtoms::ZERO);
            sum += settle(&mut settled, due).0;
        }
        let whole = due(window.contract, window.flow([true; 2]), window.tariff, window.draw);
        sum += settle(&mut settled, whole).0;
        let deviation = window.moved() - window.contract.net().0;
        let price = if deviation > 0 { window.tariff.short } else { window.tariff.long };
        prop_assert_eq!(sum, deviation * i64::from(price.0));
    }
}
